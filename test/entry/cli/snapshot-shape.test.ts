import { expect, test } from 'vitest';
import type { Schema } from '../../../lambda/entry/cli/snapshot-shape.ts';
import { wrongShape } from '../../../lambda/entry/cli/snapshot-shape.ts';
import { CONFIG, schemaOf } from '../../render/report-schema.ts';
import { aSnapshot } from '../../support/a-snapshot.ts';

/** Checked in more detail by `saved-metrics.ts`, and a third of all. */
const METRICS = /^Seen<(LoadBalancerMetrics|MetricsById<\w+>)>$/;

test('the schema of a snapshot follows from its types', async () => {
  const {
    definitions = {},
    properties = {},
    ...frame
  } = schemaOf('Snapshot', { ...CONFIG, jsDoc: 'none' } as typeof CONFIG);
  const named = definitions as Readonly<Record<string, Schema>>;
  const whole: Record<string, Schema> = {
    ...named,
    // A snapshot that is older than a piece of evidence did not ask for it, or knew no details of a change.
    ObservedEvidence: { ...named.ObservedEvidence, required: [] },
    ChangeEvent: without('details', named.ChangeEvent),
    ...Object.fromEntries(
      Object.entries(named).flatMap(([name, one]) => (METRICS.test(name) ? [[name, withAnyValue(one)]] : [])),
    ),
  };
  // Its version is read before, and a later one of the same kind may be read.
  const { schemaVersion: _version, tool: _tool, ...fields } = properties;
  const root = {
    type: frame.type,
    properties: fields,
    required: Object.keys(fields).filter((name) => name !== 'redacted'),
  };
  const used = new Set<string>();
  reach(root, whole, used);
  const lines = Object.entries(whole)
    .filter(([name]) => used.has(name))
    .map(([name, one]) => `    ${JSON.stringify(name)}: ${JSON.stringify(one)}`);
  const file = `${JSON.stringify(root).slice(0, -1)},\n  "definitions": {\n${lines.join(',\n')}\n  }\n}\n`;
  await expect(withShortNames(file)).toMatchFileSnapshot('../../../lambda/entry/cli/snapshot.schema.json');
});

/** The generator names what has no name by the path of its file, which every clone has another of. */
function withShortNames(file: string): string {
  const numbers = new Map<string, number>();
  return file.replace(/(?<=(?:interface|alias|indexed-type)-)\d+(?=-)|(?<=-)\d{7,}(?=-0-)/g, (hash) => {
    const number = numbers.get(hash) ?? numbers.size + 1;
    numbers.set(hash, number);
    return `f${number}`;
  });
}

function without(field: string, { required = [], ...schema }: Schema = {}): Schema {
  return { ...schema, required: required.filter((one) => one !== field) };
}

function withAnyValue(schema: Schema): Schema {
  return { ...schema, properties: { ...schema.properties, value: {} } };
}

function reach(schema: unknown, all: Readonly<Record<string, Schema>>, used: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key !== '$ref') reach(value, all, used);
    else if (!used.has(String(value).replace('#/definitions/', ''))) {
      const name = String(value).replace('#/definitions/', '');
      used.add(name);
      reach(all[name], all, used);
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: spoilt by hand.
type Saved = any;

const saved = (): Saved => JSON.parse(JSON.stringify(aSnapshot()));

test('a snapshot as it is made has nothing wrong', () => {
  expect(wrongShape(saved())).toBeUndefined();
});

test.each<[spoil: (snapshot: Saved) => unknown, says: string]>([
  [({ evidence }) => delete evidence.targetHealth.value[0].port, 'evidence.targetHealth.value.0.port: expected'],
  [({ evidence }) => (evidence.targetHealth.value[0].port = '80'), 'value.0.port: expected a number'],
  [({ evidence }) => (evidence.targetHealth.value[0].state = 'ill'), 'value.0.state: expected "initial" or "healthy"'],
  [({ evidence }) => (evidence.targetHealth.gaps[0] = { why: 'denied' }), 'gaps.0.detail: expected it to be there'],
  [({ evidence }) => (evidence.loadBalancer.value = []), 'loadBalancer.value: expected an object, found a list'],
  [({ evidence }) => (evidence.loadBalancer.value.createdAt = 'noon'), 'createdAt: expected an ISO 8601 time in UTC'],
  [({ evidence }) => (evidence.tags.value = { a: { b: 1 } }), 'tags.value.a.b: expected a text, found 1'],
  [({ question }) => (question.at = '2026-03-10'), 'question.at: expected an ISO 8601 time in UTC, found "2026-03-10"'],
  [({ question }) => (question.trigger.kind = 'x'), 'trigger.kind: expected "alarm" or "manual" or "widget" or "cli"'],
  [(snapshot) => (snapshot.cost.apiCalls = null), 'cost.apiCalls: expected'],
])('what is spoilt is named by its place: %#', (spoil, says) => {
  const snapshot = saved();
  spoil(snapshot);
  expect(wrongShape(snapshot)).toContain(says);
});
