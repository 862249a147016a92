'use strict';
// The configuration node: Connect's fields, and the session that is opened with them.

const { credentialsOf } = require('./inputs');
const { Session } = require('./session');

function register(RED, runtime, description) {
  const { connect, session } = description;
  function SessionNode(config) {
    RED.nodes.createNode(this, config);
    try {
      this.session = new Session(RED, runtime, description, this, config, this.credentials || {});
    } catch (error) {
      // The nodes that use it report the error.
      this.refused = error;
      runtime.tokens.drop(this.id);
      return;
    }
    runtime.sessions.push(this.session);
    this.on('close', (done) => {
      runtime.sessions = runtime.sessions.filter((one) => one !== this.session);
      this.session.close().finally(done);
    });
  }
  RED.nodes.registerType(session.type, SessionNode, { credentials: credentialsOf(connect.fields) });
}

module.exports = { register };
