'use strict';
// The errors in a dialog while a value is typed.

const assert = require('node:assert/strict');
const test = require('node:test');

const field = (schema, more) => ({ kind: 'TEXT', required: false, options: [], schema, ...more });
const name = field({ type: 'string', minLength: 1, maxLength: 4 }, { required: true });
const count = field({ type: 'integer', minimum: 1, maximum: 10 });
const files = field({ type: 'object', additionalProperties: { type: 'string' } });
const values = field({ type: 'object', additionalProperties: { anyOf: [{ type: 'string' }, { type: 'number' }] } });
const tags = field({ type: 'array', items: { type: 'string', minLength: 1 }, maxItems: 2 });
const uses = field({ type: 'array', uniqueItems: true, items: { oneOf: [{ const: 'read' }, { const: 'write' }] } });
const token = field({ anyOf: [{ type: 'string' }, { properties: { reference: { type: 'string', pattern: '^(env|file):.' } } }] }, { kind: 'CREDENTIAL', required: true });
const method = field({ oneOf: [{ const: 'PAT' }, { const: 'ENTRA' }], default: 'PAT' }, { kind: 'SELECT', mustBeSet: true, default: 'PAT' });
const choice = (schema) => field(schema, { kind: 'SELECT', mustBeSet: true, default: schema.default });
const path = field({ type: 'string', pattern: '^/' });

const rows = [
  [name, 'str', '', 'is required'],
  [name, 'str', 'site', undefined],
  [name, 'str', 'sites', 'has more than 4 characters'],
  [name, 'str', '🚀🚀🚀🚀', undefined],
  [name, 'msg', '', 'is required'],
  [name, 'msg', 'payload.that.is.long', undefined],
  [name, 'str', '${LONGER_THAN_FOUR}', undefined],
  [field(name.schema), 'str', '', undefined],
  [count, 'num', '', undefined],
  [count, 'num', 'ten', 'is not a number'],
  [count, 'num', '1.5', 'is not a whole number'],
  [count, 'num', '0', 'is less than 1'],
  [count, 'num', '11', 'is more than 10'],
  [files, 'json', '{"/a":"b"}', undefined],
  [files, 'json', '{"/a"', 'is not JSON'],
  [files, 'json', '[]', 'is not a dictionary'],
  [files, 'json', '{"/a":1}', '/a is not a text'],
  [values, 'json', '{"a":1,"b":"c"}', undefined],
  [values, 'json', '{"a":[]}', 'a is not a text'],
  [tags, 'json', '["a","b"]', undefined],
  [tags, 'json', '["a","b","c"]', 'has more than 2 entries'],
  [tags, 'json', '["a",""]', '2 is empty'],
  [choice({ type: 'string' }), 'str', '', 'is required'],
  [choice({ type: 'string', default: 'FAIL' }), 'str', undefined, undefined],
  [uses, 'json', '[]', undefined],
  [uses, 'json', '["write","read"]', undefined],
  [uses, 'json', '["read","own"]', '2 is none of the choices'],
  [uses, 'json', '["read","read"]', 'has an entry twice'],
  [uses, 'msg', 'payload.uses', undefined],
  [token, 'reference', 'env:AZDO_PAT', undefined],
  [token, 'reference', '', 'is required'],
  [token, 'reference', 'typed-in', 'does not match ^(env|file):.'],
  [method, 'str', 'ENTRA', undefined],
  [method, 'str', 'BASIC', 'is none of the choices'],
  [path, 'str', 'a', 'does not match ^/'],
];

test('each rule of the schema has its error', async (t) => {
  const { check } = await import('../../resources/check.mjs');
  for (const [of, type, value, wrong] of rows) {
    await t.test(`${type} ${value || 'empty'}`, () => assert.equal(check(of, type, value), wrong));
  }
});
