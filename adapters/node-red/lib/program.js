'use strict';
// Finds and runs the `azdo-bot` program.

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const own = require('../package.json');

const PROGRAM = process.platform === 'win32' ? 'azdo-bot.exe' : 'azdo-bot';
/** The npm package with the program for this system, which npm installs as an optional dependency */
const PROGRAM_PACKAGE = `azdo-bot-${process.platform}-${process.arch}`;
const MOST_TO_READ = 16 * 1024 * 1024;
const MILLISECONDS_TO_ANSWER = 30_000;

/**
 * The operator's settings: `azureDevOps` of Node-RED's settings file, else the environment of Node-RED. A flow cannot
 * change them.
 */
function operator(settings, environment) {
  const own = settings.azureDevOps || {};
  return { program: own.program || environment.AZDO_BOT, config: own.config || environment.AZDO_BOT_CONFIG };
}

/** Where the program of the package is: built from its source, or in the npm package for this system */
function places(from = __dirname) {
  const built = path.join(from, '..', 'bin', PROGRAM);
  try {
    const installed = require.resolve(`${PROGRAM_PACKAGE}/package.json`, { paths: [from] });
    return [built, path.join(path.dirname(installed), 'bin', PROGRAM)];
  } catch {
    return [built];
  }
}

/** The program that the operator names; else the package's own; else the one on the path */
function find(named, environment, bundled = places()) {
  if (named) {
    const found = path.basename(named) === named ? onPath(named, environment) : runnable(path.resolve(named));
    if (!found) {
      throw new Error(`${JSON.stringify(named)}, which the settings or AZDO_BOT name, is not a program that can be run.`);
    }
    return found;
  }
  const found = bundled.map(runnable).find(Boolean) || onPath(PROGRAM, environment);
  if (!found) {
    throw new Error(
      `The program ${PROGRAM} is not there, and neither is the npm package ${PROGRAM_PACKAGE}. Install that package, or put the program on the path, or ` +
        "name it as azureDevOps.program in Node-RED's settings or in the environment variable AZDO_BOT. In the source, " +
        `\`cargo install --locked --path . --root adapters/node-red\` builds it. Then start Node-RED again.`,
    );
  }
  return found;
}

function onPath(name, environment) {
  const folders = (environment.PATH || environment.Path || '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => runnable(path.join(folder, name))).find(Boolean);
}

function runnable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Runs a command of the program and returns the JSON that it prints */
function ask(program, ...args) {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: MOST_TO_READ, timeout: MILLISECONDS_TO_ANSWER, windowsHide: true };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      try {
        if (error) throw error;
        resolve(JSON.parse(stdout));
      } catch (cause) {
        const said = stderr.trim() || cause.code || cause.message;
        reject(new Error(`${program} ${args[0]} printed no JSON: ${said}`, { cause }));
      }
    });
    child.stdin.end();
  });
}

/** Throws if the versions of the program and of this package are not compatible by semantic versioning */
function checkVersion(program, version = 'unknown', expected = own.version) {
  const compatible = (text) => {
    const [major, minor] = text.split('.');
    return major === '0' ? `0.${minor}` : major;
  };
  if (compatible(version) !== compatible(expected)) {
    throw new Error(`${program} is version ${version}, which does not go with ${own.name} ${expected}.`);
  }
}

module.exports = { PROGRAM_PACKAGE, ask, checkVersion, find, operator, places };
