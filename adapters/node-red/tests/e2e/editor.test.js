'use strict';
// The editor, used like a person does.

const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { open } = require('../support/browser');
const { action, id, row, served, session, tab } = require('../support/flows');
const { start } = require('../support/node-red');

/** A Node-RED with its editor open; a failing test saves a screenshot */
async function opened(t, more) {
  const red = await start(more);
  t.after(() => red.stop());
  const chromium = await open(red.url);
  t.after(async () => {
    const pictures = process.env.AZDO_PICTURES;
    if (pictures) await chromium.page.screenshot({ path: path.join(pictures, `${t.name.replace(/\W+/g, '-')}.png`) });
    await chromium.browser.close();
  });
  return { red, ...chromium };
}

test('Connect is dragged in, filled in, tested, wired, deployed and run', async (t) => {
  const { page, editor, complaints } = await opened(t);
  const connect = await editor.drag('azdo-connect', 330, 100);
  await editor.edit(connect);
  await editor.addSession();
  await editor.fill('node-config-input-inputOrganizationUrl', 'https://dev.azure.com/fabrikam');
  await editor.choose('node-config-input-inputPersonalAccessTokenType', 'reference');
  await editor.fill('node-config-input-inputPersonalAccessToken', 'env:AZDO_PAT');
  await editor.check('node-config-input-simulate');

  const verdict = page.locator('#azdo-verdict');
  await page.locator('#azdo-test').click();
  await verdict.filter({ hasText: /Project name is empty\..*fill it in/ }).waitFor();
  await editor.fill('node-config-input-inputProjectName', 'Fabrikam');
  await page.locator('#azdo-test').click();
  await page.waitForSelector('.azdo-uses');
  assert.match(await verdict.innerText(), /Signed in as Bot Runner\. 4 uses confirmed, nothing denied, 11 can only be seen when used\.$/);
  const found = await page.locator('#azdo-found .azdo-table').first().innerText();
  assert.match(found, /Organization URL\s.*Project id\s.*Project name\s.*User\s+Bot Runner/s);
  const cells = (row) => row.locator('th, td').allInnerTexts();
  const uses = page.locator('.azdo-uses tr');
  assert.deepEqual(await cells(uses.first()), ['Use', 'Permission', 'Token scope', 'Verdict']);
  assert.deepEqual(await cells(uses.nth(1)), ['Read repositories', 'granted\nRead', 'seen\nCode (read)', 'granted']);
  const started = ['Start pipeline runs', 'granted\nQueue builds', 'read seen\nBuild (read and execute)', 'unknown'];
  assert.deepEqual(await cells(uses.filter({ hasText: 'Start pipeline runs' })), started);
  if (process.env.AZDO_PICTURES) await page.screenshot({ path: path.join(process.env.AZDO_PICTURES, 'session.png') });
  await editor.done(true);
  await editor.done();

  const create = await editor.drag('azdo-create-repository', 530, 100);
  await editor.edit(create);
  const chosen = await page.locator('#node-input-session option:checked').innerText();
  assert.equal(chosen, 'Fabrikam (simulated)', 'the only session is chosen');
  await editor.fill('node-input-inputName', 'x'.repeat(65));
  assert.equal(await page.locator('#node-input-inputName-wrong').innerText(), 'has more than 64 characters');
  await editor.fill('node-input-inputName', 'dragged');
  assert.equal(await page.locator('#node-input-inputName-wrong').innerText(), '');
  await editor.done();

  const inject = await editor.drag('inject', 120, 100);
  const debug = await editor.drag('debug', 800, 100);
  const caught = await editor.drag('catch', 330, 220);
  const failed = await editor.drag('debug', 560, 220);
  await editor.wire(inject, connect);
  await editor.wire(connect, create);
  await editor.wire(create, debug);
  await editor.wire(caught, failed);
  await page.evaluate((node) => RED.nodes.node(node).complete = 'error.code', failed);
  assert.equal(await page.evaluate(() => RED.nodes.filterNodes({}).every((node) => node.valid)), true);
  await editor.deploy();

  const press = () => page.locator(`[id="${inject}"] .red-ui-flow-node-button-button`).click();
  await press();
  await editor.status(create).filter({ hasText: 'done' }).waitFor();
  await page.locator('.red-ui-debug-msg', { hasText: 'dragged' }).waitFor();
  await press();
  await editor.status(create).filter({ hasText: 'resource.conflict' }).waitFor();
  await page.locator('.red-ui-debug-msg', { hasText: 'resource.conflict' }).waitFor();
  await editor.status(connect).filter({ hasText: 'done' }).waitFor({ state: 'hidden' });
  assert.equal(await editor.status(create).textContent(), 'resource.conflict', 'a failure stays');
  assert.deepEqual(complaints, []);
});

test("the dialog of every action opens, has a help text, and changes nothing", async (t) => {
  const flow = tab();
  const { page, editor, complaints } = await opened(t, { flows: [flow] });
  const types = await page.evaluate(() => RED.nodes.registry.getNodeTypes().filter((type) => /^azdo-(?!session$)/.test(type)));
  assert.ok(types.length > 10, types.join());
  for (const type of types) {
    const node = await editor.drag(type, 300, 100);
    const { label, help } = await page.evaluate((of) => ({ label: RED.nodes.getType(of).paletteLabel, help: RED.nodes.getNodeHelp(of) }), type);
    assert.match(help, /<h3>Output<\/h3>/, type);
    await editor.edit(node);
    assert.equal(await page.locator('.red-ui-tray-header').innerText().then((words) => words.includes(label)), true, type);
    const before = await page.evaluate((of) => JSON.stringify(RED.nodes.convertNode(RED.nodes.node(of))), node);
    await editor.done();
    const after = await page.evaluate((of) => JSON.stringify(RED.nodes.convertNode(RED.nodes.node(of))), node);
    assert.equal(after, before, 'a dialog without a change changes nothing');
    await page.keyboard.press('Delete');
    await page.waitForFunction((of) => !RED.nodes.node(of), node);
  }
  assert.deepEqual(complaints, []);
});

test('choices are ticked, also with the keyboard; a typed list of an older flow is kept', async (t) => {
  const flow = tab();
  const own = session({ inputIntendedUsage: '["repositories.read","repositories.own"]', inputIntendedUsageType: 'json' });
  const check = action('check-session', own);
  const nodes = served(flow, 'check', action('connect', own), check);
  const { red, page, editor, complaints } = await opened(t, { flows: [flow, own, ...nodes] });
  const kept = (node, property) => page.evaluate(([of, name]) => RED.nodes.node(of)[name], [node.id, property]);
  const box = (label) => page.locator('.azdo-set:visible').getByLabel(label);
  const ticked = () => page.locator('.azdo-set:visible input:checked').evaluateAll((boxes) => boxes.map((one) => one.value));

  await editor.edit(check.id);
  await editor.editSession();
  await editor.reveal('node-config-input-inputIntendedUsage');
  assert.deepEqual(await ticked(), ['repositories.read', 'repositories.own']);
  assert.equal(await page.locator('#node-config-input-inputIntendedUsage-wrong').innerText(), '2 is none of the choices');
  await box('repositories.own').click();
  assert.equal(await page.locator('#node-config-input-inputIntendedUsage-wrong').innerText(), '');
  assert.equal(await box('repositories.own').count(), 0);
  await editor.done(true);
  assert.equal(await kept(own, 'inputIntendedUsage'), '["repositories.read"]');

  await box('See pipelines').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  assert.deepEqual(await ticked(), ['pipelines.view', 'pipelines.create']);
  await editor.typeOf('node-input-inputIntendedUsage', 'msg');
  assert.equal(await page.locator('#node-input-inputIntendedUsage-set').isVisible(), false);
  await editor.typeOf('node-input-inputIntendedUsage', 'json');
  assert.deepEqual(await ticked(), ['pipelines.view', 'pipelines.create'], 'the ticked choices are kept');
  await editor.done();
  assert.equal(await kept(check, 'inputIntendedUsage'), '["pipelines.view","pipelines.create"]');
  await red.deployedBy(() => editor.deploy());
  const { uses } = await red.send('check');
  assert.deepEqual(uses.map((one) => one.use), ['pipelines.view', 'pipelines.create']);
  assert.deepEqual(complaints, []);
});

test('a session signs in with Entra, then with its token again; neither token is in the flow file', async (t) => {
  const flow = tab();
  const own = session({ inputPersonalAccessToken: '', inputPersonalAccessTokenType: 'stored' });
  const connect = action('connect', own);
  const { red, page, editor, complaints } = await opened(t, { flows: [flow, own, ...served(flow, 'connect', connect)] });
  const tokens = { PersonalAccessToken: randomBytes(42).toString('hex'), EntraCredential: randomBytes(42).toString('hex') };
  const field = (name) => page.locator(`#node-config-input-input${name}`);
  const tested = async () => {
    await page.locator('#azdo-test').click();
    await page.locator('#azdo-verdict', { hasText: 'Signed in as' }).waitFor();
  };
  const reopened = async () => {
    await editor.edit(connect.id);
    await editor.editSession();
    await editor.reveal('node-config-input-inputPersonalAccessTokenType');
  };
  const kept = async () => {
    await editor.done(true);
    await editor.done();
    await red.deployedBy(() => editor.deploy());
    assert.equal((await red.send('connect')).projectName, 'Fabrikam');
  };

  await reopened();
  assert.equal(await field('EntraCredentialType').isVisible(), false);
  await field('PersonalAccessTokenSecret').fill(tokens.PersonalAccessToken);
  await field('AuthenticationMethod').selectOption('ENTRA');
  assert.equal(await field('PersonalAccessTokenType').isVisible(), false);
  await field('EntraCredentialSecret').fill(tokens.EntraCredential);
  await tested();
  await kept();

  await reopened();
  assert.equal(await field('AuthenticationMethod').inputValue(), 'ENTRA');
  assert.equal(await field('EntraCredentialSecret').inputValue(), '__PWRD__', 'the editor does not get the token');
  await field('EntraCredentialType').selectOption('reference');
  assert.equal(await field('EntraCredential').getAttribute('placeholder'), 'entra:bot');
  assert.equal(await field('EntraCredential').evaluate((input) => input.classList.contains('input-error')), true);
  await field('EntraCredential').fill('entra:bot');
  await tested();
  await kept();

  await reopened();
  assert.equal(await field('EntraCredential').inputValue(), 'entra:bot');
  await field('AuthenticationMethod').selectOption('PAT');
  assert.equal(await field('PersonalAccessTokenType').inputValue(), 'stored');
  assert.equal(await field('PersonalAccessTokenSecret').inputValue(), '__PWRD__');
  await tested();
  await kept();

  const written = ['flows.json', 'flows_cred.json'].map((name) => fs.readFileSync(path.join(red.home, name), 'utf8'));
  assert.match(written[0], /"inputAuthenticationMethod": ?"PAT"/);
  for (const token of Object.values(tokens)) assert.equal(written.some((text) => text.includes(token)), false);
  assert.deepEqual(complaints, []);
});

test('a reopened flow equals the saved one', async (t) => {
  const flow = tab();
  const own = session({ scope: 'VARIABLE', inputIfSessionExists: 'REPLACE', inputTimeLimit: '20', inputTimeLimitType: 'num', name: '' });
  const nodes = served(flow, 'work', action('run-pipeline', own, { pipeline: ['msg', 'payload.name'], templateParameters: ['json', '{"a":1}'] }));
  const { page, complaints } = await opened(t, { flows: [flow, own, ...nodes] });
  const kept = (node) => page.evaluate((of) => RED.nodes.convertNode(RED.nodes.node(of)), node.id);
  for (const node of [own, nodes[1]]) {
    const now = await kept(node);
    for (const [property, value] of Object.entries(node)) if (property !== 'wires') assert.deepEqual(now[property], value, property);
  }
  assert.deepEqual(complaints, []);
});

test('without the program the editor reports that, and keeps the nodes unchanged', async (t) => {
  const flow = tab();
  const own = session();
  const flows = [flow, own, ...row(flow, action('create-repository', own, { name: ['str', 'kept'] }), { id: id(), type: 'debug' })];
  const { page } = await opened(t, { flows, environment: { AZDO_BOT: '/nowhere/azdo-bot' } });
  await page.locator('.red-ui-notification', { hasText: '/nowhere/azdo-bot' }).waitFor();
  const node = await page.evaluate((of) => RED.nodes.convertNode(RED.nodes.node(of)), flows[2].id);
  assert.equal(node.inputName, 'kept');
});
