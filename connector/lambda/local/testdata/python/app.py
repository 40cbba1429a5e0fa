def handler(event, context):
    if "fail" in event:
        raise ValueError(event["fail"])
    if "about" in event:
        return {"name": context.function_name, "key": context.client_context.custom["fermata.idempotencyKey"],
                "inTime": context.get_remaining_time_in_millis() > 0}
    return event
