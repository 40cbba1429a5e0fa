// Evaluates JSONata with the reference implementation. A line of standard input is
// {"expr", "input"}; the answer is a line with "value" (JSON text), "nothing",
// "function" (the value has one in it), "NaN" (or an infinite number), or "error".
const jsonata = require('jsonata');
const lines = require('readline').createInterface({ input: process.stdin });

function hasFunction(v, depth) {
  if (typeof v === 'function') return true;
  if (v === null || typeof v !== 'object') return false;
  if (v._jsonata_lambda || v._jsonata_function || v instanceof RegExp) return true;
  if (depth > 50) return false;
  return Object.values(v).some((item) => hasFunction(item, depth + 1));
}

function hasNaN(v, depth) {
  if (typeof v === 'number') return !Number.isFinite(v);
  if (v === null || typeof v !== 'object' || depth > 50) return false;
  return Object.values(v).some((item) => hasNaN(item, depth + 1));
}

async function answer(request) {
  try {
    const value = await jsonata(request.expr).evaluate(request.input);
    if (value === undefined) return { nothing: true };
    if (hasFunction(value, 0)) return { function: true };
    if (hasNaN(value, 0)) return { NaN: true };
    return { value: JSON.stringify(value) };
  } catch (e) {
    return { error: { code: e.code || '', position: e.position ?? -1, message: String(e.message) } };
  }
}

(async () => {
  for await (const line of lines) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
  }
})();
