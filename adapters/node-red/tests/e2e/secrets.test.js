'use strict';
// No token is visible in anything that Node-RED writes or sends, for each source of a session's token.

const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { action, id, served, session, tab } = require('../support/flows');
const { start } = require('../support/node-red');

const canary = () => randomBytes(42).toString('hex');

test('no token is in the files, editor responses or command lines of Node-RED', async (t) => {
  const [stored, insecure, variable] = [canary(), canary(), canary()];
  const flow = tab();
  const PROPERTY = 'inputPersonalAccessToken';
  const kept = (type, secret) => session({ sessionName: type, [PROPERTY]: '', [`${PROPERTY}Type`]: type, credentials: { [`${PROPERTY}Secret`]: secret } });
  const sessions = {
    stored: kept('stored', stored),
    insecure: kept('insecure', insecure),
    variable: session({ [PROPERTY]: 'THE_TOKEN', [`${PROPERTY}Type`]: 'env' }),
  };
  const work = Object.entries(sessions).flatMap(([place, own]) => {
    const get = action('get-project', own);
    const debug = { id: id(), type: 'debug', z: flow.id, name: place, active: true, console: true, complete: 'true', targetType: 'full', wires: [] };
    const nodes = served(flow, place, get);
    get.wires[0].push(debug.id);
    const failing = action('get-repository', own, { repository: ['str', 'nowhere'] });
    return [...nodes, debug, ...served(flow, `${place}/failing`, failing)];
  });
  work.push(...served(flow, 'connect', action('connect', sessions.insecure)));
  const nodes = [flow, ...Object.values(sessions), ...work];
  const red = await start({ flows: [], environment: { THE_TOKEN: variable } });
  t.after(() => red.stop());
  await red.deploy(nodes);

  const answers = [];
  for (const place of Object.keys(sessions)) {
    answers.push(await red.send(place), await red.send(`${place}/failing`));
    assert.equal(answers.at(-2).name, 'Fabrikam', place);
    assert.equal(answers.at(-1).error.code, 'resource.not_found', place);
  }
  for (let time = 0; time < 2; time += 1) assert.equal((await red.send('connect')).user, 'Bot Runner');
  const own = sessions.stored;
  const { credentials: _, ...config } = own;
  const tested = await fetch(`${red.url}/azure-devops/test`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ id: own.id, config, secrets: { [`${PROPERTY}Secret`]: '__PWRD__' } }),
  });
  const sent = [tested, ...(await Promise.all(['flows', `credentials/azdo-session/${own.id}`, 'azure-devops/actions', 'context/global'].map((place) => fetch(`${red.url}/${place}`))))];
  const seen = [JSON.stringify(answers), ...(await Promise.all(sent.map((response) => response.text())))];
  const commands = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((pid) => path.join('/proc', pid, 'cmdline'));
  for (const file of [...files(red.home), ...commands]) {
    try {
      seen.push(fs.readFileSync(file, 'latin1'));
    } catch {
      // The process has ended.
    }
  }
  assert.match(seen.join('\n'), /"found":.*Bot Runner/, 'Test got a response');
  assert.match(seen.join('\n'), /\[debug:stored\]/, 'the debug nodes wrote their output');
  const warned = ({ id }) => red.log().split(`[azdo-session:${id}] the token was passed as an insecure string`).length - 1;
  assert.deepEqual([sessions.insecure, sessions.stored].map(warned), [1, 0], 'there is one warning for the session, whichever node opens it');
  for (const token of [stored, insecure, variable]) {
    for (const form of [token, Buffer.from(`:${token}`).toString('base64'), Buffer.from(token).toString('base64')]) {
      assert.equal(seen.some((text) => text.includes(form)), false, 'a token was shown');
    }
  }
});

function files(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) return files(place);
    return entry.isFile() ? [place] : [];
  });
}
