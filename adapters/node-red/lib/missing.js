'use strict';
// Stand-ins for the nodes while the program is missing. They fail each message; other flows continue.

const { PREFIX } = require('./description');
const { Failure, failure } = require('./errors');
const { serveDescription } = require('./admin');

function register(RED, error) {
  RED.log.error(`Azure DevOps: ${error.message}`);
  serveDescription(RED, () => {
    throw error;
  });
  const refusal = failure('internal', error.message, 'Install the program and restart Node-RED.');
  function Missing(config) {
    RED.nodes.createNode(this, config);
    this.status({ fill: 'red', shape: 'ring', text: 'azdo-bot is missing' });
    this.on('input', (_msg, _send, done) => done(new Failure(refusal)));
  }
  // Node-RED starts no flow while a type is missing. It reports the missing types; ours get stand-ins.
  RED.events.on('runtime-event', ({ payload }) => {
    const types = payload?.error === 'missing-types' ? payload.types.filter((type) => type.startsWith(PREFIX)) : [];
    setImmediate(() => types.forEach((type) => RED.nodes.registerType(type, Missing)));
  });
}

module.exports = { register };
