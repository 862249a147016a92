'use strict';
// Context variables as paths: finds the variable at the start of a path, and reads and writes it.

/** The variables of the node's flow, or those of all flows; none if it belongs to no flow, or is not deployed yet */
const variables = (node, type) => node.context?.()[type];

/**
 * Reads the variable at the start of a path; returns the path below a separate root
 *
 * `$parent` is not a property: it selects the variables of the parent of the flow.
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
