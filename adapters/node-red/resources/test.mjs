// The button Test in the dialog of a session, and its result: the user, the project, and what the token can do.

import { valueOf } from './kept.mjs';

/** The button and the place of its tables, as HTML */
export const button = [
  '<div class="form-row"><label></label><button type="button" class="red-ui-button" id="azdo-test">',
  '<i class="fa fa-plug" aria-hidden="true"></i> Test</button><span id="azdo-testing" role="status"></span></div>',
  '<div id="azdo-found"></div>',
].join('');

/** Connects the button in the dialog of this node */
export function prepareTest(node, definition, prefix) {
  const read = (names) => Object.fromEntries(names.map((name) => [name, valueOf($(`#${prefix}-${name}`))]));
  $('#azdo-test').on('click', () =>
    test({ id: node.id, config: read(Object.keys(definition.defaults)), secrets: read(Object.keys(definition.credentials)) }),
  );
}

/** Lets the runtime open a session with the values of the dialog, and shows the result */
async function test(body) {
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

function show({ found, uses, lacking, error }) {
  if (error) {
    say('✗ Refused', 'azdo-no');
    table([[error.field || error.code || 'failed', error.message, error.help]]).addClass('azdo-failed');
  } else {
    say('✓ Connected', 'azdo-yes');
    table(found.map(({ label, value, description }) => [label, value, description]));
    table(uses.map(use), ['Use', 'Permission', 'Token scope', 'Verdict']).addClass('azdo-uses');
    if (lacking.length > 0) table(lacking.map(({ label, value }) => [label, value])).addClass('azdo-lacking');
  }
  $('#azdo-test')[0].scrollIntoView({ block: 'start' });
}

function say(words, colour = '') {
  $('#azdo-testing').text(words).attr('class', colour);
}

/** A use with its permission, its scope and the result, as in `azdo-bot doctor` */
function use({ label, permission, permissionPlace, permissionIs, scope, scopeIs, verdict }) {
  return [label, answer(permissionIs, permission, permissionPlace), answer(scopeIs, scope), answer(verdict)];
}

const COLOURS = { granted: 'azdo-yes', seen: 'azdo-yes', stated: 'azdo-yes', denied: 'azdo-no', missing: 'azdo-no' };

/** A cell with a result, and its subject below */
function answer(is, about, place) {
  const cell = $('<td>', { title: place }).append($('<span>', { class: COLOURS[is] }).text(is));
  return about ? cell.append($('<small>').text(about)) : cell;
}

/** A table whose rows begin with their header; a cell is a text or an element */
function table(rows, head) {
  const made = $('<table class="azdo-table">').appendTo('#azdo-found');
  if (head) $('<tr>').append(head.map((cell) => $('<th>', { scope: 'col' }).text(cell))).appendTo(made);
  for (const [first, ...rest] of rows) {
    const cells = rest.map((cell) => (typeof cell === 'string' ? $('<td>').text(cell) : cell));
    $('<tr>').append($('<th>', { scope: 'row' }).text(first), ...cells).appendTo(made);
  }
  return made;
}
