'use strict';
// What a node shows below itself, and for how long.

const assert = require('node:assert/strict');
const test = require('node:test');
const { DONE, MILLISECONDS_OF_DONE, NOTHING, RUNNING, failed, shower } = require('../../lib/status');

const FAILED = failed({ code: 'resource.conflict' });

/** A function that shows a status, and the statuses that the node was given */
function shown() {
  const given = [];
  return { given, show: shower({ status: (status) => given.push(status) }) };
}

test('done disappears after some seconds, and a failure stays', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { given, show } = shown();
  show(DONE);
  t.mock.timers.tick(MILLISECONDS_OF_DONE - 1);
  assert.deepEqual(given, [DONE]);
  t.mock.timers.tick(1);
  assert.deepEqual(given, [DONE, NOTHING]);
  show(FAILED);
  t.mock.timers.tick(MILLISECONDS_OF_DONE);
  assert.deepEqual(given.slice(2), [FAILED]);
});

test('a status that follows done stays, and the same status is sent once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { given, show } = shown();
  show(DONE);
  show(RUNNING);
  show(RUNNING);
  t.mock.timers.tick(MILLISECONDS_OF_DONE);
  assert.deepEqual(given, [DONE, RUNNING]);
});

test('each done is shown for its whole time', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { given, show } = shown();
  show(DONE);
  t.mock.timers.tick(MILLISECONDS_OF_DONE - 1);
  show(DONE);
  t.mock.timers.tick(MILLISECONDS_OF_DONE - 1);
  assert.deepEqual(given, [DONE]);
});
