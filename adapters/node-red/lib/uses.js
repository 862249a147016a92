'use strict';
// What a session's token and user can do, use by use, as Check session answers it, in the manifest's words.

const CHECK = 'checkSession';

/** Every intended use that Check session knows, with its words */
function usesOf({ actions }) {
  return actions.find(({ name }) => name === CHECK).fields.find(({ name }) => name === 'intendedUsage').options;
}

/** The rows of the table: each use by its label, with the two answers about it */
function rows(uses, { uses: answered = [] }) {
  return answered.map((one) => ({ ...one, label: uses.find(({ value }) => value === one.use).label }));
}

/** What to ask for, where something is denied */
function lacking({ askFor = [], missingScopes = [] }) {
  return [
    ...askFor.map((value) => ({ label: 'Ask for', value })),
    ...missingScopes.map((value) => ({ label: 'Missing token scope', value })),
  ];
}

module.exports = { CHECK, lacking, rows, usesOf };
