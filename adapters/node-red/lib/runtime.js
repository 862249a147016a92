'use strict';
// What all nodes of one Node-RED share: the program's processes, their bot runs, and who is still there.

const { BotRuns, chainOf, pathOf } = require('./bot-runs');
const { checkVersion } = require('./program');
const { Serve } = require('./serve');
const { TokenStore } = require('./token-store');

class Runtime {
  #processes = new Map();
  #here = new Map();

  tokens = new TokenStore();
  // Those of the configuration nodes that are there.
  sessions = [];

  /** For the program that was found, as the operator wants it run */
  constructor(RED, { program, config }) {
    this.RED = RED;
    this.program = program;
    this.config = config;
  }

  /** The process that runs now, simulated or not, with its bot runs; started if none does */
  async process(simulate) {
    let process = this.#processes.get(simulate);
    if (!process || process.serve.gone) {
      process = this.#start(simulate);
      this.#processes.set(simulate, process);
    }
    await process.ready;
    return process;
  }

  /** The bot run in which a node works on a message, and the process it is in */
  async botRun(simulate, node, msg) {
    const process = await this.process(simulate);
    const runs = process.runs;
    return { serve: process.serve, runs, id: await runs.of(chainOf(this.RED, node, msg)) };
  }

  /** A node is there: its flow lives on while one of its nodes does */
  enter(node) {
    const path = pathOf(this.RED, node);
    this.#here.set(path, (this.#here.get(path) || 0) + 1);
  }

  /** A node is gone: with the last of its flow the flow's bot runs end, with the last of all the root */
  async leave(node) {
    const path = pathOf(this.RED, node);
    const left = this.#here.get(path) - 1;
    if (left > 0) {
      this.#here.set(path, left);
      return;
    }
    this.#here.delete(path);
    const ending = [];
    for (const process of this.#processes.values()) {
      ending.push(process.runs.end(path));
      if (this.#here.size === 0) {
        ending.push(process.runs.endAll());
        process.runs = new BotRuns(process.serve);
      }
    }
    await Promise.all(ending);
  }

  #start(simulate) {
    const serve = new Serve({
      program: this.program,
      args: [
        ...(simulate ? ['--simulate'] : []),
        ...(this.config ? ['--config', this.config] : []),
        ...['--log', 'warn'],
      ],
      host: { name: 'Node-RED', version: this.RED.version() },
      lockers: [this.tokens.locker],
      resolve: (question) => this.tokens.token(question.credential),
      log: (line) => this.RED.log.info(`[azdo-bot] ${line}`),
    });
    const ready = serve.ready.then((answer) => checkVersion(this.program, answer.package.version));
    // Whoever waits for it is told; this is for when nobody does.
    ready.catch(() => {});
    return { serve, ready, runs: new BotRuns(serve) };
  }
}

module.exports = { Runtime };
