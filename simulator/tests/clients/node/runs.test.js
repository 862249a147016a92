// Runs of pipelines with logs, timeline, tags and leases, and what pipelines use.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const { text } = require("node:stream/consumers");

const { BuildResult, BuildStatus } = require("azure-devops-node-api/interfaces/BuildInterfaces");
const { PROJECT, connect } = require("./support.js");

/** The number of a run after its end, and of its pipeline. */
const finished = async (build) => {
  const [{ id }] = await build.getDefinitions(PROJECT, "site");
  const run = await build.queueBuild({ definition: { id } }, PROJECT);
  let seen;
  for (let time = 0; time < 5; time += 1) seen = await build.getBuild(PROJECT, run.id);
  assert.deepEqual([seen.status, seen.result], [BuildStatus.Completed, BuildResult.Succeeded]);
  return [run.id, id];
};

test("logs and timeline", async () => {
  const build = await connect().getBuildApi();
  const [run] = await finished(build);
  const [log] = await build.getBuildLogs(PROJECT, run);
  const lines = await build.getBuildLogLines(PROJECT, run, log.id);
  assert.equal(lines.length, log.lineCount);
  const whole = await text(await build.getBuildLog(PROJECT, run, log.id));
  assert.deepEqual(whole.trimEnd().split("\r\n"), lines);
  const { records } = await build.getBuildTimeline(PROJECT, run);
  assert.ok(records.some((record) => record.log?.id === log.id));
});

test("tags, leases, report and artifacts", async () => {
  const build = await connect().getBuildApi();
  const [run, definitionId] = await finished(build);
  assert.deepEqual(await build.addBuildTags(["node", "second"], PROJECT, run), ["node", "second"]);
  assert.deepEqual(await build.deleteBuildTag(PROJECT, run, "second"), ["node"]);
  const lease = { daysValid: 7, definitionId, ownerId: "node", protectPipeline: false, runId: run };
  const [made] = await build.addRetentionLeases([lease], PROJECT);
  const [held] = await build.getRetentionLeasesForBuild(PROJECT, run);
  assert.deepEqual([held.leaseId, held.ownerId], [made.leaseId, "node"]);
  assert.equal((await build.getBuildReport(PROJECT, run)).buildId, run);
  assert.deepEqual(await build.getArtifacts(PROJECT, run), []);
});

test("folders", async () => {
  const build = await connect().getBuildApi();
  await build.createFolder({ path: "\\node", description: "d" }, PROJECT, "node");
  const [folder] = await build.getFolders(PROJECT, "node");
  assert.deepEqual([folder.path, folder.description], ["\\node", "d"]);
  await build.deleteFolder(PROJECT, "node");
  const left = (await build.getFolders(PROJECT)).map((one) => one.path);
  assert.ok(!left.includes("\\node"), left);
});

test("a pipeline is created, run and previewed", async () => {
  const pipelines = await connect().getPipelinesApi();
  const git = await connect().getGitApi();
  const { id } = await git.getRepository("site", PROJECT);
  const configuration = { type: 1, path: "/azure-pipelines.yml", repository: { id, type: "azureReposGit" } };
  const made = await pipelines.createPipeline({ name: "node-made", configuration }, PROJECT);
  assert.equal((await pipelines.getPipeline(PROJECT, made.id)).name, "node-made");
  const run = await pipelines.runPipeline({}, PROJECT, made.id);
  assert.deepEqual((await pipelines.listRuns(PROJECT, made.id)).map((one) => one.id), [run.id]);
  const preview = await pipelines.preview({ yamlOverride: "steps: []" }, PROJECT, made.id);
  assert.equal(preview.finalYaml, "steps: []");
});

test("variable groups, queues, environments and service connections", async () => {
  const agents = await connect().getTaskAgentApi();
  const { id } = await (await connect().getCoreApi()).getProject(PROJECT);
  const reference = { name: "node", projectReference: { id, name: PROJECT } };
  const group = { name: "node", type: "Vsts", variables: { a: { value: "b" } }, variableGroupProjectReferences: [reference] };
  const made = await agents.addVariableGroup(group);
  assert.equal((await agents.getVariableGroup(PROJECT, made.id)).variables.a.value, "b");
  await agents.deleteVariableGroup(made.id, [id]);
  assert.equal(await agents.getVariableGroup(PROJECT, made.id), null);
  const [queue] = await agents.getAgentQueues(PROJECT);
  assert.equal((await agents.getAgentQueue(queue.id, PROJECT)).name, queue.name);
  assert.deepEqual((await agents.getEnvironments(PROJECT)).map((one) => one.name), ["production"]);
});
