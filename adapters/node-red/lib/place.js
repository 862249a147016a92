'use strict';
// The target of a node's output. It is checked before the action is called, so that no result is lost.

const { types } = require('node:util');
const context = require('./context');
const { kind, unset, written } = require('./words');

const TYPES = ['msg', 'flow', 'global'];

class Place {
  /** Parses an expression of Node-RED; throws an error for an impossible target */
  constructor(RED, node, expression, type = 'msg') {
    const variable = unset(expression);
    if (variable) throw new Error(`it is the environment variable ${variable}, which is not set`);
    if (!TYPES.includes(type)) throw new Error(`${JSON.stringify(type)} is none of ${TYPES.join(', ')}`);
    const { store, key } = type === 'msg' ? { key: expression.replace(/^msg\./, '') } : RED.util.parseContextStore(expression);
    Object.assign(this, { RED, node, type, store, key });
    this.fixed = this.#parts();
    if (type !== 'msg' && !context.variables(node, type)) throw new Error('this node belongs to no flow, and so has no flow variables');
  }

  /** The target as text */
  toString() {
    return `${this.type}.${this.key}`;
  }

  /** Whether a write to one of the two targets would overwrite the other */
  overlaps(other) {
    const [a, b] = [this, other].map(({ type, store, fixed }) => [type, store, ...fixed]);
    return a.slice(0, b.length).every((part, at) => part === b[at]);
  }

  /** Reads the value of a property of the message */
  get(msg) {
    return follow(msg, this.#parts(msg));
  }

  /** Throws an error if no value can be stored here for this message */
  async prove(msg) {
    const { root, name, parts } = await this.#open(msg);
    const found = obstacle(root, parts);
    if (found) throw new Error(`${written(name, found.path)} ${found.words}`);
  }

  /** Stores a value; throws an error if it cannot be read back */
  async put(msg, value) {
    await this.prove(msg);
    if (this.type === 'msg') this.RED.util.setMessageProperty(msg, this.key, value, true);
    else await context.set(this.node, this.type, this.store, this.#contextKey(msg), value);
    const { root, name, parts } = await this.#open(msg);
    const now = follow(root, parts);
    if (this.type === 'msg' ? now !== value : now === undefined) throw new Error(`${written(name, parts)} does not keep it`);
  }

  /** The root of the path for this message: the message, or a context variable */
  async #open(msg) {
    const parts = this.#parts(msg);
    if (this.type === 'msg') return { root: msg, name: 'msg', parts };
    const opened = await context.open(this.node, this.type, this.store, parts);
    return { ...opened, name: written(this.type, opened.above) };
  }

  #parts(msg) {
    const parts = this.RED.util.normalisePropertyExpression(this.key, msg);
    if (parts.flat(Infinity).includes('__proto__')) throw new Error('__proto__ is no property');
    return parts;
  }

  #contextKey(msg) {
    return this.key.includes('[msg') ? this.RED.util.normalisePropertyExpression(this.key, msg, true) : this.key;
  }
}

/** The value at the end of a path */
function follow(root, parts) {
  return parts.reduce((at, part) => (at === undefined || at === null ? undefined : at[part]), root);
}

/** Why no value can be stored at the end of a path: the location and the reason */
function obstacle(root, parts) {
  let at = root;
  for (const [depth, part] of parts.entries()) {
    const path = parts.slice(0, depth);
    const words = cannotHold(at, part);
    if (words) return { path, words };
    const last = depth === parts.length - 1;
    // Node-RED creates missing objects on the path.
    const missing = Array.isArray(at) ? at[part] === undefined : !Object.hasOwn(at, part);
    if (last || missing) return canSet(at, part) ? undefined : { path: parts.slice(0, depth + 1), words: 'cannot be set' };
    at = at[part];
  }
  return undefined;
}

/** Why a value cannot have this property, or would lose it when Node-RED copies the message */
function cannotHold(value, part) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return `is ${kind(value)}`;
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return 'is a buffer';
  if (types.isDate(value)) return 'is a date';
  if (types.isMap(value) || types.isSet(value) || types.isRegExp(value) || types.isBoxedPrimitive(value)) return 'is no plain object';
  if (Array.isArray(value) && !/^\d+$/.test(part)) return 'is a list';
  return undefined;
}

function canSet(object, part) {
  if (!Object.hasOwn(object, part) && !Object.isExtensible(object)) return false;
  for (let at = object; at; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, part);
    if (found) return 'value' in found ? found.writable : Boolean(found.set);
  }
  return true;
}

module.exports = { Place };
