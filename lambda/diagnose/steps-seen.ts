import type { Moment } from '../computed/fact.ts';
import type { StepsSeen } from '../incident/diagnosis.ts';
import { EVIDENCE, EVIDENCE_KEYS, STEPS } from '../incident/evidence/table.ts';
import type { EvidenceKey, Values } from '../incident/evidence.ts';
import type { Observed } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { isLate, isOfThen } from './state-age.ts';

/**
 * How much was seen of what each step of looking by hand would look at, as it was at the moment asked about. Of a step without
 * evidence nothing was.
 */
export function stepsSeen(evidence: ObservedEvidence, moment: Moment): StepsSeen {
  return Object.fromEntries(
    STEPS.map((step) => [
      step,
      howMuch(
        EVIDENCE_KEYS.filter((key) => EVIDENCE[key].step === step),
        evidence,
        moment,
      ),
    ]),
  ) as StepsSeen;
}

function howMuch(keys: readonly EvidenceKey[], evidence: ObservedEvidence, moment: Moment): StepsSeen['logs'] {
  // What there was no reason to ask for is missing to nobody.
  const asked = keys.filter((key) => !isNotAsked(evidence[key]));
  const there = asked.filter((key) => isThere(evidence[key]) && isOfMoment(key, evidence, moment));
  if (there.length === 0) return 'not';
  return there.length === asked.length && there.every((key) => isWhole(evidence[key])) ? 'seen' : 'partly';
}

function isNotAsked(one: Observed<unknown>): boolean {
  return one.seen ? isMetrics(one.value) && one.value.of?.length === 0 : one.why === 'not-asked';
}

/** An empty list of which AWS keeps nothing more is no answer. */
const isThere = (one: Observed<unknown>): boolean =>
  one.seen && !(Array.isArray(one.value) && one.value.length === 0 && one.gaps.some(({ ids }) => ids === undefined));

/** State that was read too late tells nothing of then, and neither do metrics without a minute of it. */
function isOfMoment(key: EvidenceKey, evidence: ObservedEvidence, moment: Moment): boolean {
  if (!isLate(moment)) return true;
  const one: Observed<unknown> = evidence[key];
  return isOfThen(key) && !(one.seen && isMetrics(one.value) && !hasMinutes(one.value));
}

/** Of the load balancer itself, or of several things by their ids. */
interface AnyMetrics {
  readonly grid: unknown;
  readonly values?: Readonly<Record<string, Values>>;
  readonly of?: readonly { readonly values: Readonly<Record<string, Values>> }[];
}

function isMetrics(value: unknown): value is AnyMetrics {
  return typeof value === 'object' && value !== null && 'grid' in value;
}

function hasMinutes({ values = {}, of = [] }: AnyMetrics): boolean {
  const all = [values, ...of.map((one) => one.values)].flatMap((one) => Object.values(one));
  return all.some((each) => each.some((value) => value !== null));
}

const isWhole = (one: Observed<unknown>): boolean => one.seen && one.gaps.every(({ why }) => why === 'not-asked');

export const NOTHING_SEEN: StepsSeen = {
  service: 'not',
  connectivity: 'not',
  logs: 'not',
  configuration: 'not',
  network: 'not',
};
