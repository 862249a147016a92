// Test in the dialog of a session: opens it, and says who is signed in and what the token and its user can do.

import { valueOf } from './kept.mjs';

/** The button and its verdict, as HTML; it stays in view whatever tab is open */
export const bar = [
  '<div class="azdo-bar"><button type="button" class="red-ui-button" id="azdo-test">',
  '<i class="fa fa-plug" aria-hidden="true"></i> Test</button><div id="azdo-verdict" role="status"></div></div>',
].join('');

/** The place of the tables, as HTML */
export const found = '<div id="azdo-found"></div>';

/** Connects the button in the dialog of this node; the tables are in the tab *Access*, which is there with them only */
export function prepareTest(node, definition, prefix, tabs) {
  const read = (names) => Object.fromEntries(names.map((name) => [name, valueOf($(`#${prefix}-${name}`))]));
  const values = () => ({ id: node.id, config: read(Object.keys(definition.defaults)), secrets: read(Object.keys(definition.credentials)) });
  let tested;
  // A verdict about other values than those of the dialog would be wrong.
  const forgetIfChanged = () => {
    if (tested === undefined || tested === JSON.stringify(values())) return;
    tested = undefined;
    say('');
    clear(tabs);
  };
  $('#azdo-test').on('click', async () => {
    $('#azdo-test').prop('disabled', true);
    say('Connecting…');
    const body = values();
    tested = JSON.stringify(body);
    show(await test(body), prefix, tabs);
    $('#azdo-test').prop('disabled', false);
    forgetIfChanged();
  });
  $('#azdo-test').closest('form').on('input change', forgetIfChanged);
}

/** Takes away the tables of the last test */
function clear(tabs) {
  $('#azdo-found').empty();
  tabs.hide('access');
}

/** Lets the runtime open a session with the values of the dialog, and returns its answer */
async function test(body) {
  try {
    return await $.ajax({ url: 'azure-devops/test', method: 'POST', contentType: 'application/json', data: JSON.stringify(body) });
  } catch (failed) {
    return { error: { message: failed.responseText || failed.statusText, help: '' } };
  }
}

function show({ verdict, found: facts, uses, lacking, error }, prefix, tabs) {
  clear(tabs);
  if (error) {
    say(error.message, 'no', error.help);
    const control = $(`#${prefix}-${error.property}`);
    if (control.length > 0) tabs.reveal(control);
    return;
  }
  say(verdict.sentence, verdict.denied > 0 ? 'no' : 'yes');
  if (uses.length === 0) return;
  if (lacking.length > 0) table(lacking.map(({ label, value }) => [label, value])).addClass('azdo-lacking');
  table(facts.map(({ label, value, description }) => [label, $('<td>', { title: description }).text(value)]));
  table(uses.map(use), ['Use', 'Permission', 'Token scope', 'Verdict']).addClass('azdo-uses');
  tabs.show('access');
}

const SIGNS = { yes: 'fa-check', no: 'fa-times' };

/** Shows a sentence beside the button: good, bad or neither, and what to do */
function say(words, is = '', help = '') {
  const place = $('#azdo-verdict').empty().attr('class', is && `azdo-${is}`);
  if (is) $('<i>', { class: `fa ${SIGNS[is]}`, 'aria-hidden': true }).appendTo(place);
  $('<span>').text(words).appendTo(place);
  if (help) $('<small>').text(help).appendTo(place);
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
