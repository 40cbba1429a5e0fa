// Where the reference implementation plainly slips, which is to say that what it does
// follows from how it is written and from no rule of the language, it is repaired before
// it is compared with. A repair is why, the text to find, what to put there, and how often
// it stands there if that is not once.
const repairs = [
  // What is chance.
  ['parts that are evaluated all at once report whichever error comes first',
    'Promise.all(expr.expressions\n                    .map(async (item, idx)', 'oracle.inTurn(expr.expressions, (async (item, idx)'],
  ['so do the groups', 'Promise.all(utils.keys(groups).map(async (key, idx)', 'oracle.inTurn(utils.keys(groups), (async (key, idx)'],
  ['the time is the same on both sides', 'timestamp = new Date();', 'timestamp = oracle.now();', 2],

  // What is written over, or looked at, by mistake.
  ['grouping an empty array writes into the array',
    'if (input.length === 0 && !reduce) {\n            input.push(undefined);', 'if (input.length === 0 && !reduce) {\n            input = [undefined];'],
  ['an item that is chosen twice has one position',
    'var tuple = result[ee];\n                        tuple[stage.value] = ee;', 'var tuple = result[ee] = { ...result[ee] };\n                        tuple[stage.value] = ee;'],
  ['sequences have a member "sequence", which * finds',
    'utils.keys(input).forEach(function (key) {\n                var value', 'utils.keys(input).filter(key => !Array.isArray(input) || key !== "sequence").forEach(function (key) {\n                var value'],
  ['?? evaluates a copy that has no regular expressions', 'arguments: [JSON.parse(JSON.stringify(left))]', 'arguments: [oracle.copy(left)]'],
  ['so does ?:', 'this.condition = JSON.parse(JSON.stringify(left));', 'this.condition = oracle.copy(left);'],
  ['a function that a function ends with loses its grouping and its []',
    "expr.type === 'function' && !expr.predicate)", "expr.type === 'function' && !expr.predicate && !expr.group && !expr.keepArray)"],
  ['what stands behind a block gets the call at its end before it is made',
    "} else if (expr.type === 'block') {\n                // only the last", "} else if (expr.type === 'block' && !expr.predicate && !expr.group && !expr.keepArray) {\n                // only the last"],
  ['the arguments of a call that a function ends with are passed in another way than all others',
    'evaluatedArgs.push(await evaluate(result.body.arguments[ii], result.input, result.environment));',
    `{
                    const arg = await evaluate(result.body.arguments[ii], result.input, result.environment);
                    const closure = async (...params) => await apply(arg, params, null, environment);
                    if (isFunction(arg)) closure.arity = getFunctionArity(arg);
                    evaluatedArgs.push(isFunction(arg) ? closure : arg);
                }`],

  // Functions.
  ['a regular expression finds something in what is no text',
    'var closure = function(str, fromIndex) {\n            var result;', 'var closure = function(str, fromIndex) {\n            var result;\n            if (str === null || !["string", "number", "boolean"].includes(typeof str)) return undefined;\n            str = String(str);\n            oracle.folds(re, str);'],
  ['the names of parameters are read with their defaults', "var sigArgs = sigParens.split(',');", "var sigArgs = sigParens.split(',').map(name => name.split('=')[0]);"],
  ['what is partially applied does not look at its arguments',
    'result = partialApplyNativeFunction(proc.implementation, evaluatedArgs, environment);',
    'result = partialApplyNativeFunction(proc.implementation, evaluatedArgs, environment);\n            result.body.signature = proc.signature;'],
  ['nor when it is called', 'return env.lookup(sigArg.trim());\n        });', 'return env.lookup(sigArg.trim());\n        });\n        oracle.fits(proc, args);'],

  // Pictures.
  ['separators are put before the first digit, and digits get lost',
    'format.groupingSeparators.reverse().forEach(separator => {\n                        const pos = formattedInteger.length - separator.position;',
    'format.groupingSeparators.reverse().forEach(separator => {\n                        const pos = formattedInteger.length - separator.position;\n                        if (pos <= 0) return;'],
  ['and the same in the other function',
    'pic.integerPartGroupingPositions.forEach(function (pos) {', 'pic.integerPartGroupingPositions.forEach(function (pos) {\n                if (pos >= decimalPos) return;'],
  ['a width that is no number', 'return parseInt(wm);', 'return Number.isNaN(parseInt(wm)) ? undefined : parseInt(wm);'],
  ['digits of large numbers that are chance', 'var result = value.toString(radix);', 'var result = Number.isFinite(value) && radix !== 10 ? BigInt(value).toString(radix) : value.toString(radix);'],
  ['a zero that is several characters', "var zero_digit = properties['zero-digit'];", "var zero_digit = properties['zero-digit'].charAt(0);"],
  ['nothing is the word undefined', 'result += replacement;', 'result += replacement ?? "";'],
  ['a zone that is no number', 'const offset = parseInt(timezone);', 'const offset = parseInt(timezone) || 0;'],
  ['a time that no date has',
    'const dateTime = new Date(millis + offsetMillis);', "const dateTime = new Date(millis + offsetMillis);\n        if (Number.isNaN(dateTime.getTime())) throw { code: 'D3110', value: millis };"],
  ['a fraction of something else than seconds', 'return Date.parse(timestamp);', "return /^[^T]*\\./.test(timestamp) ? NaN : Date.parse(timestamp.includes('T') ? timestamp : timestamp.replace('Z', ''));"],
  ['a component that there is not', "let formatSpec;\n        if(typeof picture", `const known = formatComponent;
        formatComponent = function (date, spec) {
            if (!'YMDdFWwXxHhPmsfZzCE'.includes(spec.component)) throw { code: 'D3133', value: spec.component };
            return known(date, spec);
        };
        let formatSpec;\n        if(typeof picture`],

  // Messages.
  ['functions in messages are shown as they are built', 'return JSON.stringify(err[arguments[1]]);', "return JSON.stringify(err[arguments[1]], (_, v) => oracle.isFunction(v) ? '' : v);"],

  // Integers come first among the members of objects of JavaScript; see ordered.
  ['members of groups', 'groups[key] = entry;', 'groups[oracle.ordered(groups, key)] = entry;'],
  ['members of objects', 'result[key] = value;\n            }\n        }\n\n        return result;', 'result[oracle.ordered(result, key)] = value;\n            }\n        }\n\n        return result;'],
  ['of changed ones, of which only the copy may be changed', 'match[prop] = update[prop];', 'if (own.has(match)) match[oracle.ordered(match, prop)] = update[prop];'],
  ['the same of what is deleted', 'delete match[deletions[jj]];', 'if (own.has(match)) delete match[deletions[jj]];'],
  ['also if the user has another $clone', "var matches = await evaluate(expr.pattern, result, environment);",
    "if (cloneFunction !== staticFrame.lookup('clone')) result = functionClone(result);\n            const own = oracle.objectsIn(result);\n            var matches = await evaluate(expr.pattern, result, environment);"],
  ['of merged ones', 'result[prop] = obj[prop];', 'result[oracle.ordered(result, prop)] = obj[prop];'],
  ['keys', 'merge[key] = true;', 'merge[oracle.ordered(merge, key)] = true;'],
];
