'use strict';
// Runs the example of the installed Node-RED package once: node-red-release-day.js RED.JS USER_FOLDER

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const [red, folder] = process.argv.slice(2);
const installed = path.join(folder, 'node_modules', 'node-red-contrib-azure-devops-bot');
const SECONDS = 180;
const PORT = 1880;

const flows = JSON.parse(fs.readFileSync(path.join(installed, 'examples', 'release-day.json'), 'utf8'));
for (const node of flows) if (node.type === 'debug') node.console = true;
fs.writeFileSync(path.join(folder, 'flows.json'), JSON.stringify(flows));
fs.writeFileSync(
  path.join(folder, 'settings.js'),
  `module.exports = { uiHost: '127.0.0.1', uiPort: ${PORT}, flowFile: 'flows.json', credentialSecret: 'tests',
    telemetry: { enabled: false, updateNotification: false }, externalModules: { autoInstall: false } };`,
);

const server = spawn(process.execPath, [red, '--userDir', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
const end = (code, message) => {
  server.kill();
  console.log(message);
  process.exit(code);
};
setTimeout(() => end(1, `the release day did not end within ${SECONDS} s:\n${log}`), SECONDS * 1000);
server.on('exit', (code) => end(1, `Node-RED ended with exit code ${code}:\n${log}`));

let log = '';
let pressed = false;
server.stdout.on('data', (data) => {
  log += data;
  if (/debug:Failed|\[error\]/.test(log)) end(1, log);
  if (/\[debug:Archived\] [0-9a-f]{40}/.test(log)) end(0, 'release day: archived');
  if (pressed || !/Started flows/.test(log)) return;
  pressed = true;
  const button = flows.find((node) => node.type === 'inject');
  fetch(`http://127.0.0.1:${PORT}/inject/${button.id}`, { method: 'POST' }).catch((error) => end(1, `${error}\n${log}`));
});
