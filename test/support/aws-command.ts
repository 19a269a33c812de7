import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as cloudTrail from '@aws-sdk/client-cloudtrail';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import * as lambda from '@aws-sdk/client-lambda';
import { NormalizedSchema } from '@smithy/core/schema';
import { type Shorthand, shorthandOf } from './cli-shorthand.ts';

/**
 * A command of AWS's command line, read as that reads it: by the model of the API, which the SDK's clients carry. Throws,
 * and says what is wrong, where AWS knows no such operation, option or field, or wants another kind of value.
 */
export function readAwsCommand(argv: readonly string[]): AwsRequest | null {
  const [program, service = '', verb = '', ...rest] = argv;
  if (program !== 'aws') throw new Error(`not a command of aws: ${program}`);
  if (WITHOUT_CLIENT.has(`${service} ${verb}`)) return null;
  const client = CLIENTS[service];
  if (client === undefined) throw new Error(`aws has no ${service}, or it is not known here`);
  const waiter = verb === 'wait' ? rest[0] : undefined;
  const name = operationName(client, waiter === undefined ? verb : (WAITERS[waiter] ?? ''));
  if (waiter !== undefined && client[`waitUntil${pascal(waiter)}`] === undefined)
    throw new Error(`no waiter ${waiter}`);
  const schema = client[`${name}$`];
  if (!isOperation(schema)) throw new Error(`aws ${service} has no ${verb}`);
  const shape = NormalizedSchema.of(schema[4]);
  const isPaged = `paginate${name}` in client;
  const given = optionsIn(waiter === undefined ? rest : rest.slice(1));
  const input: Record<string, unknown> = {};
  for (const [option, values] of given) {
    const known = GLOBAL.get(option) ?? (isPaged ? OF_PAGES.get(option) : undefined);
    if (known !== undefined) {
      if (values.length !== 1) throw new Error(`${option} takes one value`);
      continue;
    }
    Object.assign(input, customised(`${service} ${verb}`, option, values) ?? member(shape, option, values));
  }
  for (const required of requiredOf(shape)) {
    if (!(required in input)) throw new Error(`aws ${service} ${verb} needs ${optionName(required)}`);
  }
  return { service, operation: name, input };
}

export interface AwsRequest {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const CLIENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  autoscaling: autoScaling,
  cloudtrail: cloudTrail,
  cloudwatch: cloudWatch,
  ec2,
  ecs,
  elbv2: elb,
  lambda,
};

/** Of services that nothing here asks, the SDK's client is not here either: the wire tests have AWS's command line read them. */
const WITHOUT_CLIENT = new Set([
  'arc-zonal-shift cancel-zonal-shift',
  'arc-zonal-shift get-managed-resource',
  'logs filter-log-events',
  'ssm start-session',
]);

/** What each asks again and again. */
const WAITERS: Readonly<Record<string, string>> = { 'load-balancer-available': 'describe-load-balancers' };

const GLOBAL = new Map([
  ['--region', true],
  ['--query', true],
  ['--output', true],
]);
const OF_PAGES = new Map([['--max-items', true]]);

type Operation = Extract<Parameters<typeof NormalizedSchema.of>[0], readonly [9, ...unknown[]]>;

function operationName(client: Readonly<Record<string, unknown>>, verb: string): string {
  const names = Object.keys(client).filter((key) => key.endsWith('$') && isOperation(client[key]));
  return names.find((name) => optionName(name.slice(0, -1)) === `--${verb}`)?.slice(0, -1) ?? '';
}

function isOperation(value: unknown): value is Operation {
  return Array.isArray(value) && value[0] === 9;
}

/** Each option with what follows it, up to the next. */
function optionsIn(words: readonly string[]): readonly (readonly [string, readonly string[]])[] {
  const options: [string, string[]][] = [];
  for (const word of words) {
    // As in the command line's own parser: `-1` is a value.
    if (/^--?[a-z]/.test(word)) options.push([word, []]);
    else if (options.length === 0) throw new Error(`a word that belongs to no option: ${word}`);
    else options.at(-1)?.[1].push(word);
  }
  const names = options.map(([name]) => name);
  for (const name of names) {
    if (names.indexOf(name) !== names.lastIndexOf(name)) throw new Error(`${name} stands twice`);
  }
  return options;
}

/** What the command line takes beside the members of the API, as far as it is used here. */
function customised(verb: string, option: string, values: readonly string[]): Record<string, unknown> | undefined {
  if (/^ec2 (create|delete)-network-acl-entry$/.test(verb) && (option === '--ingress' || option === '--egress')) {
    return flag('Egress', values, option === '--egress');
  }
  if (!/^ec2 (authorize|revoke)-security-group-(in|e)gress$/.test(verb)) return undefined;
  const [value = ''] = values;
  const readers: Readonly<Record<string, RegExp>> = {
    '--protocol': /^(tcp|udp|icmp|-1|\d+)$/,
    '--port': /^(\d+(-\d+)?|-1)$/,
    '--cidr': /^[\d.]+\/\d+$/,
    '--source-group': /^sg-/,
  };
  const reader = readers[option];
  if (reader === undefined) return undefined;
  if (values.length !== 1 || !reader.test(value)) throw new Error(`${option} does not take ${values.join(' ')}`);
  return { [`(short) ${option}`]: value };
}

function member(shape: NormalizedSchema, option: string, values: readonly string[]): Record<string, unknown> {
  for (const [name, schema] of shape.structIterator()) {
    if (schema.isBooleanSchema() && option === optionName(name).replace('--', '--no-'))
      return flag(name, values, false);
    if (option !== optionName(name)) continue;
    if (schema.isBooleanSchema()) return flag(name, values, true);
    const isMany = schema.isListSchema() && !(values.length === 1 && values[0]?.startsWith('['));
    if (values.length === 0 || (!isMany && values.length > 1)) throw new Error(`${option} has ${values.length} values`);
    if (!isMany) return { [name]: given(schema, ofText(schema, values[0] ?? ''), option) };
    const item = schema.getValueSchema();
    return { [name]: values.map((value) => given(item, ofText(item, value), option)) };
  }
  throw new Error(`no option ${option}`);
}

function flag(name: string, values: readonly string[], is: boolean): Record<string, unknown> {
  if (values.length > 0) throw new Error(`a flag takes no value: ${values.join(' ')}`);
  return { [name]: is };
}

/** A scalar stands as it is; what has parts, in JSON or in the shorthand. */
function ofText(schema: NormalizedSchema, text: string): Shorthand {
  if (!schema.isStructSchema() && !schema.isListSchema() && !schema.isMapSchema()) return text;
  return text.startsWith('[') || text.startsWith('{') ? JSON.parse(text) : shorthandOf(text);
}

/** A value as the API takes it. */
function given(schema: NormalizedSchema, value: Shorthand, where: string): unknown {
  if (schema.isStructSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${where} takes fields`);
    const members = new Map(schema.structIterator());
    const unknown = Object.keys(value).filter((key) => !members.has(key));
    const missing = requiredOf(schema).filter((key) => !(key in value));
    if (unknown.length > 0) throw new Error(`${where} has no ${unknown.join(', ')}`);
    if (missing.length > 0) throw new Error(`${where} needs ${missing.join(', ')}`);
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [key, given(schema.getMemberSchema(key), field, `${where} ${key}`)]),
    );
  }
  if (schema.isListSchema()) {
    return [value].flat().map((item) => given(schema.getValueSchema(), item as Shorthand, where));
  }
  if (typeof value !== 'string') throw new Error(`${where} takes a plain value`);
  if (schema.isNumericSchema()) return numberIn(value, where);
  if (schema.isTimestampSchema()) return dateIn(value, where);
  if (schema.isBooleanSchema()) return value === 'true';
  if (schema.isStringSchema()) return value;
  throw new Error(`${where}: this kind of value is not known here`);
}

function numberIn(value: string, where: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(value)) throw new Error(`${where} takes a number: ${value}`);
  return Number(value);
}

function dateIn(value: string, where: string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new Error(`${where} takes a time: ${value}`);
  return date;
}

/** The first of its members, so many as the last part of its schema says. */
function requiredOf(shape: NormalizedSchema): readonly string[] {
  const schema: unknown = shape.getSchema();
  if (!Array.isArray(schema) || typeof schema[6] !== 'number') return [];
  return schema[4].slice(0, schema[6]);
}

function pascal(words: string): string {
  return words.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** As the command line makes options of the API's names. */
export function optionName(name: string): string {
  const words = name.replace(/(.)([A-Z][a-z]+)/g, '$1-$2').replace(/([a-z0-9])([A-Z])/g, '$1-$2');
  return `--${words.toLowerCase()}`;
}
