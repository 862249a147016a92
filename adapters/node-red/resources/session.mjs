// The dialog of the configuration node: the fields of Connect in their order, and the scope of the session.

import { defaults, labelled, prepare, row, rows } from './fields.mjs';
import { text } from './help.mjs';
import { display, keep, remember } from './kept.mjs';
import { button, prepareTest } from './test.mjs';

const PREFIX = 'node-config-input';

/** The labels of the scopes, with the terms of Node-RED */
const SCOPES = {
  LOCAL: 'Local session: this flow',
  GLOBAL: 'Global session: all flows of this runtime',
  VARIABLE: 'Variable: a property of the message',
};

/** The sources of a token, by mode, and their types in Node-RED */
const WAYS = {
  CREDENTIAL: ['Credential', { stored: "in Node-RED's encrypted store", reference: 'by reference' }],
  VARIABLE: ['Variable', { env: 'environment variable', flow: 'flow variable', global: 'global variable', msg: 'property of the message' }],
  INSECURE_STRING: ['Insecure string', { insecure: '' }],
};
const INSECURE =
  'An insecure string is sent to the organization of the URL, whichever that is. It is not in the flow file, but a credential is safer.';

const secretOf = (field) => `${field.property}Secret`;
const isToken = (field) => field.kind === 'CREDENTIAL';

/** The definition of the configuration node for `RED.nodes.registerType`, and its dialog as HTML */
export function sessionNode({ connect, session }) {
  const { fields, target } = connect;
  const tokens = fields.filter(isToken);
  const definition = {
    category: 'config',
    defaults: {
      name: { value: '' },
      ...defaults(fields, PREFIX),
      scope: { value: target.defaultScope },
      sessionName: { value: target.defaultName, validate: named },
      variable: { value: 'session', validate: variable },
      simulate: { value: false },
    },
    credentials: Object.fromEntries(tokens.map((field) => [secretOf(field), { type: 'password' }])),
    paletteLabel: session.label,
    label() {
      const simulated = this.simulate ? ' (simulated)' : '';
      return this.name || `${this.inputProjectName || session.label}${simulated}`;
    },
    oneditprepare() {
      display(this, definition, PREFIX);
      prepare(fields, PREFIX, this);
      tokens.forEach(prepareToken);
      $(`#${PREFIX}-scope`).on('change', showScope);
      showScope();
      prepareTest(this, definition, PREFIX);
      remember(this, definition, PREFIX);
    },
    oneditsave() {
      keep(this, definition, PREFIX);
    },
  };
  return { type: session.type, definition, dialog: dialog(connect) };
}

function named(value) {
  return scopeOf(this) === 'VARIABLE' || value !== '';
}

function variable(value) {
  return scopeOf(this) !== 'VARIABLE' || value === undefined || RED.utils.validatePropertyExpression(value) === true;
}

function scopeOf(node) {
  return $(`#${PREFIX}-scope`).val() || node.scope;
}

function dialog({ fields, target }) {
  // The scope of the session follows the required fields, as in the vendor's dialog.
  const last = fields.findLastIndex((field) => field.required);
  const rowsOf = (some) => rows(some, PREFIX, (field, prefix) => (isToken(field) ? tokenRow(field) : row(field, prefix)));
  const scopes = target.scopes.map((scope) => `<option value="${scope}">${text(SCOPES[scope] || scope)}</option>`);
  return [
    labelled('Name', `${PREFIX}-name`, `<input type="text" class="azdo-input" id="${PREFIX}-name">`),
    rowsOf(fields.slice(0, last + 1)),
    labelled(target.label, `${PREFIX}-scope`, `<select class="azdo-input" id="${PREFIX}-scope">${scopes.join('')}</select>`, {
      required: true,
      title: target.description,
    }),
    `<div class="azdo-named">${labelled('Session name', `${PREFIX}-sessionName`, `<input type="text" class="azdo-input" id="${PREFIX}-sessionName">`)}</div>`,
    `<div class="azdo-variable">${labelled('Variable', `${PREFIX}-variable`, `<span class="azdo-msg">msg.</span><input type="text" class="azdo-after-msg" id="${PREFIX}-variable">`)}</div>`,
    rowsOf(fields.slice(last + 1)),
    labelled('Simulate', `${PREFIX}-simulate`, `<input type="checkbox" class="azdo-check" id="${PREFIX}-simulate"><span class="azdo-beside">Use azdo-bot's simulator: nothing leaves this machine</span>`),
    button,
  ].join('\n');
}

function tokenRow(field) {
  const id = `${PREFIX}-${field.property}`;
  const groups = field.modes.map((mode) => {
    const [label, types] = WAYS[mode];
    const options = Object.entries(types).map(([type, words]) => `<option value="${type}">${label}${words && `: ${text(words)}`}</option>`);
    return options.join('');
  });
  return [
    labelled(field.label, `${PREFIX}-${field.typeProperty}`, `<select class="azdo-input" id="${PREFIX}-${field.typeProperty}">${groups.join('')}</select>`, {
      required: true,
      title: field.description,
    }),
    `<div class="form-row"><label></label><input type="text" class="azdo-input" id="${id}"><input type="password" class="azdo-input" id="${PREFIX}-${secretOf(field)}"><div class="azdo-warning" id="${id}-insecure"><i class="fa fa-exclamation-triangle"></i> ${text(INSECURE)}</div></div>`,
  ].join('\n');
}

const HINTS = { env: 'AZDO_PAT', flow: 'token', global: 'token', msg: 'token' };

function prepareToken(field) {
  const id = `#${PREFIX}-${field.property}`;
  const way = $(`#${PREFIX}-${field.typeProperty}`);
  const show = () => {
    const type = way.val();
    const secret = type === 'stored' || type === 'insecure';
    $(id).toggle(!secret).attr('placeholder', type === 'reference' ? field.example : HINTS[type]);
    $(`#${PREFIX}-${secretOf(field)}`).toggle(secret);
    $(`${id}-insecure`).toggle(type === 'insecure');
  };
  way.on('change', show);
  show();
}

function showScope() {
  const inVariable = $(`#${PREFIX}-scope`).val() === 'VARIABLE';
  $('.azdo-named').toggle(!inVariable);
  $('.azdo-variable').toggle(inVariable);
}
