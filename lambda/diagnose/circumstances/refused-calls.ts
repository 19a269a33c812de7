import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, asQuoted, code, count, type Text, text, time, verbatim } from '../../incident/text.ts';
import { groupBy } from '../../semantics/group-by.ts';
import { clusterIn, controllerOf } from '../../semantics/kubernetes/controller-tags.ts';
import {
  actionOf,
  type Calls,
  isRefused,
  isRole,
  keeperAmong,
  keeperFailures,
  REGISTERS,
} from '../../semantics/kubernetes/keeper-failures.ts';

const CALLERS_AT_MOST = 4;

/** Calls that came to nothing: why a fault stays, or why a change did nothing. */
export function refusedCalls({ evidence }: Snapshot): readonly Citation<Text>[] {
  const tags = ifSeen(evidence.tags) ?? {};
  const calls = ifSeen(evidence.failedCalls) ?? [];
  const changes = ifSeen(evidence.changes) ?? [];
  const isByKeeper = keeperAmong(calls, changes, tags);
  const others = calls.filter((call) => isRefused(call) && !isByKeeper(call));
  return [
    ...keeperFailures(calls, changes, tags).map((each) => said(each, whatFollows(each))),
    ...groupBy(others, ({ who }) => who)
      .slice(-CALLERS_AT_MOST)
      .map((each) => said(each, whatFollowsOfOthers(each, tags))),
  ];
}

/** A role that reads what a controller keeps may be that controller, whatever it is called. */
function whatFollowsOfOthers(calls: Calls, tags: Readonly<Record<string, Readonly<Record<string, string>>>>): Text {
  const isReader = isRole(calls[0]) && calls.every(isRead);
  const kept = calls.flatMap(({ resources }) => resources).find((id) => clusterIn(tags[id] ?? {}) !== null);
  if (!isReader || kept === undefined) return text`: that changed nothing`;
  const actions = andList([...new Set(calls.map(actionOf))].map(code));
  const keeper = controllerOf(clusterIn(tags[kept] ?? {}));
  return text`: if that is the ${verbatim(keeper)}, allow it ${actions}, as one that is refused a call may leave targets as they were`;
}

/** A controller that may not do its work leaves targets and rules as they were, whatever happens to the pods. */
function whatFollows(calls: Calls): Text {
  const [call] = calls;
  if (!isRefused(call)) {
    const message = calls.findLast((one) => one.message !== undefined)?.message;
    const why = message === undefined ? text`` : text`: ${asQuoted(message)}`;
    return text`${why}; what it would change stays as it is until it can`;
  }
  const actions = andList([...new Set(calls.map(actionOf))].map(code));
  if (REGISTERS.includes(call.event)) return text`: allow it ${actions}; until then, targets do not follow the pods`;
  if (isRead(call)) {
    return text`: allow it ${actions}, because a controller whose call is denied may stop there and leave targets and rules as they were`;
  }
  const allow = call.action === undefined ? text`` : text`: allow it ${actions}`;
  return text`${allow}; what it would change stays as it is until then`;
}

const isRead = ({ event }: Calls[0]): boolean => /^(Get|List|Describe)/.test(event);

function said(calls: Calls, then: Text): Citation<Text> {
  const [{ at, who, errorCode }] = calls;
  const events = andList([...new Set(calls.map(({ event }) => event))].map(code));
  const since = calls.length === 1 ? text`` : text`, ${count(calls.length, 'time')} since ${time(at)}`;
  const could = isRefused(calls[0]) ? 'was not allowed' : 'failed';
  return {
    from: 'failedCalls',
    shows: text`${code(who)} ${could} to call ${events} (${code(errorCode)}${since})${then}`,
    at,
  };
}
