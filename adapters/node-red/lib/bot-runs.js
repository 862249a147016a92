'use strict';
// The bot runs of one program process: the runtime is the root, every flow a child of it, and a sub-flow or a flow
// that was called by a link is a child of the flow that uses it.

const { randomUUID } = require('node:crypto');

class BotRuns {
  #serve;
  #root = randomUUID();
  #runs = new Map();
  #count = 0;

  /** Bot runs in this process; the first one starts the root */
  constructor(serve) {
    this.#serve = serve;
  }

  /**
   * The bot run of a chain of flows, each called by a link of the one before it; started if it is not running
   *
   * The name of a flow is its path: its ID, for a sub-flow after the IDs of its parents, separated by slashes.
   */
  of(chain) {
    const key = chain.join('>');
    let run = this.#runs.get(key);
    if (!run) {
      run = { chain, id: this.#start(chain) };
      this.#runs.set(key, run);
      // The next message retries a failed start.
      run.id.catch(() => this.#runs.delete(key));
    }
    return run.id;
  }

  async #start(chain) {
    const parent = chain.length > 0 ? await this.of(above(chain)) : undefined;
    const id = parent ? `${this.#root}.${++this.#count}` : this.#root;
    await this.#serve.call('botRun/start', { id, parent });
    return id;
  }

  /** Ends the bot runs of a flow, which closes their local sessions and cancels their calls */
  end(path) {
    const within = (one) => one === path || one.startsWith(`${path}/`);
    return this.#end((chain) => chain.some(within));
  }

  /** Ends the root and all bot runs */
  endAll() {
    return this.#end((chain) => chain.length === 0);
  }

  async #end(chosen) {
    const ending = [...this.#runs].filter(([, run]) => chosen(run.chain));
    for (const [key] of ending) this.#runs.delete(key);
    // Nothing is left to end if it never started or its process has ended.
    const end = async ({ id }) => this.#serve.call('botRun/end', { id: await id });
    await Promise.allSettled(ending.map(([, run]) => end(run)));
  }
}

/** The chain of the parent of a chain's bot run */
function above(chain) {
  const last = chain.at(-1);
  const slash = last.lastIndexOf('/');
  const before = chain.slice(0, -1);
  return slash < 0 ? before : [...before, last.slice(0, slash)];
}

/** The chain of a node's flow for a message, which may have come through link calls */
function chainOf(RED, node, msg) {
  const callers = Array.isArray(msg._linkSource) ? msg._linkSource : [];
  const paths = [...callers.map((one) => RED.nodes.getNode(one?.node)).filter(Boolean), node];
  const chain = [];
  for (const path of paths.map((one) => pathOf(RED, one))) {
    // A flow that is entered again through a link is the same bot run.
    const at = chain.indexOf(path);
    chain.splice(at < 0 ? chain.length : at, chain.length, path);
  }
  return chain;
}

const paths = new WeakMap();

/** The path of the flow that contains a node */
function pathOf(RED, node) {
  let path = paths.get(node);
  if (path === undefined) {
    const own = RED.util.getSetting(node, 'NR_NODE_PATH');
    path = own.slice(0, own.lastIndexOf('/'));
    paths.set(node, path);
  }
  return path;
}

module.exports = { BotRuns, chainOf, pathOf };
