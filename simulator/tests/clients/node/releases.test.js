// Release definitions, releases and their approvals.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { ApprovalStatus, ConditionType, EnvironmentStatus } = require("azure-devops-node-api/interfaces/ReleaseInterfaces");
const { PROJECT, connect } = require("./support.js");

const stage = (name, conditions, approver) => ({
  name,
  conditions,
  preDeployApprovals: { approvals: [{ rank: 1, isAutomated: !approver, approver: approver && { id: approver } }] },
  retentionPolicy: { daysToKeep: 30, releasesToKeep: 3, retainBuild: true },
});

const begin = async (name, environments) => {
  const releases = await connect().getReleaseApi();
  const build = await connect().getBuildApi();
  const [site] = await build.getDefinitions(PROJECT, "site");
  const definition = { id: String(site.id), name: "site" };
  const artifacts = [{ alias: "site", type: "Build", isPrimary: true, definitionReference: { definition } }];
  const made = await releases.createReleaseDefinition({ name, artifacts, environments }, PROJECT);
  const queued = await build.queueBuild({ definition: { id: site.id } }, PROJECT);
  const version = { alias: "site", instanceReference: { id: String(queued.id) } };
  const release = await releases.createRelease({ definitionId: made.id, artifacts: [version] }, PROJECT);
  return { releases, made, release };
};

test("a definition is created, changed and deleted; a stage is deployed manually", async () => {
  const { releases, made, release } = await begin("node", [stage("Production", [])]);
  const changed = await releases.updateReleaseDefinition({ ...made, name: "node-2" }, PROJECT);
  assert.deepEqual([changed.name, changed.revision], ["node-2", 2]);
  const status = EnvironmentStatus.InProgress;
  const deployed = await releases.updateReleaseEnvironment({ status }, PROJECT, release.id, release.environments[0].id);
  assert.equal(deployed.status, EnvironmentStatus.Queued);
  await releases.deleteReleaseDefinition(PROJECT, made.id);
  assert.equal(await releases.getReleaseDefinition(PROJECT, made.id), null);
});

test("an approver gives an approval", async () => {
  const own = (await connect().connect()).authenticatedUser.id;
  const starts = [{ conditionType: ConditionType.Event, name: "ReleaseStarted", value: "" }];
  const { releases, release } = await begin("node-approval", [stage("Test", starts, own)]);
  const pending = await releases.getApprovals(PROJECT, undefined, undefined, [release.id]);
  assert.equal(pending.length, 1);
  const approved = await releases.updateReleaseApproval({ status: ApprovalStatus.Approved }, PROJECT, pending[0].id);
  assert.equal(approved.status, ApprovalStatus.Approved);
});
