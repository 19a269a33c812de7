import type { ChangeEvent, FailedCall } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { groupBy } from '../group-by.ts';
import { isByController } from './controller.ts';
import { clusterIn } from './controller-tags.ts';

type TagsById = Readonly<Record<string, Readonly<Record<string, string>>>>;
export type Calls = readonly [FailedCall, ...FailedCall[]];

const NOT_ALLOWED = /AccessDenied|Unauthorized/i;
/** These pass by themselves, or mean that it was done before. */
const PASSING =
  /Throttl|RequestLimitExceeded|TooManyRequests|RequestExpired|Duplicate|AlreadyExists|InternalError|ServiceUnavailable/i;
export const REGISTERS: readonly string[] = ['RegisterTargets', 'DeregisterTargets'];

export function isRefused({ errorCode }: Pick<FailedCall, 'errorCode'>): boolean {
  return NOT_ALLOWED.test(errorCode);
}

/** Who calls what, and upon what: done or not. */
type Called = Pick<FailedCall, 'who' | 'event' | 'resources'>;

/**
 * Roles have all kinds of names; nobody but its controller registers targets in a group that one keeps. Whoever does, or
 * tries to, is the controller in whatever else it calls.
 */
export function keeperAmong(
  calls: readonly FailedCall[],
  changes: readonly ChangeEvent[],
  tags: TagsById,
): (call: FailedCall) => boolean {
  const isAtWork = ({ event, resources }: Called) =>
    REGISTERS.includes(event) && resources.some((id) => clusterIn(tags[id] ?? {}) !== null);
  const atWork = [...calls, ...changes.filter(({ by }) => by !== 'person')].filter(isAtWork).map(({ who }) => who);
  return (call) => isByController(call) || isAtWork(call) || (atWork.includes(call.who) && isRole(call));
}

/** A person may have tried the same by hand. */
export const isRole = ({ who }: Pick<FailedCall, 'who'>): boolean => who.startsWith('role/');

/**
 * What keeps a controller from its work, each with all its calls: what it was refused, and what failed again and again and
 * has not been done since.
 */
export function keeperFailures(
  calls: readonly FailedCall[],
  changes: readonly ChangeEvent[],
  tags: TagsById,
): readonly Calls[] {
  const own = calls.filter(keeperAmong(calls, changes, tags)).filter(({ errorCode }) => !PASSING.test(errorCode));
  const refused = groupBy(own.filter(isRefused), ({ who, event }) => `${who} ${REGISTERS.includes(event) || event}`);
  const failed = groupBy(
    own.filter((call) => !isRefused(call)),
    ({ who, event, errorCode }) => `${who} ${event} ${errorCode}`,
  ).filter((each) => each.length > 1 && !wasDoneAfter(each, changes));
  return [...refused, ...failed];
}

function wasDoneAfter(calls: Calls, changes: readonly ChangeEvent[]): boolean {
  const last = calls.at(-1) ?? calls[0];
  return changes.some(({ event, who, at }) => event === last.event && who === last.who && at > last.at);
}

/** How long before or after the errors began, in seconds, what kept it from its work may have begun. */
const NEAR = 300;
/** A call that is tried again is tried within this, in seconds. */
const TRIED_AGAIN = 1200;

/** Whether they go on, and began in time to have left targets as they were when the errors began. */
export function mayHaveLeftTargets(calls: Calls, onset: Time, at: Time): boolean {
  const seconds = (from: Time, to: Time) => (Date.parse(to) - Date.parse(from)) / 1000;
  const last = calls.at(-1) ?? calls[0];
  return calls.length > 1 && seconds(onset, calls[0].at) <= NEAR && seconds(last.at, at) <= TRIED_AGAIN;
}

/** As a policy names what it was refused; by the call alone where nothing tells the service. */
export function actionOf({ action, event }: FailedCall): string {
  return action ?? (REGISTERS.includes(event) ? `elasticloadbalancing:${event}` : event);
}
