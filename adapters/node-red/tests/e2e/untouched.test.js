'use strict';
// Opening and closing a dialog changes nothing, whatever the flow contains; one change changes one field.

const assert = require('node:assert/strict');
const test = require('node:test');
const { open } = require('../support/browser');
const { id, session, tab } = require('../support/flows');
const { start } = require('../support/node-red');

/** The description of the nodes that the editor gets */
async function described() {
  const red = await start({ flows: [] });
  try {
    return await (await fetch(`${red.url}/azure-devops/actions`)).json();
  } finally {
    await red.stop();
  }
}

const description = described();

async function opened(t, flows, version) {
  const red = await start({ flows, version });
  t.after(() => red.stop());
  const chromium = await open(red.url);
  t.after(() => chromium.browser.close());
  /** The nodes as they would be saved: those with these IDs, or all */
  const saved = (...ids) => chromium.page.evaluate((some) => {
    const all = RED.nodes.createCompleteNodeSet();
    return all.filter(({ id: of }) => some.length === 0 || some.includes(of)).map((node) => JSON.stringify(node));
  }, ids);
  return { red, saved, ...chromium };
}

/** Opens the dialog of a node, runs a function in it, and presses Done */
async function inDialog({ page }, node, act = async () => {}) {
  const config = node.type === 'azdo-session';
  await page.evaluate(async ([of, isConfig]) => {
    if (isConfig) RED.editor.editConfig('', 'azdo-session', of);
    else RED.editor.edit(RED.nodes.node(of));
    const there = () => $(isConfig ? '#node-config-input-scope' : '#node-input-session').length > 0;
    while (!there()) await new Promise(requestAnimationFrame);
    // Node-RED triggers the change event of its drop-down of sessions a moment later.
    if (!isConfig) await new Promise((resolve) => $('#node-input-session').one('change', resolve));
  }, [node.id, config]);
  await act(config ? 'node-config-input' : 'node-input');
  await page.evaluate(async (button) => {
    $(button).trigger('click');
    while ($('.red-ui-tray').length > 0) await new Promise(requestAnimationFrame);
  }, config ? '#node-config-dialog-ok' : '#node-dialog-ok');
}

/** A node of every type and the configuration node; `fill` returns the value of each field in the flow */
function nodesOf({ actions, session: { type }, connect }, flow, fill, more = {}, ofSession = {}) {
  const filled = (fields) => Object.assign({}, ...fields.map(fill));
  const config = { id: id(), type, ...filled(connect.fields), ...ofSession };
  const nodes = actions.map((action, at) => ({
    ...{ id: id(), type: action.type, z: flow.id, ...filled(action.opens ? [] : action.fields), ...more },
    ...{ x: 150 + 220 * (at % 6), y: 60 + 60 * Math.floor(at / 6), wires: [[]] },
  }));
  return [config, ...nodes];
}

const nothing = () => ({});
const optionalAbsent = (field) => (field.required && field.kind !== 'CREDENTIAL' ? typed(field) : {});

/** A value of the field's own type, in a form that the dialog would not write */
function typed(field) {
  const { property, typeProperty, valueType } = field;
  if (field.kind === 'SELECT') return { [property]: 'OF_ANOTHER_VERSION' };
  const values = { str: '  two  words ', num: 7, bool: true, json: '{ "a" : [ 1 ] }', stored: 'left over' };
  const value = field.options.length > 0 ? `[ "${field.options.at(-1).value}", "of.another.version" ]` : values[valueType];
  return { [property]: value, [typeProperty]: valueType };
}

const SOURCES = { msg: 'payload.a["b c"]', flow: '#:(default)::a.b', global: 'a', env: 'SOME_VARIABLE', jsonata: ' payload . a ' };

/** A value from another source, each source in turn */
function fromFlow() {
  const sources = Object.entries(SOURCES);
  let at = 0;
  return (field) => {
    if (field.kind === 'SELECT') return { [field.property]: '' };
    const [type, value] = sources[at++ % sources.length];
    // The token of a session cannot be an expression.
    return field.kind === 'CREDENTIAL' && type === 'jsonata' ? fromFlow()(field) : { [field.property]: value, [field.typeProperty]: type };
  };
}

const EMPTY = (field) => (field.kind === 'SELECT' ? { [field.property]: '' } : { [field.property]: '', [field.typeProperty]: field.valueType });

/** Actions with every kind of field, list and choice, since a dialog treats fields by their kind */
function oneOfEachKind(said) {
  const seen = new Set();
  const sorts = ({ fields }) => fields.map(({ kind, required, options, default: byDefault }) => `${kind} ${required} ${options.length > 0} ${byDefault}`);
  const actions = said.actions.filter((action) => action.opens || sorts(action).filter((sort) => !seen.has(sort) && seen.add(sort)).length > 0);
  return { ...said, actions };
}

const all = (said) => said;

const cases = [
  ['every optional field absent', all, optionalAbsent],
  ['nothing but the node', oneOfEachKind, nothing],
  ['every field left empty', oneOfEachKind, EMPTY, { name: '', session: '', output: '', outputType: 'msg' }, { name: '', scope: 'GLOBAL', sessionName: '', variable: '' }],
  ['every field filled in', all, typed, { name: ' A  name ', session: 'gone', output: 'a["b c"][0]', outputType: 'flow' }, { name: 7, scope: 'VARIABLE', sessionName: 'S', variable: 'a.b', simulate: true }],
  ['every field from elsewhere', oneOfEachKind, fromFlow(), { name: '${NAME}', session: '${SESSION}', output: '#:(default)::a.b', outputType: 'global' }, { scope: 'OF_ANOTHER_VERSION', simulate: 'true' }],
];

for (const [name, which, fill, more, ofSession] of cases) {
  test(`Done without a change saves the flow byte for byte: ${name}`, async (t) => {
    const flow = tab();
    const nodes = nodesOf(which(await description), flow, fill, more, ofSession);
    const editor = await opened(t, [flow, ...nodes]);
    const before = await editor.saved();
    for (const node of nodes) {
      const was = before.find((one) => JSON.parse(one).id === node.id);
      await inDialog(editor, node);
      assert.deepEqual(await editor.saved(node.id), [was], node.type);
    }
    assert.deepEqual(await editor.saved(), before);
    assert.equal(await editor.page.evaluate(() => RED.nodes.dirty()), false, 'there is nothing to deploy');
    assert.deepEqual(editor.complaints, []);
  });
}

test('an imported node beside a single session is unchanged, before and after its dialog is opened', async (t) => {
  const flow = tab();
  const editor = await opened(t, [flow, session()]);
  const { page } = editor;
  const [, ...nodes] = nodesOf(await description, flow, nothing);
  await page.keyboard.press('Control+i');
  await page.locator('#red-ui-clipboard-dialog-import-text').fill(JSON.stringify(nodes.slice(0, 3)));
  await page.locator('#red-ui-clipboard-dialog-import-text').press('End');
  await page.locator('#red-ui-clipboard-dialog-ok').click();
  await page.locator('#red-ui-workspace-chart').click({ position: { x: 500, y: 300 } });
  const imported = () => page.evaluate(() => RED.nodes.filterNodes({}).map((node) => RED.nodes.convertNode(node)).map(({ x, y, ...node }) => node));
  const before = await imported();
  assert.equal(before.length, 3);
  for (const node of before) {
    assert.equal(node.session, undefined, 'no session was selected for it');
    await inDialog(editor, node);
  }
  assert.deepEqual(await imported(), before);
});

/** Changes a field of its own type by hand, and returns the saved properties */
async function change({ page, editor }, field, prefix) {
  const input = `${prefix}-${field.property}`;
  await editor.reveal(input);
  if (field.kind === 'SELECT') {
    const value = field.options.at(-1).value === field.default ? field.options[0].value : field.options.at(-1).value;
    await page.locator(`#${input}`).selectOption(value);
    return value;
  }
  if (field.options.length > 0) {
    await page.locator(`#${input}-set input`).first().check();
    return JSON.stringify([field.options[0].value]);
  }
  if (field.kind === 'CHECKBOX') {
    const value = String(field.default !== true);
    await page.locator(`#${input} + .red-ui-typedInput-container .red-ui-typedInput-option-trigger`).click();
    await page.locator(`.red-ui-typedInput-options:visible a[value="${value}"]`).click();
    return value;
  }
  if (field.kind === 'LIST' && field.schema.items.type === 'string') {
    await editor.addEntry(input, 'a');
    return '["a"]';
  }
  const value = { NUMBER: '12', DICTIONARY: '{"a":"b"}', LIST: '["a"]' }[field.kind] || '/changed';
  await editor.fill(input, value);
  return value;
}

test('in an empty flow, one change saves only that field and its type', async (t) => {
  const flow = tab();
  const said = oneOfEachKind(await description);
  const nodes = nodesOf(said, flow, nothing);
  const editor = await opened(t, [flow, ...nodes]);
  const kinds = new Set();
  for (const [at, node] of nodes.entries()) {
    const action = said.actions.find(({ type }) => type === node.type);
    const fields = (action ? action.fields : said.connect.fields).filter(({ inside, kind }) => !inside && kind !== 'CREDENTIAL');
    // A different field of each node, so that all kinds are covered.
    const field = fields.find(({ kind }) => !kinds.has(kind)) || fields[at % fields.length];
    if (!field || action?.opens) continue;
    kinds.add(field.kind);
    const before = JSON.parse(await editor.saved(node.id));
    let value;
    await inDialog(editor, node, async (prefix) => {
      value = await change(editor, field, prefix);
    });
    const now = JSON.parse(await editor.saved(node.id));
    const type = field.kind === 'SELECT' ? {} : { [field.typeProperty]: field.valueType };
    assert.deepEqual(now, { ...before, [field.property]: value, ...type }, `${node.type} ${field.name}`);
  }
  assert.deepEqual([...kinds].sort(), ['CHECKBOX', 'DICTIONARY', 'FILE', 'LIST', 'NUMBER', 'SELECT', 'TEXT', 'TEXTAREA']);
  assert.deepEqual(editor.complaints, []);
});

test('in a complete flow, one change saves only that field', async (t) => {
  const flow = tab();
  const said = oneOfEachKind(await description);
  const one = { ...session({ scope: 'GLOBAL', simulate: false }), credentials: undefined };
  const [, ...nodes] = nodesOf(said, flow, typed, { name: 'A', session: one.id, output: 'x', outputType: 'msg' });
  const editor = await opened(t, [flow, one, ...nodes]);
  const { page } = editor;
  const changes = [
    [nodes[3], { name: 'B' }, () => editor.editor.fill('node-input-name', 'B')],
    [nodes[4], { output: 'y.z' }, () => editor.editor.fill('node-input-output', 'y.z')],
    [nodes[5], { outputType: 'global' }, () => editor.editor.typeOf('node-input-output', 'global')],
    [nodes[6], { session: '' }, () => page.locator('#node-input-session').selectOption('_ADD_')],
    [one, { simulate: true }, () => editor.editor.check('node-config-input-simulate')],
    [one, { scope: 'LOCAL' }, () => editor.editor.choose('node-config-input-scope', 'LOCAL')],
    [one, { sessionName: 'Other' }, () => editor.editor.fill('node-config-input-sessionName', 'Other')],
  ];
  for (const [node, changed, act] of changes) {
    const before = (await editor.saved()).map((text) => JSON.parse(text));
    await inDialog(editor, node, act);
    const now = (await editor.saved()).map((text) => JSON.parse(text));
    const expected = before.map((each) => (each.id === node.id ? { ...each, ...changed } : each));
    assert.deepEqual(now, expected, JSON.stringify(changed));
  }
  await editor.red.deployedBy(async () => {
    await page.locator('#red-ui-header-button-deploy').click();
    // Node-RED warns about the values of these fields.
    await page.getByRole('button', { name: 'Confirm deploy' }).click();
  });
  const { flows } = await (await fetch(`${editor.red.url}/flows`, { headers: { 'Node-RED-API-Version': 'v2' } })).json();
  assert.deepEqual(flows.find(({ id: of }) => of === nodes[3].id), { ...nodes[3], name: 'B' });
  assert.deepEqual(editor.complaints, []);
});

for (const version of ['node-red', 'node-red-4']) {
  test(`an absent flag shows its default in ${version}: the source branch stays`, async (t) => {
    const flow = tab();
    const node = { id: id(), type: 'azdo-complete-pull-request', z: flow.id, x: 200, y: 100, wires: [[]] };
    const editor = await opened(t, [flow, node], version);
    await inDialog(editor, node, async (prefix) => {
      const shown = editor.page.locator(`#${prefix}-inputDeleteSourceBranch + .red-ui-typedInput-container .red-ui-typedInput-option-label`);
      assert.equal(await shown.innerText(), 'false');
    });
    assert.equal((await editor.saved(node.id))[0].includes('inputDeleteSourceBranch'), false);
  });
}

test('a stored token is kept if no text is typed, and an empty field stores no token', async (t) => {
  const flow = tab();
  const secret = { inputPersonalAccessTokenSecret: 'x'.repeat(52) };
  const [kept, bare] = [session({ inputPersonalAccessToken: '', inputPersonalAccessTokenType: 'stored' }), { id: id(), type: 'azdo-session' }];
  const editor = await opened(t, [flow]);
  await editor.red.deploy([flow, { ...kept, credentials: secret }, bare]);
  await editor.page.reload();
  await editor.page.waitForFunction((of) => RED.nodes?.node(of), bare.id);
  await editor.page.waitForSelector('#red-ui-loading-progress', { state: 'hidden' });
  for (const node of [kept, bare]) await inDialog(editor, node);
  assert.equal(await editor.page.evaluate(() => RED.nodes.dirty()), false);
  const has = async (node) => (await fetch(`${editor.red.url}/credentials/azdo-session/${node.id}`)).json();
  assert.deepEqual([await has(kept), await has(bare)], [{ has_inputPersonalAccessTokenSecret: true, has_inputEntraCredentialSecret: false }, {}]);
});
