// Checks typed values with the action's rules. Independent of the browser.

/** The error of a field's value of that type; undefined if it may be valid */
export function check(field, type, value) {
  const empty = value === '' || value === undefined || value === null;
  // A flow that is older than this choice has the default.
  const mustBeChosen = field.mustBeSet && field.kind === 'SELECT' && field.default === undefined;
  if (empty) return field.required || mustBeChosen ? 'is required' : undefined;
  // Node-RED replaces environment variables before the node gets them.
  if (/^\$\{[^}]+\}$/.test(value)) return undefined;
  switch (type) {
    case 'str':
      return checkValue(field.schema, String(value));
    case 'num':
      return Number.isFinite(Number(value)) ? checkValue(field.schema, Number(value)) : 'is not a number';
    case 'json':
      return checkJson(field.schema, value);
    case 'reference':
      return checkText(field.schema.anyOf.find(({ properties }) => properties?.reference).properties.reference, value);
    default:
      return undefined;
  }
}

function checkJson(schema, text) {
  try {
    return checkValue(schema, JSON.parse(text));
  } catch {
    return 'is not JSON';
  }
}

const KINDS = {
  string: ['a text', (value) => typeof value === 'string'],
  number: ['a number', (value) => typeof value === 'number'],
  integer: ['a whole number', Number.isInteger],
  boolean: ['true or false', (value) => typeof value === 'boolean'],
  array: ['a list', Array.isArray],
  object: ['a dictionary', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)],
};

/** The rules of a schema that matter while typing; the action checks the rest */
function checkValue(schema, value) {
  if (schema.oneOf) return schema.oneOf.some((one) => one.const === value) ? undefined : 'is none of the choices';
  if (schema.anyOf) return schema.anyOf.some((one) => !checkValue(one, value)) ? undefined : checkValue(schema.anyOf[0], value);
  const [words, is] = KINDS[schema.type] || [];
  if (is && !is(value)) return `is not ${words}`;
  if (typeof value === 'string') return checkText(schema, value);
  if (typeof value === 'number') return checkNumber(schema, value);
  if (Array.isArray(value)) {
    if (schema.uniqueItems && new Set(value).size < value.length) return 'has an entry twice';
    return checkParts(value.map((one, at) => [at + 1, one]), schema.items, schema.maxItems);
  }
  if (typeof value === 'object' && value !== null) {
    return checkParts(Object.entries(value), schema.additionalProperties, schema.maxProperties);
  }
  return undefined;
}

function checkText({ minLength = 0, maxLength = Infinity, pattern }, text) {
  const length = [...text].length;
  if (length < minLength) return minLength === 1 ? 'is empty' : `has fewer than ${minLength} characters`;
  if (length > maxLength) return `has more than ${maxLength} characters`;
  if (pattern && !new RegExp(pattern, 'u').test(text)) return `does not match ${pattern}`;
  return undefined;
}

function checkNumber({ minimum = -Infinity, maximum = Infinity }, number) {
  if (number < minimum) return `is less than ${minimum}`;
  if (number > maximum) return `is more than ${maximum}`;
  return undefined;
}

function checkParts(parts, schema, most = Infinity) {
  if (parts.length > most) return `has more than ${most} entries`;
  if (typeof schema !== 'object') return undefined;
  for (const [name, part] of parts) {
    const wrong = checkValue(schema, part);
    if (wrong) return `${name} ${wrong}`;
  }
  return undefined;
}
