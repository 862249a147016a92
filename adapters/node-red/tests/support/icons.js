'use strict';
// Draws the icons of the nodes: the drawing of the group above, which the package for Automation 360 has too, and that of the verb below.

const fs = require('node:fs');
const path = require('node:path');

const GROUPS = path.join(__dirname, '..', '..', '..', '..', 'src', 'package', 'automation_360', 'icons');

// Each on a square of 24.
const VERBS = {
  abandon: '<circle cx="12" cy="12" r="9"/><path d="M6 6l12 12"/>',
  add: '<path d="M9 3v12M3 9h12M14 20h8"/>',
  attach: '<path d="M19 11l-8 8a4.5 4.5 0 0 1-7-6l9-9a3 3 0 0 1 4 4l-8 8"/>',
  authorize: '<rect x="4" y="11" width="16" height="10"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>',
  cancel: '<rect x="5" y="5" width="14" height="14" fill="#fff"/>',
  check: '<path d="M4 12l6 6L20 5"/>',
  comment: '<path d="M3 4h18v12H11l-5 5v-5H3z"/>',
  commit: '<path d="M1 12h6M17 12h6"/><circle cx="12" cy="12" r="5"/>',
  complete: '<path d="M2 13l5 5L17 6M12 17l1 1L23 6"/>',
  connect: '<path d="M2 12h13M10 6l6 6-6 6M21 3v18"/>',
  copy: '<path d="M8 8h13v13H8zM16 4V3H3v13h1"/>',
  create: '<path d="M12 3v18M3 12h18"/>',
  decide: '<path d="M4 12l6 6L20 5"/>',
  delete: '<path d="M4 4l16 16M20 4L4 20"/>',
  deploy: '<path d="M12 21V4M5 11l7-7 7 7"/>',
  disable: '<circle cx="12" cy="12" r="9"/><path d="M6 6l12 12"/>',
  disconnect: '<path d="M3 3v18M22 12H9M14 6l-6 6 6 6"/>',
  download: '<path d="M12 2v13M6 10l6 6 6-6M3 21h18"/>',
  edit: '<path d="M4 17l1-5L15 2l4 4L9 16zM3 22h18"/>',
  enable: '<path d="M12 2v10M6 6a9 9 0 1 0 12 0"/>',
  get: '<path d="M1 12s4-8 11-8 11 8 11 8-4 8-11 8S1 12 1 12z"/><circle cx="12" cy="12" r="3" fill="#fff"/>',
  import: '<path d="M12 2v12M7 9l5 5 5-5M3 14v7h18v-7"/>',
  link: '<path d="M10 14a5 5 0 0 1 0-7l3-3a5 5 0 0 1 7 7l-2 2M14 10a5 5 0 0 1 0 7l-3 3a5 5 0 0 1-7-7l2-2"/>',
  list: '<path d="M9 5h13M9 12h13M9 19h13M2 5h2M2 12h2M2 19h2"/>',
  pause: '<path d="M8 4v16M16 4v16"/>',
  query: '<circle cx="10" cy="10" r="7"/><path d="M15 15l7 7"/>',
  read: '<path d="M3 4h18M3 10h18M3 16h12"/>',
  remove: '<path d="M3 12h18"/>',
  reply: '<path d="M9 4L2 11l7 7M2 11h12a7 7 0 0 1 7 7v2"/>',
  resolve: '<circle cx="12" cy="12" r="9"/><path d="M8 12l3 3 5-6"/>',
  retain: '<rect x="4" y="11" width="16" height="10"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>',
  retry: '<path d="M20 12a8 8 0 1 1-3-6M21 2v6h-6"/>',
  run: '<path d="M5 3l15 9-15 9z" fill="#fff"/>',
  set: '<path d="M4 12l6 6L20 5"/>',
  tag: '<path d="M3 3h9l9 9-9 9-9-9zM8 8h.1"/>',
  unlink: '<path d="M9 8l4-4a5 5 0 0 1 7 7l-4 4M15 16l-4 4a5 5 0 0 1-7-7l4-4M3 3l18 18"/>',
  update: '<path d="M3 21l1-6L16 3l5 5L9 20z"/>',
  vote: '<path d="M7 21V4M3 8l4-4 4 4M17 3v17M13 16l4 4 4-4"/>',
  wait: '<circle cx="12" cy="12" r="10"/><path d="M12 6v6l4 3"/>',
};

/** The icon of a group of actions and a verb */
function draw(group, verb) {
  const file = path.join(GROUPS, `${group}.svg`);
  const [, drawing] = /<title>[^<]*<\/title>\s*(.*?)\s*<\/svg>/s.exec(fs.readFileSync(file, 'utf8'));
  if (!VERBS[verb]) throw new Error(`the verb "${verb}" has no drawing in ${path.basename(__filename)}`);
  const above = drawing.split('\n').map((line) => line.trim()).join('');
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="60" viewBox="0 0 40 60" fill="none" stroke="#fff" stroke-linecap="round" stroke-linejoin="round">',
    `  <g transform="translate(5 3) scale(1.25)" stroke-width="2.2">${above}</g>`,
    `  <g transform="translate(10 37) scale(.83)" stroke-width="3.4">${VERBS[verb]}</g>`,
    '</svg>',
    '',
  ].join('\n');
}

module.exports = { draw };
