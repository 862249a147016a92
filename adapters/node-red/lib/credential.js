'use strict';
// How a field for a token is filled in, and where the token comes from.

const { property, reader, secretProperty } = require('./inputs');

/**
 * Reads a node's fields for tokens, as `compile` wants it
 *
 * A stored token stays here, and goes to the program when it asks for it by its name. A reference is looked up by the
 * program, as the operator's file allows. A variable's value and an insecure string are sent as what they are.
 */
function credentials(RED, runtime, node, config, secrets) {
  return (field, type) => {
    const secret = secretProperty(field);
    const text = config[property(field)];
    switch (type) {
      case 'stored':
        return runtime.vault.keep(node.id, secret, secrets[secret]);
      case 'insecure':
        return secrets[secret] ? { insecure: secrets[secret] } : undefined;
      case 'reference':
        return text ? { reference: text } : undefined;
      default: {
        const read = reader(RED, node, type, text);
        return async (msg) => {
          const token = await read(msg);
          return token ? { insecure: token } : undefined;
        };
      }
    }
  };
}

module.exports = { credentials };
