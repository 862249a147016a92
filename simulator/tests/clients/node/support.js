// The address of the simulator, which `scripts/test-clients` starts, and connections to it.
"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const azdev = require("azure-devops-node-api");

const PROJECT = "Fabrikam";
const NOTHING = "0".repeat(40);
const URL = process.env.CLIENTS_URL;
const TOKEN = process.env.CLIENTS_TOKEN;

/** A connection like in the manual of the client. */
const connect = (token = TOKEN, url = URL) => new azdev.WebApi(url, azdev.getPersonalAccessTokenHandler(token));

/** A connection whose token has these scopes only. */
const withScopes = (...scopes) => connect("simulator-token-with-scopes." + scopes.join("+"));

/** Creates a repository with one commit, and returns both identifiers. */
const repository = async (git, name) => {
  const { id } = await git.createRepository({ name }, PROJECT);
  return [id, await push(git, id, "main", NOTHING, "/README.md", "# Node\n")];
};

/** Pushes one commit that adds one file, and returns its identifier. */
const push = async (git, repository, branch, oldObjectId, path, content) => {
  const change = { changeType: 1, item: { path }, newContent: { content, contentType: 0 } };
  const pushed = await git.createPush(
    { refUpdates: [{ name: `refs/heads/${branch}`, oldObjectId }], commits: [{ comment: `add ${path}`, changes: [change] }] },
    repository,
  );
  return pushed.commits[0].commitId;
};

/**
 * A step that fails with a message that `error` finds. Its reason is printed for `summary.py`. A step that passes fails the suite,
 * so that the list of these steps stays true.
 */
const doesNotPass = (name, reason, error, step) =>
  test(name, async () => {
    await assert.rejects(step, error);
    console.log(`does not pass: ${name}: ${reason}`);
  });

module.exports = { PROJECT, NOTHING, TOKEN, URL, connect, doesNotPass, push, repository, withScopes };
