'use strict';
// What a catch node gets: a code to branch on, the message with its help, and the whole error as `cause`.

/** An action failed, or could not be called */
class ActionError extends Error {
  /** From an error of JSON-RPC, or one of the same shape */
  constructor({ message, data }) {
    const whole = { code: 'internal', message, help: '', ...data };
    super(`${whole.message} ${whole.help}`.trim());
    Object.defineProperty(this, 'name', { value: whole.code });
    // Node-RED copies `code`, `cause` and `stack` where they are the error's own; where in this package's code an
    // action's failure came up tells nobody anything.
    delete this.stack;
    this.code = whole.code;
    this.cause = whole;
  }
}

/** An error of this adapter's, in the words of the package's own */
function failure(code, message, help, retry = 'never') {
  return new ActionError({ message, data: { code, message, help, retry, context: {} } });
}

/** The program has ended under the calls that waited for it */
function ended(how, said) {
  const message = `azdo-bot has ended (${how}), and every session with it.${said.map((line) => ` ${line}`).join('')}`;
  return failure('internal', message, 'Look whether what was under way was done. The next message starts it again.');
}

module.exports = { ActionError, ended, failure };
