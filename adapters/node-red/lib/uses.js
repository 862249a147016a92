'use strict';
// The uses that a session's token and user are allowed, as returned by Check session.

const CHECK = 'checkSession';

/** All intended uses of Check session, with their labels */
function usesOf({ actions }) {
  return actions.find(({ name }) => name === CHECK).fields.find(({ name }) => name === 'intendedUsage').options;
}

/** The rows of the table: each use with its label, permission and scope */
function rows(uses, { uses: answered = [] }) {
  return answered.map((one) => ({ ...one, label: uses.find(({ value }) => value === one.use).label }));
}

/** The permissions and scopes to request if something is denied */
function lacking({ askFor = [], missingScopes = [] }) {
  return [
    ...askFor.map((value) => ({ label: 'Ask for', value })),
    ...missingScopes.map((value) => ({ label: 'Missing token scope', value })),
  ];
}

module.exports = { CHECK, lacking, rows, usesOf };
