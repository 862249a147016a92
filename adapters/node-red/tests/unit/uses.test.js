'use strict';
// The table of Test: the result of Check session for each use, with the labels of the manifest.

const assert = require('node:assert/strict');
const test = require('node:test');
const { lacking, rows } = require('../../lib/uses');

const USES = [
  { value: 'repositories.read', label: 'Read repositories' },
  { value: 'pipelines.create', label: 'Create pipelines' },
];

test('each use has its label beside the two results', () => {
  const one = { use: 'pipelines.create', permissionIs: 'denied', scopeIs: 'read seen', verdict: 'denied' };
  assert.deepEqual(rows(USES, { uses: [one] }), [{ ...one, label: 'Create pipelines' }]);
});

test('a closed session has no rows', () => {
  assert.deepEqual(rows(USES, { open: false }), []);
});

test('denied uses are listed with the permissions and scopes to request', () => {
  assert.deepEqual(lacking({ askFor: ['"Contribute" at Security'], missingScopes: ['Build (read)'] }), [
    { label: 'Ask for', value: '"Contribute" at Security' },
    { label: 'Missing token scope', value: 'Build (read)' },
  ]);
  assert.deepEqual(lacking({}), []);
});
