'use strict';
// The tokens from Node-RED's encrypted store, under names that no flow can write.

const { randomUUID } = require('node:crypto');

class TokenStore {
  /** The name of the locker, random for each start of the runtime */
  locker = randomUUID();
  #tokens = new Map();

  /** Stores a token of a node and returns its credential */
  keep(id, name, token) {
    if (!this.#tokens.has(id)) this.#tokens.set(id, new Map());
    this.#tokens.get(id).set(name, token);
    return { lockerName: this.locker, name: id, attributeName: name };
  }

  /** The token of a credential; undefined for other credentials */
  token({ lockerName, name, attributeName }) {
    return lockerName === this.locker ? this.#tokens.get(name)?.get(attributeName) : undefined;
  }

  /** Removes the tokens of a node */
  drop(id) {
    this.#tokens.delete(id);
  }
}

module.exports = { TokenStore };
