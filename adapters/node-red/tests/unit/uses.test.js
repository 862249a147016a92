'use strict';
// The table of Test: what Check session answers of each use, in the manifest's words.

const assert = require('node:assert/strict');
const test = require('node:test');
const { lacking, rows } = require('../../lib/uses');

const USES = [
  { value: 'repositories.read', label: 'Read repositories' },
  { value: 'pipelines.create', label: 'Create pipelines' },
];

test('each use has its label beside the two answers', () => {
  const one = { use: 'pipelines.create', permissionIs: 'denied', scopeIs: 'read seen', verdict: 'denied' };
  assert.deepEqual(rows(USES, { uses: [one] }), [{ ...one, label: 'Create pipelines' }]);
});

test('of a session that is gone nothing is told', () => {
  assert.deepEqual(rows(USES, { open: false }), []);
});

test('what is denied is told with what to ask for', () => {
  assert.deepEqual(lacking({ askFor: ['"Contribute" at Security'], missingScopes: ['Build (read)'] }), [
    { label: 'Ask for', value: '"Contribute" at Security' },
    { label: 'Missing token scope', value: 'Build (read)' },
  ]);
  assert.deepEqual(lacking({}), []);
});
