import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CAUSES } from '../../../lambda/causes/index.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import { snapshotIn } from '../../../lambda/entry/cli/saved-snapshot.ts';
import type { Snapshot } from '../../../lambda/incident/snapshot.ts';
import { renderEmail } from '../../../lambda/render/email.ts';
import { renderJson } from '../../../lambda/render/json.ts';
import { recordedIncidents } from '../../support/incidents.ts';
import { type Dice, deeplyShuffled, dice, shuffled } from '../../support/shuffled.ts';

/**
 * Lists in which the place means something, by evidence: a rule's steps, a primary interface and address, what AWS gives
 * the newest first, series of minutes, and documents. AWS promises no order of any other.
 */
const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  listenerRules: ['actions'],
  instances: ['interfaces', 'addresses'],
  loadBalancerInterfaces: ['addresses'],
  targetInterfaces: ['addresses'],
  ecsServices: ['events', 'deployments'],
  consoleOutput: ['lines'],
  lambdaFunctions: ['policy'],
  webAcl: ['blocksWith5xx'],
  changes: ['resources', 'details'],
  failedCalls: ['resources'],
  loadBalancerMetrics: ['values'],
  zoneMetrics: ['values'],
  targetGroupMetrics: ['values'],
  instanceMetrics: ['values'],
  serviceMetrics: ['values'],
  lambdaMetrics: ['values'],
};

/** AWS lists tags and attributes as pairs. */
const PAIRS = ['tags', 'loadBalancerAttributes', 'targetGroupAttributes'];

function withPairsShuffled(value: unknown, roll: Dice, name: string, inPairs = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withPairsShuffled(item, roll, ''));
  if (typeof value !== 'object' || value === null) return value;
  const isPairs = inPairs || PAIRS.includes(name);
  const fields = Object.entries(value).map(
    ([field, of]) => [field, withPairsShuffled(of, roll, field, isPairs)] as const,
  );
  return Object.fromEntries(isPairs ? shuffled(fields, roll) : fields);
}

/** The same incident, as AWS might as well have listed it. */
function listedOtherwise(snapshot: Snapshot, roll: Dice): Snapshot {
  const evidence = Object.entries(snapshot.evidence).map(([key, observed]) => {
    if (!observed.seen) return [key, observed];
    const value = deeplyShuffled(observed.value, roll, new Set(IN_PLACE[key] ?? []));
    return [key, { ...observed, value: withPairsShuffled(value, roll, key) }];
  });
  return { ...snapshot, evidence: Object.fromEntries(evidence) };
}

const asRead = (snapshot: Snapshot): Snapshot => snapshotIn(JSON.stringify(snapshot), 'a snapshot');

const saved = recordedIncidents().map(({ name, file }) => {
  const asSaved = JSON.parse(readFileSync(file('snapshot.json'), 'utf8')) as Snapshot;
  return { name, asSaved, other: listedOtherwise(asSaved, dice(name.length)) };
});

test.each(saved)('$name is read the same, byte by byte, in whatever order AWS listed it', ({ asSaved, other }) => {
  expect(JSON.stringify(asRead(other))).toBe(JSON.stringify(asRead(asSaved)));
});

// The same snapshot makes the same report: of some, it is seen.
test.each(saved.filter((_, n) => n % 8 === 0))('and so it is told: $name', ({ asSaved, other }) => {
  const told = (snapshot: Snapshot): string => {
    const diagnosis = diagnose(asRead(snapshot), CAUSES);
    return `${renderEmail(diagnosis)}\n${JSON.stringify(renderJson(diagnosis), null, 1)}`;
  };
  expect(told(other)).toBe(told(asSaved));
});

test('what is shuffled is shuffled', () => {
  const listed = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(shuffled(listed, dice(1))).not.toEqual(listed);
  expect([...shuffled(listed, dice(1))].sort()).toEqual(listed);
  expect(deeplyShuffled({ a: [listed], kept: listed }, dice(1), new Set(['kept']))).toMatchObject({ kept: listed });
});
