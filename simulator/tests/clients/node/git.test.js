// Repositories, pushes, branches, commits and files.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");
const { text } = require("node:stream/consumers");

const { GitVersionType, VersionControlChangeType, ItemContentType } = require("azure-devops-node-api/interfaces/GitInterfaces");
const { NOTHING, PROJECT, connect, repository, withScopes } = require("./support.js");

/** One commit that adds one file. */
const push = (branch, oldObjectId, path, content) => ({
  refUpdates: [{ name: branch, oldObjectId }],
  commits: [
    {
      comment: `add ${path}`,
      changes: [
        {
          changeType: VersionControlChangeType.Add,
          item: { path },
          newContent: { content, contentType: ItemContentType.RawText },
        },
      ],
    },
  ],
});

test("a repository is created, listed and found", async () => {
  const git = await connect().getGitApi();
  const created = await git.createRepository({ name: "node-created" }, PROJECT);
  assert.equal(created.defaultBranch, undefined);
  const names = (await git.getRepositories(PROJECT)).map((repository) => repository.name);
  assert.ok(names.includes("node-created"));
  assert.equal((await git.getRepository(created.id)).name, "node-created");
});

test("a name in use is a conflict with the message of the service", async () => {
  const git = await connect().getGitApi();
  await assert.rejects(git.createRepository({ name: "site" }, PROJECT), (error) => {
    assert.equal(error.statusCode, 409);
    assert.match(error.message, /^TF400948/);
    assert.equal(error.result.typeKey, "GitRepositoryNameAlreadyExistsException");
    return true;
  });
});

test("a missing repository is null for this client", async () => {
  const git = await connect().getGitApi();
  assert.equal(await git.getRepository("nobodys", PROJECT), null);
});

test("pushes, branches, commits and files", async () => {
  const git = await connect().getGitApi();
  const { id } = await git.createRepository({ name: "node-pushed" }, PROJECT);
  const pushed = await git.createPush(push("refs/heads/main", NOTHING, "/README.md", "# Hello\n"), id);
  const first = pushed.commits[0].commitId;
  const [main] = await git.getRefs(id, undefined, "heads/");
  assert.deepEqual([main.name, main.objectId], ["refs/heads/main", first]);

  const [update] = await git.updateRefs([{ name: "refs/heads/topic", oldObjectId: NOTHING, newObjectId: first }], id);
  assert.equal(update.success, true);
  await git.createPush(push("refs/heads/topic", first, "/NEWS.md", "New\n"), id);

  const topic = { version: "topic", versionType: GitVersionType.Branch };
  const file = await git.getItemText(id, "/NEWS.md", undefined, undefined, undefined, undefined, undefined, undefined, topic);
  assert.equal(await text(file), "New\n");
  const commits = await git.getCommits(id, {});
  assert.deepEqual(commits.map((commit) => commit.comment), ["add /README.md"]);
  assert.ok(commits[0].committer.date instanceof Date);
});

test("a refused update of a ref is a response", async () => {
  const git = await connect().getGitApi();
  const { id } = await git.getRepository("site", PROJECT);
  const [refused] = await git.updateRefs([{ name: "refs/heads/main", oldObjectId: "1".repeat(40), newObjectId: NOTHING }], id);
  assert.equal(refused.success, false);
});

test("a branch is locked and unlocked", async () => {
  const git = await connect().getGitApi();
  const [id] = await repository(git, "node-locked");
  assert.equal((await git.updateRef({ isLocked: true }, id, "heads/main")).isLocked, true);
  const [main] = await git.getRefs(id, undefined, "heads/main");
  assert.equal(main.isLockedBy.displayName, "Ann Lee");
  assert.equal((await git.updateRef({ isLocked: false }, id, "heads/main")).isLocked, undefined);
});

test("a token with only the read scope gets 401 for a write", async () => {
  const git = await withScopes("vso.code").getGitApi();
  const { id } = await git.getRepository("site", PROJECT);
  const refused = git.createPush(push("refs/heads/main", "1".repeat(40), "/x", "x"), id);
  await assert.rejects(refused, (error) => error.statusCode === 401);
});
