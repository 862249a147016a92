'use strict';
// A Node-RED of its own for a test: a user directory with this package in it, a free port, everything it writes kept.

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const PACKAGE = path.join(__dirname, '..', '..');
const PROJECT = path.join(PACKAGE, '..', '..');
const INSTALLED = path.join(PROJECT, 'target', 'node-red', 'node_modules');
const SECONDS_TO_START = 60;

/** Node-RED with these flows; `settings` is JavaScript for the settings file, `flows` its flow file's content */
async function start({ version = 'node-red', settings = '', flows, environment = {}, folder } = {}) {
  const home = folder || fs.mkdtempSync(path.join(os.tmpdir(), 'azdo-node-red-'));
  fs.mkdirSync(path.join(home, 'node_modules'), { recursive: true });
  const link = path.join(home, 'node_modules', 'node-red-contrib-azure-devops-bot');
  if (!fs.existsSync(link)) fs.symlinkSync(PACKAGE, link, 'junction');
  if (flows) fs.writeFileSync(path.join(home, 'flows.json'), JSON.stringify(flows));
  const port = await freePort();
  fs.writeFileSync(
    path.join(home, 'settings.js'),
    `module.exports = { uiHost: '127.0.0.1', uiPort: ${port}, flowFile: 'flows.json', credentialSecret: 'tests',
      telemetry: { enabled: false, updateNotification: false }, editorTheme: { tours: false, codeEditor: { lib: 'ace' } },
      externalModules: { autoInstall: false }, logging: { console: { level: 'trace', audit: true } },
      contextStorage: { default: { module: 'localfilesystem', config: { flushInterval: 1 } } }, ${settings} };`,
  );
  const log = path.join(home, 'log.txt');
  const out = fs.openSync(log, 'a');
  const child = spawn(process.execPath, [path.join(INSTALLED, version, 'red.js'), '--userDir', home], {
    stdio: ['ignore', out, out],
    env: { PATH: process.env.PATH, HOME: home, AZDO_BOT: process.env.AZDO_BOT, ...environment },
  });
  fs.closeSync(out);
  const url = `http://127.0.0.1:${port}`;
  const written = () => fs.readFileSync(log, 'utf8');
  const running = new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`Node-RED ended (${code}):\n${written()}`))));
  running.catch(() => {});
  await Promise.race([running, until(() => answers(url), SECONDS_TO_START, () => `Node-RED does not answer:\n${written()}`)]);
  return {
    url,
    home,
    child,
    log: written,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null) child.kill('SIGTERM');
      else return;
      await ended;
    },
    remove: () => fs.rmSync(home, { recursive: true, force: true }),
  };
}

async function answers(url) {
  try {
    // The flows are started when the runtime says so.
    const response = await fetch(`${url}/flows/state`);
    return response.status < 500;
  } catch {
    return false;
  }
}

/** Waits for a condition that another process makes true */
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

module.exports = { INSTALLED, PACKAGE, PROJECT, start, until };
