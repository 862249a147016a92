'use strict';
// The overhead of a node: a message through a node in a flow, compared with the same action called by the adapter's
// client without Node-RED. Rounds of both alternate. The bench fails if the difference of the medians exceeds 1 ms.

const { Serve } = require('../lib/serve');
const { BotRuns } = require('../lib/bot-runs');
const { action, id, row, session, tab } = require('../tests/support/flows');
const { PROGRAM, start } = require('../tests/support/node-red');

const ROUNDS = 20;
const MESSAGES = 100;
const MOST_MILLISECONDS = 1;
const INPUTS = { personalAccessToken: 'env:AZDO_PAT', organizationUrl: 'https://dev.azure.com/fabrikam', projectName: 'Fabrikam' };

/** A flow that sends the requested number of messages through a node, one after the other, and responds with the times */
function flow() {
  const [own, here] = [session(), tab()];
  const node = action('get-project', own);
  const code = (func) => ({ id: id(), type: 'function', func, outputs: 2, libs: [] });
  const begin = code('msg.took = []; msg.began = global.get("now")(); return [msg, null];');
  const end = code(`const now = global.get("now");
    msg.took.push(now() - msg.began);
    if (msg.took.length === ${MESSAGES}) return [null, { ...msg, payload: msg.took }];
    msg.began = now();
    return [msg, null];`);
  const respond = { id: id(), type: 'http response', wires: [] };
  end.wires = [[node.id], [respond.id]];
  const nodes = row(here, { id: id(), type: 'http in', url: '/measure', method: 'post' }, begin, node, end, respond);
  return [here, own, ...nodes];
}

/** Calls the same action without Node-RED; calls the given function at the end */
async function directly(measure) {
  const host = { name: 'bench', version: '1' };
  const serve = new Serve({ program: PROGRAM, args: ['--simulate'], host, lockers: [], resolve: () => undefined, log: () => {} });
  const alive = setInterval(() => {}, 1000);
  try {
    await serve.ready;
    const botRun = await new BotRuns(serve).of(['bench']);
    const execute = (name, inputs) => serve.call('action/execute', { botRun, action: name, inputs });
    const opened = await execute('connect', INPUTS);
    return await measure(() => execute('getProject', { session: opened.session }));
  } finally {
    serve.end();
    clearInterval(alive);
  }
}

async function round(call) {
  const took = [];
  while (took.length < MESSAGES) {
    const began = performance.now();
    await call();
    took.push(performance.now() - began);
  }
  return took;
}

function percentile(sorted, share) {
  return sorted[Math.floor((sorted.length - 1) * share)];
}

async function main() {
  const red = await start({ flows: flow(), settings: 'functionGlobalContext: { now: () => performance.now() },' });
  try {
    const [node, alone] = await directly(async (call) => {
      const found = [[], []];
      // The first round is a warm-up.
      for (let at = 0; at <= ROUNDS; at += 1) {
        const both = [await red.send('measure'), await round(call)];
        if (at > 0) both.forEach((took, which) => found[which].push(...took));
      }
      return found.map((took) => took.sort((a, b) => a - b));
    });
    const print = (what, cells) => console.log(what.padEnd(34) + cells.map((one) => one.padStart(9)).join(''));
    const figures = (sorted) => [0.5, 0.99].map((share) => `${percentile(sorted, share).toFixed(2)} ms`);
    print('per message', ['p50', 'p99']);
    print('a node in a flow', figures(node));
    print('the same action, called directly', figures(alone));
    const [flowed, called] = [percentile(node, 0.5), percentile(alone, 0.5)];
    print('the node adds', [`${(flowed - called).toFixed(2)} ms`, `${(flowed / called).toFixed(2)}x`]);
    if (flowed - called > MOST_MILLISECONDS) process.exitCode = 1;
  } finally {
    await red.stop();
  }
}

main();
