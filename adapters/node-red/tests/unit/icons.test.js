'use strict';
// The icons of the nodes: one for each group and verb, drawn from the catalogue. `AZDO_BLESS=1` writes them.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { describe } = require('../../lib/description');
const { draw } = require('../support/icons');

const PACKAGE = path.join(__dirname, '..', '..');
const ICONS = path.join(PACKAGE, 'icons');
const PROGRAM = process.env.AZDO_BOT || path.join(PACKAGE, '..', '..', 'target', 'debug', 'azdo-bot');
const { actions } = describe(JSON.parse(execFileSync(PROGRAM, ['actions', '--json'], { encoding: 'utf8', maxBuffer: 2 ** 26 })));

async function drawn() {
  const { iconOf, verbOf } = await import('../../resources/places.mjs');
  return new Map(actions.map((action) => {
    const file = iconOf(action);
    const verb = verbOf(action);
    return [file, draw(file.slice(0, -`-${verb}.svg`.length), verb)];
  }));
}

test('every action has the icon of its group and verb, and there is no other icon', async () => {
  const icons = await drawn();
  if (process.env.AZDO_BLESS) {
    fs.rmSync(ICONS, { recursive: true, force: true });
    fs.mkdirSync(ICONS);
    for (const [file, svg] of icons) fs.writeFileSync(path.join(ICONS, file), svg);
  }
  assert.deepEqual(fs.readdirSync(ICONS).sort(), [...icons.keys()].sort(), 'run this test with AZDO_BLESS=1');
  for (const [file, svg] of icons) assert.equal(fs.readFileSync(path.join(ICONS, file), 'utf8'), svg, `${file}: run this test with AZDO_BLESS=1`);
});

test('every group of actions has a place in the palette', async () => {
  const { PALETTE } = await import('../../resources/places.mjs');
  assert.deepEqual(PALETTE.flatMap(({ groups }) => groups).sort(), [...new Set(actions.map(({ group }) => group))].sort());
});

test('two verbs of a group have different icons', async () => {
  const icons = await drawn();
  assert.equal(new Set(icons.values()).size, icons.size);
});
