// The dialog of the configuration node: the fields of Connect and the scope of the session in tabs, and Test below them.

import { defaults, labelled, prepare, row, rows } from './fields.mjs';
import { text } from './help.mjs';
import { display, keep, remember } from './kept.mjs';
import { prepareTabs, tabbed } from './tabs.mjs';
import { bar, found, prepareTest } from './test.mjs';

const PREFIX = 'node-config-input';

/**
 * The tabs, with the fields of Connect that each shows; the tab without a list has the other fields
 *
 * Test adds the last one. A field of an option is shown with the field that has the option.
 */
const TABS = [
  { name: 'connection', label: 'Connection', fields: ['organizationUrl', 'projectName', 'ifProjectMissing'] },
  { name: 'token', label: 'Token', fields: ['authenticationMethod'] },
  { name: 'session', label: 'Session', fields: ['ifSessionExists'] },
  { name: 'advanced', label: 'Advanced' },
  { name: 'access', label: 'Access', fields: [], later: true },
];

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
    credentials: Object.fromEntries(tokens.map((field) => [secretOf(field), { type: 'password', validate: (_value, _options) => lacking(field) || true }])),
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
      prepareTest(this, definition, PREFIX, prepareTabs(TABS));
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
  const tabOf = ({ name, inside }) => {
    const chosen = inside ? inside.field : name;
    return TABS.find((tab) => tab.fields?.includes(chosen)) || TABS.find((tab) => !tab.fields);
  };
  const rowOf = (field, prefix) => (isToken(field) ? tokenRow(field) : row(field, prefix));
  const around = { connection: ['', simulate], session: [scope(target), ''], access: [found, ''] };
  const tabs = TABS.map((tab) => {
    const [before, after] = around[tab.name] || ['', ''];
    const own = rows(fields.filter((field) => tabOf(field) === tab), PREFIX, rowOf);
    return { name: tab.name, rows: [before, own, after].join('\n') };
  });
  return [labelled('Name', `${PREFIX}-name`, `<input type="text" class="azdo-input" id="${PREFIX}-name">`), tabbed(tabs), bar].join('\n');
}

const simulate = labelled(
  'Simulate',
  `${PREFIX}-simulate`,
  `<input type="checkbox" class="azdo-check" id="${PREFIX}-simulate"><span class="azdo-beside">Use azdo-bot's simulator: nothing leaves this machine</span>`,
);

/** The rows of the scope, and of the name or the property that belongs to it */
function scope(target) {
  const options = target.scopes.map((one) => `<option value="${one}">${text(SCOPES[one] || one)}</option>`);
  return [
    labelled(target.label, `${PREFIX}-scope`, `<select class="azdo-input" id="${PREFIX}-scope">${options.join('')}</select>`, {
      required: true,
      title: target.description,
    }),
    `<div class="azdo-named">${labelled('Session name', `${PREFIX}-sessionName`, `<input type="text" class="azdo-input" id="${PREFIX}-sessionName">`, { required: true })}</div>`,
    `<div class="azdo-variable">${labelled('Variable', `${PREFIX}-variable`, `<span class="azdo-msg">msg.</span><input type="text" class="azdo-after-msg" id="${PREFIX}-variable">`, { required: true })}</div>`,
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
  const [way, secret] = [$(`#${PREFIX}-${field.typeProperty}`), $(`#${PREFIX}-${secretOf(field)}`)];
  const show = () => {
    const type = way.val();
    $(id).toggle(!isSecret(type)).attr('placeholder', type === 'reference' ? field.example : HINTS[type]);
    secret.toggle(isSecret(type)).toggleClass('input-error', Boolean(lacking(field)));
    $(`${id}-insecure`).toggle(type === 'insecure');
  };
  way.on('change', show);
  secret.on('change keyup paste input', show);
  $(`#${PREFIX}-simulate`).on('change', show);
  show();
}

const isSecret = (type) => type === 'stored' || type === 'insecure';

/** The error of a token that has to be typed in; undefined if there is one, or if none is needed */
function lacking(field) {
  const type = $(`#${PREFIX}-${field.typeProperty}`).val();
  const simulated = type === 'stored' && $(`#${PREFIX}-simulate`).prop('checked');
  const applies = !field.inside || $(`#${PREFIX}-${field.inside.property}`).val() === field.inside.option;
  const isEmpty = isSecret(type) && $(`#${PREFIX}-${secretOf(field)}`).val() === '';
  return isEmpty && applies && !simulated ? `${field.label} is required` : undefined;
}

function showScope() {
  const inVariable = $(`#${PREFIX}-scope`).val() === 'VARIABLE';
  $('.azdo-named').toggle(!inVariable);
  $('.azdo-variable').toggle(inVariable);
}
