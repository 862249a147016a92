'use strict';
// Reads the values of fields for a message. Each cause of a missing value has its own error text.

const context = require('./context');
const { failure } = require('./errors');
const { kind, unset, written } = require('./words');

const FROM_CONTEXT = ['flow', 'global'];
const FROM = ['msg', ...FROM_CONTEXT, 'env', 'jsonata'];

/** The error of a field, with a help text; optionally another `code` and further members */
function refused(who, field, words, help = 'Open the node and correct the field.', { code = 'input.invalid', ...more } = {}) {
  const stop = /[.!?]$/.test(words) ? '' : '.';
  return failure(code, `${who}: the field ${field.label} ${words}${stop}`, help, { context: { field: field.name }, ...more });
}

/** Fails for a value that is an unset environment variable */
function refuseUnset(who, field, value) {
  const variable = unset(value);
  if (variable) throw refused(who, field, `is the environment variable ${variable}, which is not set`, ENVIRONMENT);
}

const ENVIRONMENT = 'Set it for Node-RED, the flow or the group, or correct its name in the field.';
const NO_VARIABLES = 'Deploy it first; for flow variables let the session belong to that flow, or use a global variable.';
const BEFORE = 'Correct the field, or the values of the nodes before this one.';

/**
 * Returns a function that reads the field's value for a message; undefined means the default of an optional field
 *
 * `source` names the source of the value in messages.
 */
function reader(RED, node, who, field, type, value) {
  refuseUnset(who, field, type === 'env' ? undefined : value);
  if (!FROM.includes(type)) throw refused(who, field, `has the type ${JSON.stringify(type)}, which is none of ${FROM.join(', ')}`);
  const source = sourceOf(RED, type, value);
  const refuse = (words, help) => refused(who, field, `is read from ${source}, ${words}`, help);
  const missing = (words, help) => {
    if (field.required) throw refuse(words, help);
    return undefined;
  };
  const from = read(RED, node, type, value, refuse, missing);
  const given = async (msg) => {
    const found = await from(msg);
    return found === '' ? missing('which is empty', BEFORE) : found;
  };
  return Object.assign(given, { source });
}

function read(RED, node, type, value, refuse, missing) {
  switch (type) {
    case 'env':
      return () => environment(RED, node, value, refuse);
    case 'jsonata':
      return expression(RED, node, value, refuse, missing);
    default:
      return property(RED, node, type, value, refuse, missing);
  }
}

function sourceOf(RED, type, value) {
  if (type === 'env') return `the environment variable ${value}`;
  if (type === 'jsonata') return 'an expression';
  if (!FROM_CONTEXT.includes(type)) return `msg.${value.replace(/^msg\./, '')}`;
  const { store, key } = RED.util.parseContextStore(value);
  return `${type}.${key}${store ? ` in the store ${store}` : ''}`;
}

function environment(RED, node, value, refuse) {
  const names = [...value.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name);
  for (const name of names.length > 0 ? names : [value]) {
    const set = RED.util.getSetting(node, name);
    if (set !== undefined) continue;
    throw refuse(name === value || value === `\${${name}}` ? 'which is not set' : `and ${name} is not set`, ENVIRONMENT);
  }
  return RED.util.evaluateNodeProperty(value, 'env', node);
}

function expression(RED, node, value, refuse, missing) {
  let prepared;
  try {
    prepared = RED.util.prepareJSONataExpression(value, node);
  } catch (error) {
    throw refuse(`which cannot be read: ${error.message}`, 'Open the node and correct the expression.');
  }
  return async (msg) => {
    let found;
    try {
      found = await context.ask((done) => RED.util.evaluateJSONataExpression(prepared, msg, done));
    } catch (error) {
      throw refuse(`which fails: ${error.message}`, BEFORE);
    }
    return found === undefined ? missing('which gives nothing', BEFORE) : found;
  };
}

/** Reads a path in the message or in a context variable; the error names the first missing part */
function property(RED, node, type, value, refuse, missing) {
  const inContext = FROM_CONTEXT.includes(type);
  const { store, key } = inContext ? RED.util.parseContextStore(value) : { key: value.replace(/^msg\./, '') };
  const parse = (msg) => {
    try {
      return RED.util.normalisePropertyExpression(key, msg);
    } catch (error) {
      throw refuse(`which cannot be read: ${error.message}`);
    }
  };
  parse();
  return async (msg) => {
    const parts = parse(msg);
    let [from, name, path] = [msg, 'msg', parts];
    if (inContext) {
      if (!context.variables(node, type)) throw refuse(`and this session has no ${type} variables`, NO_VARIABLES);
      const opened = await context.open(node, type, store, parts).catch((error) => {
        throw refuse(`which cannot be read: ${error.message}`);
      });
      [from, name, path] = [opened.root, written(type, opened.above), opened.parts];
    }
    for (const [depth, part] of path.entries()) {
      const last = depth === path.length - 1;
      const found = from[part];
      if (last && found !== undefined) return found;
      if (last && typeof from === 'object') return missing('which is not there', BEFORE);
      // A path below a value that is not an object is an error even for an optional field.
      const [at, what] = last ? [path.slice(0, depth), from] : [path.slice(0, depth + 1), found];
      if (last || found === undefined || found === null) throw refuse(`and ${written(name, at)} is ${kind(what)}`, BEFORE);
      from = found;
    }
    return undefined;
  };
}

module.exports = { BEFORE, reader, refuseUnset, refused };
