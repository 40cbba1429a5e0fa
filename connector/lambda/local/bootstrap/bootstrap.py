"""A Lambda runtime for Python handlers: loads the module that _HANDLER names and
runs its function for each invocation of the Lambda Runtime API."""
import http.client
import importlib
import json
import os
import sys
import time
import traceback

ENV = os.environ
BASE = "/2018-06-01/runtime"


class Client:
    def __init__(self):
        self.connection = http.client.HTTPConnection(ENV["AWS_LAMBDA_RUNTIME_API"])

    def call(self, method, path, body=None):
        headers = {} if body is None else {"Content-Type": "application/json"}
        self.connection.request(method, BASE + path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()


class ClientContext:
    def __init__(self, text):
        value = json.loads(text)
        self.custom, self.env, self.client = value.get("custom"), value.get("env"), value.get("client")


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = ENV["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = ENV["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = ENV["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = ENV["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = ENV["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        text = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = ClientContext(text) if text else None
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline - int(time.time() * 1000))


def report(error, request_id="", kind=None):
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if f.filename != __file__ and not f.filename.startswith("<frozen importlib")]
    return json.dumps({"errorMessage": str(error), "errorType": kind or type(error).__name__,
                       "requestId": request_id, "stackTrace": traceback.format_list(own)}).encode()


def load():
    module, _, function = ENV.get("_HANDLER", "").rpartition(".")
    sys.path.insert(0, ENV["LAMBDA_TASK_ROOT"])
    try:
        loaded = importlib.import_module(module.replace("/", "."))
    except ImportError as error:
        error.kind = "Runtime.ImportModuleError"
        raise
    except SyntaxError as error:
        error.kind = "Runtime.UserCodeSyntaxError"
        raise
    handler = getattr(loaded, function, None)
    if not callable(handler):
        error = AttributeError(f"Handler '{function}' missing on module '{module}'")
        error.kind = "Runtime.HandlerNotFound"
        raise error
    return handler


def run(handler, event, context):
    """What to answer: (kind of answer, body)."""
    try:
        result = handler(json.loads(event), context)
    except Exception as error:
        traceback.print_exc()
        return "error", report(error, context.aws_request_id)
    try:
        return "response", json.dumps(result, ensure_ascii=False).encode()
    except Exception as error:
        failure = TypeError(f"Unable to marshal response: {error}")
        return "error", report(failure, context.aws_request_id, "Runtime.MarshalError")


def main():
    client = Client()
    try:
        handler = load()
    except Exception as error:
        traceback.print_exc()
        client.call("POST", "/init/error", report(error, kind=getattr(error, "kind", None)))
        sys.exit(1)
    while True:
        status, headers, event = client.call("GET", "/invocation/next")
        if status != 200:
            return  # the instance is being stopped
        context = Context(headers)
        ENV["_X_AMZN_TRACE_ID"] = headers.get("Lambda-Runtime-Trace-Id", "")
        kind, body = run(handler, event, context)
        sys.stdout.flush()
        client.call("POST", f"/invocation/{context.aws_request_id}/{kind}", body)


if __name__ == "__main__":
    try:
        main()
    except (OSError, http.client.HTTPException) as gone:
        sys.exit(f"runtime: {gone}")  # the Runtime API is gone
