// A Lambda runtime for Node.js handlers: loads the module that _HANDLER names
// and runs its function for each invocation of the Lambda Runtime API.
import { Agent, request } from 'node:http';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const env = process.env;
const base = `http://${env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let onIdle = null; // what is to happen when the event loop has run empty

function call(method, path, body) {
  return new Promise((done, fail) => {
    const data = body === undefined ? undefined : Buffer.from(body);
    const headers = data ? { 'Content-Type': 'application/json', 'Content-Length': data.length } : {};
    const req = request(base + path, { method, agent, headers }, (res) => {
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('error', fail);
      res.on('end', () => done({ status: res.statusCode, headers: res.headers, body: Buffer.concat(chunks).toString() }));
    });
    req.on('error', fail);
    req.end(data);
  });
}

function named(type, message) {
  return Object.assign(new Error(message), { name: type });
}

function report(error) {
  if (error instanceof Error || (error && typeof error === 'object' && 'message' in error)) {
    return JSON.stringify({
      errorType: error.name ?? 'Error',
      errorMessage: error.message,
      trace: String(error.stack ?? '').split('\n'),
    });
  }
  return JSON.stringify({ errorType: typeof error, errorMessage: String(error), trace: [] });
}

function locate(root, name) {
  const path = resolve(root, name);
  const found = ['', '.js', '.mjs', '.cjs'].map((ext) => path + ext).find((p) => existsSync(p) && statSync(p).isFile());
  if (!found) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${name}' in ${root}`);
  return pathToFileURL(found).href;
}

async function load() {
  const handler = env._HANDLER ?? '';
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  if (dot < 0) throw named('Runtime.MalformedHandlerName', `Bad handler '${handler}': file.function is expected`);
  const url = locate(env.LAMBDA_TASK_ROOT ?? process.cwd(), handler.slice(0, dot));
  const module = await import(url).catch((error) => {
    if (error instanceof SyntaxError) error.name = 'Runtime.UserCodeSyntaxError';
    throw error;
  });
  const names = handler.slice(dot + 1).split('.');
  const find = (from) => names.reduce((value, name) => value?.[name], from);
  const found = find(module) ?? find(module.default);
  if (typeof found !== 'function') {
    throw named('Runtime.HandlerNotFound', `${handler} is undefined or not a function`);
  }
  return found;
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parsed = (text) => (text ? JSON.parse(text) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    clientContext: parsed(headers['lambda-runtime-client-context']),
    identity: parsed(headers['lambda-runtime-cognito-identity']),
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

// Runs the handler once; it may answer by a promise or by its callback. If it
// does neither and nothing is left that could, the result is null, as in AWS.
function run(handler, event, context) {
  return new Promise((done, fail) => {
    let over = false;
    const settle = (finish) => { onIdle = null; finish(); };
    const callback = (error, result) => {
      if (over) return;
      over = true;
      if (error != null) settle(() => fail(error));
      else if (context.callbackWaitsForEmptyEventLoop) onIdle = () => settle(() => done(result));
      else settle(() => done(result));
    };
    context.done = callback;
    context.succeed = (result) => callback(null, result);
    context.fail = (error) => callback(error ?? new Error('failed'));
    onIdle = () => { over = true; settle(() => done(null)); };
    const result = handler(event, context, callback);
    if (typeof result?.then === 'function') {
      result.then((value) => { if (!over) { over = true; settle(() => done(value)); } },
        (error) => { if (!over) { over = true; settle(() => fail(error)); } });
    }
  });
}

function serialise(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch (error) {
    throw named('Runtime.MarshalError', `Unable to stringify response body: ${error.message}`);
  }
}

process.on('beforeExit', () => onIdle?.());

let current = null; // id of the invocation that is being worked on
async function die(error, name) {
  try {
    console.error(error);
    if (error instanceof Error) error.name = name ?? error.name;
    if (current) await call('POST', `/invocation/${current}/error`, report(error));
  } finally {
    process.exit(129);
  }
}
process.on('uncaughtException', (error) => die(error));
process.on('unhandledRejection', (error) =>
  die(named('Runtime.UnhandledPromiseRejection', error instanceof Error ? `${error.name}: ${error.message}` : String(error))));

async function main() {
  let handler;
  try {
    handler = await load();
  } catch (error) {
    console.error(error);
    await call('POST', '/init/error', report(error));
    process.exit(1);
  }
  for (;;) {
    const next = await call('GET', '/invocation/next');
    if (next.status !== 200) process.exit(0); // the instance is being stopped
    current = next.headers['lambda-runtime-aws-request-id'];
    env._X_AMZN_TRACE_ID = next.headers['lambda-runtime-trace-id'] ?? '';
    let kind = 'response';
    let body;
    try {
      body = serialise(await run(handler, JSON.parse(next.body), contextOf(next.headers)));
    } catch (error) {
      kind = 'error';
      body = report(error);
      console.error(error);
    }
    const id = current;
    current = null;
    await call('POST', `/invocation/${id}/${kind}`, body);
  }
}

main().catch((error) => {
  console.error('runtime: ' + (error?.message ?? error));
  process.exit(1); // the Runtime API is gone
});
