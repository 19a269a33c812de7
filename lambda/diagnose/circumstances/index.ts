import type { CauseId } from '../../incident/cause.ts';
import type { Episode } from '../../incident/diagnosis.ts';
import type { Citation } from '../../incident/finding.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { type Text, text, time } from '../../incident/text.ts';
import { secondsBetween } from '../../semantics/time/minutes.ts';
import { nodeCircumstances } from '../kubernetes/local-traffic-policy.ts';
import { isOfThen, STATE_STALE_AFTER } from '../state-age.ts';
import { autoScalingCircumstances } from './auto-scaling.ts';
import { avoidedZones } from './avoided-zones.ts';
import { clientCircumstances } from './client-view.ts';
import { errorsOfOneZone } from './errors-of-one-zone.ts';
import { errorsOfTheWindow } from './errors-of-the-window.ts';
import { failOpenCircumstances } from './fail-open.ts';
import { instanceCircumstances } from './instances.ts';
import { loggedFailuresSaid } from './logged-failures.ts';
import { logCircumstances } from './logs.ts';
import { refusedCalls } from './refused-calls.ts';
import { replacements } from './replacements.ts';
import { targetAnomalies } from './target-anomalies.ts';

/** What is in effect besides the causes. It makes no errors by itself, and changes how the rest is to be read. */
export function circumstancesOf(
  snapshot: Snapshot,
  episode: Episode | null,
  isFound: (cause: CauseId) => boolean = () => false,
): readonly Citation<Text>[] {
  const all = [
    ...errorsOfTheWindow(snapshot, episode),
    ...loggedFailuresSaid(snapshot, episode),
    ...errorsOfOneZone(snapshot),
    ...failOpenCircumstances(snapshot),
    ...avoidedZones(snapshot),
    ...targetAnomalies(snapshot),
    ...autoScalingCircumstances(snapshot),
    ...replacements(snapshot, episode, isFound),
    ...nodeCircumstances(snapshot),
    ...refusedCalls(snapshot),
    ...instanceCircumstances(snapshot, isFound),
    ...clientCircumstances(snapshot),
    ...logCircumstances(snapshot),
  ];
  return all.map((one) => asOfWhenRead(one, snapshot));
}

/** State is of the moment in which AWS was read: long after the moment asked about, it says so. */
function asOfWhenRead(one: Citation<Text>, { question: { at }, collectedAt }: Snapshot): Citation<Text> {
  if (isOfThen(one.from) || secondsBetween(at, collectedAt) <= STATE_STALE_AFTER) return one;
  return { ...one, shows: text`as AWS was read at ${time(collectedAt)}, ${one.shows}` };
}
