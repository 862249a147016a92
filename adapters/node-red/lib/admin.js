'use strict';
// The requests of the editor: the description of the actions, the check of a typed value, and Test, which opens a session.

const { randomUUID } = require('node:crypto');
const { BotRuns } = require('./bot-runs');
const { ActionError, failure } = require('./errors');
const { complaint, secretProperty } = require('./inputs');
const { Session } = require('./session');
const { CHECK, lacking, rows, usesOf, verdict } = require('./uses');
const { unset } = require('./words');

const PLACE = '/azure-devops';
// The editor's placeholder for a secret that it does not have.
const KEPT = '__PWRD__';

// A session may create its project; Test does not.
const CHANGES_NOTHING = { inputIfProjectMissing: 'FAIL' };
const WILL_BE_CREATED = 'The token was accepted. The project does not exist yet: the first message that uses the session creates it.';

function register(RED, runtime, description) {
  serveDescription(RED, () => description);
  RED.httpAdmin.post(`${PLACE}/check`, RED.auth.needsPermission('flows.read'), async (request, response) => {
    response.json({ wrong: await wrong(runtime, request.body) });
  });
  RED.httpAdmin.post(`${PLACE}/test`, RED.auth.needsPermission('flows.write'), async (request, response) => {
    try {
      response.json(await test(RED, runtime, description, request.body));
    } catch (error) {
      const { cause } = error instanceof ActionError ? error : failure('input.invalid', error.message, '');
      const field = description.connect.fields.find(({ name }) => name === cause.context?.field);
      response.json({ error: { code: cause.code, message: cause.message, help: cause.help, field: field?.label, property: field?.property } });
    }
  });
}

/** What the action says against the value of one field; undefined if it accepts it, or if that is not known */
async function wrong(runtime, { action, field, value }) {
  try {
    const { serve } = await runtime.process(false);
    await serve.call('action/check', { action, field, value });
    return undefined;
  } catch ({ cause }) {
    return cause?.context?.field ? complaint(cause) : undefined;
  }
}

/** Serves the description to the editor, or the reason why there is none */
function serveDescription(RED, describe) {
  RED.httpAdmin.get(`${PLACE}/actions`, RED.auth.needsPermission('flows.read'), (_request, response) => {
    try {
      response.json(describe());
    } catch (error) {
      response.status(503).json({ message: error.message });
    }
  });
}

/**
 * Opens a session with the values of a dialog in a separate run tree, and closes it
 *
 * Returns the outputs of Connect and what the token and its user can do. It uses the running program, so that every
 * source of a token works and the bindings of the operator's file apply.
 */
async function test(RED, runtime, description, { id, config, secrets }) {
  const { connect } = description;
  const kept = RED.nodes.getCredentials(id) || {};
  const names = connect.fields.filter((field) => field.kind === 'CREDENTIAL').map(secretProperty);
  const own = Object.fromEntries(names.map((name) => [name, secrets[name] === KEPT ? kept[name] : secrets[name]]));
  const node = RED.nodes.getNode(id) || { id };
  // Node-RED replaces environment variables when it starts a node; here it is done for the dialog.
  const value = (text) => (unset(text) && RED.util.getSetting(node, unset(text))) ?? text;
  const set = (values) => Object.fromEntries(Object.entries(values).map(([name, text]) => [name, value(text)]));
  // Its tokens have a separate id, beside those of a session that may be open.
  const stand = Object.create(node, { id: { value: randomUUID() } });
  const { serve } = await runtime.process(config.simulate === true);
  const runs = new BotRuns(serve);
  let session;
  try {
    const forTest = { ...set(config), ...CHANGES_NOTHING, scope: 'LOCAL', sessionName: 'Test' };
    session = new Session(RED, runtime, description, stand, forTest, set(own));
    const botRun = await runs.of([]);
    const { outputs, session: opened } = await session.open({ serve, runs, id: botRun }, {});
    const uses = usesOf(description);
    const inputs = { session: opened, intendedUsage: uses.map(({ value }) => value) };
    const checked = await serve.call('action/execute', { botRun, action: CHECK, inputs });
    const named = connect.outputs.filter(({ name }) => typeof outputs[name] === 'string');
    return {
      verdict: verdict(outputs.user, checked.outputs),
      found: named.map(({ name, label, description: words }) => ({ label, description: words, value: outputs[name] })),
      uses: rows(uses, checked.outputs),
      lacking: lacking(checked.outputs),
    };
  } catch (error) {
    if (error.code !== 'project.not_found' || config.inputIfProjectMissing !== 'CREATE') throw error;
    return { verdict: { sentence: WILL_BE_CREATED, denied: 0 }, found: [], uses: [], lacking: [] };
  } finally {
    await session?.close();
    runtime.tokens.drop(stand.id);
    await runs.endAll();
  }
}

module.exports = { register, serveDescription };
