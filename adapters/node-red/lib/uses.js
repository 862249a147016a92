'use strict';
// What a session's token and user can do, use by use, out of what Check session answers.

const CHECK = 'checkSession';

/** Every intended use that Check session knows, with its words */
function usesOf({ actions }) {
  const { schema } = actions.find(({ name }) => name === CHECK).fields.find(({ name }) => name === 'intendedUsage');
  return schema.items.oneOf.map(({ const: use, description }) => ({ use, label: description }));
}

/** The rows of the table: each use with its verdict and what that rests on */
function rows(uses, { granted = [], denied = [], unknown = [] }) {
  return uses.map(({ use, label }) => {
    const open = unknown.find((line) => line.startsWith(`${use}: `));
    if (granted.includes(use)) return { label, verdict: 'granted', evidence: 'permission granted, token scope there' };
    if (denied.includes(use)) return { label, verdict: 'denied', evidence: 'see what to ask for below' };
    return { label, verdict: 'unknown', evidence: open ? open.slice(use.length + 2) : 'not told' };
  });
}

/** What to ask for, where something is denied */
function lacking({ askFor = [], missingScopes = [] }) {
  return [
    ...askFor.map((value) => ({ label: 'Ask for', value })),
    ...missingScopes.map((value) => ({ label: 'Missing token scope', value })),
  ];
}

module.exports = { CHECK, lacking, rows, usesOf };
