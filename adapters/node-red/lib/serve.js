'use strict';
// One `azdo-bot serve` process: JSON-RPC 2.0, one message per line, concurrent requests.

const { spawn } = require('node:child_process');
const { ActionError, ended, failure } = require('./errors');

const PROTOCOL = 1;
const LINES_KEPT = 5;
const MOST_BYTES = 4 * 1024 * 1024;
const DEEPEST = 64;

class Serve {
  #child;
  #calls = new Map();
  #lastId = 0;
  #logLines = [];

  /**
   * Starts the process; `ready` resolves when it can be used.
   *
   * `resolve(request)` returns the token of a credential in the host's lockers; `log(line)` gets the lines of the process's
   * log.
   */
  constructor({ program, args, host, lockers, resolve, log }) {
    this.resolve = resolve;
    this.log = log;
    this.gone = false;
    this.#child = spawn(program, ['serve', ...args], { stdio: 'pipe', windowsHide: true });
    this.#child.once('error', (error) => this.#end(error.message));
    this.#child.once('close', (code, signal) => this.#end(signal ? `signal ${signal}` : `exit code ${code}`));
    // A write to an ended process fails; its calls are rejected when it closes.
    this.#child.stdin.on('error', () => {});
    lines(this.#child.stdout, (line) => this.#read(line));
    lines(this.#child.stderr, (line) => {
      this.#logLines = [...this.#logLines.slice(1 - LINES_KEPT), line];
      this.log(line);
    });
    // The process ends with Node-RED, and does not keep Node-RED running.
    for (const one of [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr]) one.unref();
    this.ready = this.call('initialize', {
      protocol: { min: PROTOCOL, max: PROTOCOL },
      host,
      capabilities: { credentials: true, lockers },
    });
    // Callers of `ready` get the error; this avoids an unhandled rejection.
    this.ready.catch(() => {});
  }

  /** The process's id; none if it could not be started */
  get pid() {
    return this.#child.pid;
  }

  /** Sends a request; `onProgress` gets progress texts. `signal` cancels the request, which still gets a response */
  call(method, params, { onProgress, signal } = {}) {
    if (this.gone) return Promise.reject(this.#gone());
    const id = ++this.#lastId;
    let line;
    try {
      line = lineOf({ id, method, params });
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const cancel = () => this.#send({ method: '$/cancel', params: { id } });
      const settle = () => signal?.removeEventListener('abort', cancel);
      this.#calls.set(id, { resolve, reject, onProgress, settle });
      this.#child.stdin.write(line);
      if (signal?.aborted) cancel();
      else signal?.addEventListener('abort', cancel, { once: true });
    });
  }

  /** Closes the input, which ends every bot run and the process */
  end() {
    this.#child.stdin.end();
  }

  #send(message) {
    this.#child.stdin.write(lineOf(message));
  }

  #read(line) {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      // The line is not quoted: it may contain a secret.
      return this.#end('it wrote a line that is not a message');
    }
    this.#message(message);
  }

  #message({ id, method, params, result, error }) {
    if (method === 'credential/resolve') {
      this.#respond(id, params);
    } else if (method === '$/progress') {
      this.#calls.get(params.id)?.onProgress?.(params.message);
    } else {
      const call = this.#calls.get(id);
      // A response without a known call is for a line that could not be read. Its call is unknown and would wait for ever,
      // so all calls fail.
      if (!call) return this.#end(`it could not read a message: ${error?.message}`);
      this.#calls.delete(id);
      call.settle();
      if (error) call.reject(new ActionError(error));
      else call.resolve(result);
    }
  }

  #respond(id, request) {
    const token = this.resolve(request);
    this.#send(token === undefined ? { id, error: { code: -32000, message: 'not here' } } : { id, result: { token } });
  }

  #end(how) {
    if (this.gone) return;
    this.gone = how;
    this.#child.kill();
    const waiting = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of waiting) {
      call.settle();
      call.reject(this.#gone());
    }
  }

  #gone() {
    return ended(this.gone, this.#logLines);
  }
}

/** Reads a stream line by line; the pieces of a long line are joined once */
function lines(stream, take) {
  let unfinished = [];
  stream.setEncoding('utf8').on('data', (text) => {
    const [first, ...more] = text.split('\n');
    unfinished.push(first);
    for (const next of more) {
      const line = unfinished.join('');
      unfinished = [next];
      if (line) take(line);
    }
  });
}

/** The line of a message; throws if the program could not read it */
function lineOf(message) {
  const line = JSON.stringify({ jsonrpc: '2.0', ...message });
  if (Buffer.byteLength(line) > MOST_BYTES) {
    throw failure('limit.exceeded', 'The inputs are longer than 4 MiB.', 'Send less at once.');
  }
  if (deeper(message, DEEPEST - 1)) {
    throw failure('limit.exceeded', `The inputs nest more than ${DEEPEST} deep.`, 'Send a flatter value.');
  }
  // JSON.stringify escapes a lone surrogate, and writes pairs unescaped.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f][0-9a-f]{2}/.test(line)) {
    throw failure('input.invalid', 'A text in the inputs has half of a surrogate pair.', 'Correct the source of the text.');
  }
  return `${line}\n`;
}

function deeper(value, left) {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((one) => deeper(one, left - 1));
}

module.exports = { Serve };
