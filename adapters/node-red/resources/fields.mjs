// The rows of a dialog: one for each field of an action, by its kind.

import { ask, refusal } from './ask.mjs';
import { check } from './check.mjs';
import { text } from './help.mjs';
import { canList, entries, isTexts, listed, prepareList } from './lists.mjs';
import { boxes, isSet, prepareSet, ticked } from './sets.mjs';

const FROM_FLOW = ['msg', 'flow', 'global', 'env', 'jsonata'];
const ICONS = 'red/images/typedInput/';

/** The types of a field's input: its own, and the sources in a flow */
const typesOf = (field) => [field.valueType, ...FROM_FLOW];

/** The properties of these fields in the flow */
export function defaults(fields, prefix) {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = { value: initial(field), validate: validator(field, prefix) };
      if (field.kind === 'SELECT') return [[field.property, value]];
      return [[field.property, value], [field.typeProperty, { value: field.valueType, typeOf: field.property }]];
    }),
  );
}

function initial(field) {
  if (field.kind === 'SELECT') return field.default ?? (field.mustBeSet ? field.options[0].value : '');
  if (field.default === undefined || field.kind === 'CREDENTIAL') return '';
  return field.valueType === 'json' ? JSON.stringify(field.default) : String(field.default);
}

/** Whether a field applies, in the open dialog or else in the node: a field of an option does if that is chosen */
function applies({ inside }, prefix, node = {}) {
  if (!inside) return true;
  const chosen = $(`#${prefix}-${inside.property}`).val() || node[inside.property];
  return chosen ? chosen === inside.option : inside.byDefault;
}

function validator(field, prefix) {
  // Node-RED recognises a validator with reasons by its two arguments.
  return function validate(value, _options) {
    if (!applies(field, prefix, this)) return true;
    const shown = $(`#${prefix}-${field.typeProperty}`).val();
    const type = field.kind === 'SELECT' ? 'str' : shown || this[field.typeProperty] || field.valueType;
    if (field.kind === 'CREDENTIAL' && isKept(type)) return true;
    const wrong = check(field, type, value) || wrongSource(type, value);
    const refused = refusal(field, type, value);
    return wrong ? `${field.label} ${wrong}` : !refused || `${field.label}: ${refused}`;
  };
}

/** The error of a value by the rules of its schema, or else by those that only the action has */
const wrongValue = (field, type, value) => check(field, type, value) || refusal(field, type, value);

// A typed token is in the node's credentials.
const isKept = (type) => type === 'stored' || type === 'insecure';

function wrongSource(type, value) {
  if (!FROM_FLOW.includes(type) || value === '') return undefined;
  const valid = RED.utils.validateTypedProperty(value, type, {});
  return valid === true ? undefined : valid;
}

/** The rows of these fields as HTML; `rowOf` makes the row of one */
export function rows(fields, prefix, rowOf = row) {
  return fields
    .map((field) => {
      const html = rowOf(field, prefix);
      return field.inside ? `<div id="${prefix}-${field.property}-inside">${html}</div>` : html;
    })
    .join('\n');
}

/** A row of a dialog: a label and a control */
export function labelled(label, forId, control, { required = false, title = '' } = {}) {
  const star = required ? '<span class="azdo-required" title="required">*</span>' : '';
  return `<div class="form-row"><label for="${forId}" id="${forId}-label" title="${text(title)}">${text(label)}${star}</label>${control}</div>`;
}

/** The row of a field */
export function row(field, prefix) {
  const id = `${prefix}-${field.property}`;
  // A choice with a default needs no input.
  const open = field.mustBeSet && field.kind === 'SELECT' && field.default === undefined;
  return labelled(field.label, id, control(field, id, `${prefix}-${field.typeProperty}`), { required: field.required || open, title: field.description });
}

function control(field, id, typeId) {
  if (field.kind === 'SELECT') {
    const options = field.options.map((one) => `<option value="${text(one.value)}">${text(one.label)}</option>`);
    const none = required(field) ? '' : '<option value=""></option>';
    return `<select id="${id}" class="azdo-input">${none}${options.join('')}</select>`;
  }
  const hint = text(field.example || field.description).replace(/<\/?code>/g, '');
  return (
    `<input type="text" id="${id}" style="width: calc(100% - 175px)" placeholder="${hint}" aria-labelledby="${id}-label">` +
    `<input type="hidden" id="${typeId}">${isSet(field) ? boxes(field, id) : ''}${isTexts(field) ? entries(id) : ''}<div class="azdo-wrong" id="${id}-wrong" role="status"></div>`
  );
}

const required = (field) => field.required || field.mustBeSet;

/** Connects the rows of these fields in the dialog of this node */
export function prepare(fields, prefix, node) {
  for (const field of fields) {
    const id = `${prefix}-${field.property}`;
    if (field.kind === 'SELECT') prepareChoice(field, id, node);
    else if (field.kind !== 'CREDENTIAL') prepareTyped(field, id, $(`#${prefix}-${field.typeProperty}`));
  }
  for (const field of fields.filter(({ inside }) => inside)) {
    const show = () => $(`#${prefix}-${field.property}-inside`).toggle(applies(field, prefix));
    $(`#${prefix}-${field.inside.property}`).on('change', show);
    show();
  }
}

function prepareChoice(field, id, node) {
  if (node[field.property]) return;
  const select = $(`#${id}`);
  // Opening the dialog does not set a choice that the flow does not have.
  if (required(field) && field.default === undefined) $('<option value=""></option>').prependTo(select);
  select.val(field.default ?? '');
}

function prepareTyped(field, id, typeField) {
  const input = $(`#${id}`);
  const own = typeField.val() === field.valueType;
  // A check box cannot show that a flag has its default.
  if (own && field.kind === 'CHECKBOX' && input.val() === '') input.val(initial(field));
  const before = own ? input.val() : '';
  input.typedInput({
    default: field.valueType,
    types: typesOf(field).map((type) => typed(field, type, before)),
    typeField,
  });
  if (isSet(field)) prepareSet(field, id, 'json');
  else if (isTexts(field)) {
    if (canList(before)) prepareList(field, id, 'json', before);
    else $(`#${id}-entries`).hide();
  }
  const current = () => [input.typedInput('type'), input.typedInput('value')];
  // The star and the frame show that a field is required; the text is for the typed value.
  const say = () => {
    const [type, value] = current();
    $(`#${id}-wrong`).text((value !== '' && wrongValue(field, type, value)) || '');
    if (value === '' || check(field, type, value)) return;
    ask(field, type, value, () => {
      const isOpen = document.contains(input[0]);
      // The frame is Node-RED's, which validates after a change.
      if (isOpen && String(current()) === String([type, value])) input.trigger('change', [type, value]);
    });
  };
  input.on('change keyup paste', say);
}

/** A type of a typed input with the field's rules; the types that read from the flow are Node-RED's own */
function typed(field, type, before) {
  const validate = (value) => wrongValue(field, type, value) || true;
  switch (type) {
    case 'str':
      return { value: type, label: 'string', icon: `${ICONS}az.svg`, validate };
    case 'num':
      return { value: type, label: 'number', icon: `${ICONS}09.svg`, validate };
    case 'bool': {
      const options = ['true', 'false'].map((one) => ({ value: one, label: one }));
      if (field.default === undefined) options.unshift({ value: '', label: 'not set' });
      if (!['', 'true', 'false'].includes(before)) options.push({ value: before, label: before });
      return { value: type, label: 'boolean', icon: `${ICONS}bool.svg`, options };
    }
    case 'json':
      if (isSet(field)) return { ...ticked(type), validate };
      if (isTexts(field) && canList(before)) return { ...listed(type), validate };
      return { value: type, label: 'JSON', icon: `${ICONS}json.svg`, validate, expand: editJson };
    default:
      return type;
  }
}

function editJson() {
  let value = this.value();
  try {
    value = JSON.stringify(JSON.parse(value), null, 4);
  } catch {
    // The invalid value is shown, so that it can be corrected.
  }
  RED.editor.editJSON({ value, complete: (text) => this.value(compact(text)) });
}

function compact(json) {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}
