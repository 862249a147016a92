'use strict';
// Flows in a real Node-RED against the simulator.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { action, id, row, served, session, tab } = require('../support/flows');
const { PACKAGE, start, until } = require('../support/node-red');

async function runtime(t, flows, more) {
  const red = await start({ flows, ...more });
  t.after(() => red.stop());
  return red;
}

for (const version of ['node-red', 'node-red-4']) {
  test(`the example's release day runs in ${version}, twice`, async (t) => {
    const flows = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'examples', 'release-day.json'), 'utf8'));
    for (const node of flows) if (node.type === 'debug') node.console = true;
    const red = await runtime(t, flows, { version });
    const button = flows.find((node) => node.type === 'inject');
    for (const run of [1, 2]) {
      const response = await fetch(`${red.url}/inject/${button.id}`, { method: 'POST' });
      assert.equal(response.status, 200);
      const archived = () => red.log().match(/\[debug:Archived\] [0-9a-f]{40}/g)?.length === run;
      await until(archived, 60, red.log);
      assert.match(red.log(), new RegExp(`\\[debug:Released\\] http://127\\.0\\.0\\.1:.*buildId=${run}`));
      assert.doesNotMatch(red.log(), /debug:Failed|\[error\]/);
    }
  });
}

test('each of a thousand messages, 32 in flight, gets one response', async (t) => {
  const flow = tab();
  const shared = session({ scope: 'GLOBAL' });
  const one = action('get-project', shared);
  const red = await runtime(t, [flow, shared, ...served(flow, 'project', one)]);
  let left = 1000;
  const names = [];
  const worker = async () => {
    while ((left -= 1) >= 0) names.push((await red.send('project')).name);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  assert.equal(names.length, 1000);
  assert.deepEqual([...new Set(names)], ['Fabrikam']);
});

test('fields are read from their sources, and errors go to catch nodes', async (t) => {
  const flow = tab({ env: [{ name: 'REPOSITORY', value: 'from-the-flow', type: 'str' }] });
  const own = session();
  const create = (type, value) => action('create-repository', own, { name: [type, value] });
  const red = await runtime(t, [
    ...[flow, own],
    ...served(flow, 'text', create('str', 'typed-in')),
    ...served(flow, 'message', create('msg', 'payload.name')),
    ...served(flow, 'environment', create('env', 'REPOSITORY')),
    ...served(flow, 'expression', create('jsonata', '"made-of-" & payload.part')),
    ...served(flow, 'number', action('get-pipeline-run', own, { id: ['msg', 'payload.id'] })),
    ...served(flow, 'context', action('list-repositories', own, {}, { output: 'found', outputType: 'flow' }), {
      ...{ id: id(), type: 'change' },
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'found', tot: 'flow' }],
    }),
    ...served(flow, 'nobody', action('list-repositories', { id: '' })),
  ]);
  assert.equal((await red.send('text')).name, 'typed-in');
  assert.equal((await red.send('message', { name: 'from-the-message' })).name, 'from-the-message');
  assert.equal((await red.send('environment')).name, 'from-the-flow');
  assert.equal((await red.send('expression', { part: 'parts' })).name, 'made-of-parts');
  const listed = (await red.send('context')).map((one) => one.name);
  assert.ok(['typed-in', 'from-the-message', 'from-the-flow', 'made-of-parts'].every((name) => listed.includes(name)));

  const taken = (await red.send('text')).error;
  assert.equal(taken.code, 'resource.conflict');
  assert.match(taken.message, /^Could not create the repository "typed-in".* \(resource\.conflict\)$/);
  assert.match(taken.cause.help, /^Use another name/);
  assert.equal(taken.source.type, 'azdo-create-repository');
  const missing = (await red.send('message')).error;
  assert.equal(missing.code, 'input.invalid');
  assert.match(missing.message, /Create repository: the field Name is read from msg\.payload\.name, which is not there/);
  assert.equal((await red.send('number', { id: 'seven' })).error.code, 'input.invalid');
  assert.equal((await red.send('nobody')).error.code, 'session.not_found');
});

test('the audit trail names the flow and the node', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'audit-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const [config, audit] = ['azdo-bot.toml', 'audit.jsonl'].map((name) => path.join(folder, name));
  fs.writeFileSync(config, `[audit]\nfile = ${JSON.stringify(audit)}\n`);
  const flow = tab();
  const own = session();
  const create = action('create-repository', own, { name: ['str', 'shop'] });
  const red = await runtime(t, [flow, own, ...served(flow, 'create', create)], { environment: { AZDO_BOT_CONFIG: config } });
  assert.equal((await red.send('create')).name, 'shop');
  const lines = fs.readFileSync(audit, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  const seen = lines.map(({ action: name, phase, host, place }) => [name, phase, host.name, place.bot, place.node]);
  assert.deepEqual(seen, [
    ['connect', 'finished', 'Node-RED', undefined, own.id],
    ['createRepository', 'started', 'Node-RED', flow.id, create.id],
    ['createRepository', 'finished', 'Node-RED', flow.id, create.id],
  ]);
});

test('a local session is for its flow, a global one for all flows, one in a variable for the flow of the message', async (t) => {
  const [one, two] = [tab(), tab()];
  const local = session({ sessionName: 'Local' });
  const global = session({ scope: 'GLOBAL', sessionName: 'Global' });
  const carried = session({ scope: 'VARIABLE', inputProjectName: 'Archive' });
  const red = await runtime(t, [
    ...[one, two, local, global, carried],
    ...served(one, 'one/local', action('connect', local)),
    ...served(two, 'two/local', action('check-session', local)),
    ...served(two, 'two/open', action('connect', local)),
    ...served(one, 'one/global', action('connect', global)),
    ...served(two, 'two/global', action('check-session', global)),
    ...served(one, 'carried', action('connect', carried), action('get-project', carried)),
    ...served(one, 'lost', action('get-project', carried)),
  ]);
  assert.equal((await red.send('one/local')).reused, false);
  assert.equal((await red.send('one/local')).reused, true);
  assert.equal((await red.send('two/local')).open, false);
  assert.equal((await red.send('two/open')).reused, false);
  assert.equal((await red.send('two/local')).open, true);
  assert.equal((await red.send('one/global')).reused, false);
  assert.equal((await red.send('two/global')).open, true);
  assert.equal((await red.send('carried')).name, 'Archive');
  const lost = (await red.send('lost')).error;
  assert.equal(lost.code, 'session.not_found');
  assert.match(lost.message, /msg\.session holds no session/);
});

test('a stored token is not sent to the organization of a message; an unused one does not restrict it', async (t) => {
  const flow = tab();
  const asked = { inputOrganizationUrl: 'payload.url', inputOrganizationUrlType: 'msg', inputEntraCredential: '', inputEntraCredentialType: 'stored' };
  const byReference = session(asked);
  const stored = session({ ...asked, inputPersonalAccessToken: '', inputPersonalAccessTokenType: 'stored' });
  const get = (own) => action('get-project', own);
  const red = await runtime(t, [flow, byReference, stored, ...served(flow, 'reference', get(byReference)), ...served(flow, 'stored', get(stored))]);
  const url = { url: 'https://dev.azure.com/fabrikam' };
  assert.equal((await red.send('reference', url)).name, 'Fabrikam');
  const { error } = await red.send('stored', url);
  assert.equal(error.code, 'credential.organization_mismatch');
  assert.match(error.message, /Azure DevOps session "Fabrikam": a stored token does not follow the Organization URL of a message/);
});

test('after Disconnect the next message opens the session again, also with many messages at once', async (t) => {
  const flow = tab();
  const own = session();
  const red = await runtime(t, [
    ...[flow, own],
    ...served(flow, 'work', action('get-project', own)),
    ...served(flow, 'check', action('check-session', own)),
    ...served(flow, 'end', action('disconnect', own)),
  ]);
  assert.equal((await red.send('check')).open, false);
  for (let round = 0; round < 3; round += 1) {
    const worked = await Promise.all(Array.from({ length: 8 }, () => red.send('work')));
    assert.deepEqual(worked.map(({ name }) => name), Array(8).fill('Fabrikam'));
    assert.equal((await red.send('check')).open, true);
    assert.equal((await red.send('end')).closed, 'local session "Default"');
    assert.equal((await red.send('check')).open, false);
  }
});

test('sub-flows and called flows have their own bot runs below the flow that uses them', async (t) => {
  const [flow, called] = [tab(), tab()];
  const local = session();
  const check = action('check-session', local);
  const inside = { id: id(), type: 'subflow', name: 'Inside', in: [{ wires: [{ id: check.id }] }], out: [{ wires: [{ id: check.id, port: 0 }] }] };
  const [enter, ...rest] = row(called, { id: id(), type: 'link in', links: [] }, action('check-session', local), { id: id(), type: 'link out', mode: 'return', links: [], wires: [] });
  const red = await runtime(t, [
    ...[flow, called, local, inside, { ...check, z: inside.id, wires: [[]] }, enter, ...rest],
    ...served(flow, 'open', action('connect', local)),
    ...served(flow, 'own', action('check-session', local)),
    ...served(flow, 'inside', { id: id(), type: `subflow:${inside.id}` }),
    ...served(flow, 'called', { id: id(), type: 'link call', links: [enter.id], linkType: 'static', timeout: '30' }),
  ]);
  assert.equal((await red.send('open')).reused, false);
  assert.equal((await red.send('own')).open, true);
  assert.equal((await red.send('inside')).open, false);
  assert.equal((await red.send('called')).open, false);
});

const PIPELINE = { '/azure-pipelines.yml': 'steps:\n- script: echo\n' };

/** A flow that starts a pipeline run, waits for it, and logs the status of the waiting node */
function waiting(flow, own) {
  const wait = action('wait-for-pipeline-run', own, { id: ['msg', 'payload.id'] });
  const status = { id: id(), type: 'status', scope: [wait.id] };
  const debug = { id: id(), type: 'debug', name: 'Status', active: true, console: true, complete: 'status.text', targetType: 'msg', wires: [] };
  const nodes = served(
    flow,
    'wait',
    action('create-repository', own, { name: ['str', 'slow'] }),
    action('commit-files', own, { repository: ['str', 'slow'], branch: ['str', 'main'], message: ['str', 'It'], files: ['json', JSON.stringify(PIPELINE)] }),
    action('create-pipeline', own, { name: ['str', 'slow'], repository: ['str', 'slow'], path: ['str', '/azure-pipelines.yml'] }),
    action('run-pipeline', own, { pipeline: ['str', 'slow'] }),
    wait,
  );
  return [...nodes, ...row(flow, status, debug)];
}

const waits = (red) => until(() => /\[debug:Status\] pipeline run 1 is/.test(red.log()), 30, red.log);

test('when the program is killed, waiting messages get an error, and the next message starts it again', async (t) => {
  const flow = tab();
  const own = session();
  const red = await runtime(t, [flow, own, ...waiting(flow, own), ...served(flow, 'work', action('get-project', own))]);
  const waiter = red.send('wait');
  await waits(red);
  const program = childOf(red.child.pid);
  process.kill(program, 'SIGKILL');
  const { error } = await waiter;
  assert.equal(error.code, 'internal');
  assert.match(error.message, /azdo-bot has ended \(signal SIGKILL\), and every session with it/);
  assert.equal((await red.send('work')).name, 'Fabrikam');
  assert.notEqual(childOf(red.child.pid), program);
});

test('a deploy ends waiting actions and their sessions; the end of Node-RED ends the program', async (t) => {
  const flow = tab();
  const own = session({ scope: 'GLOBAL' });
  const flows = [flow, own, ...waiting(flow, own), ...served(flow, 'check', action('check-session', own))];
  const red = await runtime(t, flows);
  red.send('wait').catch(() => 'the deploy cuts off the request, too');
  await waits(red);
  const program = childOf(red.child.pid);
  await red.deploy(flows);
  assert.equal((await red.send('check')).open, false);
  assert.equal(childOf(red.child.pid), program, 'the program still runs');
  await red.stop();
  await until(() => !alive(program), 5, () => 'the program is still there');
});

test('without the program other flows continue, and the nodes report what is missing', async (t) => {
  const flow = tab();
  const own = session();
  const echo = { id: id(), type: 'change', rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '{"here":true}', tot: 'json' }] };
  const flows = [flow, own, ...served(flow, 'echo', echo), ...served(flow, 'work', action('get-project', own))];
  const red = await runtime(t, flows, { environment: { AZDO_BOT: '/nowhere/azdo-bot' } });
  assert.deepEqual(await red.send('echo'), { here: true });
  const { error } = await red.send('work');
  assert.equal(error.code, 'internal');
  assert.match(error.message, /"\/nowhere\/azdo-bot".* is not a program that can be run/);
  assert.match(red.log(), /\[error\] Azure DevOps: "\/nowhere\/azdo-bot"/);
});

/** The program's process that a Node-RED started */
function childOf(pid) {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map(Number).find((child) => fs.readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('serve'));
}

function alive(pid) {
  try {
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
