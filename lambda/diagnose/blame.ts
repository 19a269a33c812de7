import type { Found } from '../causes/cause.ts';
import type { CauseId } from '../incident/cause.ts';
import type { ChangeEvent, FunctionChange } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import type { Time } from '../incident/text.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';

/** A change that explains a finding. */
export interface BlamedChange {
  readonly change: ChangeEvent;
  /** It made the very state that the finding tells of, rather than setting off what led to it. */
  readonly makesIt: boolean;
}

/** A change can be felt for so long until it shows, in seconds. */
const HOUR = 3600;
/** Errors are counted by the minute: what was changed within the first one may have begun them. */
const MINUTE = 60;

/**
 * The last change before the fault began, of a resource that the finding is about, and of a kind that can cause it. What
 * was changed after the first error is an attempt to mend, or an effect.
 */
export function changeToBlame(
  cause: CauseId,
  found: Found,
  onset: Time | null,
  snapshot: Snapshot,
): BlamedChange | null {
  const { question, evidence } = snapshot;
  const begun = found.since ?? onset ?? question.at;
  const [from, to] = [plusSeconds(begun, -HOUR), plusSeconds(begun, MINUTE)];
  const about = { found, loadBalancer: question.subject.dimension };
  const candidates = (ifSeen(evidence.changes) ?? []).filter(({ at }) => from <= at && at <= to);
  const of = (kinds: readonly Kind[] = []): ChangeEvent | undefined =>
    decisive(candidates.filter((change) => kinds.some((kind) => kind(change, about))));
  const made = of(MAKES[cause]);
  if (made !== undefined) return { change: made, makesIt: true };
  const setOff = of(SETS_OFF[cause]);
  return setOff === undefined ? null : { change: setOff, makesIt: false };
}

/** A service acts upon what somebody asked of it: in seconds, or some minutes later. */
const UPON = 900;

/** The last one; where that is the act of a service, what somebody asked for shortly before it. */
function decisive(changes: readonly ChangeEvent[]): ChangeEvent | undefined {
  const last = changes.at(-1);
  if (last === undefined || !isServices(last)) return last;
  const asked = changes.findLast((change) => !isServices(change) && plusSeconds(change.at, UPON) >= last.at);
  return asked ?? last;
}

function isServices({ by, tool }: ChangeEvent): boolean {
  return by === 'service' && tool === null;
}

interface About {
  readonly found: Found;
  readonly loadBalancer: string;
}

type Kind = (change: ChangeEvent, about: About) => boolean;

const onWhatItRestsOn = ({ resources }: ChangeEvent, { found }: About): boolean =>
  (found.restsOn ?? []).some((id) => resources.includes(id));
const onTargets = ({ resources }: ChangeEvent, { found }: About): boolean =>
  found.affects.targets.some(({ id }) => resources.includes(id));
const onGroups = ({ resources }: ChangeEvent, { found }: About): boolean =>
  found.affects.targetGroups.some((arn) => resources.includes(arn));
const onLoadBalancer = ({ resources }: ChangeEvent, { loadBalancer }: About): boolean =>
  resources.some((id) => id.includes(`/${loadBalancer}`));

const called =
  (...events: readonly string[]): Kind =>
  ({ event }) =>
    events.includes(event);
const both =
  (one: Kind, other: Kind): Kind =>
  (change, about) =>
    one(change, about) && other(change, about);

const ruleTaken =
  (way: 'ingress' | 'egress'): Kind =>
  (change, about) => {
    const { details } = change;
    if (details.is !== 'security-group-rules' || details.does === 'admits' || !onWhatItRestsOn(change, about))
      return false;
    if (details.does === 'changes') return true;
    const { port } = about.found.facts ?? {};
    const isThatPort = details.rules.some(
      ({ fromPort, toPort }) =>
        typeof port !== 'number' || fromPort === null || (fromPort <= port && port <= (toPort ?? fromPort)),
    );
    return details.way === way && (details.rules.length === 0 || isThatPort);
  };

const groupsSwapped: Kind = (change, about) =>
  (called('SetSecurityGroups')(change, about) && onLoadBalancer(change, about)) ||
  (called('ModifyNetworkInterfaceAttribute', 'ModifyInstanceAttribute')(change, about) && onTargets(change, about));

const entryDenies: Kind = (change, about) => {
  const { details } = change;
  const denies =
    details.is === 'network-acl-entry' && !(details.does === 'creates' && details.entry?.action === 'allow');
  return (denies || change.event === 'ReplaceNetworkAclAssociation') && onWhatItRestsOn(change, about);
};

/** In a zone that is new to the load balancer, nodes have addresses and ways that nobody opened before. */
const subnetsSet = both(called('SetSubnets'), onLoadBalancer);

const ROUTES = ['AssociateRouteTable', 'DisassociateRouteTable', 'ReplaceRouteTableAssociation'];
const routeChanged: Kind = (change, about) =>
  (change.details.is === 'route' || ROUTES.includes(change.event)) && onWhatItRestsOn(change, about);

const instances =
  (...does: readonly ('stops' | 'terminates' | 'reboots' | 'starts')[]): Kind =>
  (change, about) => {
    const { details } = change;
    return details.is === 'instances' && does.includes(details.does) && onTargets(change, about);
  };
const targets =
  (does: 'registers' | 'deregisters'): Kind =>
  (change, about) =>
    change.details.is === 'targets' && change.details.does === does && onGroups(change, about);
const set =
  (...names: readonly RegExp[]): Kind =>
  (change, about) => {
    const { details } = change;
    if (details.is !== 'settings' || !(onGroups(change, about) || onLoadBalancer(change, about))) return false;
    return Object.keys(details.set).some((name) => names.some((pattern) => pattern.test(name)));
  };

const ROUTING = ['CreateRule', 'ModifyRule', 'DeleteRule', 'SetRulePriorities', 'ModifyListener', 'CreateListener'];
const routed = both(called(...ROUTING, 'DeleteListener'), onLoadBalancer);
const routedHere: Kind = (change, { found }) =>
  change.details.is === 'routing' &&
  change.details.to.some(({ targetGroup, weight }) => weight > 0 && found.affects.targetGroups.includes(targetGroup));
const scaled = set(/^(desired(Capacity|Count)|minSize|maxSize)$/);
const suspended = set(/^suspended$/);
const detached = both(called('DetachLoadBalancerTargetGroups', 'DetachTrafficSources', 'DetachInstances'), onGroups);

const ROLLOUTS =
  /^(UpdateService|StartInstanceRefresh|UpdateAutoScalingGroup|UpdateFunction(Code|Configuration)|UpdateAlias)/;
const rolledOut: Kind = (change, about) => ROLLOUTS.test(change.event) && onGroups(change, about);
const functionChanged =
  (...does: readonly FunctionChange[]): Kind =>
  (change, about) => {
    const { details } = change;
    return details.is === 'function' && does.includes(details.does) && onGroups(change, about);
  };
const RELEASES = ['updates-code', 'configures', 'sets-alias'] as const;
const throttledBy: Kind = (change, about) =>
  about.found.facts?.failure === 'throttled' && functionChanged('limits')(change, about);

/** What each cause may be the very work of. */
const MAKES: Readonly<Partial<Record<CauseId, readonly Kind[]>>> = {
  'no-registered-targets': [targets('deregisters'), routedHere, scaled, detached, suspended],
  'instance-not-running': [instances('stops', 'terminates')],
  'no-running-tasks': [scaled],
  'health-check-code-mismatch': [set(/^healthCheck(Path|Port|Protocol)$/, /^matcher$/)],
  'health-check-port-mismatch': [set(/^healthCheckPort$/)],
  'health-check-timeout-too-short': [set(/^healthCheck(Path|TimeoutSeconds|IntervalSeconds)$/)],
  'wrong-target-port': [targets('registers')],
  'zone-not-enabled': [subnetsSet, targets('registers')],
  'zone-without-targets': [set(/^load_balancing\.cross_zone\.enabled$/), subnetsSet, targets('deregisters')],
  'target-group-not-routed': [routed],
  'slower-than-idle-timeout': [set(/^idle_timeout\.timeout_seconds$/)],
  'keepalive-shorter-than-idle-timeout': [set(/^idle_timeout\.timeout_seconds$/)],
  'target-security-group-closed': [ruleTaken('ingress'), groupsSwapped],
  'load-balancer-security-group-closed': [ruleTaken('egress'), groupsSwapped],
  'network-acl-blocks': [entryDenies],
  'route-missing': [routeChanged],
  'tls-on-http-target-group': [routedHere],
  'protocol-version-mismatch': [routedHere],
  'fixed-response-5xx': [routed],
  'lambda-target-failing': [throttledBy],
  'lambda-target-not-invokable': [
    functionChanged('withdraws', 'deletes-alias', 'deletes', 'sets-alias', 'configures', 'updates-code'),
    routedHere,
  ],
  'authentication-failing': [ruleTaken('egress')],
};

/** What may have led to it, by way of something else. */
const SETS_OFF: Readonly<Partial<Record<CauseId, readonly Kind[]>>> = {
  'instance-check-failed': [instances('reboots', 'starts')],
  'nothing-listening': [instances('reboots', 'starts'), rolledOut],
  'health-check-code-mismatch': [rolledOut],
  'unresponsive-backend': [rolledOut],
  'slower-than-idle-timeout': [rolledOut],
  'target-security-group-closed': [subnetsSet],
  'network-acl-blocks': [subnetsSet],
  'route-missing': [subnetsSet],
  'tls-handshake-failing': [both(called('ModifyListener'), onLoadBalancer), rolledOut],
  'out-of-memory': [rolledOut],
  'crashing-backend': [rolledOut, instances('reboots')],
  'cpu-saturated': [scaled, rolledOut],
  'too-few-healthy-targets': [scaled, targets('deregisters'), instances('stops', 'terminates')],
  'targets-not-yet-healthy': [rolledOut, scaled, targets('registers')],
  'deployment-replacing-targets': [rolledOut, scaled],
  'deregistration-cuts-requests': [rolledOut, scaled, targets('deregisters')],
  'deployment-failing': [rolledOut],
  'target-returns-5xx': [rolledOut, routedHere],
  'malformed-response': [rolledOut],
  'lambda-target-failing': [functionChanged(...RELEASES), routedHere],
  'authentication-failing': [routed],
};
