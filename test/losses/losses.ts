import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import { type Gap, type Observed, unseen } from '../../lambda/incident/observed.ts';
import type { ObservedEvidence, Snapshot } from '../../lambda/incident/snapshot.ts';

import { groupBy } from '../../lambda/semantics/group-by.ts';

/** What AWS refused of a recorded incident, all else as it was. */
export interface Loss {
  readonly of: string;
  readonly keys: readonly EvidenceKey[];
  readonly snapshot: Snapshot;
}

/** So many parts of one piece of evidence are lost, one at a time: the first, the last and some between. */
const PARTS_AT_MOST = 4;

/** Every piece of evidence that was seen, everything that one permission shows, and parts of what is a list. */
export function lossesOf(snapshot: Snapshot): readonly Loss[] {
  const { evidence } = snapshot;
  // `Object.keys` forgets what `Record` knows.
  const keys = (Object.keys(evidence) as EvidenceKey[]).filter((key) => evidence[key].seen);
  return [
    ...keys.map((key) => ({ of: key, keys: [key], snapshot: without(snapshot, [key]) })),
    ...permissionsIn(evidence, keys).map(([action, of]) => ({
      of: action,
      keys: of,
      snapshot: without(snapshot, of),
    })),
    ...keys.flatMap((key) =>
      partsOf(key, evidence).map((part) => ({
        of: `${key} of ${part.id}`,
        keys: [key],
        snapshot: withEvidence(snapshot, { [key]: part.rest }),
      })),
    ),
  ];
}

function withEvidence(snapshot: Snapshot, changed: Partial<ObservedEvidence>): Snapshot {
  return { ...snapshot, evidence: { ...snapshot.evidence, ...changed } };
}

function without(snapshot: Snapshot, keys: readonly EvidenceKey[]): Snapshot {
  const lost = keys.map((key) => {
    const action = actionOf(snapshot.evidence[key]);
    return [key, unseen('denied', `${action ?? key} was denied`, action)] as const;
  });
  return withEvidence(snapshot, Object.fromEntries(lost));
}

function actionOf({ source }: Observed<unknown>): string | undefined {
  return source[0]?.action;
}

/** Permissions that show more than one piece of evidence. */
function permissionsIn(evidence: ObservedEvidence, keys: readonly EvidenceKey[]) {
  const shown = keys.map((key) => ({ key, action: actionOf(evidence[key]) ?? '' }));
  return groupBy(shown, ({ action }) => action)
    .filter(([{ action }, ...others]) => action !== '' && others.length > 0)
    .map((of) => [of[0].action, of.map(({ key }) => key)] as const);
}

interface Part {
  readonly id: string;
  readonly rest: Observed<never>;
}

function partsOf(key: EvidenceKey, evidence: ObservedEvidence): readonly Part[] {
  const observed: Observed<unknown> = evidence[key];
  if (!observed.seen) return [];
  const { value, gaps } = observed;
  const named = NAMED[key];
  const part = (id: string | undefined, rest: unknown): Part => {
    const action = actionOf(observed);
    const gap: Gap = {
      why: 'failed',
      detail: 'the call failed',
      ...(id === undefined ? {} : { ids: [id] }),
      ...(action === undefined ? {} : { action }),
    };
    // What is left has the shape that it had.
    return { id: id ?? 'one page', rest: { ...observed, value: rest as never, gaps: [...gaps, gap] } };
  };
  if (Array.isArray(value) && named !== undefined) {
    const items: readonly Record<string, unknown>[] = value;
    const ids = someOf([...new Set(items.map((item) => String(item[named])))]);
    return ids.map((id) =>
      part(
        id,
        items.filter((item) => item[named] !== id),
      ),
    );
  }
  // One page of two: nobody knows what stood on the other.
  if (Array.isArray(value)) {
    const half = Math.ceil(value.length / 2);
    return value.length === 0 ? [] : [part(undefined, value.slice(half)), part(undefined, value.slice(0, half))];
  }
  if (!isRecord(value)) return [];
  if (Array.isArray(value.of)) {
    const series: readonly { readonly id: string }[] = value.of;
    return someOf(series.map(({ id }) => id)).map((id) =>
      part(id, { ...value, of: series.filter((one) => one.id !== id) }),
    );
  }
  const record = key === 'loadBalancerMetrics' ? value.values : BY_ID.includes(key) ? value : undefined;
  if (!isRecord(record)) return [];
  return someOf(Object.keys(record)).map((id) => {
    const { [id]: _, ...rest } = record;
    return part(id, key === 'loadBalancerMetrics' ? { ...value, values: rest } : rest);
  });
}

/** By what collectors name what they could not read of a list. */
const NAMED: Partial<Record<EvidenceKey, string>> = {
  listenerRules: 'listenerArn',
  targetHealth: 'targetGroup',
  instances: 'id',
  instanceStatus: 'id',
  targetInterfaces: 'privateIp',
  lambdaFunctions: 'arn',
  consoleOutput: 'instanceId',
  creditModes: 'instanceId',
  autoScalingInstances: 'instanceId',
  autoScalingGroups: 'name',
  ecsTasks: 'service',
  ecsTaskDefinitions: 'arn',
};

const BY_ID: readonly EvidenceKey[] = ['targetGroupAttributes', 'tags'];

function someOf(ids: readonly string[]): readonly string[] {
  if (ids.length <= PARTS_AT_MOST) return ids;
  return Array.from(
    { length: PARTS_AT_MOST },
    (_, n) => ids[Math.floor((n * (ids.length - 1)) / (PARTS_AT_MOST - 1))] ?? '',
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
