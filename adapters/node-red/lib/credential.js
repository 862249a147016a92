'use strict';
// How a field for a token is filled in, and where the token comes from.

const { property, secretProperty } = require('./inputs');
const { reader, refuseUnset, refused } = require('./sources');

const TYPE_IT_IN = 'Open the session and type the token in: Node-RED exports and copies flows without their tokens.';

/**
 * Reads a node's fields for tokens, as `compile` wants it
 *
 * A stored token stays here, and goes to the program when it asks for it by its name. A reference is looked up by the
 * program, as the operator's file allows. A variable's value and an insecure string are sent as what they are. A
 * simulated session works without a token.
 */
function credentials(RED, runtime, node, who, config, secrets) {
  return (field, type) => {
    const name = secretProperty(field);
    const [text, secret] = [config[property(field)], secrets[name]];
    const absent = (words, help) => refused(who, field, words, help, { code: 'credential.not_found' });
    refuseUnset(who, field, secret);
    switch (type) {
      case 'stored':
        if (!secret && !config.simulate) throw absent("has no token in Node-RED's store", TYPE_IT_IN);
        return runtime.vault.keep(node.id, name, secret);
      case 'insecure':
        if (!secret) throw absent('has no token', TYPE_IT_IN);
        return { insecure: secret };
      case 'reference':
        refuseUnset(who, field, text);
        if (!text) throw absent('has no reference', 'Open the session and write where the token is, as `env:AZDO_PAT`.');
        return { reference: text };
      default: {
        if (!text) throw absent('does not say where the token is', 'Open the session and name it.');
        const read = reader(RED, node, who, field, type, text);
        const token = async (msg) => ({ insecure: await read(msg) });
        return Object.assign(token, { source: read.source });
      }
    }
  };
}

module.exports = { credentials };
