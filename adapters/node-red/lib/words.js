'use strict';
// How errors call nodes, values and the places that values come from.

/** A node as its errors call it: what it does, and the name that it was given */
function named(label, name) {
  return name ? `${label} "${name}"` : label;
}

/** What a value is; never the value itself, which may be a secret */
function kind(value) {
  if (value === undefined) return 'not there';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', bigint: 'a big integer', symbol: 'a symbol', boolean: 'true or false', function: 'a function' }[typeof value] || 'an object';
}

/** A path below a root, as it is written in a flow: `msg.payload["a b"][0]` */
function written(root, parts) {
  const step = (part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  };
  return root + parts.map(step).join('');
}

/** The environment variable that a property still names: Node-RED puts the value of one that is set in its place */
function unset(value) {
  return typeof value === 'string' ? /^\$\{([^}\s]+)\}$/.exec(value)?.[1] : undefined;
}

module.exports = { kind, named, unset, written };
