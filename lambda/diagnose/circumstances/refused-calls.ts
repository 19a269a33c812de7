import type { FailedCall } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, code, count, type Text, text, time } from '../../incident/text.ts';
import { groupBy } from '../../semantics/group-by.ts';
import { isByController } from '../../semantics/kubernetes/controller.ts';
import { clusterIn } from '../../semantics/kubernetes/controller-tags.ts';

const NOT_ALLOWED = /AccessDenied|Unauthorized/i;
const CALLERS_AT_MOST = 4;

/** Calls that would have changed something here, and were refused: why a fault stays, or why a change did nothing. */
export function refusedCalls(snapshot: Snapshot): readonly Citation<Text>[] {
  const refused = refusedIn(snapshot);
  const ofControllers = refused.filter((call) => isControllers(call, snapshot));
  const others = refused.filter((call) => !ofControllers.includes(call));
  return [
    ...groupBy(ofControllers, ({ who, event }) => `${who} ${REGISTERS.includes(event)}`).map((calls) =>
      said(calls, whatFollows(calls)),
    ),
    ...groupBy(others, ({ who }) => who)
      .slice(-CALLERS_AT_MOST)
      .map((calls) => said(calls, text`: that changed nothing`)),
  ];
}

const REGISTERS = ['RegisterTargets', 'DeregisterTargets'];

/** Who keeps targets registered and was not allowed to: then they stay as they were. */
export function refusedRegistrar(snapshot: Snapshot): string | undefined {
  return refusedIn(snapshot).findLast((call) => call.event === 'RegisterTargets' && isControllers(call, snapshot))?.who;
}

function refusedIn({ evidence }: Snapshot): readonly FailedCall[] {
  return (ifSeen(evidence.failedCalls) ?? []).filter(({ errorCode }) => NOT_ALLOWED.test(errorCode));
}

/** Roles have all kinds of names; nobody but its controller registers targets in a group that one keeps. */
function isControllers(call: FailedCall, { evidence }: Snapshot): boolean {
  const tags = ifSeen(evidence.tags) ?? {};
  const onKept = call.resources.some((id) => clusterIn(tags[id] ?? {}) !== null);
  return isByController(call) || (REGISTERS.includes(call.event) && onKept);
}

/** A controller that may not do its work leaves targets and rules as they were, whatever happens to the pods. */
function whatFollows(calls: readonly [FailedCall, ...FailedCall[]]): Text {
  const [{ event }] = calls;
  if (!REGISTERS.includes(event)) return text`; until it is, what it would change stays as it is`;
  const actions = [...new Set(calls.map((call) => `elasticloadbalancing:${call.event}`))];
  return text`: allow it ${andList(actions.map(code))}, as until then targets do not follow the pods`;
}

function said(calls: readonly [FailedCall, ...FailedCall[]], then: Text): Citation<Text> {
  const [{ at, who, errorCode }] = calls;
  const events = andList([...new Set(calls.map(({ event }) => event))].map(code));
  const since = calls.length === 1 ? text`` : text`, ${count(calls.length, 'time')} since ${time(at)}`;
  return {
    from: 'failedCalls',
    shows: text`${code(who)} was not allowed to call ${events} (${code(errorCode)}${since})${then}`,
    at,
  };
}
