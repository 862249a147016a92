'use strict';
// The status under a node: running, the progress of its action, done for some seconds, or its failure.

const RUNNING = { fill: 'blue', shape: 'ring', text: 'running' };
const DONE = { fill: 'green', shape: 'dot', text: 'done' };
const NOTHING = {};
const DENIED = 'policy.denied';
const MILLISECONDS_OF_DONE = 5000;

/** The status of a failure: its code, or the rule that denies the action */
function failed({ code, cause }) {
  const text = code === DENIED ? `denied by policy: ${cause.context.rule}` : code;
  return { fill: 'red', shape: 'ring', text };
}

/** The status of an action that the policy denies, before it is called */
const denied = (refusal) => failed({ code: DENIED, cause: { context: refusal } });

/** Returns a function that shows a status if it differs from the current one; *done* disappears again, a failure stays */
function shower(node) {
  let shown;
  let fading;
  return function show(status) {
    clearTimeout(fading);
    const key = `${status.fill} ${status.text}`;
    if (key !== shown) node.status(status);
    shown = key;
    if (status !== DONE) return;
    fading = setTimeout(() => show(NOTHING), MILLISECONDS_OF_DONE);
    // A status does not keep Node-RED running.
    fading.unref();
  };
}

module.exports = { DONE, MILLISECONDS_OF_DONE, NOTHING, RUNNING, denied, failed, shower };
