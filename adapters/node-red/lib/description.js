'use strict';
// The actions of the package in the form that nodes and dialogs need, from the program's own description.

/** The kind of the field that names the session, which is a configuration node in Node-RED */
const SESSION = 'SESSION';

/** The prefix of the types of this package's nodes */
const PREFIX = 'azdo-';

/** The type of the configuration node with the fields of a session */
const SESSION_NODE = `${PREFIX}session`;

/** Node-RED's type of a literal value for each kind; other kinds are texts */
const VALUE_TYPES = { NUMBER: 'num', CHECKBOX: 'bool', DICTIONARY: 'json', LIST: 'json', CREDENTIAL: 'stored' };

/** Converts the document that `azdo-bot actions --json` prints; `denied` are the actions that the policy denies */
function describe(document, denied = []) {
  const rules = new Map(denied.map((one) => [one.action, one]));
  const actions = document.actions.map((one) => ({ ...action(one), denied: refusal(rules.get(one.name)) }));
  return {
    version: document.version,
    label: document.label,
    description: document.description,
    session: { type: SESSION_NODE, ...document.sessionType },
    actions,
    // The action that returns a session: its fields are in the configuration node.
    connect: actions.find((one) => one.opens),
  };
}

function action(one) {
  const fields = one.fields.map((its) => field(its, one));
  const { kind, label, list } = one.returns;
  const opens = kind === SESSION;
  return {
    type: one.names.nodeRed,
    name: one.name,
    label: one.label,
    group: one.group,
    summary: one.summary,
    details: one.details,
    fields: fields.filter((its) => its.kind !== SESSION),
    usesSession: fields.some((its) => its.kind === SESSION),
    opens,
    // Connect has its own label for its output.
    outputLabel: opens ? '' : label,
    target: opens ? one.returns : undefined,
    list,
    outputs: list ? one.outputs.find(({ name }) => name === list).entries : one.outputs,
    needs: needs(one.needs),
    errors: one.errors,
  };
}

/** How the policy denies an action, for the editor and for the status of its nodes */
function refusal(denied) {
  return denied && { rule: denied.rule, message: `${denied.message}. ${denied.help}` };
}

function field(its, { name, input }) {
  return {
    action: name,
    // The property of the node; its type is beside it, as Node-RED's typed inputs have it.
    property: propertyOf(its.name),
    typeProperty: typePropertyOf(its.name, input),
    name: its.name,
    label: its.unit ? `${its.label} (${its.unit})` : its.label,
    description: its.description,
    kind: its.kind,
    valueType: VALUE_TYPES[its.kind] || 'str',
    modes: its.modes,
    inside: its.inside ? { ...its.inside, property: propertyOf(its.inside.field) } : undefined,
    required: its.required,
    mustBeSet: its.mustBeSet,
    options: its.choices,
    default: its.default ?? undefined,
    example: its.example ?? undefined,
    // The rules of its value, which the dialog checks.
    schema: input.properties[its.name],
  };
}

/** The permissions and the token scope, as texts */
function needs({ permissions, scope }) {
  return { permissions: permissions.map((one) => `${one.namespace}: ${one.name}`), scope: scope?.label };
}

function propertyOf(name) {
  return `input${capital(name)}`;
}

/** The property with the type of a value. It must differ from those of fields: beside `resource` there is a `resourceType` */
function typePropertyOf(name, input) {
  return propertyOf(name) + (`${name}Type` in input.properties ? 'ValueType' : 'Type');
}

function capital(name) {
  return name[0].toUpperCase() + name.slice(1);
}

module.exports = { PREFIX, SESSION_NODE, describe };
