// Work items: created, changed, found and read, with files.
"use strict";

const assert = require("node:assert/strict");
const { Readable } = require("node:stream");
const test = require("node:test");

const { WorkItemErrorPolicy, WorkItemExpand } = require("azure-devops-node-api/interfaces/WorkItemTrackingInterfaces");
const { PROJECT, connect, withScopes } = require("./support.js");

const add = (path, value) => ({ op: "add", path, value });
const bug = (work, title) => work.createWorkItem(null, [add("/fields/System.Title", title)], PROJECT, "Bug");

test("a work item is created, changed and read", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const made = await bug(work, "It fails");
  assert.deepEqual([made.rev, made.fields["System.State"]], [1, "New"]);
  const changes = [{ op: "test", path: "/rev", value: made.rev }, add("/fields/System.State", "Active")];
  const changed = await work.updateWorkItem(null, changes, made.id);
  assert.deepEqual([changed.rev, changed.fields["System.State"]], [2, "Active"]);
  await assert.rejects(work.updateWorkItem(null, changes, made.id), /VS403351/);
  assert.equal(await work.getWorkItem(9999), null);
});

test("several are read at once, with the enum values of the client", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const ids = [(await bug(work, "one")).id, (await bug(work, "two")).id];
  const listed = await work.getWorkItems(ids, ["System.Title"]);
  assert.deepEqual(listed.map((item) => item.fields["System.Title"]), ["one", "two"]);
  const wanted = { ids: [...ids, 9999], errorPolicy: WorkItemErrorPolicy.Omit, $expand: WorkItemExpand.Links };
  const batch = await work.getWorkItemsBatch(wanted, PROJECT);
  assert.deepEqual(batch.map((item) => item && item.id), [...ids, null]);
  assert.ok(batch[0]._links.html.href);
});

test("a query finds work items", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const { id } = await bug(work, "only this one");
  const query = "SELECT [System.Id] FROM WorkItems WHERE [System.Title] = 'only this one'";
  const found = await work.queryByWiql({ query }, { project: PROJECT });
  assert.deepEqual(found.workItems.map((item) => item.id), [id]);
  await assert.rejects(work.queryByWiql({ query: "SELECT nothing" }, { project: PROJECT }), /TF51006/);
});

test("a file is attached and read again", async () => {
  const work = await connect().getWorkItemTrackingApi();
  const content = Buffer.from([0xff, 0x00, 0x41]);
  const file = await work.createAttachment(null, Readable.from([content]), "run 1.log", undefined, PROJECT);
  const { id } = await bug(work, "with a file");
  await work.updateWorkItem(null, [add("/relations/-", { rel: "AttachedFile", url: file.url })], id);
  const read = await work.getWorkItem(id, undefined, undefined, WorkItemExpand.Relations);
  assert.deepEqual(read.relations.map((relation) => relation.url), [file.url]);
  const chunks = [];
  for await (const chunk of await work.getAttachmentContent(file.id)) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), content);
});

test("a token with only the read scope", async () => {
  const work = await withScopes("vso.work").getWorkItemTrackingApi();
  await assert.rejects(bug(work, "no"), { statusCode: 401 });
});
