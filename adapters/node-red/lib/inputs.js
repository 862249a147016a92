'use strict';
// Converts the fields of a node to the inputs of a call.

const { BEFORE, reader, refuseUnset, refused } = require('./sources');
const { kind } = require('./words');

/** The properties of a node for a field: its value, and a token in the credentials */
const property = (field) => field.property;
const secretProperty = (field) => `${field.property}Secret`;

/** The type of a field's value; older flows have none */
const typeOf = (field, config) => config[field.typeProperty] ?? field.valueType;

/** The declaration of the credentials of a node with these fields */
function credentialsOf(fields) {
  const secrets = fields.filter((field) => field.kind === 'CREDENTIAL');
  return Object.fromEntries(secrets.map((field) => [secretProperty(field), { type: 'password' }]));
}

/** Whether a field applies: a field of an option does if that is chosen */
function applies({ inside }, config) {
  if (!inside) return true;
  const chosen = config[inside.property];
  return chosen ? chosen === inside.option : inside.byDefault;
}

/**
 * Reads a node's fields once; the result gives the inputs for a message
 *
 * Empty fields are left out, so that the action's default applies. `who` names the node in errors. The result's `blame`
 * adds the field and the source of its value to an error about an input.
 */
function compile(RED, node, who, config, fields, credential) {
  const fixed = {};
  const changing = [];
  for (const field of fields.filter((one) => applies(one, config))) {
    const type = typeOf(field, config);
    const value = field.kind === 'CREDENTIAL' ? credential(field, type) : valueOf(RED, node, who, field, type, config[property(field)]);
    if (typeof value === 'function') changing.push({ field, read: value });
    else if (value !== undefined) fixed[field.name] = value;
    else if (field.required) throw refused(who, field, 'is empty', 'Open the node and fill it in.');
  }
  async function inputs(msg) {
    const given = { ...fixed };
    for (const { field, read } of changing) {
      const value = converted(field, await read(msg));
      const words = unsendable(value);
      if (words) throw refused(who, field, `is read from ${read.source}, which is ${words}`, BEFORE);
      if (value !== undefined) given[field.name] = value;
    }
    return given;
  }
  return Object.assign(inputs, { blame: (error) => blame(who, fields, changing, error) });
}

/** The literal value of a field, or a function that reads it for a message */
function valueOf(RED, node, who, field, type, value) {
  if (value === undefined || value === null || value === '') return undefined;
  if (type !== 'env') refuseUnset(who, field, value);
  switch (type) {
    case 'str':
      return value;
    case 'num':
      if (!Number.isFinite(Number(value))) throw refused(who, field, 'is not a number');
      return Number(value);
    case 'bool':
      if (!/^(true|false)$/.test(value)) throw refused(who, field, 'is neither true nor false');
      return String(value) === 'true';
    case 'json':
      try {
        return typeof value === 'string' ? JSON.parse(value) : value;
      } catch {
        throw refused(who, field, 'is not JSON');
      }
    default:
      return reader(RED, node, who, field, type, value);
  }
}

/** Converts a text, such as that of an environment variable, to the kind of the field */
function converted(field, value) {
  if (typeof value !== 'string' || value === '') return value === '' ? undefined : value;
  if (field.kind === 'NUMBER' && Number.isFinite(Number(value))) return Number(value);
  if (field.kind === 'CHECKBOX' && /^(true|false)$/.test(value)) return value === 'true';
  if (field.kind === 'DICTIONARY' || field.kind === 'LIST') {
    try {
      return JSON.parse(value);
    } catch {
      // The action reports the error.
    }
  }
  return value;
}

/** The kind of a value that JSON cannot express; undefined for others */
function unsendable(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'no finite number';
  if (typeof value === 'object') {
    try {
      JSON.stringify(value);
      return undefined;
    } catch {
      return 'not what JSON can say: it goes round in a circle, or has a number that is too big';
    }
  }
  return ['function', 'symbol', 'bigint'].includes(typeof value) ? kind(value) : undefined;
}

/** Rewords the program's error about an input with the labels of the dialog; returns other errors unchanged */
function blame(who, fields, changing, error) {
  const { code, context, help, operation, requests, retry } = error.cause || {};
  const field = fields.find(({ name }) => name === context?.field?.split('.')[0]);
  if (!field || (code !== 'input.invalid' && requests > 0)) return error;
  const source = changing.find((one) => one.field === field)?.read.source;
  const from = source ? `is read from ${source}, and ` : '';
  // Codes of one kind of value have a help of their own.
  const advice = code === 'input.invalid' ? source && BEFORE : help;
  return refused(who, field, `${from}was refused: ${complaint(error.cause)}`, advice, { code, operation, requests, retry });
}

/** The message of an error about an input, without the names of the action and of the input at its start */
function complaint({ context, operation, message }) {
  const begins = [`${operation}: "${context.field}": `, `${operation}: `].find((one) => message.startsWith(one)) || '';
  return message.slice(begins.length);
}

module.exports = { applies, compile, complaint, credentialsOf, property, secretProperty, typeOf };
