'use strict';
// The names of nodes, values and properties in errors.

/** The name of a node in errors: the label of its action and its own name */
function named(label, name) {
  return name ? `${label} "${name}"` : label;
}

/** The type of a value; never the value, which may be a secret */
function kind(value) {
  if (value === undefined) return 'not there';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return { string: 'a text', number: 'a number', bigint: 'a big integer', symbol: 'a symbol', boolean: 'true or false', function: 'a function' }[typeof value] || 'an object';
}

/** A path below a root, as written in a flow: `msg.payload["a b"][0]` */
function written(root, parts) {
  const step = (part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  };
  return root + parts.map(step).join('');
}

/** The unset environment variable that a property names; Node-RED replaces the names of set variables */
function unset(value) {
  return typeof value === 'string' ? /^\$\{([^}\s]+)\}$/.exec(value)?.[1] : undefined;
}

/** The place of a node in its flow, for the audit trail: the ids with which the editor finds both */
function flowPlace({ z, id }) {
  return { bot: z, node: id };
}

module.exports = { flowPlace, kind, named, unset, written };
