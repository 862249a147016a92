// The text of the help panel, from the action's own description. Independent of the browser.

/** The help of an action's node as HTML */
export function help(action, description) {
  const parts = [`<p>${text(action.summary)}.</p>`];
  if (action.denied) parts.push(`<p><b>${text(action.denied.message)}</b></p>`);
  if (action.opens) {
    parts.push(`<p>Its fields are in the ${text(description.session.label)} that the node uses, which all nodes share.</p>`);
  } else if (action.fields.length > 0) {
    parts.push('<h3>Inputs</h3>', list(action.fields.map(input)));
  }
  parts.push('<h3>Output</h3>', output(action), list(action.outputs.map((one) => [one.name, kindOf(one), text(one.description)])));
  parts.push('<h3>Details</h3>', ...action.details.map((paragraph) => `<p>${text(paragraph)}</p>`), ...needs(action));
  parts.push('<p>A failure goes to catch nodes: <code>msg.error.code</code> is the code to branch on, <code>msg.error.cause.help</code> the help.</p>');
  if (action.errors.length > 0) parts.push(`<p>Codes to branch on: ${action.errors.map((one) => `<code>${text(one.code || one)}</code>`).join(', ')}.</p>`);
  return parts.join('\n');
}

/** The help of the configuration node */
export function sessionHelp({ connect, session }) {
  const fields = [...connect.fields.map(input), [connect.target.label, '', text(connect.target.description)]];
  return [
    `<p>${text(session.description)}.</p>`,
    '<h3>Fields</h3>',
    list(fields),
    '<h3>Details</h3>',
    '<p>The session is opened by the first message that needs it, and closed when the flows are deployed anew.</p>',
    ...connect.details.map((paragraph) => `<p>${text(paragraph)}</p>`),
    ...needs(connect),
  ].join('\n');
}

const KINDS = { TEXT: 'string', TEXTAREA: 'string', NUMBER: 'number', CHECKBOX: 'boolean', SELECT: 'choice', DICTIONARY: 'object', LIST: 'array' };

/** The JavaScript type of a field or an output */
const kindOf = ({ kind }) => KINDS[kind] || kind.toLowerCase();

function input(field, _at, fields) {
  const options = field.options.map((one) => text(one.label)).join('; ');
  return [field.label, kindOf(field) + presence(field, fields), text(field.description) + (options && `: ${options}`)];
}

/** Whether a field may be empty, and the option that it belongs to */
function presence({ inside, required }, fields) {
  if (!inside) return required ? '' : ', optional';
  const chooser = fields.find(({ property }) => property === inside.property);
  return `, with ${chooser.options.find(({ value }) => value === inside.option).label}`;
}

function output(action) {
  const where = '<code>msg.payload</code>, or where <b>Output</b> says,';
  return action.list ? `<p>${where} is a list. Each entry has:</p>` : `<p>${where} is an object with:</p>`;
}

function list(rows) {
  const entries = rows.map(([name, kind, words]) => {
    const type = kind ? ` <span class="property-type">${kind}</span>` : '';
    return `<dt>${text(name)}${type}</dt><dd>${words}</dd>`;
  });
  return `<dl class="message-properties">${entries.join('')}</dl>`;
}

function needs({ needs: { permissions, scope } }) {
  const parts = [];
  if (permissions.length > 0) parts.push(`permission <b>${permissions.map(text).join(', ')}</b>`);
  if (scope) parts.push(`token scope <b>${text(scope)}</b>`);
  return parts.length > 0 ? [`<p>Needs ${parts.join('; ')}.</p>`] : [];
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text of the package as HTML; it has code in backticks */
export function text(words) {
  return String(words)
    .replace(/[&<>"']/g, (character) => ESCAPES[character])
    .replace(/`([^`]+)`/g, '<code>$1</code>');
}
