// Build definitions, builds and pipelines.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { BuildResult, BuildStatus, DefinitionQueueStatus } = require("azure-devops-node-api/interfaces/BuildInterfaces");
const { PROJECT, connect } = require("./support.js");

const pipeline = async () => {
  const pipelines = await connect().getPipelinesApi();
  const [first] = await pipelines.listPipelines(PROJECT);
  return { pipelines, id: first.id };
};

test("a definition is found by name", async () => {
  const build = await connect().getBuildApi();
  const [definition] = await build.getDefinitions(PROJECT, "site");
  assert.equal((await build.getDefinition(PROJECT, definition.id)).process.yamlFilename, "/azure-pipelines.yml");
});

test("a run is started, seen as a build and cancelled", async () => {
  const { pipelines, id } = await pipeline();
  const run = await pipelines.runPipeline({}, PROJECT, id);
  const build = await connect().getBuildApi();
  assert.equal((await build.getBuild(PROJECT, run.id)).definition.name, "site");
  const cancelled = await build.updateBuild({ status: BuildStatus.Cancelling }, PROJECT, run.id);
  assert.equal(cancelled.status, BuildStatus.Cancelling);
});

test("a run advances to its result, with the enum values of the client", async () => {
  const { pipelines, id } = await pipeline();
  const { id: started } = await pipelines.runPipeline({}, PROJECT, id);
  const build = await connect().getBuildApi();
  let seen;
  for (let look = 0; look < 5; look += 1) seen = await build.getBuild(PROJECT, started);
  assert.equal(seen.status, BuildStatus.Completed);
  assert.equal(seen.result, BuildResult.Succeeded);
  assert.ok(seen.finishTime instanceof Date);
});

test("a missing build is null for this client", async () => {
  const build = await connect().getBuildApi();
  assert.equal(await build.getBuild(PROJECT, 999), null);
});

test("a definition is created, changed and deleted", async () => {
  const build = await connect().getBuildApi();
  const git = await connect().getGitApi();
  const { id } = await git.getRepository("site", PROJECT);
  const process = { type: 2, yamlFilename: "/azure-pipelines.yml" };
  const made = await build.createDefinition({ name: "node", repository: { id, type: "TfsGit" }, process }, PROJECT);
  const disabled = { ...made, queueStatus: DefinitionQueueStatus.Disabled };
  const changed = await build.updateDefinition(disabled, PROJECT, made.id);
  assert.deepEqual([changed.revision, changed.queueStatus], [2, DefinitionQueueStatus.Disabled]);
  await assert.rejects(build.queueBuild({ definition: { id: made.id } }, PROJECT), /is disabled/);
  await build.deleteDefinition(PROJECT, made.id);
  assert.deepEqual(await build.getDefinitions(PROJECT, "node"), []);
});
