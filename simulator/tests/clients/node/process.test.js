// Projects, teams, and types of work items with their fields, comments and history.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { FieldType, TreeStructureGroup } = require("azure-devops-node-api/interfaces/WorkItemTrackingInterfaces");
const { OperationStatus } = require("azure-devops-node-api/interfaces/common/OperationsInterfaces");
const { PROJECT, connect } = require("./support.js");

const AGILE = "adcc42ab-9882-485e-a3ed-7678f01f66bc";

const create = async (work, title) => {
  const document = [{ op: "add", path: "/fields/System.Title", value: title }];
  return work.createWorkItem(null, document, PROJECT, "Task");
};

test("a project is created and deleted by operations", async () => {
  const core = await connect().getCoreApi();
  const capabilities = { versioncontrol: { sourceControlType: "Git" }, processTemplate: { templateTypeId: AGILE } };
  const begun = await core.queueCreateProject({ name: "Node made", capabilities });
  const operations = await (await connect()).rest.get(begun.url);
  assert.ok(["queued", "inProgress", "succeeded"].includes(operations.result.status), operations.result.status);
  let project = null;
  for (let time = 0; time < 3 && project?.state === undefined; time += 1) project = await core.getProject("Node made");
  const deleted = await core.queueDeleteProject(project.id);
  assert.equal(deleted.status, OperationStatus.NotSet);
  assert.equal((await core.getProcesses()).filter((one) => one.isDefault).length, 1);
});

test("teams and their members", async () => {
  const core = await connect().getCoreApi();
  const [team] = await core.getTeams(PROJECT);
  assert.equal(team.name, "Fabrikam Team");
  const [member] = await core.getTeamMembersWithExtendedProperties(PROJECT, team.id);
  assert.equal(member.identity.displayName, "Ann Lee");
  assert.ok((await core.getAllTeams()).length > 1);
});

test("types, states and fields", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const names = (await work.getWorkItemTypes(PROJECT)).map((type) => type.name);
  assert.ok(names.includes("User Story"), names);
  const states = (await work.getWorkItemTypeStates(PROJECT, "Bug")).map((state) => state.name);
  assert.deepEqual(states, ["New", "Active", "Resolved", "Closed"]);
  const field = await work.getField("System.Title", PROJECT);
  assert.equal(field.type, FieldType.String);
  const node = await work.getClassificationNode(PROJECT, TreeStructureGroup.Iterations);
  assert.equal(node.name, PROJECT);
  assert.equal(await work.getWorkItemType(PROJECT, "Nothing"), null);
});

test("comments, revisions and updates", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const { id } = await create(work, "before");
  const comment = await work.addComment({ text: "first" }, PROJECT, id);
  await work.updateComment({ text: "changed" }, PROJECT, id, comment.id);
  const { comments } = await work.getComments(PROJECT, id);
  assert.deepEqual(comments.map((one) => one.text), ["changed"]);
  await work.updateWorkItem(null, [{ op: "replace", path: "/fields/System.Title", value: "after" }], id);
  const titles = (await work.getRevisions(id)).map((revision) => revision.fields["System.Title"]);
  assert.equal(titles.at(-1), "after");
  const updates = await work.getUpdates(id);
  assert.equal(updates.at(-1).fields["System.Title"].oldValue, "before");
});

test("a work item is deleted and restored", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const { id } = await create(work, "deleted");
  await work.deleteWorkItem(id);
  assert.equal(await work.getWorkItem(id), null);
  assert.equal((await work.getDeletedWorkItem(id)).id, id);
  await work.restoreWorkItem({ isDeleted: false }, id);
  assert.equal((await work.getWorkItem(id)).fields["System.Title"], "deleted");
});

test("a saved query is created, run and deleted", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const made = await work.createQuery({ name: "Node", wiql: "SELECT [System.Id] FROM WorkItems" }, PROJECT, "Shared Queries");
  assert.equal((await work.getQuery(PROJECT, made.id)).path, "Shared Queries/Node");
  assert.ok((await work.queryById(made.id, { project: PROJECT })).workItems);
  await work.deleteQuery(PROJECT, made.id);
  assert.equal(await work.getQuery(PROJECT, made.id), null);
});
