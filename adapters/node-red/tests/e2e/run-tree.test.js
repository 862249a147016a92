'use strict';
// A Node-RED that is started as a part of a run tree: its sessions are those of the tree.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const test = require('node:test');
const { action, served, session, tab } = require('../support/flows');
const { PACKAGE, PROGRAM, start } = require('../support/node-red');

const LOGIN = path.join(PACKAGE, '..', '..', 'examples', 'bots', 'login.bot.json');

/** Starts the program for the time of the test, and returns the line of JSON that it prints */
async function running(t, ...args) {
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const [line] = await once(readline.createInterface(child.stdout), 'line');
  return JSON.parse(line);
}

/** A bot file that opens the global session Default of this organization, with the credential of the flows */
function login(file, url) {
  const bot = JSON.parse(fs.readFileSync(LOGIN, 'utf8'));
  const connect = bot.nodes.find((node) => node.commandName === 'connect');
  const attribute = (of, name) => of.find((one) => one.name === name);
  attribute(connect.attributes, 'organizationUrl').value = { type: 'STRING', string: url };
  const [token] = attribute(connect.attributes, 'authenticationMethod').attributes;
  token.value = { type: 'STRING', expression: '$token$' };
  bot.variables.push({ ...bot.variables[0], name: 'token', input: false, defaultValue: { type: 'STRING', string: 'env:AZDO_PAT' } });
  fs.writeFileSync(file, JSON.stringify(bot));
}

test('a Node-RED below run-tree uses the session that another process of the tree opened', async (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-tree-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const { organizationUrl: url, token } = await running(t, 'simulate', '--json');
  const [config, bot] = ['azdo-bot.toml', 'login.bot.json'].map((name) => path.join(folder, name));
  const settings = `
    sessions = { store = "broker", broker_folder = ${JSON.stringify(path.join(folder, 'run'))} }
    network = { allow_loopback_http = true }
    [lockers."devops/azdo/pat"]
    reference = "env:AZDO_PAT"
    organization = "${url}"
  `;
  fs.writeFileSync(config, settings, { mode: 0o600 });
  login(bot, url);
  await running(t, 'broker', '--json', '--config', config);

  const flow = tab();
  const shared = session({ scope: 'GLOBAL', simulate: false, inputOrganizationUrl: url, inputIfSessionExists: 'REUSE' });
  const flows = [
    ...[flow, shared],
    ...served(flow, 'check', action('check-session', shared)),
    ...served(flow, 'connect', action('connect', shared)),
    ...served(flow, 'project', action('get-project', shared)),
  ];
  const environment = { AZDO_BOT_CONFIG: config, AZDO_PAT: token };
  // The other process has ended when Node-RED starts; its session lives as long as the tree.
  const script = '"$0" run "$1" --config "$2" && shift 2 && exec "$@"';
  const under = [PROGRAM, 'run-tree', '--config', config, '--', 'sh', '-c', script, PROGRAM, bot, config];
  const red = await start({ flows, environment, under });
  t.after(() => red.stop());
  const checked = await red.send('check');
  assert.equal(checked.open, true, JSON.stringify(checked));
  const connected = await red.send('connect');
  assert.equal(connected.reused, true, JSON.stringify(connected));
  assert.equal((await red.send('project')).name, 'Fabrikam');

  const alone = await start({ flows, environment });
  t.after(() => alone.stop());
  assert.equal((await alone.send('check')).open, false, 'it is a tree of its own');
});
