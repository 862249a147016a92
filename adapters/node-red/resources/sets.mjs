// A set of choices as check boxes. It is stored as a JSON list, like a typed list.

import { text } from './help.mjs';

/** Whether a field is a list whose entries are choices */
export const isSet = (field) => field.kind === 'LIST' && field.options.length > 0;

/** The check boxes, below the typed input for the source of the set */
export function boxes(field, id) {
  const all = field.options.map(({ value, label }) => box(value, label));
  return `<fieldset class="azdo-set" id="${id}-set"><legend>${text(field.label)}</legend>${all.join('')}</fieldset>`;
}

function box(value, label, more = '') {
  return `<label${more}><input type="checkbox" value="${text(value)}"> ${text(label)}</label>`;
}

/** The type of the typed input that shows the check boxes */
export const ticked = (type) => ({ value: type, label: 'chosen below', icon: 'fa fa-check-square-o', hasValue: false });

/** Keeps the check boxes and the typed input equal */
export function prepareSet(field, id, type) {
  const [input, set] = [$(`#${id}`), $(`#${id}-set`)];
  const show = () => {
    set.toggle(input.typedInput('type') === type);
    if (input.typedInput('type') !== type) return;
    const values = listOf(input.typedInput('value'));
    set.find('.azdo-unknown').remove();
    const known = new Set(field.options.map(({ value }) => value));
    // Unknown values of an older flow are shown, so that they can be removed.
    for (const value of values.filter((one) => !known.has(one))) set.append(box(value, value, ' class="azdo-unknown"'));
    set.find('input').each((_at, one) => {
      one.checked = values.includes(one.value);
    });
  };
  input.on('change', show);
  set.on('change', 'input', () => {
    const values = set.find('input:checked').get().map((one) => one.value);
    const nothing = values.length === 0 && field.default === undefined;
    input.typedInput('value', nothing ? '' : JSON.stringify(values));
  });
  show();
}

function listOf(json) {
  try {
    const list = JSON.parse(json);
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
