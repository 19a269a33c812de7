import type { Citation } from '../../incident/finding.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import type { Text } from '../../incident/text.ts';
import { autoScalingCircumstances } from './auto-scaling.ts';
import { avoidedZones } from './avoided-zones.ts';
import { clientCircumstances } from './client-view.ts';
import { errorsOfOneZone } from './errors-of-one-zone.ts';
import { errorsOfTheWindow } from './errors-of-the-window.ts';
import { failOpenCircumstances } from './fail-open.ts';
import { instanceCircumstances } from './instances.ts';
import { podCircumstances } from './pods.ts';
import { refusedCalls } from './refused-calls.ts';
import { targetAnomalies } from './target-anomalies.ts';

/** What is in effect besides the causes. It makes no errors by itself, and changes how the rest is to be read. */
export function circumstancesOf(snapshot: Snapshot): readonly Citation<Text>[] {
  return [
    ...errorsOfTheWindow(snapshot),
    ...errorsOfOneZone(snapshot),
    ...failOpenCircumstances(snapshot),
    ...avoidedZones(snapshot),
    ...targetAnomalies(snapshot),
    ...autoScalingCircumstances(snapshot),
    ...podCircumstances(snapshot),
    ...refusedCalls(snapshot),
    ...instanceCircumstances(snapshot),
    ...clientCircumstances(snapshot),
  ];
}
