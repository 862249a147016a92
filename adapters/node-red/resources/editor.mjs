// Registers the package's nodes in the editor, out of the description that the runtime read off the program.

import { defaults, labelled, prepare, rows } from './fields.mjs';
import { help, sessionHelp } from './help.mjs';
import { display, keep, remember } from './kept.mjs';
import { sessionNode } from './session.mjs';

const PREFIX = 'node-input';
const COLOUR = '#85B7E2';
// Where an action's group stands in the palette, in the service's own names for its parts, and the group's icon.
const PLACES = {
  Session: ['Azure DevOps', 'fa-plug'],
  Projects: ['Azure DevOps', 'fa-folder-open'],
  Repositories: ['Azure Repos', 'fa-database'],
  Branches: ['Azure Repos', 'fa-code-fork'],
  Files: ['Azure Repos', 'fa-file-text-o'],
  'Pull requests': ['Azure Repos', 'fa-comments-o'],
  Pipelines: ['Azure Pipelines', 'fa-cogs'],
  'Pipeline runs': ['Azure Pipelines', 'fa-rocket'],
  Releases: ['Azure Pipelines', 'fa-paper-plane-o'],
  Approvals: ['Azure Pipelines', 'fa-thumbs-o-up'],
  'Work items': ['Azure Boards', 'fa-check-square-o'],
};

// The types have to be known before Node-RED loads the flows, and it goes on when this script has run: so it is waited
// for here. Only $.ajax sends along who is logged in.
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

/** Puts a node's dialog and help where Node-RED looks for them */
function add(type, dialog, words) {
  const put = (attribute, content) => $('<script>', { type: 'text/html', [attribute]: type }).html(content).appendTo('body');
  put('data-template-name', `<div class="azdo-form">${dialog}</div>`);
  put('data-help-name', words);
}

function node(action, description) {
  const fields = fieldsOf(action);
  const [category, icon] = PLACES[action.group] || [description.label, 'fa-cloud'];
  const definition = {
    category,
    color: COLOUR,
    icon: `font-awesome/${icon}`,
    defaults: {
      name: { value: '' },
      session: { value: '', type: description.session.type, required: true, label: description.session.label },
      ...defaults(fields, PREFIX),
      output: { value: 'payload', validate: output },
      outputType: { value: 'msg', typeOf: 'output' },
    },
    inputs: 1,
    outputs: 1,
    paletteLabel: action.label,
    label() {
      return this.name || action.label;
    },
    labelStyle() {
      return this.name ? 'node_label_italic' : '';
    },
    onadd() {
      // A node out of the palette has no place yet; one that is imported has, and is kept as it is.
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

/** What is wrong with a node's Output; a flow that has none puts its result into the payload */
function output(value, options) {
  if (value === undefined) return true;
  if (/__proto__/.test(value)) return 'Output: __proto__ is no property';
  return RED.validators.typedInput('outputType').call(this, value, options);
}

/** Connect's fields stand in the configuration node */
function fieldsOf(action) {
  return action.opens ? [] : action.fields;
}

/** The session that a new node will use: the one that is there, if it is one */
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
    // An action may have a field called Name.
    labelled('Node name', `${PREFIX}-name`, plain(`${PREFIX}-name`)),
    labelled(description.session.label, `${PREFIX}-session`, plain(`${PREFIX}-session`), { required: true, title: description.session.description }),
    rows(fieldsOf(action), PREFIX),
    labelled('Output', `${PREFIX}-output`, `<input type="text" id="${PREFIX}-output" style="width: calc(100% - 175px)"><input type="hidden" id="${PREFIX}-outputType">`, { title: action.outputLabel }),
  ].join('\n');
}
