// Evaluates JSONata with the reference implementation. A line of standard input is
// {"expr", "input"}; the answer is a line with "value" (JSON text), "nothing",
// "function" (the value has one in it), "NaN" (or an infinite number), or "error",
// and with "slips": which of the mistakes that are known of the reference
// implementation happened during this evaluation.
const fs = require('fs');
const lines = require('readline').createInterface({ input: process.stdin });

// The parts of arrays and objects are evaluated one after the other: all at once, it
// is chance which of several errors is reported.
async function inTurn(list, evaluate) {
  const results = [];
  for (let i = 0; i < list.length; i++) results.push(await evaluate(list[i], i));
  return results;
}

function load() {
  const atOnce = /Promise\.all\(([\w.]+(?:\(\w+\))?)\s*\.map\(async/g;
  const file = require.resolve('jsonata');
  const source = fs.readFileSync(file, 'utf8');
  if (source.match(atOnce)?.length !== 2) throw new Error('the reference implementation evaluates parts at once in other places than two');
  const module = { exports: {} };
  new Function('module', 'exports', 'require', 'inTurn', source.replace(atOnce, 'inTurn($1, (async'))(module, module.exports, require, inTurn);
  return module.exports;
}

const jsonata = load();
let slips = new Set();

const digit = /^-?\p{Nd}/u;
const day = 24 * 3600 * 1000;
const notNumber = (result) => typeof result === 'number' && Number.isNaN(result);

// uneven: separators between digits that are not all equally far from each other.
function uneven(picture) {
  return String(picture).split(/[;.]/).some((part) => {
    const groups = part.replace(/^[^#\p{Nd}]+|[^#\p{Nd}]+$/gu, '').split(/[^#\p{Nd}]+/u).slice(1);
    return new Set(groups.map((g) => [...g].length)).size > 1 || new Set(part.match(/[^#\p{Nd}]/gu)).size > 1;
  });
}

const separatorBeforeDigit = (result) => typeof result === 'string' && result !== '' && /^-?[^\p{Nd}\p{L}]/u.test(result);
const width = (picture) => /,[\d*]*-[^0-9*]/.test(picture);
const marker = (picture) => /\[\s*[^YMDdFWwXxHhPmsfZzCE\s[\]]/.test(picture);

// known are the mistakes: by function, what its arguments and its result (undefined
// where it threw) say of them.
const known = {
  formatInteger: {
    'uneven grouping': ([, picture], result) => uneven(picture) || separatorBeforeDigit(result),
    'ordinal behind a separator': ([, picture]) => /[^0-9#;];o/.test(picture),
  },
  parseInteger: {
    NaN: (_, result) => notNumber(result),
    'grouping by another separator': ([, picture]) => /[#\p{Nd}][^#\p{Nd}\p{L},;][#\p{Nd}]/u.test(picture),
  },
  formatNumber: {
    'uneven grouping': ([, picture]) => uneven(picture),
    'exponent behind other text': ([, picture]) => /(^|;)[^0-9#.,;]+[0-9#.,]*e/.test(picture),
    'separator in the fraction': ([, picture]) => /\.[0-9#]*,/.test(picture),
  },
  fromMillis: {
    'uneven grouping': ([, picture]) => /\[\w[^\]]*[^\w\],*\s-][^\]]*\]/.test(picture) || /\[\w[^\]]*\[/.test(picture),
    'width that is no number': ([, picture]) => width(picture),
    'marker that is none': ([, picture]) => marker(picture),
    'time that no date has': ([millis]) => Math.abs(millis) > 8.64e15,
    'zone that is no number': ([, , zone]) => zone !== undefined && Number.isNaN(parseInt(zone, 10)),
  },
  toMillis: {
    'uneven grouping': ([, picture]) => /\[\w[^\]]*\[/.test(picture),
    'width that is no number': ([, picture]) => width(picture),
    'marker that is none': ([, picture]) => marker(picture),
    'year of the 20th century': ([text], result) => typeof result === 'number' && /^19/.test(new Date(result).getUTCFullYear()) && !/19\d\d|^\d{4,}-/.test(text),
    today: (_, result) => typeof result === 'number' && Math.abs(result - Date.now()) < 2 * day,
    NaN: (_, result) => notNumber(result),
  },
  base64decode: { 'no base64': ([text]) => typeof text === 'string' && !/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text) },
};

// watch makes a function of the library tell of its mistakes.
async function watch(name) {
  const func = await jsonata('$' + name).evaluate();
  const original = func.implementation;
  const note = (args, result) => {
    for (const [slip, happened] of Object.entries(known[name])) if (happened(args, result)) slips.add(name + ': ' + slip);
  };
  func.implementation = function (...args) {
    let result;
    try {
      result = original.apply(this, args);
    } finally {
      note(args, result);
    }
    return result;
  };
  Object.defineProperty(func.implementation, 'length', { value: original.length });
  func.implementation.toString = () => original.toString();
}

function some(v, is, depth = 0) {
  if (is(v)) return true;
  if (v === null || typeof v !== 'object' || depth > 50) return false;
  return Object.values(v).some((item) => some(item, is, depth + 1));
}

const isFunction = (v) => typeof v === 'function' || (v !== null && typeof v === 'object' && (v._jsonata_lambda || v._jsonata_function || v instanceof RegExp));
const isNoNumber = (v) => typeof v === 'number' && !Number.isFinite(v);

async function evaluate(request) {
  try {
    const value = await jsonata(request.expr).evaluate(request.input);
    if (value === undefined) return { nothing: true };
    if (some(value, isFunction)) return { function: true };
    if (some(value, isNoNumber)) return { NaN: true };
    return { value: JSON.stringify(value) };
  } catch (e) {
    return { error: { code: e.code || '', position: e.position ?? -1, message: String(e.message) } };
  }
}

async function answer(request) {
  slips = new Set();
  const before = JSON.stringify(request.input);
  const result = await evaluate(request);
  if (JSON.stringify(request.input) !== before) slips.add('the input was changed');
  return { ...result, slips: [...slips] };
}

(async () => {
  for (const name of Object.keys(known)) await watch(name);
  for await (const line of lines) {
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + '\n');
  }
})();
