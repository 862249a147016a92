// A list of texts as a list that is edited entry by entry. It is stored as a JSON list, like a typed list.

/** Whether a field is a list of texts without choices */
export const isTexts = ({ kind, options, schema }) => kind === 'LIST' && options.length === 0 && schema.items?.type === 'string';

/** The place of the list, below the typed input for its source */
export const entries = (id) => `<div class="azdo-entries" id="${id}-entries"><ol></ol></div>`;

/** The type of the typed input that shows the list */
export const listed = (type) => ({ value: type, label: 'listed below', icon: 'fa fa-list-ol', hasValue: false });

/** Whether the list can show a value: it is empty, or a JSON list of texts of one line */
export const canList = (value) => value === '' || textsOf(value) !== undefined;

/** Shows the list of a value in the open dialog, and writes it into the typed input when its user changes it */
export function prepareList(field, id, type, value) {
  const [input, place] = [$(`#${id}`), $(`#${id}-entries`)];
  const list = place.children('ol');
  const write = () => {
    // Node-RED removes an entry after it has faded.
    const texts = list.find('li:not(.red-ui-editableList-item-deleting) input').get().map((one) => one.value);
    const nothing = texts.length === 0 && field.default === undefined;
    input.typedInput('value', nothing ? '' : JSON.stringify(texts));
  };
  list.editableList({
    removable: true,
    sortable: true,
    height: 'auto',
    addItem(row, at, { text }) {
      const entry = $('<input>', { type: 'text', class: 'azdo-entry', value: text ?? '', 'aria-label': `${field.label} ${at + 1}` });
      entry.on('change keyup paste input', write).appendTo(row);
      if (text === undefined) setTimeout(() => entry.trigger('focus'), 0);
    },
    sortItems: write,
  });
  list.on('click', '.red-ui-editableList-item-remove', write);
  list.editableList('addItems', (textsOf(value) || []).map((text) => ({ text })));
  const show = () => place.toggle(input.typedInput('type') === type);
  input.on('change', show);
  show();
}

/** The texts of a JSON list of texts of one line; undefined for anything else */
function textsOf(json) {
  try {
    const list = JSON.parse(json);
    return Array.isArray(list) && list.every((one) => typeof one === 'string' && !/[\r\n]/.test(one)) ? list : undefined;
  } catch {
    return undefined;
  }
}
