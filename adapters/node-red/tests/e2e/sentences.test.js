'use strict';
// Each missing or invalid value has its own error, with the name of the node and the label of the field.

const assert = require('node:assert/strict');
const test = require('node:test');
const { open } = require('../support/browser');
const { action, id, row, served, session, tab } = require('../support/flows');
const { start } = require('../support/node-red');

const script = (func) => ({ id: id(), type: 'function', outputs: 1, libs: [], initialize: '', finalize: '', func });

// The value of the field Name of Create repository, the message, and the expected error.
const OF_A_NAME = [
  ['msg', 'foo.bar', {}, 'is read from msg.foo.bar, and msg.foo is not there.'],
  ['msg', 'payload.a.b.c', { a: {} }, 'is read from msg.payload.a.b.c, and msg.payload.a.b is not there.'],
  ['msg', 'payload.a.b', { a: null }, 'is read from msg.payload.a.b, and msg.payload.a is null.'],
  ['msg', 'payload.a.b', { a: 7 }, 'is read from msg.payload.a.b, and msg.payload.a is a number.'],
  ['msg', 'payload.name', {}, 'is read from msg.payload.name, which is not there.'],
  ['msg', 'payload.name', { name: '' }, 'is read from msg.payload.name, which is empty.'],
  ['msg', 'payload.name', { name: true }, 'is read from msg.payload.name, and was refused: "name" expected a repository name, got a boolean.'],
  ['msg', 'payload.name', { name: null }, 'is read from msg.payload.name, and was refused: "name" expected a repository name, got nothing.'],
  ['msg', 'payload[msg.none]', {}, /is read from msg\.payload\[msg\.none\], which cannot be read: Invalid expression/],
  ['msg', 'payload[', {}, /is read from msg\.payload\[, which cannot be read: Invalid property expression/],
  ['msg', '', {}, 'is empty.'],
  ['flow', 'nothing', {}, 'is read from flow.nothing, which is not there.'],
  ['flow', 'nothing.below', {}, 'is read from flow.nothing.below, and flow.nothing is not there.'],
  ['global', '#:(default)::nothing.below', {}, 'is read from global.nothing.below in the store default, and global.nothing is not there.'],
  ['env', 'NO_SUCH_VARIABLE', {}, 'is read from the environment variable NO_SUCH_VARIABLE, which is not set.'],
  ['env', '${NO_SUCH_VARIABLE}', {}, 'is read from the environment variable ${NO_SUCH_VARIABLE}, which is not set.'],
  ['env', 'a-${NO_SUCH_VARIABLE}-b', {}, 'is read from the environment variable a-${NO_SUCH_VARIABLE}-b, and NO_SUCH_VARIABLE is not set.'],
  ['env', 'EMPTY', {}, 'is read from the environment variable EMPTY, which is empty.'],
  ['str', '${NO_SUCH_VARIABLE}', {}, 'is the environment variable NO_SUCH_VARIABLE, which is not set.'],
  ['msg', '${NO_SUCH_VARIABLE}', {}, 'is the environment variable NO_SUCH_VARIABLE, which is not set.'],
  ['jsonata', 'payload.nothing', {}, 'is read from an expression, which gives nothing.'],
  ['jsonata', '$number("x")', {}, /is read from an expression, which fails: /],
  ['jsonata', 'payload.(', {}, /is read from an expression, which cannot be read: /],
  ['jsonata', '$sum', {}, 'is read from an expression, and was refused: "name" expected a repository name, got a dictionary.'],
  ['str', '', {}, 'is empty.'],
  ['re', 'x', {}, 'has the type "re", which is none of msg, flow, global, env, jsonata.'],
];



test('each cause of a missing value has its own error', async (t) => {
  const flow = tab();
  const own = session();
  const nodes = OF_A_NAME.map(([type, value], at) => served(flow, `case/${at}`, action('create-repository', own, { name: [type, value] }, { name: 'Make it' })));
  const red = await start({ flows: [flow, own, ...nodes.flat()], environment: { EMPTY: '' } });
  t.after(() => red.stop());
  for (const [at, [type, value, body, said]] of OF_A_NAME.entries()) {
    const { error } = await red.send(`case/${at}`, body);
    assert.equal(error?.code, 'input.invalid', `${type} ${value}`);
    const begin = 'Create repository "Make it": the field Name ';
    assert.ok(error.message.startsWith(begin), `${type} ${value}: ${error.message}`);
    const words = error.message.slice(begin.length);
    assert.ok(typeof said === 'string' ? words.startsWith(said) : said.test(words), `${type} ${value}: ${words}`);
    assert.ok(error.message.endsWith(' (input.invalid)'), error.message);
    assert.equal(error.cause.context.field, 'name');
    assert.equal(error.cause.retry, 'never');
  }
});

test('an optional field has its default if the last part of its path is missing, and is an error if an earlier part is missing', async (t) => {
  const flow = tab();
  const own = session();
  const raw = (type, value) => action('get-project', own, { includeRaw: [type, value] });
  const cycle = script('const a = {}; a.a = a; msg.payload = { raw: a }; return msg;');
  const red = await start({
    flows: [
      ...[flow, own],
      ...served(flow, 'absent', raw('msg', 'payload.raw')),
      ...served(flow, 'gives-nothing', raw('jsonata', 'payload.raw')),
      ...served(flow, 'no-way', raw('msg', 'foo.raw')),
      ...served(flow, 'unset', raw('env', 'NO_SUCH_VARIABLE')),
      ...served(flow, 'wrong', raw('msg', 'payload.raw')),
      ...served(flow, 'garbage', raw('bool', 'yes')),
      ...served(flow, 'cycle', cycle, raw('msg', 'payload.raw')),
      ...served(flow, 'number', action('get-pipeline-run', own, { id: ['num', 'ten'] })),
    ],
  });
  t.after(() => red.stop());
  assert.equal((await red.send('absent')).name, 'Fabrikam');
  assert.equal((await red.send('gives-nothing')).name, 'Fabrikam');
  const said = async (where, body) => (await red.send(where, body)).error.message;
  assert.match(await said('no-way'), /Get project: the field .* is read from msg\.foo\.raw, and msg\.foo is not there\./);
  assert.match(await said('unset'), /the environment variable NO_SUCH_VARIABLE, which is not set\./);
  assert.match(await said('wrong', { raw: 'yes' }), /is read from msg\.payload\.raw, and was refused: "includeRaw" expected a boolean, got a text\./);
  assert.match(await said('garbage'), /is neither true nor false\./);
  assert.match(await said('cycle'), /is read from msg\.payload\.raw, which is not what JSON can say/);
  assert.match(await said('number'), /Get pipeline run: the field .* is not a number\./);
});

test('the error for an incomplete session has its name and the field', async (t) => {
  const flow = tab();
  const PAT = 'inputPersonalAccessToken';
  const token = (type, value = '', more = {}) => session({ simulate: false, sessionName: type + value, name: 'Main', [PAT]: value, [`${PAT}Type`]: type, ...more });
  const label = 'Azure DevOps session "Main": the field Personal Access Token ';
  const rows = [
    [token('stored'), `${label}has no token in Node-RED's store.`, 'credential.not_found'],
    [{ ...token('stored'), [`${PAT}Type`]: undefined }, `${label}has no token in Node-RED's store.`, 'credential.not_found'],
    [token('insecure'), `${label}has no token.`, 'credential.not_found'],
    [token('reference'), `${label}has no reference.`, 'credential.not_found'],
    [token('reference', '${NO_SUCH_VARIABLE}'), `${label}is the environment variable NO_SUCH_VARIABLE, which is not set.`],
    [token('env', 'NO_SUCH_VARIABLE'), `${label}is read from the environment variable NO_SUCH_VARIABLE, which is not set.`],
    [token('msg', 'payload.token'), `${label}is read from msg.payload.token, which is not there.`],
    [token('msg', 'foo.token'), `${label}is read from msg.foo.token, and msg.foo is not there.`],
    [token('flow', 'token'), `${label}is read from flow.token, and this session has no flow variables.`],
    [token('global', 'token'), `${label}is read from global.token, which is not there.`],
    [token('env', ''), `${label}has no source of the token.`, 'credential.not_found'],
    [session({ sessionName: 'a', name: 'Main', inputProjectName: '' }), 'Azure DevOps session "Main": the field Project name is empty.'],
    [session({ sessionName: '${NO_SUCH_VARIABLE}' }), 'Azure DevOps session "Fabrikam": the field Session name is the environment variable NO_SUCH_VARIABLE, which is not set.'],
    [session({ sessionName: 'b', inputProjectName: 'payload.p', inputProjectNameType: 'msg' }), 'Azure DevOps session: the field Project name is read from msg.payload.p, which is not there.'],
  ];
  const nodes = rows.flatMap(([own], at) => served(flow, `case/${at}`, action('get-project', own)));
  nodes.push(...served(flow, 'gone', action('get-project', { id: 'gone' }, {}, { name: 'Mine' })), ...served(flow, 'variable', action('get-project', { id: '${NO_SUCH_VARIABLE}' })));
  const red = await start({ flows: [flow, ...rows.map(([own]) => own), ...nodes] });
  t.after(() => red.stop());
  for (const [at, [own, said, code = 'input.invalid']] of rows.entries()) {
    const { error } = await red.send(`case/${at}`);
    assert.equal(error?.code, code, JSON.stringify(own));
    assert.ok(error.message.startsWith(said), error.message);
  }
  assert.match((await red.send('gone')).error.message, /Get project "Mine": its Azure DevOps session does not exist: it was deleted or disabled, or was not part of an import\./);
  assert.match((await red.send('variable')).error.message, /Get project: its session is the environment variable NO_SUCH_VARIABLE, which is not set\./);
});

test('Test reports missing values with the same errors, and reads environment variables like a deploy', async (t) => {
  const red = await start({ flows: [], environment: { PROJECT: 'Fabrikam' } });
  t.after(() => red.stop());
  const tested = async (more, secrets = {}) => {
    const body = JSON.stringify({ id: 'new', config: session(more), secrets });
    const response = await fetch(`${red.url}/azure-devops/test`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return response.json();
  };
  const PAT = 'inputPersonalAccessToken';
  const { error } = await tested({ simulate: false, [PAT]: '', [`${PAT}Type`]: 'stored', name: 'Main' }, { [`${PAT}Secret`]: '' });
  assert.deepEqual([error.code, error.field], ['credential.not_found', 'Personal Access Token']);
  assert.match(error.message, /Azure DevOps session "Main": the field Personal Access Token has no token in Node-RED's store\./);
  const unset = await tested({ inputProjectName: '${NO_SUCH_VARIABLE}' });
  assert.match(unset.error.message, /the field Project name is the environment variable NO_SUCH_VARIABLE, which is not set/);
  const set = await tested({ inputProjectName: '${PROJECT}' });
  assert.equal(set.found.find(({ label }) => label === 'Project name').value, 'Fabrikam');
});

test('two sessions with the default name: the second fails, names the first, and does not close it', async (t) => {
  const flow = tab();
  const PROJECT = 'inputProjectName';
  const [main, archive, twin] = [session(), session({ [PROJECT]: 'Archive' }), session()];
  const shared = session({ name: 'Shared', inputIfSessionExists: 'REUSE' });
  const red = await start({
    flows: [
      ...[flow, main, archive, twin, shared],
      ...served(flow, 'main', action('get-project', main)),
      ...served(flow, 'main/check', action('check-session', main)),
      ...served(flow, 'main/end', action('disconnect', main)),
      ...served(flow, 'archive', action('get-project', archive)),
      ...served(flow, 'archive/end', action('disconnect', archive)),
      ...served(flow, 'archive/check', action('check-session', archive)),
      ...served(flow, 'twin', action('get-project', twin)),
      ...served(flow, 'shared', action('get-project', shared)),
    ],
  });
  t.after(() => red.stop());
  assert.equal((await red.send('main')).name, 'Fabrikam');
  const said = 'Azure DevOps session "Archive": the field Session name is "Default", and under that name Azure DevOps session "Fabrikam" is open in this flow.';
  for (const place of ['archive', 'archive/end', 'archive/check']) {
    const { error } = await red.send(place);
    assert.ok(error?.message.startsWith(said), `${place}: ${error?.message}`);
  }
  assert.match((await red.send('twin')).error.message, new RegExp(`"Fabrikam" \\(${twin.id}\\).*"Fabrikam" \\(${main.id}\\) is open`));
  assert.equal((await red.send('shared')).name, 'Fabrikam', 'a session that may share the name does');
  assert.equal((await red.send('main/check')).open, true);
  assert.equal((await red.send('main/end')).closed, 'local session "Default"');
  assert.equal((await red.send('archive')).name, 'Archive', 'the name is free again');
});

for (const version of ['node-red', 'node-red-4']) {
  test(`the debug sidebar shows an error as one text in ${version}, and a catch node has its parts`, async (t) => {
    const flow = tab();
    const own = session();
    const inject = () => ({ id: id(), type: 'inject', props: [{ p: 'payload' }], repeat: '', once: false, payload: '', payloadType: 'date' });
    const make = () => action('create-repository', own, { name: ['str', 'site'] }, { name: 'Make it' });
    const [free, caught] = [row(flow, inject(), make()), row(flow, inject(), make())];
    const debug = (name, complete, targetType) => ({ id: id(), type: 'debug', z: flow.id, x: 400, y: 300, name, active: true, tosidebar: true, complete, targetType, wires: [] });
    const all = [debug('Whole', 'true', 'full'), debug('Cause', '"" & error.cause.help', 'jsonata')];
    const text = { id: id(), type: 'template', z: flow.id, x: 300, y: 400, field: 'payload', fieldType: 'msg', syntax: 'mustache', format: 'text', output: 'str', template: 'Cause: {{{error.cause}}}' };
    const said = debug('Text', 'payload', 'msg');
    text.wires = [[said.id]];
    const catches = { id: id(), type: 'catch', z: flow.id, x: 100, y: 300, scope: [caught[1].id], wires: [[...all, text].map((node) => node.id)] };
    const red = await start({ version, flows: [flow, own, ...free, ...caught, catches, ...all, text, said] });
    t.after(() => red.stop());
    const { browser, page } = await open(red.url);
    t.after(() => browser.close());
    await page.keyboard.press('Control+g');
    await page.keyboard.press('d');
    const shown = page.locator('.red-ui-debug-msg');
    const press = (nodes) => fetch(`${red.url}/inject/${nodes[0].id}`, { method: 'POST' });
    const words = 'Could not create the repository "site" in the project "Fabrikam": TF400948: A Git repository with the name site already exists. Use another name, or read the resource again and repeat the change.';

    await press(free);
    // Node-RED shows the start of a long text, and the whole text on a click.
    await shown.first().locator('.red-ui-debug-msg-payload .red-ui-debug-msg-row').click();
    assert.equal(await shown.first().locator('pre').innerText(), `${words} (resource.conflict)`);
    await press(caught);
    await shown.nth(3).waitFor();
    const everything = await page.locator('.red-ui-debug-content').first().innerText();
    assert.doesNotMatch(everything, /\[object Object\]/);
    assert.ok(everything.includes('Cause: Could not create the repository'), everything);
    assert.ok(everything.includes('"Use another name, or read the resource again and repeat the change."'), everything);
    if (process.env.AZDO_PICTURES) await page.screenshot({ path: `${process.env.AZDO_PICTURES}/failure-${version}.png` });
  });
}
