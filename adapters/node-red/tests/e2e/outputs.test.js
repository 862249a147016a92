'use strict';
// The target of a result: an impossible target is an error before the request, and no result is lost.

const assert = require('node:assert/strict');
const test = require('node:test');
const { action, id, served, session, tab } = require('../support/flows');
const { start } = require('../support/node-red');

const script = (func) => ({ id: id(), type: 'function', outputs: 1, libs: [], initialize: '', finalize: '', func });
const place = (output, outputType = 'msg') => ({ output, outputType });

// The node before it, its Output, and the expected error.
const REFUSED = [
  ['msg.payload = 1764412800000', place('payload.result'), /msg\.payload is a number/],
  ['msg.payload = "text"', place('payload.result'), /msg\.payload is a text/],
  ['msg.payload = "text"', place('msg.payload.deep.result'), /msg\.payload is a text/],
  ['msg.payload = { a: null }', place('payload.a.result'), /msg\.payload\.a is null/],
  ['msg.payload = true', place('payload[0].result'), /msg\.payload is true or false/],
  ['msg.payload = [1]', place('payload[0].result'), /msg\.payload\[0\] is a number/],
  ['msg.payload = [1]', place('payload.result'), /msg\.payload is a list/],
  ['msg.payload = Buffer.from("x")', place('payload[0]'), /msg\.payload is a buffer/],
  ['msg.payload = new Date()', place('payload.result'), /msg\.payload is a date/],
  ['msg.payload = new Map()', place('payload.result'), /msg\.payload is no plain object/],
  ['msg.payload = Object.freeze({})', place('payload.result'), /msg\.payload\.result cannot be set/],
  ['msg.payload = Object.freeze({ result: 1 })', place('payload.result'), /msg\.payload\.result cannot be set/],
  ['msg.payload = { get result() { return 1; } }', place('payload.result'), /msg\.payload\.result cannot be set/],
  ['msg.payload = { a: { "b c": "text" } }', place('payload.a["b c"].result'), /msg\.payload\.a\["b c"\] is a text/],
  ['msg.payload = { to: "text" }; msg.name = "to"', place('payload[msg.name].result'), /msg\.payload\.to is a text/],
  ['delete msg.name', place('payload[msg.name]'), /Invalid expression/],
  ['msg.name = "__proto__"', place('payload[msg.name]'), /__proto__ is no property/],
  ['', place('payload.__proto__.result'), /the field Output cannot be used: __proto__ is no property/],
  ['', place('payload["__proto__"]'), /the field Output cannot be used: __proto__ is no property/],
  ['', place(''), /the field Output cannot be used: .*zero-length/],
  ['', place('payload['), /the field Output cannot be used/],
  ['', place('payload', 'str'), /the field Output cannot be used: "str" is none of msg, flow, global/],
  ['', place('${NO_SUCH_VARIABLE}'), /the environment variable NO_SUCH_VARIABLE, which is not set/],
  ['flow.set("taken", "text")', place('taken.result', 'flow'), /flow\.taken is a text/],
  ['flow.set("list", [{ a: 1 }])', place('list[0].a.result', 'flow'), /flow\.list\[0\]\.a is a number/],
  ['global.set("taken", 7)', place('#:(default)::taken.deep.result', 'global'), /global\.taken is a number/],
  ['flow.set("taken", "text"); msg.name = "taken"', place('x[msg.name].y', 'flow'), undefined],
  ['flow.set("x", { taken: 1 }); msg.name = "taken"', place('x[msg.name].y', 'flow'), /flow\.x\.taken is a number/],
  ['', place('__proto__.result', 'flow'), /the field Output cannot be used: __proto__ is no property/],
];

test('an Output that cannot store the result is refused before a request is sent', async (t) => {
  const flow = tab();
  const own = session();
  const flows = REFUSED.map(([before, output], at) => {
    const create = action('create-repository', own, { name: ['str', `lost-${at}`] }, { ...output, name: 'Make it' });
    return served(flow, `place/${at}`, script(`${before}; return msg;`), create);
  });
  const red = await start({ flows: [flow, own, ...flows.flat(), ...served(flow, 'list', action('list-repositories', own))] });
  t.after(() => red.stop());
  for (const [at, [before, { output }, said]] of REFUSED.entries()) {
    const { error } = await red.send(`place/${at}`);
    const made = (await red.send('list')).some(({ name }) => name === `lost-${at}`);
    assert.equal(made, said === undefined, `${before} ${output}`);
    if (!said) continue;
    assert.equal(error?.code, 'input.invalid', `${before} ${output}`);
    assert.match(error.message, said);
    assert.match(error.message, /Create repository "Make it": /);
  }
});

// Possible targets of a result.
const TAKEN = [
  ['', place('payload'), 'msg.payload'],
  ['', place('result'), 'msg.result'],
  ['delete msg.payload', place('payload.a.b'), 'msg.payload.a.b'],
  ['msg.payload = [1]', place('payload[1]'), 'msg.payload[1]'],
  ['msg.payload = { a: 1 }', place('payload["b c"].d'), 'msg.payload["b c"].d'],
  ['msg.name = "here"', place('payload[msg.name]'), 'msg.payload.here'],
  ['flow.set("there", { a: 1 })', place('there.b.c', 'flow'), 'flow.get("there.b.c")'],
  ['', place('fresh.b', 'global'), 'global.get("fresh.b")'],
  ['msg.name = "here"', place('one[msg.name]', 'flow'), 'flow.get("one.here")'],
];

test('a possible Output gets the result', async (t) => {
  const flow = tab();
  const own = session();
  const flows = TAKEN.map(([before, output, now], at) => {
    const get = action('get-project', own, {}, output);
    return served(flow, `place/${at}`, script(`${before}; return msg;`), get, script(`msg.payload = { found: ${now} }; return msg;`));
  });
  const bare = action('get-project', own);
  delete bare.output;
  delete bare.outputType;
  const red = await start({ flows: [flow, own, ...flows.flat(), ...served(flow, 'bare', bare)] });
  t.after(() => red.stop());
  for (const [at, [before, { output }]] of TAKEN.entries()) {
    assert.equal((await red.send(`place/${at}`)).found?.name, 'Fabrikam', `${before} ${output}`);
  }
  assert.equal((await red.send('bare')).name, 'Fabrikam', 'a flow without an Output has it in the payload');
});

test('if the target changes while the action runs, the error has the result', async (t) => {
  const flow = tab();
  const own = session();
  // The first value is an object, later values are not.
  const fickle = `let asked = 0;
    Object.defineProperty(msg, 'payload', { enumerable: true, configurable: true, get: () => ((asked += 1) > 1 ? 'text' : {}) });
    return msg;`;
  const forgetful = "Object.defineProperty(msg, 'payload', { enumerable: true, configurable: true, get: () => ({}) }); return msg;";
  const deaf = "Object.defineProperty(msg.payload, 'result', { enumerable: true, get: () => 1, set: () => {} }); return msg;";
  const create = (name) => action('create-repository', own, { name: ['str', name] }, place('payload.result'));
  const red = await start({
    flows: [
      ...[flow, own],
      ...served(flow, 'fickle', script(fickle), create('fickle')),
      ...served(flow, 'forgetful', script(forgetful), create('forgetful')),
      ...served(flow, 'deaf', script(deaf), create('deaf')),
    ],
  });
  t.after(() => red.stop());
  for (const [name, why] of [['fickle', /msg\.payload is a text/], ['forgetful', /does not keep it/], ['deaf', /does not keep it/]]) {
    const { error } = await red.send(name);
    assert.equal(error.code, 'output.not_stored');
    assert.equal(error.cause.outputs.name, name);
    assert.match(error.message, /the action was carried out, and its result cannot be put into msg\.payload\.result/);
    assert.match(error.message, why);
    assert.ok(error.message.includes(`"name":"${name}"`), 'it can be read without a catch node');
  }
});

test('a session for a message property is not opened if the property cannot store it', async (t) => {
  const flow = tab();
  const carried = (variable) => session({ scope: 'VARIABLE', variable, sessionName: variable, name: variable });
  const [below, same, good, proto] = [carried('payload.text.session'), carried('payload'), carried('a.b'), carried('__proto__.x')];
  const red = await start({
    flows: [
      ...[flow, below, same, good, proto],
      ...served(flow, 'below', action('connect', below, {}, place('result'))),
      ...served(flow, 'same', action('connect', same)),
      ...served(flow, 'good', action('connect', good), action('get-project', good)),
      ...served(flow, 'proto', action('connect', proto)),
      ...served(flow, 'without', action('get-project', good)),
    ],
  });
  t.after(() => red.stop());
  const error = async (where) => (await red.send(where, { text: 'text' })).error.message;
  assert.match(await error('below'), /session "payload\.text\.session": the session cannot be put into msg\.payload\.text\.session: msg\.payload\.text is a text/);
  assert.match(await error('same'), /Connect: the field Output is msg\.payload, and the session goes into msg\.payload/);
  assert.match(await error('proto'), /the field Variable cannot be used: __proto__ is no property/);
  assert.match(await error('without'), /session "a\.b": msg\.a\.b holds no session; it is not there/);
  assert.equal((await red.send('good', { text: 'text' })).name, 'Fabrikam');
});
