'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { lacking, rows } = require('../../lib/uses');

const USES = [
  { use: 'repositories.read', label: 'Read repositories' },
  { use: 'repositories.write', label: 'Push commits and branches' },
  { use: 'pipelines.create', label: 'Create pipelines' },
];

test('each use has its verdict and what it rests on, in the order of the manifest', () => {
  const found = rows(USES, {
    granted: ['repositories.read'],
    denied: ['pipelines.create'],
    unknown: ['repositories.write: the permission is granted; the token scope "Code (read and write)" is read seen'],
  });
  assert.deepEqual(found.map(({ verdict }) => verdict), ['granted', 'unknown', 'denied']);
  assert.equal(found[1].evidence, 'the permission is granted; the token scope "Code (read and write)" is read seen');
});

test('a use that nothing was said of is unknown, never granted', () => {
  assert.deepEqual(new Set(rows(USES, {}).map(({ verdict }) => verdict)), new Set(['unknown']));
});

test('what is denied is told with what to ask for', () => {
  assert.deepEqual(lacking({ askFor: ['"Contribute" at Security'], missingScopes: ['Build (read)'] }), [
    { label: 'Ask for', value: '"Contribute" at Security' },
    { label: 'Missing token scope', value: 'Build (read)' },
  ]);
  assert.deepEqual(lacking({}), []);
});
