'use strict';
// The errors of actions and of this adapter, and their form in Node-RED.

/** The whole error, as `msg.error.cause` has it; as a text it is the message and the help */
class Cause {
  constructor(whole) {
    Object.assign(this, whole);
  }

  toString() {
    return `${this.message} ${this.help}`.trim();
  }
}

/** An action failed, or could not be called */
class ActionError extends Error {
  /** From an error of JSON-RPC, or one of the same shape */
  constructor({ message, data }) {
    const cause = new Cause({ code: 'internal', message, help: '', ...data });
    super(String(cause));
    Object.defineProperty(this, 'name', { value: cause.code });
    this.code = cause.code;
    this.cause = cause;
  }
}

/**
 * What a node reports: what happened and what to do as sentences, then the code; the code and the whole error are beside it
 *
 * It is not an `Error`: the debug sidebar shows an `Error` as a tree with `cause` as "[object Object]", and any other
 * object as its text. A catch node gets that text as `msg.error.message`, and `code` and `cause` as they are here.
 */
class Failure {
  constructor(error) {
    this.code = error.code;
    this.message = `${error.message} (${error.code})`;
    this.cause = error.cause;
  }

  toString() {
    return this.message;
  }
}

/** An error of this adapter, in the form of the package's errors */
function failure(code, message, help, { retry = 'never', ...more } = {}) {
  return new ActionError({ message, data: { code, message, help, retry, context: {}, ...more } });
}

/** The error of calls that were waiting when the program ended */
function ended(how, said) {
  const message = `azdo-bot has ended (${how}), and every session with it.${said.map((line) => ` ${line}`).join('')}`;
  return failure('internal', message, 'Check whether the running actions were carried out. The next message starts the program again.');
}

module.exports = { ActionError, Failure, ended, failure };
