// Approvals of pipeline runs. This client has no methods for them, so its generic request to a location is used.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { BuildResult } = require("azure-devops-node-api/interfaces/BuildInterfaces");
const { connect } = require("./support.js");

const PROJECT = "Archive";
const LOCATION = "37794717-f36f-4d78-b2bf-4dc30d0cfbcd";

/** A waiting run of the only pipeline, with its approval. */
const waiting = async () => {
  const pipelines = await connect().getPipelinesApi();
  const build = await connect().getBuildApi();
  const [{ id }] = await pipelines.listPipelines(PROJECT);
  const run = await pipelines.runPipeline({}, PROJECT, id);
  for (let look = 0; look < 4; look += 1) await build.getBuild(PROJECT, run.id);
  const { requestUrl, apiVersion } = await build.vsoClient.getVersioningData(
    "7.1-preview.1",
    "approval",
    LOCATION,
    { project: PROJECT },
    { state: "pending" }
  );
  const options = build.createRequestOptions("application/json", apiVersion);
  const { result } = await build.rest.get(requestUrl, options);
  const [pending] = result.value.filter((one) => one.pipeline.owner.id === run.id);
  const decide = async (status) =>
    (await build.rest.update(requestUrl.split("?")[0], [{ approvalId: pending.id, status }], options)).result.value[0];
  return { build, run: run.id, pending, decide };
};

test("an approval is given", async () => {
  const { build, run, pending, decide } = await waiting();
  assert.equal(pending.steps[0].assignedApprover.displayName, "Ann Lee");
  assert.equal((await decide("approved")).status, "approved");
  let seen;
  for (let look = 0; look < 4; look += 1) seen = await build.getBuild(PROJECT, run);
  assert.equal(seen.result, BuildResult.Succeeded);
  await assert.rejects(decide("approved"), /is already approved/);
});

test("an approval is rejected", async () => {
  const { build, run, decide } = await waiting();
  assert.equal((await decide("rejected")).status, "rejected");
  assert.equal((await build.getBuild(PROJECT, run)).result, BuildResult.Failed);
});
