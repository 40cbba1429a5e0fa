// What ledger.go does, for the handlers in JavaScript.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), 'fermata-orders');

// Notes a call of a function for an execution and returns how many there were
// with this one.
exports.call = (name, execution) => {
  fs.mkdirSync(folder, { recursive: true });
  const short = execution.split(':').pop();
  const counter = path.join(folder, `${name}-${short}.count`);
  fs.appendFileSync(counter, 'x');
  const count = fs.statSync(counter).size;
  const line = { at: new Date().toISOString().slice(11, 23), call: count, execution: short, function: name };
  fs.appendFileSync(path.join(folder, 'calls.log'), JSON.stringify(line) + '\n');
  return count;
};
