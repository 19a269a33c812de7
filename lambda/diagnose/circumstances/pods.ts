import type { FailedCall, Target } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { code, count, listed, resource, type Text, text, time } from '../../incident/text.ts';
import { grouped } from '../../semantics/grouped.ts';
import { byController } from '../../semantics/kubernetes/controller.ts';
import { clusterIn } from '../../semantics/kubernetes/names.ts';
import { heldByNobody } from '../../semantics/network/held.ts';
import { groupName, groupsOf } from '../../semantics/targets.ts';
import { nodesByDesign } from '../kubernetes/by-design.ts';

/** What is gone behind a target, what a load balancer controller was not allowed to do about it, and what fails for ever. */
export function podCircumstances(snapshot: Snapshot): readonly Citation<Text>[] {
  return [...targetsGone(snapshot), ...controllerRefused(snapshot), ...nodesByDesign(snapshot)];
}

const ADDRESSES_AT_MOST = 4;

/** Requests to such an address are dropped, as if a firewall did it. */
function targetsGone({ evidence }: Snapshot): readonly Citation<Text>[] {
  const gone = heldByNobody(ifSeen(evidence.targetHealth) ?? [], evidence.targetInterfaces, evidence.ecsTasks);
  return groupsOf([...gone]).map((arn) => {
    const own = [...gone].filter(({ targetGroup }) => targetGroup === arn);
    return { from: 'targetInterfaces', shows: goneSaid(arn, own) };
  });
}

function goneSaid(arn: string, targets: readonly Target[]): Text {
  const addresses = listed(
    targets.map(({ id }) => resource(id)),
    ADDRESSES_AT_MOST,
  );
  const are = targets.length === 1 ? 'a target' : 'targets';
  return text`No network interface holds ${addresses}, ${are} of ${resource(groupName(arn))}: what answered there is gone, and still registered`;
}

const NOT_ALLOWED = /AccessDenied|Unauthorized/i;

/** A controller that may not do its work leaves targets and rules as they were, whatever happens to the pods. */
function controllerRefused({ evidence }: Snapshot): readonly Citation<Text>[] {
  const refused = (ifSeen(evidence.failedCalls) ?? []).filter(
    (call) => NOT_ALLOWED.test(call.errorCode) && (byController(call) || onKept(call)),
  );
  return grouped(refused, ({ who, event }) => `${who} ${REGISTERS.includes(event)}`).map(refusedSaid);

  /** Roles have all kinds of names; nobody but its controller registers targets in a group that one keeps. */
  function onKept({ event, resources }: FailedCall): boolean {
    const tags = ifSeen(evidence.tags) ?? {};
    return REGISTERS.includes(event) && resources.some((id) => clusterIn(tags[id] ?? {}) !== null);
  }
}

const REGISTERS = ['RegisterTargets', 'DeregisterTargets'];

function refusedSaid(calls: readonly [FailedCall, ...FailedCall[]]): Citation<Text> {
  const [{ at, who, event, errorCode }] = calls;
  const events = listed([...new Set(calls.map((call) => call.event))].map(code));
  const since = calls.length === 1 ? text`` : text`, ${count(calls.length, 'time')} since ${time(at)}`;
  const until = REGISTERS.includes(event) ? 'targets do not follow the pods' : 'what it would change stays as it is';
  return {
    from: 'failedCalls',
    shows: text`${who} was not allowed to call ${events} (${code(errorCode)}${since}); until it is, ${until}`,
    at,
  };
}
