'use strict';
// One process of the program: many calls at once, each of which gets a response.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { BotRuns } = require('../../lib/bot-runs');
const { Serve } = require('../../lib/serve');

const PROGRAM = process.env.AZDO_BOT;
const INPUTS = { personalAccessToken: 'env:AZDO_PAT', organizationUrl: 'https://dev.azure.com/fabrikam', projectName: 'Fabrikam' };

function serve(t, { program = PROGRAM, args = ['--simulate'] } = {}) {
  const log = [];
  const one = new Serve({
    program,
    args,
    host: { name: 'tests', version: '1' },
    lockers: ['tests'],
    resolve: () => undefined,
    log: (line) => log.push(line),
  });
  t.after(() => one.end());
  // Only this keeps the process running while it waits.
  const alive = setInterval(() => {}, 1000);
  t.after(() => clearInterval(alive));
  return Object.assign(one, { lines: log });
}

const execute = (one, botRun, action, inputs, options) => one.call('action/execute', { botRun, action, inputs }, options);

async function connected(t) {
  const one = serve(t);
  await one.ready;
  const botRun = await new BotRuns(one).of(['flow']);
  await execute(one, botRun, 'connect', INPUTS);
  return { one, botRun };
}

test('concurrent calls each get their own response', async (t) => {
  const { one, botRun } = await connected(t);
  const names = Array.from({ length: 32 }, (_, at) => `repository-${at}`);
  const made = await Promise.all(names.map((name) => execute(one, botRun, 'createRepository', { name })));
  assert.deepEqual(made.map(({ outputs }) => outputs.name), names);
});

test('an error has its code, its help and the whole error', async (t) => {
  const { one, botRun } = await connected(t);
  const error = await execute(one, botRun, 'createRepository', { name: 'site' }).catch((caught) => caught);
  assert.equal(error.code, 'resource.conflict');
  assert.match(String(error), /^resource\.conflict: Could not create .* Use another name/);
  assert.equal(error.cause.context.status, '409');
});

/** Returns a call that waits for a pipeline run, and its progress messages */
async function waiting(one, botRun, options = {}) {
  await execute(one, botRun, 'createRepository', { name: 'slow' });
  const files = { '/azure-pipelines.yml': 'steps:\n- script: echo\n' };
  await execute(one, botRun, 'commitFiles', { repository: 'slow', branch: 'main', message: 'A pipeline', files });
  await execute(one, botRun, 'createPipeline', { name: 'slow', repository: 'slow', path: '/azure-pipelines.yml' });
  const run = await execute(one, botRun, 'runPipeline', { pipeline: 'slow' });
  return new Promise((resolve) => {
    const onProgress = (words) => resolve({ call, words });
    const call = execute(one, botRun, 'waitForPipelineRun', { id: run.outputs.id }, { ...options, onProgress });
    call.catch(() => {});
  });
}

test('a call reports its progress, and gets a response when it is cancelled', async (t) => {
  const { one, botRun } = await connected(t);
  const stop = new AbortController();
  const { call, words } = await waiting(one, botRun, { signal: stop.signal });
  assert.match(words, /^pipeline run 1 is notStarted/);
  stop.abort();
  await assert.rejects(call, { code: 'cancelled' });
});

test('a message that the program could not read is refused before it is sent, and other calls continue', async (t) => {
  const { one, botRun } = await connected(t);
  let deep = 'x';
  for (let at = 0; at < 70; at += 1) deep = [deep];
  const self = {};
  self.self = self;
  const rows = [['x'.repeat(4 * 1024 * 1024), 'limit.exceeded'], [deep, 'limit.exceeded'], ['half \ud83d', 'input.invalid']];
  for (const [name, code] of rows) await assert.rejects(execute(one, botRun, 'createRepository', { name }), { code });
  await assert.rejects(execute(one, botRun, 'createRepository', { name: self }), TypeError);
  // Complete characters, and an escaped backslash that looks like a lone surrogate.
  await execute(one, botRun, 'createRepository', { name: '🚀' });
  const commit = { repository: '🚀', branch: 'main', message: '🚀', files: { '/a': 'C:\\ud83d' } };
  assert.ok((await execute(one, botRun, 'commitFiles', commit)).outputs.commitId);
});

test('the program reads the maximum nesting', async (t) => {
  const { one, botRun } = await connected(t);
  // The message, its params, the inputs and the files are four levels.
  let deep = 'x';
  for (let at = 0; at < 60; at += 1) deep = [deep];
  await assert.rejects(execute(one, botRun, 'createRepository', { name: deep }), { code: 'input.invalid' });
});

test('when the process is killed, waiting and later calls fail with that error', async (t) => {
  const { one, botRun } = await connected(t);
  const { call } = await waiting(one, botRun);
  process.kill(one.pid, 'SIGKILL');
  const gone = { code: 'internal', message: /azdo-bot has ended \(signal SIGKILL\), and every session with it/ };
  await assert.rejects(call, gone);
  await assert.rejects(execute(one, botRun, 'listRepositories', {}), gone);
});

test("the error for a process that cannot start quotes the process", async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-serve-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const config = path.join(folder, 'azdo-bot.toml');
  fs.writeFileSync(config, 'nonsense = true\n');
  await assert.rejects(serve(t, { args: ['--config', config] }).ready, { code: 'internal', message: /exit code 2.*nonsense/s });
  await assert.rejects(serve(t, { program: path.join(folder, 'nothing') }).ready, { code: 'internal', message: /ENOENT/ });
});

test('a process that writes a response without a call or an invalid message is ended, so that no call waits for ever', { skip: process.platform === 'win32' }, async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-serve-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const program = path.join(folder, 'stand-in');
  const unread = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'not JSON' } });
  for (const [line, said] of [[unread, /could not read a message: not JSON/], ['Segmentation fault', /wrote a line that is not a message/]]) {
    fs.writeFileSync(program, `#!/bin/sh\nread line\necho '${line}'\nread line\n`, { mode: 0o755 });
    await assert.rejects(serve(t, { program }).ready, { message: said });
  }
});
