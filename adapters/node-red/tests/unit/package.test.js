'use strict';
// The files of the npm package: everything that runs, and nothing else.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');

const PACKAGE = path.join(__dirname, '..', '..');

test('the package has all files that run, and no tests', () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const said = execFileSync(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: PACKAGE, encoding: 'utf8' });
  const packed = JSON.parse(said).flatMap(({ files }) => files.map((file) => file.path));
  const inside = (folder) => fs.readdirSync(path.join(PACKAGE, folder)).map((name) => `${folder}/${name}`);
  const runs = ['azure-devops.js', 'azure-devops.html', ...['lib', 'resources', 'icons', 'examples'].flatMap(inside)];
  const about = ['LICENSE', 'README.md', 'package.json'];
  const program = packed.filter((name) => name.startsWith('bin/azdo-bot'));
  assert.deepEqual(packed.sort(), [...runs, ...about, ...program].sort());
});

test('npm runs no script of the package when it is installed: nothing is built without a word', () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'package.json'), 'utf8'));
  assert.deepEqual(Object.keys(scripts), ['test']);
});
