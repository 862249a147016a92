'use strict';
// The table of Test: the result of Check session for each use, with the labels of the manifest.

const assert = require('node:assert/strict');
const test = require('node:test');
const { lacking, rows, verdict } = require('../../lib/uses');

const USES = [
  { value: 'repositories.read', label: 'Read repositories' },
  { value: 'pipelines.create', label: 'Create pipelines' },
];

test('each use has its label beside the two results', () => {
  const one = { use: 'pipelines.create', permissionIs: 'denied', scopeIs: 'read seen', verdict: 'denied' };
  assert.deepEqual(rows(USES, { uses: [one] }), [{ ...one, label: 'Create pipelines' }]);
});

test('the verdict counts the uses, and names who is signed in', () => {
  const uses = (...verdicts) => ({ uses: verdicts.map((is) => ({ verdict: is })) });
  const said = [
    [uses('granted', 'unknown', 'granted', 'unknown'), 'Signed in as Bot Runner. 2 uses confirmed, nothing denied, 2 can only be seen when used.', 0],
    [uses('granted', 'denied'), 'Signed in as Bot Runner. 1 use confirmed, 1 denied.', 1],
    [{}, 'Signed in as Bot Runner. 0 uses confirmed, nothing denied.', 0],
  ];
  for (const [outputs, sentence, denied] of said) assert.deepEqual(verdict('Bot Runner', outputs), { sentence, denied });
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
