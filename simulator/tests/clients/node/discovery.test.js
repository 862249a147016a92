// The first requests of the client, and the projects.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { PROJECT, TOKEN, URL, connect, withScopes } = require("./support.js");

test("the client gets its user", async () => {
  const data = await connect().connect();
  assert.ok(data.authenticatedUser.id);
  assert.equal(data.deploymentType, "hosted");
  const more = await (await connect().getLocationsApi()).getConnectionData(1);
  assert.equal(more.locationServiceData.accessMappings[0].accessPoint, `${URL}/`);
});

test("areas are at the organization", async () => {
  const locations = await connect().getLocationsApi();
  const areas = await locations.getResourceAreas();
  assert.ok(areas.some((area) => area.name === "git"));
  assert.deepEqual([...new Set(areas.map((area) => area.locationUrl))], [`${URL}/`]);
});

test("the client recognizes the simulator's token as a personal access token", () => {
  // It recognizes the form: it would send a token of another form as a bearer token.
  const handler = require("azure-devops-node-api").getHandlerFromToken(TOKEN);
  assert.equal(handler.constructor.name, "PersonalAccessTokenCredentialHandler");
});

test("the pages of the projects form the whole list", async () => {
  const core = await connect().getCoreApi();
  const names = [];
  for (let skip = 0, page; (page = await core.getProjects("all", 2, skip)).length > 0; skip += page.length) {
    assert.ok(page.length <= 2);
    names.push(...page.map((project) => project.name));
  }
  for (const name of ["Fabrikam", "Archive", "Two Words", "Ärger"]) assert.ok(names.includes(name), name);
});

test("a project is found by name and by identifier, and its times are dates", async () => {
  const core = await connect().getCoreApi();
  const project = await core.getProject("Two Words", true);
  assert.equal((await core.getProject(project.id)).name, "Two Words");
  assert.ok(project.lastUpdateTime instanceof Date);
  assert.equal(project.capabilities.versioncontrol.sourceControlType, "Git");
});

test("a missing project is null for this client", async () => {
  const core = await connect().getCoreApi();
  assert.equal(await core.getProject("Nobodys"), null);
});

test("a bad token and a token without the scope are 401", async () => {
  for (const bad of [connect("nobodys"), connect("simulator-expired-token")]) {
    await assert.rejects(bad.getCoreApi(), (error) => error.statusCode === 401);
  }
  const core = await withScopes("vso.agentpools").getCoreApi();
  await assert.rejects(core.getProjects(), (error) => error.statusCode === 401);
});

test("a project in the organization's URL is refused", async () => {
  await assert.rejects(connect(TOKEN, `${URL}/${PROJECT}`).getCoreApi(), /api location/);
});
