exports.handler = async (event, context) => {
  if (event.fail) {
    const error = new TypeError(event.fail);
    throw error;
  }
  if (event.about) {
    return {
      functionName: context.functionName,
      memory: context.memoryLimitInMB,
      key: context.clientContext?.custom?.['fermata.idempotencyKey'],
      inTime: context.getRemainingTimeInMillis() > 0,
      id: context.awsRequestId.length,
    };
  }
  if (event.crash) setTimeout(() => { throw new RangeError('later'); }, 1);
  if (event.crash) await new Promise(() => { setInterval(() => {}, 1000); });
  if (event.circular) { const o = {}; o.o = o; return o; }
  return event;
};

exports.callback = (event, context, callback) => {
  if (event.fail) { callback(new Error(event.fail)); return; }
  if (event.nothing) return;
  setTimeout(() => callback(null, { after: event }), 1);
};

exports.text = async () => { throw 'just text'; };
