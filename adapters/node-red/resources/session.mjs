// The dialog of the configuration node: Connect's fields in the manifest's order, and where the session goes.

import { defaults, labelled, prepare, rows } from './fields.mjs';
import { text } from './help.mjs';

const PREFIX = 'node-config-input';

/** What the manifest's words mean in Node-RED */
const SCOPES = {
  LOCAL: 'Local session: this flow',
  GLOBAL: 'Global session: all flows of this runtime',
  VARIABLE: 'Variable: a property of the message',
};

/** The ways to give a token, by the manifest's modes, and the types that each of them has in Node-RED */
const WAYS = {
  CREDENTIAL: ['Credential', { stored: "in Node-RED's encrypted store", reference: 'a reference: env:NAME, file:PATH' }],
  VARIABLE: ['Variable', { env: 'environment variable', flow: 'flow variable', global: 'global variable', msg: 'property of the message' }],
  INSECURE_STRING: ['Insecure string', { insecure: '' }],
};
const INSECURE =
  'An insecure string is sent to whatever organization the URL names. It is kept out of the flow file; a credential is safer still.';

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
      prepare(fields, PREFIX);
      tokens.forEach(prepareToken);
      $(`#${PREFIX}-scope`).on('change', showScope);
      showScope();
      $('#azdo-test').on('click', () => test(this, definition));
    },
  };
  return { type: session.type, definition, dialog: dialog(connect) };
}

function named(value) {
  return scopeOf(this) === 'VARIABLE' || value ? true : false;
}

function variable(value) {
  return scopeOf(this) !== 'VARIABLE' || RED.utils.validatePropertyExpression(value) === true;
}

function scopeOf(node) {
  return $(`#${PREFIX}-scope`).val() || node.scope;
}

function dialog({ fields, target }) {
  // Where the session goes stands behind the fields that are always filled in, as in the vendor's dialog.
  const last = fields.findLastIndex((field) => field.required);
  const rowsOf = (some) => some.map((field) => (isToken(field) ? tokenRow(field) : rows([field], PREFIX))).join('\n');
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
    labelled('Simulate', `${PREFIX}-simulate`, `<input type="checkbox" class="azdo-check" id="${PREFIX}-simulate"><span class="azdo-beside">Work on azdo-bot's own simulator: nothing leaves this machine</span>`),
    '<div class="form-row"><label></label><button type="button" class="red-ui-button" id="azdo-test"><i class="fa fa-plug"></i> Test</button><span id="azdo-testing"></span></div>',
    '<div id="azdo-found"></div>',
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
    labelled(field.label, `${id}Type`, `<select class="azdo-input" id="${id}Type">${groups.join('')}</select>`, {
      required: true,
      title: field.description,
    }),
    `<div class="form-row"><label></label><input type="text" class="azdo-input" id="${id}"><input type="password" class="azdo-input" id="${PREFIX}-${secretOf(field)}"><div class="azdo-warning" id="${id}-insecure"><i class="fa fa-exclamation-triangle"></i> ${text(INSECURE)}</div></div>`,
  ].join('\n');
}

const HINTS = { reference: 'env:AZDO_PAT', env: 'AZDO_PAT', flow: 'token', global: 'token', msg: 'token' };

function prepareToken(field) {
  const id = `#${PREFIX}-${field.property}`;
  const show = () => {
    const type = $(`${id}Type`).val();
    const secret = type === 'stored' || type === 'insecure';
    $(id).toggle(!secret).attr('placeholder', HINTS[type] || '');
    $(`#${PREFIX}-${secretOf(field)}`).toggle(secret);
    $(`${id}-insecure`).toggle(type === 'insecure');
  };
  $(`${id}Type`).on('change', show);
  show();
}

function showScope() {
  const inVariable = $(`#${PREFIX}-scope`).val() === 'VARIABLE';
  $('.azdo-named').toggle(!inVariable);
  $('.azdo-variable').toggle(inVariable);
}

/** Has the runtime open a session with what stands in the dialog, and shows what it found */
async function test(node, definition) {
  const read = (names) =>
    Object.fromEntries(names.map((name) => [name, $(`#${PREFIX}-${name}`)]).map(([name, input]) => [name, input.is(':checkbox') ? input.prop('checked') : input.val()]));
  const body = { id: node.id, config: read(Object.keys(definition.defaults)), secrets: read(Object.keys(definition.credentials)) };
  $('#azdo-test').prop('disabled', true);
  say('Connecting…');
  $('#azdo-found').empty();
  try {
    show(await $.ajax({ url: 'azure-devops/test', method: 'POST', contentType: 'application/json', data: JSON.stringify(body) }));
  } catch (failed) {
    show({ error: { message: failed.responseText || failed.statusText, help: '' } });
  }
  $('#azdo-test').prop('disabled', false);
}

function say(words, colour = 'inherit') {
  $('#azdo-testing').text(words).css('color', colour);
}

function show({ found, uses, lacking, error }) {
  say(found ? '✓ Connected' : '✗ Refused', found ? 'var(--red-ui-text-color-success, #4f8f00)' : 'var(--red-ui-text-color-error, #ad1625)');
  const cells = found
    ? found.map(({ name, description, value }) => [name, String(value), description])
    : [[error.code || 'failed', error.message, error.help]];
  tableOf(cells).toggleClass('azdo-failed', !found);
  if (found) showUses(uses, lacking);
  $('#azdo-test')[0].scrollIntoView({ block: 'start' });
}

/** What the token and its user can do in the project, as the doctor says it */
function showUses(uses, lacking) {
  tableOf(uses.map(({ label, verdict, evidence }) => [label, verdict, evidence]), ['Use', 'Verdict', 'Permission and token scope'])
    .addClass('azdo-uses')
    .find('td:nth-child(2)')
    .addClass((at) => `azdo-${uses[at].verdict}`);
  if (lacking.length > 0) tableOf(lacking.map(({ label, value }) => [label, value])).addClass('azdo-lacking');
}

function tableOf(rows, head) {
  const table = $('<table class="azdo-table">').appendTo('#azdo-found');
  if (head) $('<tr>').append(head.map((cell) => $('<th>').text(cell))).appendTo(table);
  for (const row of rows) $('<tr>').append(row.map((cell) => $('<td>').text(cell))).appendTo(table);
  return table;
}
