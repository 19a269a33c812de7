import type { TrafficByGroups } from '../computed/traffic.ts';
import type { Time } from '../incident/text.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/** The first error of these groups, where AWS tells theirs from those of others; `null` where it does not. */
export function ownOnset(groups: readonly string[], traffic: TrafficByGroups | undefined): Time | null {
  if (groups.length === 0 || traffic === undefined) return null;
  const { isPart, episode } = traffic.errorsOf(groups);
  return isPart && episode !== null ? episode.onset : null;
}

/** Of two faults each began for itself: one that nothing else dates did so with the errors of its groups. */
export function withOwnBeginnings(
  findings: readonly FindingWithShare[],
  traffic: TrafficByGroups | undefined,
): readonly FindingWithShare[] {
  return findings.map((finding) => {
    const { found, share } = finding;
    if (found.since !== undefined || !isConfident(finding) || !share) return finding;
    const since = ownOnset(found.affects.targetGroups, traffic);
    return since === null ? finding : { ...finding, found: { ...found, since }, isDatedByErrors: true };
  });
}
