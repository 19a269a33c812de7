import type { EvidenceKey } from '../incident/evidence.ts';
import { missingIds } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { churn } from './churn.ts';
import { counts } from './counts.ts';
import { errors } from './errors.ts';
import type { ComputedFact, Moment } from './fact.ts';
import { functions } from './functions.ts';
import { load } from './load.ts';
import { logEndings } from './log-endings.ts';
import { paths } from './paths.ts';
import { probes } from './probes.ts';
import { routed } from './routed-groups.ts';
import { services } from './services.ts';
import { servingTargets } from './serving-targets.ts';
import { takenPaths } from './taken-paths.ts';
import { takenTargets } from './taken-targets.ts';
import { traffic } from './traffic.ts';

/** Every computed fact, by the name that causes ask for it. */
const COMPUTED = {
  churn,
  counts,
  errors,
  functions,
  load,
  logEndings,
  paths,
  probes,
  routed,
  services,
  servingTargets,
  takenPaths,
  takenTargets,
  traffic,
} as const;

export type ComputedKey = keyof typeof COMPUTED;
type EvidenceIn<K extends ComputedKey, Part extends 'needs' | 'uses'> = (typeof COMPUTED)[K][Part][number];
export type ComputedValue<K extends ComputedKey> = ReturnType<(typeof COMPUTED)[K]['compute']>;

/** What may be asked for: a piece of evidence, or a fact computed from several. */
export type Asked = EvidenceKey | ComputedKey;

/** The evidence that cannot be missing where something is asked for. */
export type NeededBy<A extends Asked> = A extends ComputedKey
  ? EvidenceIn<A, 'needs'>
  : A extends EvidenceKey
    ? A
    : never;

/** All the evidence that something asked for is made of. */
export type BehindAll<A extends Asked> = NeededBy<A> | (A extends ComputedKey ? EvidenceIn<A, 'uses'> : never);

export function isComputed(asked: Asked): asked is ComputedKey {
  return asked in COMPUTED;
}

export const neededBy = (asked: Asked): readonly EvidenceKey[] => (isComputed(asked) ? COMPUTED[asked].needs : [asked]);
export const usedBy = (asked: Asked): readonly EvidenceKey[] => (isComputed(asked) ? COMPUTED[asked].uses : []);

/** The facts of one incident, each worked out once, when it is first asked for. */
export interface Facts {
  readonly moment: Moment;
  /** `undefined` where evidence that it needs was not seen. */
  get(key: ComputedKey): unknown;
}

export function factsOf({ evidence, question: { at, window, asked }, collectedAt }: Snapshot): Facts {
  const atErrors = asked !== undefined && asked.to !== at;
  const moment: Moment = { at, atErrors, window, readAt: collectedAt, unread: (key) => missingIds(evidence[key]) };
  const known = new Map<ComputedKey, unknown>();
  const compute = (key: ComputedKey): unknown => {
    const { needs, uses, compute }: ComputedFact<unknown> = COMPUTED[key];
    if (needs.some((each) => !evidence[each].seen)) return undefined;
    const values = needs.map((each) => {
      const observed = evidence[each];
      return [each, observed.seen ? observed.value : undefined] as const;
    });
    return compute(Object.fromEntries([...uses.map((each) => [each, evidence[each]] as const), ...values]), moment);
  };
  return {
    moment,
    get: (key) => {
      if (!known.has(key)) known.set(key, compute(key));
      return known.get(key);
    },
  };
}
