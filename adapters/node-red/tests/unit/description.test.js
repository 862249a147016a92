'use strict';
// Every action of the program becomes a node, without text of the adapter.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { describe } = require('../../lib/description');

const PROJECT = path.join(__dirname, '..', '..', '..', '..');
const PROGRAM = process.env.AZDO_BOT || path.join(PROJECT, 'target', 'debug', 'azdo-bot');
const description = describe(JSON.parse(execFileSync(PROGRAM, ['actions', '--json'], { encoding: 'utf8', maxBuffer: 2 ** 26 })));
const manifest = JSON.parse(fs.readFileSync(path.join(PROJECT, 'package-manifest.json'), 'utf8'));
const action = (name) => description.actions.find((one) => one.name === name);

test('every action of the manifest is a node, in its order', () => {
  assert.deepEqual(
    description.actions.map((one) => one.name),
    manifest.commands.map((one) => one.name),
  );
  assert.equal(action('waitForPipelineRun').type, 'azdo-wait-for-pipeline-run');
});

test('every attribute is a field with its texts and its schema', () => {
  for (const one of description.actions) {
    for (const field of one.fields) {
      assert.ok(field.label && field.description && field.schema, `${one.name}.${field.name}`);
      assert.match(field.property, /^input[A-Z]/);
    }
    assert.equal(one.usesSession, !one.opens, `${one.name} works through a session unless it opens one`);
  }
});

test('no two values of a node have the same property', () => {
  for (const one of description.actions) {
    const properties = one.fields.flatMap(({ property, typeProperty, kind }) => (kind === 'SELECT' ? [property] : [property, typeProperty]));
    assert.equal(new Set(properties).size, properties.length, `${one.name}: ${properties}`);
  }
  const [resource, kind] = ['resource', 'resourceType'].map((name) => action('authorizePipeline').fields.find((one) => one.name === name));
  assert.deepEqual([resource.typeProperty, kind.property], ['inputResourceValueType', 'inputResourceType']);
});

test("the fields of Connect are those of the manifest; fields of an option follow it", () => {
  const { fields, target } = description.connect;
  assert.deepEqual(
    fields.slice(0, 5).map((one) => one.label),
    ['Authentication Method', 'Personal Access Token', 'Entra credential', 'Organization URL', 'Project name'],
  );
  assert.equal(target.label, 'Azure DevOps Session');
  assert.deepEqual(target.scopes, ['LOCAL', 'GLOBAL', 'VARIABLE']);
});

test('a set has its choices with their labels; a field of an option has that option', () => {
  const field = (name) => description.connect.fields.find((one) => one.name === name);
  assert.deepEqual(field('intendedUsage').options[0], { label: 'Read repositories', value: 'repositories.read' });
  assert.deepEqual(action('checkSession').fields[0].options, field('intendedUsage').options);
  assert.deepEqual(action('commitFiles').fields.find((one) => one.name === 'delete').options, [], 'any path is valid');
  const method = { field: 'authenticationMethod', property: 'inputAuthenticationMethod' };
  assert.deepEqual(field('personalAccessToken').inside, { ...method, option: 'PAT', byDefault: true });
  assert.deepEqual(field('entraCredential').inside, { ...method, option: 'ENTRA', byDefault: false });
  const creates = { field: 'ifProjectMissing', property: 'inputIfProjectMissing', option: 'CREATE', byDefault: false };
  assert.deepEqual([field('processTemplate').inside, field('visibility').inside], [creates, creates]);
  assert.equal(field('entraCredential').example, 'entra:bot');
});

test('an output has a label: that of the input with the same name', () => {
  const labels = description.connect.outputs.map(({ name, label }) => [name, label]);
  assert.deepEqual(labels.slice(0, 4), [
    ['organizationUrl', 'Organization URL'],
    ['projectId', 'Project id'],
    ['projectName', 'Project name'],
    ['user', 'User'],
  ]);
});

test('the help has the texts of every field and output, and only texts of the package', async () => {
  const { help, sessionHelp, text } = await import('../../resources/help.mjs');
  for (const one of description.actions) {
    const html = one.opens ? sessionHelp(description) : help(one, description);
    for (const field of one.fields) assert.ok(html.includes(text(field.description)), `${one.name}.${field.name}`);
    for (const output of one.outputs) assert.ok(help(one, description).includes(text(output.description)), output.name);
  }
  assert.equal(text('`<b>` & "c"'), '<code>&lt;b&gt;</code> &amp; &quot;c&quot;');
});

test("the package has the program's version", () => {
  const cargo = fs.readFileSync(path.join(PROJECT, 'Cargo.toml'), 'utf8');
  assert.equal(/^version = "(.*)"$/m.exec(cargo)[1], require('../../package.json').version);
});
