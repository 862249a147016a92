'use strict';
// How the fields of a node become the inputs of a call.

const { failure } = require('./errors');

/** The properties of a node in which a field stands: its value, the value's type, and a token in the credentials */
const property = (field) => field.property;
const typeProperty = (field) => `${field.property}Type`;
const secretProperty = (field) => `${field.property}Secret`;

/** The credentials that a node with these fields keeps, as Node-RED wants them declared */
function credentialsOf(fields) {
  const secrets = fields.filter((field) => field.kind === 'CREDENTIAL');
  return Object.fromEntries(secrets.map((field) => [secretProperty(field), { type: 'password' }]));
}

/** Whether a field counts: one that belongs to an option does when that is chosen */
function applies({ inside }, config) {
  if (!inside) return true;
  const chosen = config[inside.property];
  return chosen ? chosen === inside.option : inside.byDefault;
}

/**
 * Reads a node's fields once; the result gives the inputs for a message
 *
 * What is left empty is left out, so that the action's own default or its own complaint applies.
 */
function compile(RED, node, config, fields, credential) {
  const fixed = {};
  const changing = [];
  for (const field of fields.filter((one) => applies(one, config))) {
    const type = field.kind === 'SELECT' ? 'str' : config[typeProperty(field)];
    const value = field.kind === 'CREDENTIAL' ? credential(field, type) : constant(field, type, config[property(field)]);
    if (typeof value === 'function' || value === DYNAMIC) {
      changing.push({ field, read: value === DYNAMIC ? reader(RED, node, type, config[property(field)]) : value });
    } else if (value !== undefined) {
      fixed[field.name] = value;
    }
  }
  return async (msg) => {
    const inputs = { ...fixed };
    for (const { field, read } of changing) {
      const value = converted(field, await read(msg));
      if (value !== undefined) inputs[field.name] = value;
    }
    return inputs;
  };
}

const DYNAMIC = Symbol('is read for every message');

function constant(field, type, value) {
  if (value === undefined || value === '') return undefined;
  switch (type) {
    case 'str':
      return value;
    case 'num':
      return Number(value);
    case 'bool':
      return value === true || value === 'true';
    case 'json':
      try {
        return JSON.parse(value);
      } catch {
        throw failure('input.invalid', `The field ${field.label} is not JSON.`, 'Open the node and correct it.');
      }
    default:
      return DYNAMIC;
  }
}

/** Reads a property of the message, a context variable, an environment variable or an expression */
function reader(RED, node, type, value) {
  const asPromise = (read) => new Promise((resolve, reject) => {
    read((error, result) => (error ? reject(error) : resolve(result)));
  });
  if (type === 'jsonata') {
    const expression = RED.util.prepareJSONataExpression(value, node);
    return (msg) => asPromise((done) => RED.util.evaluateJSONataExpression(expression, msg, done));
  }
  if (type === 'msg') return (msg) => RED.util.getMessageProperty(msg, value);
  return (msg) => asPromise((done) => RED.util.evaluateNodeProperty(value, type, node, msg, done));
}

/** An environment variable is a text whatever the field is */
function converted(field, value) {
  if (typeof value !== 'string' || value === '') return value === '' ? undefined : value;
  if (field.kind === 'NUMBER' && Number.isFinite(Number(value))) return Number(value);
  if (field.kind === 'CHECKBOX' && /^(true|false)$/.test(value)) return value === 'true';
  if (field.kind === 'DICTIONARY' || field.kind === 'LIST') {
    try {
      return JSON.parse(value);
    } catch {
      // The action says what it expects.
    }
  }
  return value;
}

module.exports = { applies, compile, credentialsOf, property, reader, secretProperty, typeProperty };
