'use strict';
// The bot run of a flow is a child of the runtime; that of a sub-flow or called flow is a child of the flow that uses it.

const assert = require('node:assert/strict');
const test = require('node:test');
const { BotRuns, chainOf } = require('../../lib/bot-runs');

/** A process that only records its requests */
function recorder() {
  const said = [];
  const serve = { call: async (method, { id, parent }) => said.push([method.split('/')[1], id, parent].filter(Boolean)) };
  return { runs: new BotRuns(serve), said };
}

test('a chain starts its parents, each once', async () => {
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

test("the end of a flow ends only the bot runs of the flow", async () => {
  const { runs, said } = recorder();
  const ids = {};
  for (const chain of [['a'], ['a', 'b'], ['b'], ['b/c'], ['bc']]) ids[chain] = await runs.of(chain);
  said.length = 0;
  await runs.end('b');
  assert.deepEqual(said.map(([, id]) => id).sort(), [ids['a,b'], ids.b, ids['b/c']].sort());
  assert.notEqual(await runs.of(['b']), ids.b);
  assert.equal(await runs.of(['a']), ids.a);
});

test('the end of the runtime ends only the root, which ends the others', async () => {
  const { runs, said } = recorder();
  await runs.of(['a']);
  const root = await runs.of([]);
  said.length = 0;
  await runs.endAll();
  assert.deepEqual(said, [['end', root]]);
});

test('a failed start is retried', async () => {
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

test('the chain of a message follows its link calls; a flow that is entered again has the same bot run', () => {
  const nodes = { one: { path: 'a/one' }, two: { path: 'b/s/two' }, three: { path: 'a/three' } };
  const RED = { nodes: { getNode: (id) => nodes[id] ?? null }, util: { getSetting: (node) => node.path } };
  const chain = (node, ...callers) => chainOf(RED, nodes[node], { _linkSource: callers.map((id) => ({ node: id })) });
  assert.deepEqual(chain('one'), ['a']);
  assert.deepEqual(chain('two', 'one'), ['a', 'b/s']);
  assert.deepEqual(chain('three', 'one', 'two'), ['a']);
  assert.deepEqual(chain('one', 'gone'), ['a']);
  assert.deepEqual(chainOf(RED, nodes.one, { _linkSource: 'no list' }), ['a']);
});
