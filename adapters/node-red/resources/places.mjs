// Where an action is in the palette, its colour and its icon. Independent of the browser.

// The groups of the palette, with the service's own names, the colour of their nodes, and their groups of actions.
export const PALETTE = [
  { category: 'Azure DevOps', colour: '#8CB9EA', groups: ['Session', 'Projects'] },
  { category: 'Azure Repos', colour: '#F2A983', groups: ['Repositories', 'Branches', 'Git tags', 'Commits', 'Files', 'Pull requests', 'Pull request reviews'] },
  { category: 'Azure Pipelines', colour: '#B9A6E8', groups: ['Pipelines', 'Pipeline runs', 'Test results', 'Releases', 'Approvals', 'Environments', 'Variable groups'] },
  { category: 'Azure Boards', colour: '#83C7B0', groups: ['Work items', 'Work item links'] },
];

/** The group of the palette of an action; a test finds a group of actions that has none */
export const placeOf = ({ group }) => PALETTE.find(({ groups }) => groups.includes(group)) || PALETTE[0];

// The palette cuts labels of this length; these words are shorter there. The dialog and the help have the whole label.
const LONG = 24;
const SHORTER = [['pull request', 'PR'], ['pipeline run', 'run'], ['repository ', ''], ['work item comment', 'comment']];

/** The label of an action in the palette: `Remove PR reviewer` */
export const paletteLabelOf = ({ label }) => (label.length < LONG ? label : SHORTER.reduce((text, [long, short]) => text.replace(long, short), label));

const plain = (words) => words.toLowerCase().replaceAll(' ', '-');

/** The verb of an action: the first word of its label */
export const verbOf = ({ label }) => plain(label).split('-')[0];

/** The file of the icon of an action's group and verb, such as `repositories-create.svg` */
export const iconOf = (action) => `${plain(action.group)}-${verbOf(action)}.svg`;
