'use strict';
// The one implementation behind every node of the palette.

const { credentials } = require('./credential');
const { ActionError, failure } = require('./errors');
const { compile, credentialsOf } = require('./inputs');

const RUNNING = { fill: 'blue', shape: 'ring', text: 'running' };
const DONE = { fill: 'green', shape: 'dot', text: 'done' };

/** Registers the node of an action */
function register(RED, runtime, description, action) {
  function Node(config) {
    RED.nodes.createNode(this, config);
    start(RED, runtime, description, action, this, config);
  }
  RED.nodes.registerType(action.type, Node, { credentials: credentialsOf(action.opens ? [] : action.fields) });
}

function start(RED, runtime, description, action, node, config) {
  const { session, refused } = RED.nodes.getNode(config.session) || {};
  const closing = new AbortController();
  const underWay = new Set();
  const show = shower(node);
  const tokens = credentials(RED, runtime, node, config, node.credentials || {});
  let inputs;
  try {
    if (refused) throw refused;
    if (!session) {
      const what = `This node has no ${description.session.label}.`;
      throw failure('session.not_found', what, 'Open it and choose one, or add one there.');
    }
    // Connect's fields stand in the configuration node.
    inputs = action.opens ? undefined : compile(RED, node, config, action.fields, tokens);
  } catch (error) {
    node.refused = asActionError(error);
    show({ fill: 'red', shape: 'ring', text: node.refused.code });
  }
  // Actions on the session itself take it as it is: telling whether it is open must not open it.
  const aboutSession = action.group === description.connect.group;
  runtime.enter(node);

  async function work(msg) {
    if (node.refused) throw node.refused;
    const run = await runtime.botRun(session.simulate, node, msg);
    if (action.opens) return session.open(run, msg);
    const call = { botRun: run.id, action: action.name, inputs: await inputs(msg) };
    const options = { signal: closing.signal, onProgress: (text) => show({ ...RUNNING, text }) };
    const once = async () => {
      if (action.usesSession) call.inputs.session = await (aboutSession ? session.name(run, msg) : session.use(run, msg));
      return run.serve.call('action/execute', call, options);
    };
    try {
      return await once();
    } catch (error) {
      if (aboutSession || !(await session.lost(run, call.inputs.session, error))) throw error;
      return once();
    }
  }

  async function handle(msg, send, done) {
    try {
      const answer = await work(msg);
      for (const warning of answer.warnings || []) node.warn(warning.message);
      await put(RED, node, config, msg, result(action, answer));
      if (underWay.size === 1) show(DONE);
      send(msg);
      done();
    } catch (caught) {
      const error = asActionError(caught);
      // A redeploy ends what waits; that is no failure of the flow.
      if (closing.signal.aborted && error.code === 'cancelled') return;
      show({ fill: 'red', shape: 'ring', text: error.code });
      done(error);
    }
  }

  node.on('input', (msg, send, done) => {
    if (underWay.size === 0) show(RUNNING);
    const one = handle(msg, send, done).finally(() => underWay.delete(one));
    underWay.add(one);
  });

  async function close() {
    closing.abort();
    await Promise.all(underWay);
    runtime.vault.drop(node.id);
    await runtime.leave(node);
    node.status({});
  }

  node.on('close', (done) => close().finally(done));
}

/** Shows a status, when it is another one than is shown */
function shower(node) {
  let shown;
  return (status) => {
    const key = `${status.fill} ${status.text}`;
    if (key !== shown) node.status(status);
    shown = key;
  };
}

/** What the message gets: the one list of a list action, the outputs of every other */
function result(action, { outputs }) {
  return action.list ? Object.values(outputs)[0] : outputs;
}

/** Puts the result where the node's Output says: a property of the message, or a context variable */
function put(RED, node, config, msg, value) {
  const { output = 'payload', outputType = 'msg' } = config;
  if (outputType === 'msg') return RED.util.setMessageProperty(msg, output, value, true);
  const { store, key } = RED.util.parseContextStore(output);
  return new Promise((resolve, reject) => {
    node.context()[outputType].set(key, value, store, (error) => (error ? reject(error) : resolve()));
  });
}

function asActionError(error) {
  if (error instanceof ActionError) return error;
  return failure('input.invalid', error.message || String(error), 'Correct the field, or what the message brings for it.');
}

module.exports = { register };
