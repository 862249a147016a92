'use strict';
// The implementation of every node in the palette.

const { ActionError, Failure, failure } = require('./errors');
const { compile, credentialsOf } = require('./inputs');
const { Place } = require('./place');
const { DISCONNECT } = require('./session');
const { DONE, NOTHING, RUNNING, denied: deniedStatus, failed, shower } = require('./status');
const { flowPlace, named, unset } = require('./words');

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
  const who = named(action.label, node.name);
  let inputs;
  let place;
  try {
    if (refused) throw refused;
    if (!session) throw noSession(who, description.session.label, config.session);
    place = output(RED, node, who, config);
    if (action.opens && session.inVariable && place.overlaps(session.place)) {
      const message = `${who}: the field Output is ${place}, and the session goes into ${session.place}.`;
      throw failure('input.invalid', message, 'Choose another Output.');
    }
    // The fields of Connect are in the configuration node.
    inputs = action.opens ? undefined : compile(RED, node, who, config, action.fields);
  } catch (error) {
    node.refused = asActionError(error);
    show(failed(node.refused));
  }
  if (action.denied && !node.refused) show(deniedStatus(action.denied));
  // Actions about the session must not open it.
  const aboutSession = action.group === description.connect.group;
  runtime.enter(node);

  async function work(msg) {
    if (node.refused) throw node.refused;
    await place.prove(msg).catch((error) => {
      throw failure('input.invalid', `${who}: the result cannot be put into ${place}: ${error.message}.`, PUT_ELSEWHERE);
    });
    const run = await runtime.botRun(session.simulate, node, msg);
    // A denied action is called only to be refused: for that it needs neither a session nor inputs.
    const denied = run.denied.has(action.name);
    if (action.opens && !denied) return session.open(run, msg);
    const call = { botRun: run.id, action: action.name, inputs: denied ? {} : await inputs(msg), place: flowPlace(node) };
    const options = { signal: closing.signal, onProgress: (text) => show({ ...RUNNING, text }) };
    const once = async () => {
      if (denied) return run.serve.call('action/execute', call, options);
      if (action.usesSession) call.inputs.session = await (aboutSession ? session.name(run, msg) : session.use(run, msg));
      const answer = await run.serve.call('action/execute', call, options);
      if (action.name === DISCONNECT) await session.closed(run, call.inputs.session);
      return answer;
    };
    try {
      return await once().catch(async (error) => {
        if (denied || aboutSession || !(await session.lost(run, call.inputs.session, error))) throw error;
        return once();
      });
    } catch (error) {
      throw denied ? error : inputs.blame(error);
    }
  }

  async function handle(msg, send, done) {
    try {
      const answer = await work(msg);
      for (const warning of answer.warnings || []) node.warn(warning.message);
      await put(who, place, msg, result(action, answer));
      if (underWay.size === 1) show(DONE);
      send(msg);
      done();
    } catch (caught) {
      const error = asActionError(caught);
      // A redeploy cancels calls; that is not a failure of the flow.
      if (closing.signal.aborted && error.code === 'cancelled') return;
      show(failed(error));
      done(new Failure(error));
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
    runtime.tokens.drop(node.id);
    await runtime.leave(node);
    show(NOTHING);
  }

  node.on('close', (done) => close().finally(done));
}

/** The result for the message: the list of a list action, else the outputs */
function result(action, { outputs }) {
  return action.list ? outputs[action.list] : outputs;
}

/** The target that the field Output names */
function output(RED, node, who, { output: expression = 'payload', outputType }) {
  try {
    return new Place(RED, node, expression, outputType);
  } catch (error) {
    throw failure('input.invalid', `${who}: the field Output cannot be used: ${error.message}.`, 'Open the node and correct the field.');
  }
}

/** Stores a result; if that fails, the error has the result, as the action was carried out */
async function put(who, place, msg, outputs) {
  try {
    await place.put(msg, outputs);
  } catch (error) {
    const message = `${who}: the action was carried out, and its result cannot be put into ${place}: ${error.message}. The result: ${cut(JSON.stringify(outputs))}`;
    throw failure(NOT_STORED, message, PUT_ELSEWHERE, { outputs });
  }
}

const NOT_STORED = 'output.not_stored';
const PUT_ELSEWHERE = 'Choose another Output, or put an object there before this node.';
const MOST_TO_SAY = 1000;

const cut = (text) => (text.length > MOST_TO_SAY ? `${text.slice(0, MOST_TO_SAY)}…` : text);

function noSession(who, label, id) {
  const variable = unset(id);
  if (variable) return failure('session.not_found', `${who}: its session is the environment variable ${variable}, which is not set.`, 'Set it, or choose another session in the node.');
  if (id) return failure('session.not_found', `${who}: its ${label} does not exist: it was deleted or disabled, or was not part of an import.`, 'Open the node and choose another, or restore it.');
  return failure('session.not_found', `${who}: no ${label} is chosen.`, 'Open the node and choose one, or add one there.');
}

function asActionError(error) {
  if (error instanceof ActionError) return error;
  return failure('input.invalid', error.message || String(error), 'Correct the field, or what the message brings for it.');
}

module.exports = { register };
