'use strict';
// What a dialog shows while it is filled in: tabs, required fields, errors, fields of an option, lists of texts.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const test = require('node:test');
const { open } = require('../support/browser');
const { action, id, row, session, tab } = require('../support/flows');
const { PROGRAM, start } = require('../support/node-red');

async function opened(t, { width = 1440, height = 900, ...more }) {
  const red = await start(more);
  t.after(() => red.stop());
  const chromium = await open(red.url, { width, height });
  t.after(() => chromium.browser.close());
  const { page } = chromium;
  const input = (name) => page.locator(`#node-config-input-${name}`);
  /** Opens the dialog of a session */
  const editSession = async (of) => {
    await page.evaluate((node) => RED.editor.editConfig('', 'azdo-session', node), of);
    await page.waitForSelector('#azdo-test');
    await chromium.editor.settled();
  };
  return { red, input, editSession, ...chromium };
}

/** The labels of the tabs that are marked */
const marked = (page) => page.locator('.azdo-tab-wrong .red-ui-tab-label').allInnerTexts();
const hasFrame = (input) => input.evaluate((one) => $(one).add($(one).next('.red-ui-typedInput-container')).is('.input-error:visible'));

for (const [version, width] of [['node-red', 1440], ['node-red-4', 900]]) {
  test(`in ${version} the tabs of a session mark required fields while they are empty, and Test stays in view`, async (t) => {
    const bare = { id: id(), type: 'azdo-session' };
    const { page, editor, input, editSession, complaints } = await opened(t, { version, width, height: 520, flows: [tab(), bare] });
    await editSession(bare.id);
    assert.deepEqual(await page.locator('#azdo-tabs .red-ui-tab-label').allInnerTexts(), ['Connection', 'Token', 'Session', 'Advanced']);
    for (const name of ['connection', 'token', 'session', 'advanced']) {
      await page.locator(`#azdo-tabs a[href="#azdo-tab-${name}"]`).click();
      await page.locator(`#azdo-tab-${name}`).waitFor();
      assert.equal(await page.locator('.azdo-tab:visible').count(), 1);
      const [button, scrolled] = [await page.locator('#azdo-test').boundingBox(), await page.locator('.red-ui-tray-body').last().boundingBox()];
      assert.ok(button.y + button.height <= scrolled.y + scrolled.height, `Test is in view in ${name}`);
    }
    assert.deepEqual(await marked(page), ['Connection', 'Token']);
    for (const [name, value] of [['inputOrganizationUrl', 'https://dev.azure.com/fabrikam'], ['inputProjectName', 'Fabrikam']]) {
      await editor.reveal(`node-config-input-${name}`);
      assert.equal(await hasFrame(input(name)), true, name);
      await editor.fill(`node-config-input-${name}`, value);
      assert.equal(await hasFrame(input(name)), false, name);
    }
    assert.deepEqual(await marked(page), ['Token']);
    await editor.reveal('node-config-input-inputPersonalAccessTokenSecret');
    assert.equal(await hasFrame(input('inputPersonalAccessTokenSecret')), true);
    await input('inputPersonalAccessTokenSecret').fill('x');
    assert.equal(await hasFrame(input('inputPersonalAccessTokenSecret')), false);
    await editor.choose('node-config-input-inputPersonalAccessTokenType', 'reference');
    assert.equal(await hasFrame(input('inputPersonalAccessToken')), true);
    await editor.fill('node-config-input-inputPersonalAccessToken', 'env:AZDO_PAT');
    assert.deepEqual(await marked(page), []);
    await editor.choose('node-config-input-scope', 'VARIABLE');
    await editor.fill('node-config-input-variable', 'a[');
    assert.deepEqual(await marked(page), ['Session']);
    assert.deepEqual(complaints, []);
  });
}

test('a value is checked with the rules of its action while it is typed', async (t) => {
  const own = session({ inputOrganizationUrl: '' });
  const flow = tab();
  const [create] = row(flow, action('create-repository', own));
  const { page, editor, input, editSession, complaints } = await opened(t, { flows: [flow, own, create] });
  const wrong = (name, words) => page.locator(`#${name}-wrong`, { hasText: words }).waitFor();
  await editSession(own.id);
  const typed = (name) => page.locator(`#${name} + .red-ui-typedInput-container input.red-ui-typedInput-input`);
  await typed('node-config-input-inputOrganizationUrl').pressSequentially('dev.azure.com/x');
  await wrong('node-config-input-inputOrganizationUrl', 'it does not begin with https://');
  assert.equal(await hasFrame(input('inputOrganizationUrl')), true);
  assert.deepEqual(await marked(page), ['Connection']);
  await editor.fill('node-config-input-inputOrganizationUrl', 'https://dev.azure.com/x');
  assert.equal(await page.locator('#node-config-input-inputOrganizationUrl-wrong').innerText(), '');
  await editor.fill('node-config-input-inputProjectName', 'a:b');
  await wrong('node-config-input-inputProjectName', 'a project name cannot contain ":"');
  await editor.done(true);
  await editor.edit(create.id);
  await typed('node-input-inputName').pressSequentially('a/b');
  await wrong('node-input-inputName', 'a repository name cannot contain "/"');
  await editor.done();
  await editor.edit(create.id);
  await wrong('node-input-inputName', 'a repository name cannot contain "/"');
  await editor.done();
  const { valid, validationErrors } = await page.evaluate((of) => {
    const { valid: is, validationErrors: errors } = RED.nodes.node(of);
    return { valid: is, validationErrors: errors };
  }, create.id);
  assert.equal(valid, false);
  assert.ok(validationErrors.includes('Name: a repository name cannot contain "/"'), String(validationErrors));
  assert.deepEqual(complaints, []);
});

/** A simulator with its own address, which has only the projects of its world */
async function simulator(t) {
  const child = spawn(PROGRAM, ['simulate', '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  t.after(() => child.kill());
  for await (const line of readline.createInterface({ input: child.stdout })) return JSON.parse(line);
}

test('the fields of a new project are shown if the session may create it, and Test creates none', async (t) => {
  const { organizationUrl, token } = await simulator(t);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-dialogs-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const config = path.join(folder, 'azdo-bot.toml');
  fs.writeFileSync(config, '[network]\nallow_loopback_http = true\n', { mode: 0o600 });
  const PAT = 'inputPersonalAccessToken';
  const own = session({ simulate: false, inputOrganizationUrl: organizationUrl, inputProjectName: 'New', [PAT]: 'THE_TOKEN', [`${PAT}Type`]: 'env' });
  const environment = { AZDO_BOT_CONFIG: config, THE_TOKEN: token };
  const { page, editor, input, editSession, complaints } = await opened(t, { flows: [tab(), own], environment });
  const verdict = (words) => page.locator('#azdo-verdict', { hasText: words }).waitFor();
  await editSession(own.id);
  const shown = async () => [await page.locator('#node-config-input-inputProcessTemplate-inside').isVisible(), await input('inputVisibility').isVisible()];
  assert.deepEqual(await shown(), [false, false]);
  await editor.choose('node-config-input-inputIfProjectMissing', 'CREATE');
  assert.deepEqual(await shown(), [true, true]);
  await page.locator('#azdo-test').click();
  await verdict('The token was accepted. The project does not exist yet');
  await editor.choose('node-config-input-inputIfProjectMissing', 'FAIL');
  assert.deepEqual(await shown(), [false, false]);
  await page.locator('#azdo-test').click();
  await verdict(/project "New"/);
  await editor.fill('node-config-input-inputProjectName', 'Fabrikam');
  await page.locator('#azdo-test').click();
  await verdict('Signed in as Bot Runner');
  assert.equal(await page.locator('.azdo-tab:visible').getAttribute('id'), 'azdo-tab-access');
  const labels = page.locator('#azdo-tabs .red-ui-tab-label');
  assert.equal(await labels.count(), 5);
  assert.deepEqual(await labels.evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).length), 0, 'no label is cut');
  // The verdict is about the values that were tested.
  await editor.reveal('node-config-input-inputProjectName');
  assert.match(await page.locator('#azdo-verdict').innerText(), /Signed in/);
  await editor.fill('node-config-input-inputProjectName', 'Fabrika');
  assert.equal(await page.locator('#azdo-verdict').innerText(), '');
  assert.equal(await labels.count(), 4);
  assert.deepEqual(complaints, []);
});

test('a list of texts is edited entry by entry, and any other list as JSON', async (t) => {
  const own = session();
  const flow = tab();
  const commit = (value) => action('commit-files', own, { repository: ['str', 'site'], branch: ['str', 'main'], message: ['str', 'It'], delete: ['json', value] });
  const nodes = row(flow, commit('["/a", "/b"]'), commit('["/a", 7]'), commit(''));
  const { page, editor, complaints } = await opened(t, { flows: [flow, own, ...nodes] });
  const [field, entries] = ['node-input-inputDelete', page.locator('#node-input-inputDelete-entries')];
  const saved = (node) => page.evaluate((of) => RED.nodes.node(of).inputDelete, node.id);
  await editor.edit(nodes[0].id);
  assert.deepEqual(await entries.locator('input').evaluateAll((all) => all.map((one) => one.value)), ['/a', '/b']);
  await entries.locator('.red-ui-editableList-item-remove').first().click();
  await editor.addEntry(field, '/c, "d"');
  await editor.addEntry(field, '');
  assert.equal(await page.locator(`#${field}-wrong`).innerText(), '3 is empty');
  await entries.locator('.red-ui-editableList-item-remove').last().click();
  await editor.typeOf(field, 'msg');
  assert.equal(await entries.isVisible(), false);
  await editor.typeOf(field, 'json');
  await editor.done();
  assert.equal(await saved(nodes[0]), '["/b","/c, \\"d\\""]');

  await editor.edit(nodes[1].id);
  assert.equal(await entries.isVisible(), false);
  assert.equal(await page.locator(`#${field}-wrong`).innerText(), '2 is not a text');
  await editor.done();
  assert.equal(await saved(nodes[1]), '["/a", 7]');

  await editor.edit(nodes[2].id);
  await editor.addEntry(field, '/e');
  await editor.done();
  assert.equal(await saved(nodes[2]), '["/e"]');
  assert.deepEqual(complaints, []);
});
