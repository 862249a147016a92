'use strict';
// The package's actions as nodes and dialogs need them, read off what the program says of itself.

/** An attribute of this type names the session; in Node-RED that is a configuration node */
const SESSION = 'SESSION';

/** The types of this package's nodes begin so */
const PREFIX = 'azdo-';

/** The type of the configuration node in which a session's fields stand */
const SESSION_NODE = `${PREFIX}session`;

/** What is typed into a field of this kind, in Node-RED's words; every other one takes a text */
const VALUE_TYPES = { NUMBER: 'num', CHECKBOX: 'bool', DICTIONARY: 'json', LIST: 'json', CREDENTIAL: 'stored' };

/** The description out of `azdo-bot manifest` and `azdo-bot actions --json` */
function describe(manifest, schemas) {
  const byName = new Map(schemas.map((schema) => [schema.name, schema]));
  const actions = manifest.commands.map((command) => action(command, byName.get(command.name)));
  return {
    version: manifest.packageVersion,
    label: manifest.label,
    description: manifest.description,
    session: { type: SESSION_NODE, label: manifest.sessionType.label, description: manifest.sessionType.description },
    actions,
    // The one whose result is a session: its fields stand in the configuration node.
    connect: actions.find((one) => one.opens),
  };
}

function action(command, schema) {
  const fields = flat(command.attributes).map((attribute) => field(attribute, schema));
  const [summary, ...details] = schema.input.description.split('\n\n');
  return {
    type: PREFIX + kebab(command.name),
    name: command.name,
    label: command.label,
    group: command.groupLabel,
    summary,
    details: details.map((paragraph) => paragraph.replaceAll('\n', ' ')),
    fields: fields.filter((one) => one.kind !== SESSION),
    usesSession: fields.some((one) => one.kind === SESSION),
    opens: command.returnType === SESSION,
    // Every other word about the output is one of the action's own.
    outputLabel: command.returnType === SESSION ? '' : command.returnLabel,
    target: command.returnType === SESSION ? target(command) : undefined,
    list: command.returnType === 'LIST',
    outputs: outputs(command, schema.output, fields),
    needs: needs(schema.needs),
    errors: schema.errors || [],
  };
}

/** Attributes with those that stand inside an option behind the one that has the option */
function flat(attributes) {
  return attributes.flatMap((one) => [one, ...flat((one.options || []).flatMap((option) => option.attributes || []))]);
}

function field(attribute, { input, examples }) {
  const schema = input.properties[attribute.name];
  return {
    // The property of the node; its type stands beside it, as Node-RED's typed inputs have it.
    property: propertyOf(attribute.name),
    typeProperty: typePropertyOf(attribute.name, input),
    name: attribute.name,
    label: schema['x-unit'] ? `${attribute.label} (${schema['x-unit']})` : attribute.label,
    description: attribute.description,
    kind: attribute.type,
    valueType: VALUE_TYPES[attribute.type] || 'str',
    modes: attribute.modes,
    inside: inside(schema, input),
    required: (input.required || []).includes(attribute.name) || Boolean(schema['x-required']),
    mustBeSet: (attribute.rules || []).some((rule) => rule.name === 'NOT_EMPTY'),
    options: attribute.options ? attribute.options.map(({ label, value }) => ({ label, value })) : choices(schema),
    default: schema.default,
    example: schema['x-example'] ?? exampleOf(attribute, examples),
    schema,
  };
}

/** How a token's reference looks; what the examples have for other fields could be taken for a default */
function exampleOf({ name, type }, examples) {
  return type === 'CREDENTIAL' ? examples.map(({ inputs }) => inputs[name]).find(Boolean) : undefined;
}

/** The option that a field belongs to: the property that chooses it, its value, and whether it counts when none is chosen */
function inside(schema, input) {
  if (!schema['x-inside']) return undefined;
  const [chooser, option] = schema['x-inside'].split('=');
  return { property: propertyOf(chooser), option, byDefault: input.properties[chooser].default === option };
}

/** What a set of choices is made of */
function choices({ items }) {
  return (items?.oneOf || []).map((one) => ({ label: one.description, value: one.const }));
}

/** Where a session goes that an action opens */
function target(command) {
  const { sessionTarget, sessionName } = command.returnDefaultValue;
  return {
    label: command.returnLabel,
    description: command.returnDescription,
    scopes: command.modes,
    defaultScope: sessionTarget,
    defaultName: sessionName.string,
  };
}

function outputs(command, output, fields) {
  let properties = output.properties || {};
  if (command.returnType === 'LIST') {
    const [only] = Object.values(properties);
    properties = only.items?.properties || {};
  }
  return Object.entries(properties).map(([name, one]) => ({
    name,
    // What comes out under the name of what went in has its label, too.
    label: fields.find((field) => field.name === name)?.label ?? words(name),
    type: one.type,
    description: one.description || '',
  }));
}

/** What the token's user and the token itself must be allowed, in words, where the program says it */
function needs(said) {
  const permissions = (said?.permissions || []).map((one) => `${one.namespace}: ${one.name}`);
  return { permissions, scope: said?.scope?.label };
}

function kebab(name) {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** `projectId` as a person reads it: `Project id` */
function words(name) {
  return capital(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
}

function propertyOf(name) {
  return `input${capital(name)}`;
}

/** The property with a value's type, which must not be the one of a field: beside `resource` there is a `resourceType` */
function typePropertyOf(name, input) {
  return propertyOf(name) + (`${name}Type` in input.properties ? 'ValueType' : 'Type');
}

function capital(name) {
  return name[0].toUpperCase() + name.slice(1);
}

module.exports = { PREFIX, SESSION_NODE, describe };
