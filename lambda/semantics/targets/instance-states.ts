import type { ChangeEvent, Instance } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
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
