// Registers the package's nodes in the editor, from the description that the runtime serves.

import { defaults, labelled, prepare, rows } from './fields.mjs';
import { help, sessionHelp, text } from './help.mjs';
import { display, keep, remember } from './kept.mjs';
import { iconOf, paletteLabelOf, placeOf } from './places.mjs';
import { sessionNode } from './session.mjs';

const PREFIX = 'node-input';
// What the operator's policy denies.
const DENIED = { colour: '#C8C8C8', icon: 'font-awesome/fa-ban' };
// Node-RED loads the flows after this script, and needs the types by then, so the request is awaited here. Only $.ajax
// sends the login.
$.ajax({ url: 'azure-devops/actions', async: false, dataType: 'json' })
  .done(register)
  .fail((answer) => {
    const why = answer.responseJSON?.message || answer.statusText;
    RED.notify(`Azure DevOps: ${RED.utils.sanitize(why)}`, { type: 'error', fixed: true, buttons: undefined });
  });

function register(description) {
  const session = sessionNode(description);
  add(session.type, session.dialog, sessionHelp(description));
  RED.nodes.registerType(session.type, session.definition);
  for (const action of description.actions) {
    add(action.type, dialog(action, description), help(action, description));
    RED.nodes.registerType(action.type, node(action, description));
  }
}

/** Adds the dialog and the help of a node to the page */
function add(type, dialog, words) {
  const put = (attribute, content) => $('<script>', { type: 'text/html', [attribute]: type }).html(content).appendTo('body');
  put('data-template-name', `<div class="azdo-form">${dialog}</div>`);
  put('data-help-name', words);
}

function node(action, description) {
  const fields = fieldsOf(action);
  const { category, colour } = placeOf(action);
  const definition = {
    category,
    color: action.denied ? DENIED.colour : colour,
    icon: action.denied ? DENIED.icon : iconOf(action),
    defaults: {
      name: { value: '' },
      session: { value: '', type: description.session.type, required: true, label: description.session.label },
      ...defaults(fields, PREFIX),
      output: { value: 'payload', validate: output },
      outputType: { value: 'msg', typeOf: 'output' },
    },
    inputs: 1,
    outputs: 1,
    paletteLabel: action.denied ? `${paletteLabelOf(action)} (denied by policy)` : paletteLabelOf(action),
    label() {
      return this.name || action.label;
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : '';
    },
    onadd() {
      // A node from the palette has no position yet; an imported node has one and is not changed.
      if (this.x === undefined) this.session ||= onlySession(description.session.type, this.z);
    },
    oneditprepare() {
      display(this, definition, PREFIX);
      prepare(fields, PREFIX, this);
      $(`#${PREFIX}-output`).typedInput({ default: 'msg', types: ['msg', 'flow', 'global'], typeField: $(`#${PREFIX}-outputType`) });
      remember(this, definition, PREFIX);
    },
    oneditsave() {
      keep(this, definition, PREFIX);
    },
  };
  return definition;
}

/** The error of a node's Output; without one the result goes into the payload */
function output(value, options) {
  if (value === undefined) return true;
  if (/__proto__/.test(value)) return 'Output: __proto__ is no property';
  return RED.validators.typedInput('outputType').call(this, value, options);
}

/** The fields of Connect are in the configuration node */
function fieldsOf(action) {
  return action.opens ? [] : action.fields;
}

/** The session of a new node: the only one, if there is exactly one */
function onlySession(type, flow) {
  const found = [];
  RED.nodes.eachConfig((config) => {
    if (config.type === type && (!config.z || config.z === flow)) found.push(config.id);
  });
  return found.length === 1 ? found[0] : '';
}

function dialog(action, description) {
  const plain = (id) => `<input type="text" class="azdo-input" id="${id}">`;
  return [
    action.denied ? `<div class="form-row azdo-denied" role="alert">${text(action.denied.message)}</div>` : '',
    // An action may have a field called Name.
    labelled('Node name', `${PREFIX}-name`, plain(`${PREFIX}-name`)),
    labelled(description.session.label, `${PREFIX}-session`, plain(`${PREFIX}-session`), { required: true, title: description.session.description }),
    rows(fieldsOf(action), PREFIX),
    labelled('Output', `${PREFIX}-output`, `<input type="text" id="${PREFIX}-output" style="width: calc(100% - 175px)"><input type="hidden" id="${PREFIX}-outputType">`, { title: action.outputLabel }),
  ].join('\n');
}
