'use strict';
// Context variables as paths: which variable one begins with, and what is in it.

/** The variables of the node's flow, or those of all flows; none if it belongs to no flow, or is not deployed yet */
const variables = (node, type) => node.context?.()[type];

/**
 * Reads the variable that a path begins with; the answer is that path below a root of its own
 *
 * `$parent` is no property, but the way to the variables of what holds the flow.
 */
async function open(node, type, store, path) {
  let above = 0;
  while (path[above] === '$parent' && above < path.length - 1) above += 1;
  const [first, ...rest] = path.slice(above);
  const key = '$parent.'.repeat(above) + quoted(first);
  const value = await ask((done) => variables(node, type).get(key, store, done));
  return { root: value === undefined ? {} : { [first]: value }, above: path.slice(0, above), parts: [first, ...rest] };
}

function set(node, type, store, key, value) {
  return ask((done) => variables(node, type).set(key, value, store, done));
}

/** Waits for the result of a function of Node-RED with a callback */
function ask(act) {
  return new Promise((resolve, reject) => {
    act((error, result) => (error ? reject(error) : resolve(result)));
  });
}

const quoted = (part) => (/^[\w$]+$/.test(part) ? String(part) : part.includes('"') ? `'${part}'` : `"${part}"`);

module.exports = { ask, open, set, variables };
