// Keeps fields unchanged in the flow that were not changed in the dialog: absent, or in their form. Decision 0120.

/** Shows the value of the flow, or the default; before Node-RED creates its widgets */
export function display(node, { defaults }, prefix) {
  for (const [property, { value: byDefault, type }] of Object.entries(defaults)) {
    // A configuration node's drop-down is Node-RED's own.
    if (type) continue;
    const input = $(`#${prefix}-${property}`);
    const value = node[property] === undefined && isOfDefaultType(node, defaults, property) ? byDefault : node[property];
    if (input.is(':checkbox')) input.prop('checked', value);
    else if (input.is('select')) choose(input, value);
    else if (value !== undefined && value !== null) input.val(typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
}

/** Whether the type of a value is that of its default */
function isOfDefaultType(node, defaults, property) {
  const type = typeProperty(defaults, property);
  return !type || node[type] === undefined || node[type] === defaults[type].value;
}

/** Adds an unknown value to a choice, so that it is visible and can be changed */
function choose(select, value) {
  const known = select.find('option').get().some((option) => option.value === value);
  if (value && !known) $('<option>', { value, text: value, class: 'azdo-unknown' }).appendTo(select);
  select.val(value ?? '');
}

const before = new WeakMap();

/** Records the values of the open dialog; after Node-RED created its widgets */
export function remember(node, definition, prefix) {
  before.set(node, read(definition, prefix));
}

/**
 * Takes the inputs that show what they showed at first out of Node-RED's sight, so that it saves only the others
 *
 * A value and its type are one: where either was changed, both are saved. A node that is being added has all that the
 * dialog shows.
 */
export function keep(node, definition, prefix) {
  if (!RED.nodes.node(node.id)) return;
  const [then, now] = [before.get(node), read(definition, prefix)];
  const changed = (property) => then[property] !== now[property];
  const { defaults } = definition;
  for (const property of Object.keys(then)) {
    const value = defaults[property]?.typeOf ?? property;
    const type = typeProperty(defaults, value);
    if (!changed(value) && !(type && changed(type))) $(`#${prefix}-${property}`).removeAttr('id');
  }
}

const typeProperty = (defaults, property) => Object.keys(defaults).find((name) => defaults[name].typeOf === property);

function read({ defaults, credentials = {} }, prefix) {
  const properties = [...Object.keys(defaults), ...Object.keys(credentials)];
  return Object.fromEntries(properties.map((property) => [property, valueOf($(`#${prefix}-${property}`))]));
}

/** The value of an input, as Node-RED reads it */
export const valueOf = (input) => (input.is(':checkbox') ? input.prop('checked') : (input.val() ?? null));
