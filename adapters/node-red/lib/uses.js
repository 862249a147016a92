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

/**
 * The verdict as a sentence that leads the tables, and the number of denied uses
 *
 * Azure DevOps does not tell whether a token has a scope for writing: such a use is seen when it is used.
 */
function verdict(user, { uses = [] }) {
  const count = (is) => uses.filter((one) => one.verdict === is).length;
  const [granted, denied, unknown] = ['granted', 'denied', 'unknown'].map(count);
  const parts = [`${granted} ${granted === 1 ? 'use' : 'uses'} confirmed`, denied > 0 ? `${denied} denied` : 'nothing denied'];
  if (unknown > 0) parts.push(`${unknown} can only be seen when used`);
  return { sentence: `Signed in as ${user}. ${parts.join(', ')}.`, denied };
}

module.exports = { CHECK, lacking, rows, usesOf, verdict };
