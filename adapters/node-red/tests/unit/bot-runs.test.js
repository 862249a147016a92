'use strict';
// Flows are children of the runtime, sub-flows and called flows children of the flow that uses them.

const assert = require('node:assert/strict');
const test = require('node:test');
const { BotRuns, chainOf } = require('../../lib/bot-runs');

/** A process that only remembers what it was told */
function recorder() {
  const said = [];
  const serve = { call: async (method, { id, parent }) => said.push([method.split('/')[1], id, parent].filter(Boolean)) };
  return { runs: new BotRuns(serve), said };
}

test('a chain starts what it stands on, once', async () => {
  const { runs, said } = recorder();
  const [inner, again, flow] = await Promise.all([runs.of(['a', 'b/c']), runs.of(['a', 'b/c']), runs.of(['a'])]);
  const root = await runs.of([]);
  const called = await runs.of(['a', 'b']);
  assert.equal(inner, again);
  assert.deepEqual(said, [
    ['start', root],
    ['start', flow, root],
    ['start', called, flow],
    ['start', inner, called],
  ]);
});

test("a flow's end ends what it is part of, and nothing else", async () => {
  const { runs, said } = recorder();
  const ids = {};
  for (const chain of [['a'], ['a', 'b'], ['b'], ['b/c'], ['bc']]) ids[chain] = await runs.of(chain);
  said.length = 0;
  await runs.end('b');
  assert.deepEqual(said.map(([, id]) => id).sort(), [ids['a,b'], ids.b, ids['b/c']].sort());
  assert.notEqual(await runs.of(['b']), ids.b);
  assert.equal(await runs.of(['a']), ids.a);
});

test('the end of all ends the root alone, which takes the rest with it', async () => {
  const { runs, said } = recorder();
  await runs.of(['a']);
  const root = await runs.of([]);
  said.length = 0;
  await runs.endAll();
  assert.deepEqual(said, [['end', root]]);
});

test('what could not be started is tried again', async () => {
  let fails = true;
  const runs = new BotRuns({
    call: async () => {
      if (fails) throw new Error('not yet');
    },
  });
  await assert.rejects(runs.of(['a']), { message: 'not yet' });
  fails = false;
  assert.ok(await runs.of(['a']));
});

test('the chain of a message follows its link calls, and a flow entered again is the same', () => {
  const nodes = { one: { path: 'a/one' }, two: { path: 'b/s/two' }, three: { path: 'a/three' } };
  const RED = { nodes: { getNode: (id) => nodes[id] ?? null }, util: { getSetting: (node) => node.path } };
  const chain = (node, ...callers) => chainOf(RED, nodes[node], { _linkSource: callers.map((id) => ({ node: id })) });
  assert.deepEqual(chain('one'), ['a']);
  assert.deepEqual(chain('two', 'one'), ['a', 'b/s']);
  assert.deepEqual(chain('three', 'one', 'two'), ['a']);
  assert.deepEqual(chain('one', 'gone'), ['a']);
  assert.deepEqual(chainOf(RED, nodes.one, { _linkSource: 'no list' }), ['a']);
});
