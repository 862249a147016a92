'use strict';
// The sources of a token: Node-RED's store, a reference, a variable, an insecure string.

const { property, secretProperty } = require('./inputs');
const { reader, refuseUnset, refused } = require('./sources');

const TYPE_IT_IN = 'Open the session and type in the token: Node-RED exports and copies flows without tokens.';

/**
 * Returns a reader of the token fields of a node, for `compile`
 *
 * A stored token is sent when the program requests it by name. The program resolves references, as the operator's file
 * allows. The value of a variable and an insecure string are sent unchanged. A simulated session needs no token.
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
        return runtime.tokens.keep(node.id, name, secret);
      case 'insecure':
        if (!secret) throw absent('has no token', TYPE_IT_IN);
        return { insecure: secret };
      case 'reference':
        refuseUnset(who, field, text);
        if (!text) throw absent('has no reference', 'Open the session and enter a reference such as `env:AZDO_PAT`.');
        return { reference: text };
      default: {
        if (!text) throw absent('has no source of the token', 'Open the session and enter it.');
        const read = reader(RED, node, who, field, type, text);
        const token = async (msg) => ({ insecure: await read(msg) });
        return Object.assign(token, { source: read.source });
      }
    }
  };
}

module.exports = { credentials };
