'use strict';
// Without the program nothing is known of its actions. The nodes of a flow say so themselves, and other flows run on.

const { PREFIX } = require('./description');
const { Failure, failure } = require('./errors');
const { serveDescription } = require('./admin');

function register(RED, error) {
  RED.log.error(`Azure DevOps: ${error.message}`);
  serveDescription(RED, () => {
    throw error;
  });
  const refusal = failure('internal', error.message, 'The nodes are back when Node-RED is started with the program.');
  function Missing(config) {
    RED.nodes.createNode(this, config);
    this.status({ fill: 'red', shape: 'ring', text: 'azdo-bot is missing' });
    this.on('input', (_msg, _send, done) => done(new Failure(refusal)));
  }
  // Node-RED starts no flow while a type is missing. It says which are; ours stand in for themselves.
  RED.events.on('runtime-event', ({ payload }) => {
    const types = payload?.error === 'missing-types' ? payload.types.filter((type) => type.startsWith(PREFIX)) : [];
    setImmediate(() => types.forEach((type) => RED.nodes.registerType(type, Missing)));
  });
}

module.exports = { register };
