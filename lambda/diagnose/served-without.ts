import type { Target } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { healthyOf } from '../semantics/targets/health-history.ts';
import { maxOf, valuesIn } from '../semantics/time/minutes.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

interface Served {
  readonly episode: EpisodeSpan | null;
  readonly evidence: ObservedEvidence;
}

/** What a group was before the errors is what the hour before them tells. */
const BEFORE = 60;

/**
 * Whether a fault is of a part of the targets only, and the others served before the errors without these: once what makes
 * the errors is mended, they do so again. Where as many were healthy before as would have to be with these among them, it
 * is new to those, and keeps them away.
 */
export function servedWithout({ found }: FindingWithShare, { episode, evidence }: Served): boolean {
  const { targets, targetGroups } = found.affects;
  if (targets.length === 0 || episode === null) return false;
  const all = ifSeen(evidence.targetHealth) ?? [];
  return targetGroups.every((arn) => {
    const own = all.filter(({ targetGroup }) => targetGroup === arn);
    const isOfIt = (one: Target) =>
      targets.some(({ targetGroup, id, port }) => targetGroup === arn && id === one.id && port === one.port);
    const others = own.filter((one) => !isOfIt(one)).length;
    const before = { first: episode.span.first - BEFORE, last: episode.span.first - 1 };
    const healthy = maxOf(valuesIn(healthyOf(ifSeen(evidence.targetGroupMetrics), [arn]), before));
    return others > 0 && healthy !== null && healthy > 0 && healthy <= others;
  });
}
