'use strict';
// The state that all nodes of one Node-RED share: the processes of the program, their bot runs, and the deployed nodes.

const { BotRuns, chainOf, pathOf } = require('./bot-runs');
const { checkVersion } = require('./program');
const { Serve } = require('./serve');
const { TokenStore } = require('./token-store');

class Runtime {
  #processes = new Map();
  #here = new Map();

  tokens = new TokenStore();
  // The sessions of the deployed configuration nodes.
  sessions = [];

  /** `program` with the operator's settings */
  constructor(RED, { program, config }) {
    this.RED = RED;
    this.program = program;
    this.config = config;
  }

  /** The current process, simulated or not, with its bot runs; starts one if there is none */
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
    return { serve: process.serve, runs, denied: process.denied, id: await runs.of(chainOf(this.RED, node, msg)) };
  }

  /** Adds a node; its flow lives as long as one of its nodes */
  enter(node) {
    const path = pathOf(this.RED, node);
    this.#here.set(path, (this.#here.get(path) || 0) + 1);
  }

  /** Removes a node; the last of its flow ends the flow's bot runs, the last of all ends the root */
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
    // The actions that the policy denies, by name: a call of one needs no session to be refused.
    const denied = new Set();
    const ready = serve.ready.then((answer) => {
      checkVersion(this.program, answer.package.version);
      for (const { action } of answer.deniedActions) denied.add(action);
    });
    // Callers get the error; this avoids an unhandled rejection.
    ready.catch(() => {});
    return { serve, ready, denied, runs: new BotRuns(serve) };
  }
}

module.exports = { Runtime };
