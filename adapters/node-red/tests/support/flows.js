'use strict';
// Flows of the tests: an `http in` node, some actions, and their result as the response.

let count = 0;
const id = () => `test${(count += 1)}`;

/** A flow (tab) */
const tab = (more) => ({ id: id(), type: 'tab', label: 'Test', ...more });

/** The configuration node of a session, simulated by default */
const session = (more) => ({
  id: id(),
  type: 'azdo-session',
  inputAuthenticationMethod: 'PAT',
  inputPersonalAccessToken: 'env:AZDO_PAT',
  inputPersonalAccessTokenType: 'reference',
  inputOrganizationUrl: 'https://dev.azure.com/fabrikam',
  inputOrganizationUrlType: 'str',
  inputProjectName: 'Fabrikam',
  inputProjectNameType: 'str',
  scope: 'LOCAL',
  sessionName: 'Default',
  variable: 'session',
  simulate: true,
  ...more,
});

/** The node of an action: its fields as `name: [type, value]`, everything else as properties of the node */
function action(name, of, fields = {}, more = {}) {
  const node = { id: id(), type: `azdo-${name}`, session: of.id, output: 'payload', outputType: 'msg', ...more };
  for (const [field, [type, value]] of Object.entries(fields)) {
    const property = `input${field[0].toUpperCase()}${field.slice(1)}`;
    node[property] = value;
    node[`${property}Type`] = type;
  }
  return node;
}

/** These nodes in a row, on a flow */
function row(flow, ...nodes) {
  nodes.forEach((node, at) => {
    node.z = flow.id;
    node.x = 120 + at * 180;
    node.y = 80;
    node.wires ??= [nodes[at + 1] ? [nodes[at + 1].id] : []];
  });
  return nodes;
}

/** A flow with an HTTP address: its response is the payload, or the error that a catch node got */
function served(flow, place, ...nodes) {
  const respond = { id: id(), type: 'http response', z: flow.id, wires: [], statusCode: '' };
  const failed = {
    ...{ id: id(), type: 'change', z: flow.id, wires: [[respond.id]] },
    rules: [
      { t: 'set', p: 'payload', pt: 'msg', to: '{"error": error}', tot: 'jsonata' },
      { t: 'set', p: 'statusCode', pt: 'msg', to: '500', tot: 'num' },
    ],
  };
  const caught = { id: id(), type: 'catch', z: flow.id, scope: nodes.map((node) => node.id), uncaught: false, wires: [[failed.id]] };
  const enter = { id: id(), type: 'http in', url: `/${place}`, method: 'post' };
  return [...row(flow, enter, ...nodes, respond), failed, caught];
}

module.exports = { action, id, row, served, session, tab };
