// Evaluates JSONata with the reference implementation. A line of standard input is
// {"expr", "input", "now"}; the answer is a line with "value" (JSON text: functions are
// "" in it, numbers that are none are their names), "nothing", or "error", and with
// "slips": which of the mistakes that are known of the reference implementation and
// cannot be repaired happened during this evaluation.
//
// The reference implementation is changed before it is used, in the places of
// repairs.cjs, which stands before this file.
const fs = require('fs');
const lines = require('readline').createInterface({ input: process.stdin });

const slips = new Set();
let now = 0;

// The parts of arrays and objects are evaluated one after the other: all at once, it
// is chance which of several errors is reported.
async function inTurn(list, evaluate) {
  const results = [];
  for (let i = 0; i < list.length; i++) results.push(await evaluate(list[i], i));
  return results;
}

// copy is a copy of a syntax tree with the regular expressions and functions in it.
function copy(tree) {
  if (tree === null || typeof tree !== 'object' || tree instanceof RegExp) return tree;
  if (Array.isArray(tree)) return tree.map(copy);
  return Object.fromEntries(Object.entries(tree).map(([key, part]) => [key, copy(part)]));
}

// ordered is key. Objects of JavaScript have members whose names are integers in front.
function ordered(object, key) {
  const integer = (name) => /^(0|[1-9]\d{0,9})$/.test(name);
  if (integer(key) && object !== null && typeof object === 'object' && !Object.hasOwn(object, key)) {
    if (Object.keys(object).some((before) => !integer(before) || Number(before) > Number(key))) slips.add('integer keys');
  }
  return key;
}

// folds notes letters that the library of regular expressions has in two cases and
// JavaScript in one.
function folds(expression, text) {
  if (expression.ignoreCase && /[\u0130\u017f\u1e9e\u2126\u212a\u212b]/.test(text)) slips.add('letters in one case');
}

// objectsIn are the objects in v.
function objectsIn(v, seen = new Set()) {
  if (v !== null && typeof v === 'object' && !seen.has(v)) {
    seen.add(v);
    Object.values(v).forEach((part) => objectsIn(part, seen));
  }
  return seen;
}

// fits notes arguments of a partial application that the function's signature would
// refuse or change, and functions whose parameters cannot be read.
function fits(native, args) {
  let fit = native.length > 0;
  try {
    const valid = native.signature?.validate(args, undefined) ?? args;
    fit &&= args.every((arg, i) => valid[i] === arg);
  } catch {
    fit = false;
  }
  if (!fit) slips.add('arguments of a partial application');
}

function load() {
  const file = require.resolve('jsonata');
  let source = fs.readFileSync(file, 'utf8');
  for (const [why, find, put, times = 1] of repairs) {
    const parts = source.split(find);
    if (parts.length !== times + 1) throw new Error(`the reference implementation is not as expected: ${why}: ${parts.length - 1} times`);
    source = parts.join(put);
  }
  const module = { exports: {} };
  const tools = { inTurn, copy, ordered, objectsIn, fits, folds, isFunction, now: () => new Date(now) };
  new Function('module', 'exports', 'require', 'oracle', source)(module, module.exports, require, tools);
  return module.exports;
}

const isFunction = (v) => typeof v === 'function' || (v !== null && typeof v === 'object' && (v._jsonata_lambda || v._jsonata_function));

// plain is a part of the result as JSON can have it.
function plain(key, v) {
  if (isFunction(v)) return '';
  if (typeof v === 'number' && !Number.isFinite(v)) return String(v);
  return v;
}

async function evaluate(jsonata, request) {
  try {
    const value = await jsonata(request.expr).evaluate(request.input);
    if (value === undefined) return { nothing: true };
    return { value: JSON.stringify(value, plain) };
  } catch (e) {
    return { error: { code: e.code || '', position: e.position ?? -1, message: String(e.message) } };
  }
}

(async () => {
  const jsonata = load();
  for await (const line of lines) {
    const request = JSON.parse(line);
    slips.clear();
    now = request.now;
    process.stdout.write(JSON.stringify({ ...(await evaluate(jsonata, request)), slips: [...slips] }) + '\n');
  }
})();
