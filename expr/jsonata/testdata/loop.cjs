// Evaluates JSONata with the reference implementation, many times over. A line of
// standard input is {"expr", "states", "times"}: $states is bound to "states". The
// answer is a line with the last value. An expression is compiled once.
const jsonata = require('jsonata');
const lines = require('readline').createInterface({ input: process.stdin });
const compiled = {};

(async () => {
  for await (const line of lines) {
    const request = JSON.parse(line);
    const expression = compiled[request.expr] ??= jsonata(request.expr);
    const bindings = { states: request.states };
    let value;
    for (let i = 0; i < request.times; i++) {
      value = await expression.evaluate(undefined, bindings);
    }
    process.stdout.write(JSON.stringify(value) + '\n');
  }
})();
