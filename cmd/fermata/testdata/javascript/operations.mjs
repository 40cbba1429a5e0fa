// Uses the operations of Step Functions with AWS's client for JavaScript, and
// prints the names of those that answered as they should.
//
//   node operations.mjs ENDPOINT FOLDER
//
// FOLDER has the node_modules with @aws-sdk/client-sfn. A step is an operation,
// its input, and a look at the answer; s is what the steps have learned so far.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { argv } from "node:process";

const [endpoint, folder] = argv.slice(2);
const sfn = createRequire(join(folder, "from.js"))("@aws-sdk/client-sfn");
const client = new sfn.SFNClient({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  disableHostPrefix: true, // or StartSyncExecution asks for the host sync-127.0.0.1
  maxAttempts: 1,
});

const role = "arn:aws:iam::123456789012:role/any";
const pass = (result) => JSON.stringify({ StartAt: "P", States: { P: { Type: "Pass", Result: result, End: true } } });
const approval = (s) => JSON.stringify({ StartAt: "A", States: { A: { Type: "Task", Resource: s.activity, End: true } } });
// each is a distributed Map; the children wait for the activity.
const each = (s) => JSON.stringify({ StartAt: "M", States: { M: { Type: "Map", Label: "Part", MaxConcurrency: 1, End: true,
  ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...JSON.parse(approval(s)) } } } });
const names = (list, member) => list.map((item) => item[member].split(":").at(-1));

// ended waits until an execution has ended.
async function ended(executionArn) {
  const answer = await fetch(endpoint + "/fermata/v1/executions/wait", { method: "POST", body: JSON.stringify({ executionArn }) });
  return answer.json();
}

const steps = [
  ["CreateActivity", () => ({ name: "approve", tags: [{ key: "team", value: "a" }] }), (o, s) => { s.activity = o.activityArn; }],
  ["DescribeActivity", (s) => ({ activityArn: s.activity }), (o) => assert.equal(o.encryptionConfiguration.type, "AWS_OWNED_KEY")],
  ["ListActivities", () => ({ maxResults: 5 }), (o) => assert.deepEqual(names(o.activities, "activityArn"), ["approve"])],
  ["ValidateStateMachineDefinition", () => ({ definition: "{}" }), (o) => assert.equal(o.result, "FAIL")],
  ["CreateStateMachine", (s) => ({ name: "m", roleArn: role, definition: approval(s), publish: true, versionDescription: "one" }), (o, s) => {
    s.machine = o.stateMachineArn;
    assert.equal(o.stateMachineVersionArn, s.machine + ":1");
  }],
  ["DescribeStateMachine", (s) => ({ stateMachineArn: s.machine + ":1" }), (o) => assert.equal(o.description, "one")],
  ["ListStateMachines", () => ({}), (o) => assert.deepEqual(names(o.stateMachines, "stateMachineArn"), ["m"])],
  ["UpdateStateMachine", (s) => ({ stateMachineArn: s.machine, definition: pass(1) }), (o, s) => { s.revision = o.revisionId; }],
  ["PublishStateMachineVersion", (s) => ({ stateMachineArn: s.machine, revisionId: s.revision }), (o, s) => assert.equal(o.stateMachineVersionArn, s.machine + ":2")],
  ["ListStateMachineVersions", (s) => ({ stateMachineArn: s.machine }), (o) => assert.deepEqual(names(o.stateMachineVersions, "stateMachineVersionArn"), ["2", "1"])],
  ["CreateStateMachineAlias", (s) => ({ name: "PROD", routingConfiguration: [{ stateMachineVersionArn: s.machine + ":2", weight: 100 }] }), (o, s) => { s.alias = o.stateMachineAliasArn; }],
  ["UpdateStateMachineAlias", (s) => ({ stateMachineAliasArn: s.alias, routingConfiguration: [{ stateMachineVersionArn: s.machine + ":1", weight: 100 }, { stateMachineVersionArn: s.machine + ":2", weight: 0 }] }), (o) => assert(o.updateDate instanceof Date)],
  ["DescribeStateMachineAlias", (s) => ({ stateMachineAliasArn: s.alias }), (o) => assert.deepEqual(o.routingConfiguration.map((r) => r.weight), [100, 0])],
  ["ListStateMachineAliases", (s) => ({ stateMachineArn: s.machine }), (o) => assert.deepEqual(names(o.stateMachineAliases, "stateMachineAliasArn"), ["PROD"])],
  ["TagResource", (s) => ({ resourceArn: s.machine, tags: [{ key: "a", value: "1" }, { key: "b", value: "2" }] }), () => {}],
  ["UntagResource", (s) => ({ resourceArn: s.machine, tagKeys: ["a"] }), () => {}],
  ["ListTagsForResource", (s) => ({ resourceArn: s.machine }), (o) => assert.deepEqual(o.tags, [{ key: "b", value: "2" }])],

  ["StartExecution", (s) => ({ stateMachineArn: s.alias, name: "first", input: "{}" }), (o, s) => { s.first = o.executionArn; }],
  ["GetActivityTask", (s) => ({ activityArn: s.activity, workerName: "me" }), (o, s) => { s.token = o.taskToken; }],
  ["SendTaskHeartbeat", (s) => ({ taskToken: s.token }), () => {}],
  ["SendTaskSuccess", (s) => ({ taskToken: s.token, output: "42" }), (o, s) => ended(s.first)],
  ["DescribeExecution", (s) => ({ executionArn: s.first }), (o, s) => {
    assert.equal(o.output, "42");
    assert.equal(o.stateMachineVersionArn, s.machine + ":1");
    assert.equal(o.stateMachineAliasArn, s.alias);
  }],
  ["DescribeStateMachineForExecution", (s) => ({ executionArn: s.first }), (o, s) => assert.equal(o.definition, approval(s))],
  ["GetExecutionHistory", (s) => ({ executionArn: s.first }), (o, s) => assert.equal(o.events[0].executionStartedEventDetails.stateMachineAliasArn, s.alias)],
  ["StartExecution", (s) => ({ stateMachineArn: s.machine + ":1", name: "second" }), (o, s) => { s.second = o.executionArn; }],
  ["GetActivityTask", (s) => ({ activityArn: s.activity }), (o, s) => { s.token = o.taskToken; }],
  ["SendTaskFailure", (s) => ({ taskToken: s.token, error: "Refused", cause: "too dear" }), async (o, s) => assert.equal((await ended(s.second)).error, "Refused")],
  ["StartExecution", (s) => ({ stateMachineArn: s.machine + ":1", name: "third" }), (o, s) => { s.third = o.executionArn; }],
  ["StopExecution", (s) => ({ executionArn: s.third, error: "Enough" }), (o) => assert(o.stopDate instanceof Date)],
  ["RedriveExecution", (s) => ({ executionArn: s.third }), (o) => assert(o.redriveDate instanceof Date)],
  ["StopExecution", (s) => ({ executionArn: s.third, error: "Enough" }), async (o, s) => assert.equal((await ended(s.third)).redriveCount, 1)],
  ["ListExecutions", (s) => ({ stateMachineArn: s.machine + ":1" }), (o) => assert.deepEqual(o.executions.map((e) => e.status), ["ABORTED", "FAILED", "SUCCEEDED"])],
  ["TestState", () => ({ definition: JSON.stringify({ Type: "Task", Resource: "arn:aws:states:::sqs:sendMessage", End: true }), mock: { result: '{"MessageId":"1"}' }, inspectionLevel: "DEBUG" }), (o) => assert.equal(o.inspectionData.result, '{"MessageId":"1"}')],
  ["CreateStateMachine", () => ({ name: "x", roleArn: role, definition: pass(7), type: "EXPRESS" }), (o, s) => { s.express = o.stateMachineArn; }],
  ["StartSyncExecution", (s) => ({ stateMachineArn: s.express }), (o) => assert.equal(o.output, "7")],

  ["CreateStateMachine", (s) => ({ name: "maps", roleArn: role, definition: each(s) }), (o, s) => { s.maps = o.stateMachineArn; }],
  ["StartExecution", (s) => ({ stateMachineArn: s.maps, input: "[1, 2]" }), (o, s) => { s.whole = o.executionArn; }],
  ["GetActivityTask", (s) => ({ activityArn: s.activity }), (o, s) => { s.token = o.taskToken; }],
  ["ListMapRuns", (s) => ({ executionArn: s.whole }), (o, s) => {
    assert.equal(o.mapRuns[0].stateMachineArn, s.maps + "/Part");
    s.mapRun = o.mapRuns[0].mapRunArn;
  }],
  ["UpdateMapRun", (s) => ({ mapRunArn: s.mapRun, maxConcurrency: 2, toleratedFailureCount: 1, toleratedFailurePercentage: 62.5 }), () => {}],
  ["GetActivityTask", (s) => ({ activityArn: s.activity }), (o, s) => { s.other = o.taskToken; }],
  ["DescribeMapRun", (s) => ({ mapRunArn: s.mapRun }), (o, s) => {
    assert.equal(o.executionArn, s.whole);
    assert.deepEqual([o.status, o.maxConcurrency, o.toleratedFailureCount, o.toleratedFailurePercentage], ["RUNNING", 2, 1, 62.5]);
    assert.deepEqual([o.itemCounts.total, o.executionCounts.running], [2, 2]);
  }],
  ["SendTaskSuccess", (s) => ({ taskToken: s.token, output: "1" }), () => {}],
  ["SendTaskFailure", (s) => ({ taskToken: s.other, error: "Tolerated" }), async (o, s) => assert.equal((await ended(s.whole)).status, "SUCCEEDED")],
  ["ListExecutions", (s) => ({ mapRunArn: s.mapRun, statusFilter: "FAILED" }), (o, s) => assert.deepEqual(o.executions.map((e) => [e.mapRunArn, e.itemCount]), [[s.mapRun, 1]])],

  ["DeleteStateMachineAlias", (s) => ({ stateMachineAliasArn: s.alias }), () => {}],
  ["DeleteStateMachineVersion", (s) => ({ stateMachineVersionArn: s.machine + ":2" }), () => {}],
  ["DeleteStateMachine", (s) => ({ stateMachineArn: s.machine }), () => {}],
  ["DeleteActivity", (s) => ({ activityArn: s.activity }), () => {}],
];

// refusals are calls that have to fail, with the class of the exception.
const refusals = [
  ["DescribeStateMachine", (s) => ({ stateMachineArn: s.machine }), "StateMachineDoesNotExist"],
  ["DescribeStateMachineAlias", (s) => ({ stateMachineAliasArn: s.alias }), "ResourceNotFound"],
  ["PublishStateMachineVersion", (s) => ({ stateMachineArn: s.express, revisionId: "other" }), "ConflictException"],
  ["CreateStateMachineAlias", (s) => ({ name: "A", routingConfiguration: [{ stateMachineVersionArn: s.express + ":1", weight: 1 }] }), "ValidationException"],
];

const send = (operation, input) => client.send(new sfn[operation + "Command"](input));
const learned = {};
const used = new Set();
for (const [operation, input, look] of steps) {
  try {
    await look(await send(operation, input(learned)), learned);
  } catch (problem) {
    problem.message = operation + ": " + problem.message;
    throw problem;
  }
  used.add(operation);
}
for (const [operation, input, exception] of refusals) {
  await assert.rejects(send(operation, input(learned)), sfn[exception], operation);
}
console.log([...used].join("\n"));
