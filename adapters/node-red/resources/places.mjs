// Where an action is in the palette, its colour and its icon. Independent of the browser.

// The groups of the palette, with the service's own names, the colour of their nodes, and their groups of actions.
export const PALETTE = [
  { category: 'Azure DevOps', colour: '#8CB9EA', groups: ['Session', 'Projects'] },
  { category: 'Azure Repos', colour: '#F2A983', groups: ['Repositories', 'Branches', 'Git tags', 'Commits', 'Files', 'Pull requests', 'Pull request reviews'] },
  { category: 'Azure Pipelines', colour: '#B9A6E8', groups: ['Pipelines', 'Pipeline runs', 'Releases', 'Approvals', 'Environments', 'Variable groups'] },
  { category: 'Azure Boards', colour: '#83C7B0', groups: ['Work items', 'Work item links'] },
];

/** The group of the palette of an action; a test finds a group of actions that has none */
export const placeOf = ({ group }) => PALETTE.find(({ groups }) => groups.includes(group)) || PALETTE[0];

const plain = (words) => words.toLowerCase().replaceAll(' ', '-');

/** The verb of an action: the first word of its label */
export const verbOf = ({ label }) => plain(label).split('-')[0];

/** The file of the icon of an action's group and verb, such as `repositories-create.svg` */
export const iconOf = (action) => `${plain(action.group)}-${verbOf(action)}.svg`;
