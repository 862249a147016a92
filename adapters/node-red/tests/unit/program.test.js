'use strict';
// Which program is used, and the error if there is none.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { PROGRAM_PACKAGE, ask, checkVersion, find, operator, places } = require('../../lib/program');

function programs(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-programs-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const make = (name, mode, text = '') => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode });
    return file;
  };
  return { folder, make };
}

test("the program that the operator sets precedes that of the package, which precedes the path", (t) => {
  const { folder, make } = programs(t);
  const [named, own, onPath] = ['named/other', 'own/azdo-bot', 'path/azdo-bot'].map((name) => make(name, 0o755));
  const environment = { PATH: `${path.join(folder, 'empty')}${path.delimiter}${path.dirname(onPath)}` };
  assert.equal(find(named, environment, [own]), named);
  assert.equal(find('azdo-bot', environment, [own]), onPath);
  assert.equal(find(undefined, environment, [path.join(folder, 'nothing'), own]), own);
  assert.equal(find(undefined, environment, [path.join(folder, 'nothing')]), onPath);
});

test('the program is found in the package that npm installed for this system', (t) => {
  const { folder, make } = programs(t);
  const library = path.join(folder, 'node_modules/nodes/lib');
  fs.mkdirSync(library, { recursive: true });
  const name = process.platform === 'win32' ? 'azdo-bot.exe' : 'azdo-bot';
  assert.equal(places(library).length, 1);
  make(`node_modules/${PROGRAM_PACKAGE}/package.json`, 0o644, '{}');
  const program = make(`node_modules/${PROGRAM_PACKAGE}/bin/${name}`, 0o755);
  assert.deepEqual(places(library), [path.join(folder, 'node_modules/nodes/bin', name), fs.realpathSync(program)]);
  assert.equal(find(undefined, {}, places(library)), fs.realpathSync(program));
});

test('the error for a missing program names it and has a help text', (t) => {
  const { folder, make } = programs(t);
  const data = make('data', 0o644);
  assert.throws(() => find(data, {}), { message: /data", which the settings or AZDO_BOT name, is not a program/ });
  assert.throws(() => find(undefined, {}, [path.join(folder, 'nothing')]), { message: /azdo-bot-\w+-\w+\. Install that package, .* or name it.*cargo install.*start Node-RED again/ });
});

test("the settings file precedes the environment", () => {
  const environment = { AZDO_BOT: '/a', AZDO_BOT_CONFIG: '/a.toml' };
  assert.deepEqual(operator({}, environment), { program: '/a', config: '/a.toml' });
  assert.deepEqual(operator({ azureDevOps: { program: '/b' } }, environment), { program: '/b', config: '/a.toml' });
});

test('the error for output that is not JSON quotes it', { skip: process.platform === 'win32' }, async (t) => {
  const { make } = programs(t);
  const broken = make('broken', 0o755, '#!/bin/sh\necho "no such thing" >&2\nexit 3\n');
  await assert.rejects(ask(broken, 'manifest'), { message: /broken manifest printed no JSON: no such thing/ });
});

test('a program of an incompatible version is refused', () => {
  for (const [program, own] of [['0.1.9', '0.1.0'], ['1.4.0', '1.0.2']]) checkVersion('azdo-bot', program, own);
  for (const [program, own] of [['0.2.0', '0.1.0'], ['2.0.0', '1.0.0'], ['1.0.0', '0.1.0']]) {
    assert.throws(() => checkVersion('azdo-bot', program, own), { message: /does not go with/ });
  }
});
