'use strict';
// The tokens that Node-RED keeps, under names that no flow can write.

const { randomUUID } = require('node:crypto');

class Vault {
  /** The locker's name, drawn anew whenever the runtime starts */
  locker = randomUUID();
  #tokens = new Map();

  /** Keeps a token of a node, and answers the credential that it is asked for by */
  keep(id, name, token) {
    if (!this.#tokens.has(id)) this.#tokens.set(id, new Map());
    this.#tokens.get(id).set(name, token);
    return { lockerName: this.locker, name: id, attributeName: name };
  }

  /** The token behind a credential; nothing for one that is not kept here */
  token({ lockerName, name, attributeName }) {
    return lockerName === this.locker ? this.#tokens.get(name)?.get(attributeName) : undefined;
  }

  /** Forgets what a node keeps */
  drop(id) {
    this.#tokens.delete(id);
  }
}

module.exports = { Vault };
