'use strict';
// The operator's policy: denied actions are shown, and each rule is refused with the words of the program itself.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { Serve } = require('../../lib/serve');
const { open } = require('../support/browser');
const { action, row, served, session, tab } = require('../support/flows');
const { PACKAGE, PROGRAM, start } = require('../support/node-red');

// The other hosts break the same rules.
const RULES = path.join(PACKAGE, '..', '..', 'tests', 'it', 'cli', 'policy_rules.json');
const CONNECT = { personalAccessToken: 'env:AZDO_PAT', organizationUrl: 'https://dev.azure.com/fabrikam', projectName: 'Fabrikam' };
const kebab = (name) => name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

/** Node-RED with this policy, and the operator's file */
async function under(t, policy, flows) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-policy-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const config = path.join(folder, 'azdo-bot.toml');
  fs.writeFileSync(config, policy, { mode: 0o600 });
  const red = await start({ flows, environment: { AZDO_BOT_CONFIG: config } });
  t.after(() => red.stop());
  return { red, config };
}

/** The error of the last call, from a process of the program without this package */
async function byProgram(config, calls) {
  const serve = new Serve({ program: PROGRAM, args: ['--simulate', '--config', config], host: { name: 'test', version: '1' }, lockers: [], resolve() {}, log() {} });
  await serve.ready;
  await serve.call('botRun/start', { id: 'root' });
  let refused;
  for (const [at, [name, own]] of calls.entries()) {
    const connects = name === 'connect';
    const call = { botRun: 'root', action: name, inputs: connects ? { ...CONNECT, ...own } : own };
    if (connects) call.target = { scope: 'LOCAL', name: at === 0 ? 'Default' : 'Second' };
    await serve.call('action/execute', call).catch((error) => (refused = error));
  }
  serve.end();
  return refused;
}

/** The nodes that make these calls: a session for each Connect, which its first action opens */
function nodesOf(calls) {
  const sessions = [];
  const nodes = [];
  for (const [name, own] of calls) {
    const text = ([field, value]) => [`input${field[0].toUpperCase()}${field.slice(1)}`, value];
    if (name === 'connect') sessions.push(session({ sessionName: sessions.length ? 'Second' : 'Default', ...Object.fromEntries(Object.entries(own).map(text)) }));
    else nodes.push(action(kebab(name), sessions.at(-1), Object.fromEntries(Object.entries(own).map(([field, value]) => [field, ['str', value]]))));
  }
  if (calls.at(-1)[0] === 'connect') nodes.push(action('list-repositories', sessions.at(-1)));
  return { sessions, nodes };
}

test('each rule is refused with the words of the program', async (t) => {
  for (const { policy, refused } of JSON.parse(fs.readFileSync(RULES, 'utf8'))) {
    const flows = refused.flatMap(({ calls }, at) => {
      const flow = tab();
      const { sessions, nodes } = nodesOf(calls);
      return [flow, ...sessions, ...served(flow, `rule-${at}`, ...nodes)];
    });
    const { red, config } = await under(t, policy.join('\n'), flows);
    for (const [at, { rule, calls }] of refused.entries()) {
      const expected = await byProgram(config, calls);
      const { error } = await red.send(`rule-${at}`);
      assert.equal(error.code, 'policy.denied', `${rule}: ${JSON.stringify(error)}`);
      assert.ok(expected.cause.message.includes(rule), expected.cause.message);
      assert.equal(error.message, `${expected.message} (policy.denied)`, rule);
      assert.deepEqual([error.cause.message, error.cause.help], [expected.cause.message, expected.cause.help], rule);
    }
  }
});

test('a denied action is shown in the palette, the dialog, the help and the status, and is deployed', async (t) => {
  const flow = tab();
  const own = session();
  const [remove] = row(flow, action('delete-repository', own, { repository: ['str', 'site'] }));
  const { red, config } = await under(t, '[actions]\ndeny = ["deleteRepository"]\n', [flow, own, remove]);
  const { browser, page, editor } = await open(red.url);
  t.after(() => browser.close());
  const rule = 'actions.deny = "deleteRepository"';
  const message = `delete repository is denied by the operator's policy: ${rule} (${config}, line 2, column `;
  assert.equal(await editor.status(remove.id).textContent(), `denied by policy: ${rule}`);
  const label = async (type) => {
    const words = await page.locator(`.red-ui-palette-node[data-palette-type="${type}"] .red-ui-palette-label`).textContent();
    return words.split(/\s+/).join(' ');
  };
  assert.equal(await label('azdo-delete-repository'), 'Delete repository (denied by policy)');
  assert.equal(await label('azdo-list-repositories'), 'List repositories');
  if (process.env.AZDO_PICTURES) {
    await page.locator('.red-ui-palette-node[data-palette-type="azdo-delete-repository"]').scrollIntoViewIfNeeded();
    await editor.edit(remove.id);
    await page.screenshot({ path: path.join(process.env.AZDO_PICTURES, 'denied.png') });
  }
  const shown = await page.evaluate((type) => ['template', 'help'].map((kind) => $(`script[data-${kind}-name="${type}"]`).html()), 'azdo-delete-repository');
  for (const html of shown) {
    const words = await page.evaluate((content) => $('<div>').html(content).text(), html);
    assert.ok(words.includes(message), words);
  }
});
