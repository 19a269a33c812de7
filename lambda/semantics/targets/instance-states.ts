import type { ChangeEvent, Instance } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { groupBy } from '../group-by.ts';
import { earliest, latest, secondsBetween } from '../time/minutes.ts';

/** What the state of an instance, and what ended it, mean (EC2 API, InstanceState and StateReason). */

const NOT_RUNNING = ['stopped', 'stopping', 'shutting-down', 'terminated'];

export function isGone({ state }: Instance): boolean {
  return NOT_RUNNING.includes(state);
}

/** AWS took its Spot capacity back. */
export function isReclaimed({ stateReason }: Instance): boolean {
  return stateReason?.code.startsWith('Server.SpotInstance') ?? false;
}

/** Metrics tell the minute, not the second, and clocks differ. */
const WHOLE_MINUTES = 120;

/** The last to go before the errors made the difference; where all went later, the first of them. */
export function timeOfLoss(onset: Time, gone: readonly Instance[]): Time | undefined {
  const times = gone.flatMap(({ stateSince }) => stateSince ?? []);
  const before = times.filter((on) => secondsBetween(onset, on) <= WHOLE_MINUTES);
  return before.length > 0 ? latest(before) : earliest(times);
}

/** Auto Scaling terminates what it takes away on purpose: that is no fault of the instance. */
export function instancesEndedBy({ details, by, tool }: ChangeEvent): readonly string[] {
  const ends = details.is === 'instances' && (details.does === 'stops' || details.does === 'terminates');
  return ends && !(by === 'service' && tool === null) ? details.instanceIds : [];
}

export interface Alike {
  readonly ids: readonly string[];
  /** Since when all of them are so; `undefined` where EC2 does not tell. */
  readonly since: Time | undefined;
  readonly one: Instance;
}

/** Those that went the same way, for the same reason, in the same minute. */
export function alike(gone: readonly Instance[]): readonly Alike[] {
  const groups = groupBy(gone, ({ state, stateSince, stateReason }) =>
    JSON.stringify([state, stateSince?.slice(0, TO_THE_MINUTE), stateReason]),
  );
  return groups.map((group) => ({
    ids: group.map(({ id }) => id),
    since: latest(group.flatMap(({ stateSince }) => stateSince ?? [])),
    one: group[0],
  }));
}

const TO_THE_MINUTE = 'YYYY-MM-DDTHH:MM'.length;
