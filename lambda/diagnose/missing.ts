import type { Missing } from '../incident/diagnosis.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import type { Gap } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';

/** What of some evidence was not seen, as the report names it. */

export function missingOf(evidence: EvidenceKey, { why, detail, action, ids }: Gap): Missing {
  return {
    ...{ evidence, why, detail },
    ...(action === undefined ? {} : { action }),
    ...(ids === undefined ? {} : { ids }),
  };
}

export function unseenOf(key: EvidenceKey, evidence: ObservedEvidence): readonly Missing[] {
  const observed = evidence[key];
  return observed.seen ? [] : [missingOf(key, observed)];
}

/**
 * What AWS would have shown, had it answered: not what it does not keep, or what nobody asked for; nor what only follows from
 * what was not seen of something else.
 */
export function refused(key: EvidenceKey, evidence: ObservedEvidence): readonly Missing[] {
  const observed = evidence[key];
  if (!observed.seen) return observed.why === 'not-asked' ? [] : [missingOf(key, observed)];
  const isOwn = (action?: string): boolean =>
    action === undefined || observed.source.some((one) => one.action === action);
  return observed.gaps
    .filter(({ why, action }) => why !== 'not-asked' && why !== 'partial' && isOwn(action))
    .map((gap) => missingOf(key, gap));
}
