'use strict';
// Registers a node for every action of the `azdo-bot` program that is found, and the configuration node of its sessions.

const actionNode = require('./lib/action-node');
const admin = require('./lib/admin');
const { describe } = require('./lib/description');
const missing = require('./lib/missing');
const program = require('./lib/program');
const { Runtime } = require('./lib/runtime');
const sessionNode = require('./lib/session-node');

/** The actions that the operator's policy denies; none if its file cannot be used, which the first message reports */
async function denied(RED, found, config) {
  try {
    const { actions } = await program.ask(found, 'policy', 'show', '--json', ...(config ? ['--config', config] : []));
    return actions.filter(({ allowed }) => !allowed);
  } catch (error) {
    RED.log.warn(`Azure DevOps: ${error.message}`);
    return [];
  }
}

module.exports = async function azureDevOps(RED) {
  const { program: named, config } = program.operator(RED.settings, process.env);
  let found;
  let description;
  try {
    found = program.find(named, process.env);
    const [document, policy] = await Promise.all([program.ask(found, 'actions', '--json'), denied(RED, found, config)]);
    program.checkVersion(found, document.version);
    description = describe(document, policy);
  } catch (error) {
    missing.register(RED, error);
    return;
  }
  const runtime = new Runtime(RED, { program: found, config });
  sessionNode.register(RED, runtime, description);
  for (const action of description.actions) actionNode.register(RED, runtime, description, action);
  admin.register(RED, runtime, description);
};
