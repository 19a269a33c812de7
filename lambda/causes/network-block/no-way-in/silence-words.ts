import type { Evidence, LoadBalancer } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import { isWhole, type Observed } from '../../../incident/observed.ts';
import type { Text } from '../../../incident/text.ts';
import { duration, text, time } from '../../../incident/text.ts';
import { silenceOf } from '../../../semantics/traffic/silence.ts';
import { cite, citeAt } from '../../cite.ts';

/** What requests tell of it: that none came since, or in all that was read; `null` where they do not agree, or were not seen. */
export function silenceSaid({ createdAt }: LoadBalancer, observed: Observed<Evidence['loadBalancerMetrics']>) {
  if (!observed.seen || !isWhole(observed)) return null;
  const silence = silenceOf(observed.value);
  if (silence === null) return null;
  const { since, minutes } = silence;
  if (since !== null) return citeAt(since).loadBalancerMetrics`no request was counted since ${time(since)}`;
  const isNew = createdAt !== null && createdAt > observed.value.grid.from;
  const span = isNew
    ? text`since it was created at ${time(createdAt)}`
    : text`in the ${duration(minutes * 60)} that were read`;
  return cite.loadBalancerMetrics`no request was counted ${span}`;
}

/** The same at the end of a headline. */
export function silenceInShort(silence: Citation<Text> | null): Text {
  return silence === null ? text`` : text`; ${silence.shows}`;
}
