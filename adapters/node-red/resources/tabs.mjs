// Tabs inside a dialog. A tab shows whether a field in it is empty or wrong, since only one tab is visible at a time.

const STRIP = 'azdo-tabs';
const contentOf = (name) => `azdo-tab-${name}`;

/** The tabs as HTML: each has a `name`, and its `rows` as HTML */
export function tabbed(tabs) {
  const contents = tabs.map(({ name, rows }) => `<div class="azdo-tab" id="${contentOf(name)}">${rows}</div>`);
  return `<div class="form-row"><ul id="${STRIP}"></ul></div>${contents.join('')}`;
}

/** Starts the tabs of the open dialog, except those that are `later`; `show` adds one of these, `hide` takes it away */
export function prepareTabs(tabs) {
  const strip = RED.tabs.create({
    id: STRIP,
    onchange({ id }) {
      $('.azdo-tab').hide();
      $(`#${id}`).show();
    },
  });
  const add = ({ name, label }) => strip.contains(contentOf(name)) || strip.addTab({ id: contentOf(name), label });
  tabs.filter(({ later }) => !later).forEach(add);
  const activate = (link) => link.length && strip.activateTab(link.attr('href').slice(1));
  // Node-RED's tabs are for the mouse only.
  $(`#${STRIP}`).on('keydown', 'a', ({ key, currentTarget }) => {
    if (key === 'Enter') activate($(currentTarget));
  });
  // Node-RED takes clicks on two tabs within 0.4 s for a double click, and ignores the second one.
  $(`#${STRIP}`)[0].addEventListener('click', ({ target }) => activate($(target).closest('a')), true);
  // Node-RED measures the tabs when the dialog has its width.
  setTimeout(() => strip.resize(), 0);
  const watched = { subtree: true, attributes: true, attributeFilter: ['class', 'style'] };
  for (const { name } of tabs) {
    const content = $(`#${contentOf(name)}`);
    const mark = () => $(`#red-ui-tab-${contentOf(name)}`).toggleClass('azdo-tab-wrong', hasError(content));
    new MutationObserver(mark).observe(content[0], watched);
    mark();
  }
  return {
    show(name) {
      add(tabs.find((tab) => tab.name === name));
      strip.activateTab(contentOf(name));
    },
    hide: (name) => strip.contains(contentOf(name)) && strip.removeTab(contentOf(name)),
    /** Shows the tab that contains an element */
    reveal: (element) => strip.activateTab($(element).closest('.azdo-tab').attr('id')),
  };
}

/** Whether a control of the tab that can be seen when the tab is active has an error */
function hasError(content) {
  const isShown = (control) => !$(control).parentsUntil(content).addBack().get().some(({ style }) => style.display === 'none');
  return content.find('.input-error').get().some(isShown);
}
