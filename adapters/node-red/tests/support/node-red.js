'use strict';
// A separate Node-RED for a test: a user directory with this package, a free port, and a record of its output.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const PACKAGE = path.join(__dirname, '..', '..');
const PROJECT = path.join(PACKAGE, '..', '..');
const INSTALLED = path.join(PROJECT, 'target', 'node-red', 'node_modules');
const PROGRAM = process.env.AZDO_BOT || path.join(PROJECT, 'target', 'debug', 'azdo-bot');
const WITH_THE_TEST = path.join(__dirname, 'with-the-test.js');
const SECONDS_TO_START = 60;
const SECONDS_TO_ANSWER = 30;

/**
 * Node-RED with these flows; `settings` is JavaScript for the settings file, `flows` the content of the flow file, and
 * `under` the words of a command that runs another one
 */
async function start({ version = 'node-red', settings = '', flows, environment = {}, folder, under = [] } = {}) {
  const home = folder || fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-node-red-'));
  fs.mkdirSync(path.join(home, 'node_modules'), { recursive: true });
  const link = path.join(home, 'node_modules', 'node-red-contrib-azure-devops-bot');
  if (!fs.existsSync(link)) fs.symlinkSync(PACKAGE, link, 'junction');
  if (flows) fs.writeFileSync(path.join(home, 'flows.json'), JSON.stringify(flows));
  const port = await freePort();
  fs.writeFileSync(
    path.join(home, 'settings.js'),
    `module.exports = { uiHost: '127.0.0.1', uiPort: ${port}, flowFile: 'flows.json', credentialSecret: 'tests',
      telemetry: { enabled: false, updateNotification: false }, editorTheme: { tours: false, palette: { catalogues: [] } },
      externalModules: { autoInstall: false }, logging: { console: { level: 'trace', audit: true } },
      contextStorage: { default: { module: 'localfilesystem', config: { flushInterval: 1 } } }, ${settings} };`,
  );
  const log = path.join(home, 'log.txt');
  const out = fs.openSync(log, 'a');
  const command = [process.execPath, '--require', WITH_THE_TEST, path.join(INSTALLED, version, 'red.js'), '--userDir', home];
  const [program, ...words] = [...under, ...command];
  const child = spawn(program, words, {
    stdio: ['ignore', out, out, 'ipc'],
    env: { PATH: process.env.PATH, HOME: home, AZDO_BOT: PROGRAM, ...environment },
  });
  fs.closeSync(out);
  const url = `http://127.0.0.1:${port}`;
  const written = () => fs.readFileSync(log, 'utf8');
  const running = new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`Node-RED ended (${code}):\n${written()}`))));
  running.catch(() => {});
  const started = async () => /Started flows/.test(written()) && answers(url);
  try {
    await Promise.race([running, until(started, SECONDS_TO_START, () => `Node-RED does not start:\n${written()}`)]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url,
    home,
    child,
    log: written,
    /** Replaces the flows; `type` selects the parts to restart */
    async deploy(nodes, type = 'full') {
      const headers = { 'Content-Type': 'application/json', 'Node-RED-Deployment-Type': type };
      await this.deployedBy(async () => {
        const response = await fetch(`${url}/flows`, { method: 'POST', headers, body: JSON.stringify(nodes) });
        if (!response.ok) throw new Error(`not deployed: ${await response.text()}`);
      });
    },
    /** Runs a function that deploys, and waits until the new flows run: Node-RED responds before that */
    async deployedBy(act) {
      const started = () => written().match(/Started (modified )?(flows|nodes)/g).length;
      const before = started();
      await act();
      await until(() => started() > before, SECONDS_TO_ANSWER, written);
    },
    /** Sends a message to an `http in` node and returns the result of the flow */
    async send(place, body = {}) {
      const headers = { 'Content-Type': 'application/json' };
      const signal = AbortSignal.timeout(SECONDS_TO_ANSWER * 1000);
      const response = await fetch(`${url}/${place}`, { method: 'POST', headers, body: JSON.stringify(body), signal });
      return response.json();
    },
    /** Ends Node-RED and removes its files, unless they are kept until `remove` */
    async stop({ keep = Boolean(folder) } = {}) {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      if (!keep) this.remove();
    },
    remove: () => fs.rmSync(home, { recursive: true, force: true }),
  };
}

async function answers(url) {
  try {
    return (await fetch(`${url}/flows/state`)).ok;
  } catch {
    return false;
  }
}

/** Waits for a condition that depends on another process */
async function until(condition, seconds, complain) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(complain());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

module.exports = { INSTALLED, PACKAGE, PROGRAM, start, until };
