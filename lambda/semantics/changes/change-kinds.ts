import type { ChangeEvent, FunctionChange } from '../../incident/evidence.ts';
import type { TargetRef } from '../../incident/finding.ts';
import { coversPort } from '../network/ports.ts';

/** Whether a change may have made, or led to, what was found. */
export type ChangeKind = (change: ChangeEvent, about: ChangeSubject) => boolean;

export interface ChangeSubject {
  readonly found: {
    readonly affects: { readonly targetGroups: readonly string[]; readonly targets: readonly TargetRef[] };
    readonly restsOn?: readonly string[] | undefined;
  };
  /** As a metric names it: `app/web/50dc6c495c0c9188`. */
  readonly loadBalancer: string;
}

/** Kinds of changes that make, or set off, a fault: each asks of a change whether it may have done so. */

const onWhatItRestsOn = ({ resources }: ChangeEvent, { found }: ChangeSubject): boolean =>
  (found.restsOn ?? []).some((id) => resources.includes(id));
const onTargets = ({ resources }: ChangeEvent, { found }: ChangeSubject): boolean =>
  found.affects.targets.some(({ id }) => resources.includes(id));
const onGroups = ({ resources }: ChangeEvent, { found }: ChangeSubject): boolean =>
  found.affects.targetGroups.some((arn) => resources.includes(arn));
const onLoadBalancer = ({ resources }: ChangeEvent, { loadBalancer }: ChangeSubject): boolean =>
  resources.some((id) => id.includes(`/${loadBalancer}`));

const called =
  (...events: readonly string[]): ChangeKind =>
  ({ event }) =>
    events.includes(event);
const both =
  (one: ChangeKind, other: ChangeKind): ChangeKind =>
  (change, about) =>
    one(change, about) && other(change, about);

/** A rule of this way that admitted the port; any rule of it, where no port is named. */
export const ruleRemoval =
  (way: 'ingress' | 'egress', port?: number): ChangeKind =>
  (change, about) => {
    const { details } = change;
    if (details.is !== 'security-group-rules' || details.does === 'admits' || !onWhatItRestsOn(change, about))
      return false;
    if (details.does === 'changes') return true;
    const isThatPort = details.rules.some((rule) => port === undefined || coversPort(rule, port));
    return details.way === way && (details.rules.length === 0 || isThatPort);
  };

export const securityGroupSwap: ChangeKind = (change, about) =>
  (called('SetSecurityGroups')(change, about) && onLoadBalancer(change, about)) ||
  (called('ModifyNetworkInterfaceAttribute', 'ModifyInstanceAttribute')(change, about) && onTargets(change, about));

export const aclDenial: ChangeKind = (change, about) => {
  const { details } = change;
  const denies =
    details.is === 'network-acl-entry' && !(details.does === 'creates' && details.entry?.action === 'allow');
  return (denies || change.event === 'ReplaceNetworkAclAssociation') && onWhatItRestsOn(change, about);
};

/** In a zone that is new to the load balancer, nodes have addresses and ways that nobody opened before. */
export const subnetSwitch = both(called('SetSubnets'), onLoadBalancer);

const ROUTES = ['AssociateRouteTable', 'DisassociateRouteTable', 'ReplaceRouteTableAssociation'];
export const routeChange: ChangeKind = (change, about) =>
  (change.details.is === 'route' || ROUTES.includes(change.event)) && onWhatItRestsOn(change, about);

export const instanceCall =
  (...does: readonly ('stops' | 'terminates' | 'reboots' | 'starts')[]): ChangeKind =>
  (change, about) => {
    const { details } = change;
    return details.is === 'instances' && does.includes(details.does) && onTargets(change, about);
  };
export const targetCall =
  (does: 'registers' | 'deregisters'): ChangeKind =>
  (change, about) =>
    change.details.is === 'targets' && change.details.does === does && onGroups(change, about);
export const settingChange =
  (...names: readonly RegExp[]): ChangeKind =>
  (change, about) => {
    const { details } = change;
    if (details.is !== 'settings' || !(onGroups(change, about) || onLoadBalancer(change, about))) return false;
    return Object.keys(details.set).some((name) => names.some((pattern) => pattern.test(name)));
  };

const ROUTING = ['CreateRule', 'ModifyRule', 'DeleteRule', 'SetRulePriorities', 'ModifyListener', 'CreateListener'];
export const routingChange = both(called(...ROUTING, 'DeleteListener'), onLoadBalancer);
export const routingTo: ChangeKind = (change, { found }) =>
  change.details.is === 'routing' &&
  change.details.to.some(({ targetGroup, weight }) => weight > 0 && found.affects.targetGroups.includes(targetGroup));
export const scaling = settingChange(/^(desired(Capacity|Count)|minSize|maxSize)$/);
export const suspension = settingChange(/^suspended$/);
export const detachment = both(
  called('DetachLoadBalancerTargetGroups', 'DetachTrafficSources', 'DetachInstances'),
  onGroups,
);

const ROLLOUTS =
  /^(UpdateService|StartInstanceRefresh|UpdateAutoScalingGroup|UpdateFunction(Code|Configuration)|UpdateAlias|CreateDeployment)/;
export const rollout: ChangeKind = (change, about) => ROLLOUTS.test(change.event) && onGroups(change, about);
export const functionCall =
  (...does: readonly FunctionChange[]): ChangeKind =>
  (change, about) => {
    const { details } = change;
    return details.is === 'function' && does.includes(details.does) && onGroups(change, about);
  };

/** Another configuration of a listener: its certificate, its policy, where it forwards to. */
export const listenerChange: ChangeKind = both(called('ModifyListener'), onLoadBalancer);
