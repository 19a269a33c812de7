import { inTable } from '../../incident/in-table.ts';
import SCHEMA from './snapshot.schema.json' with { type: 'json' };

/** As much of JSON Schema as the types of a snapshot come to. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

interface Wrong {
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly found: unknown;
}

/**
 * What in a snapshot is not as this version writes it, by its place in the file; `undefined` where nothing is. The schema
 * follows from the types (`npm run accept`): whatever passes may be judged as if it had just been read.
 */
export function wrongShape(snapshot: unknown): string | undefined {
  const wrong = wrongIn(snapshot, SCHEMA as Schema, []);
  return wrong && `${pathSaid(wrong.path)}: expected ${wrong.expected}, found ${foundSaid(wrong.found)}`;
}

function wrongIn(value: unknown, schema: Schema, path: Wrong['path']): Wrong | undefined {
  const { $ref, anyOf, enum: words } = schema;
  if ($ref !== undefined) return wrongNamed(value, $ref.replace('#/definitions/', ''), path);
  if (anyOf !== undefined) return wrongInAll(value, anyOf, path);
  if (words !== undefined && !words.includes(value)) return { path, expected: listed(words), found: value };
  if ('const' in schema && value !== schema.const) return { path, expected: listed([schema.const]), found: value };
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) {
    return { path, expected: types.map((type) => inTable(SAID, type) ?? type).join(' or '), found: value };
  }
  if (Array.isArray(value)) return firstOf(value.entries(), (item) => [item, schema.items], path);
  return typeof value === 'object' && value !== null ? wrongFields(value, schema, path) : undefined;
}

function wrongNamed(value: unknown, name: string, path: Wrong['path']): Wrong | undefined {
  if (name === 'Time') return isTime(value) ? undefined : { path, expected: 'an ISO 8601 time in UTC', found: value };
  const definition = (SCHEMA.definitions as Readonly<Record<string, Schema>>)[name];
  return definition === undefined ? undefined : wrongIn(value, definition, path);
}

/** Of several forms, what is wrong with the one that it comes nearest to: in which one gets farthest. */
function wrongInAll(value: unknown, forms: readonly Schema[], path: Wrong['path']): Wrong | undefined {
  const wrongs: Wrong[] = [];
  for (const form of forms) {
    const wrong = wrongIn(value, form, path);
    if (wrong === undefined) return undefined;
    wrongs.push(wrong);
  }
  const deepest = Math.max(...wrongs.map((wrong) => wrong.path.length));
  const [nearest, ...others] = wrongs.filter((wrong) => wrong.path.length === deepest);
  if (nearest === undefined) return undefined;
  const alike = others.filter((other) => pathSaid(other.path) === pathSaid(nearest.path));
  return { ...nearest, expected: [...new Set([nearest, ...alike].map(({ expected }) => expected))].join(' or ') };
}

function wrongFields(
  value: object,
  { properties = {}, required = [], additionalProperties }: Schema,
  path: Wrong['path'],
) {
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return { path: [...path, missing], expected: 'it to be there', found: undefined };
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const schemaOf = (name: string) => (Object.hasOwn(properties, name) ? properties[name] : others);
  return firstOf(Object.entries(value), (field, name) => [field, schemaOf(String(name))], path);
}

function firstOf(
  fields: Iterable<readonly [string | number, unknown]>,
  read: (field: unknown, name: string | number) => readonly [unknown, Schema | undefined],
  path: Wrong['path'],
): Wrong | undefined {
  for (const [name, field] of fields) {
    const [value, schema] = read(field, name);
    const wrong = schema && wrongIn(value, schema, [...path, name]);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const SAID: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number up to a million millions',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

/** Nothing that AWS counts, and no time, is beyond; and what is computed with it is none either. */
const NUMBER_AT_MOST = 1e12;

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type && (typeof value !== 'number' || Math.abs(value) <= NUMBER_AT_MOST);
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(value)) return false;
  return Number.isFinite(Date.parse(value));
}

function listed(words: readonly unknown[]): string {
  return words.map((word) => JSON.stringify(word)).join(' or ');
}

function pathSaid(path: Wrong['path']): string {
  return path.map(String).join('.') || 'all of it';
}

function foundSaid(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(value);
}
