import type { Citation } from '../incident/finding.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import type { Text } from '../incident/text.ts';
import { anomalies } from './circumstances/anomalies.ts';
import { autoScalingCircumstances } from './circumstances/auto-scaling.ts';
import { clientsSee } from './circumstances/clients.ts';
import { failingOpen } from './circumstances/fail-open.ts';
import { instanceCircumstances } from './circumstances/instances.ts';
import { errorsOfOneZone } from './circumstances/one-zone.ts';
import { podCircumstances } from './circumstances/pods.ts';
import { refusedCalls } from './circumstances/refused-calls.ts';
import { avoidedZones } from './circumstances/zones.ts';

/** What is in effect besides the causes. It makes no errors by itself, and changes how the rest is to be read. */
export function circumstancesOf(snapshot: Snapshot): readonly Citation<Text>[] {
  return [
    ...errorsOfOneZone(snapshot),
    ...failingOpen(snapshot),
    ...avoidedZones(snapshot),
    ...anomalies(snapshot),
    ...autoScalingCircumstances(snapshot),
    ...podCircumstances(snapshot),
    ...refusedCalls(snapshot),
    ...instanceCircumstances(snapshot),
    ...clientsSee(snapshot),
  ];
}
