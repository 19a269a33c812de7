import type { SecurityGroup } from '../../../incident/evidence.ts';
import { andList, code, count, resource, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { allowOnPort } from '../../../remedies/security-group.ts';
import { ruleRemoval } from '../../../semantics/changes/change-kinds.ts';
import { type PortRange, rangeName } from '../../../semantics/network/ports.ts';
import {
  peersToAdmit,
  type RefusingEnd,
  refusalsOn,
  refusingGroupsOn,
} from '../../../semantics/network/security-group-refusals.ts';
import type { Direction, EvaluatedGroup } from '../../../semantics/network/security-groups.ts';
import { isReachedOn, type TargetPath } from '../../../semantics/network/target-paths.ts';
import type { ClosedPaths, Closure, Layer } from './closed-layer.ts';
import { pathGroupsSaid } from './silent-drops.ts';

/** What the causes about security groups share: one end of the path refuses, the other has no rule to name. */

/** A finding for each set of groups and each port. */
export function securityGroupLayer(
  name: RefusingEnd,
  securityGroups: readonly SecurityGroup[],
  whereOpen: Layer['whereOpen'],
): Layer<'securityGroups'> {
  return {
    name,
    from: 'securityGroups',
    reasonOn: (one) =>
      refusalsOn([one], name).length === 0 ? null : `${refusingGroupsOn([one], name).join(' ')} ${one.port}`,
    tell: (closed, all) => closureOf(name, closed, all, securityGroups),
    whereOpen,
  };
}

function closureOf(
  layer: RefusingEnd,
  closed: ClosedPaths,
  all: readonly TargetPath[],
  securityGroups: readonly SecurityGroup[],
): Closure {
  const [{ port, target }] = closed;
  const ids = refusingGroupsOn(closed, layer);
  const refusals = refusalsOn(closed, layer);
  const groups = refusals[0]?.groups ?? [];
  const peers = peersToAdmit(refusals, securityGroups);
  const missing = andList(
    peers.map(({ id }) => resource(id)),
    5,
  );
  const isPartly = closed.every(({ path }) => path.layers[layer] === 'partly-blocked');
  const direction = layer === 'load-balancer-security-groups' ? 'egress' : 'ingress';
  const headline = (verbs: Verbs) =>
    text`${andList(ids.map(resource))} ${refuses(layer, verbs, isPartly)} port ${code(port)} of ${whose(closed, all)}`;
  // Where one group serves the other end on other ports already, that is the place for a rule.
  const into = groups.find(({ portsForPeer }) => portsForPeer.length > 0) ?? groups[0];
  const { tags } = securityGroups.find(({ id }) => id === into?.id) ?? { tags: {} };
  return {
    says: headline(ids.length === 1 ? VERBS.one : VERBS.several),
    said: headline(VERBS.past),
    shows: [
      text`${andList(groups.map((group) => groupSaid(group, direction, port)))}: no rule for ${isPartly ? 'all of ' : ''}${missing} on ${code(port)}`,
    ],
    restsOn: ids,
    fixes: into ? allowOnPort({ id: into.id, tags }, direction, peers, port, showHealth(target.targetGroup)) : [],
    madeBy: [ruleRemoval(direction, port)],
    port,
    facts: { securityGroups: ids, port, reachedNow: closed.some((one) => isReachedOn(one.target, port)) },
  };
}

const VERBS = {
  one: { not: 'does not', allow: 'allows' },
  several: { not: 'do not', allow: 'allow' },
  past: { not: 'did not', allow: 'allowed' },
} as const;
type Verbs = (typeof VERBS)[keyof typeof VERBS];

function refuses(layer: RefusingEnd, verbs: Verbs, isPartly: boolean): Text {
  if (layer === 'target-security-groups') {
    return isPartly
      ? text`${verbs.allow} inbound traffic from only part of the load balancer on`
      : text`${verbs.not} allow inbound traffic from the load balancer on`;
  }
  return isPartly
    ? text`${verbs.allow} outbound traffic from the load balancer to only part of`
    : text`${verbs.not} allow outbound traffic from the load balancer to`;
}

/** `web`; of a group that is not refused as a whole `1 of 2 targets of web`. */
function whose(closed: readonly TargetPath[], all: readonly TargetPath[]): Text {
  const groups = new Set(closed.map(({ group }) => group.arn));
  const registered = new Set(all.filter(({ group }) => groups.has(group.arn)).map(({ target }) => target)).size;
  const refused = new Set(closed.map(({ target }) => target)).size;
  const names = pathGroupsSaid(closed);
  return refused === registered ? names : text`${refused} of ${count(registered, 'target')} of ${names}`;
}

function groupSaid({ id, name, ports, peersOnPort }: EvaluatedGroup, direction: Direction, port: number): Text {
  const called = text`${resource(id)}${name === id ? '' : text` (${resource(name)})`}`;
  const isOut = direction === 'egress';
  if (peersOnPort.length > 0) {
    const peers = peersOnPort.map((peer) => (peer === id ? text`itself` : resource(peer)));
    return text`${called} allows ${isOut ? 'outbound traffic only to' : 'inbound traffic only from'} ${andList(peers, 6)} on ${code(port)}`;
  }
  const open = ports.length === 0 ? text`traffic on no TCP port` : text`TCP ${andList(ports.map(rangeSaid), 6)}`;
  return text`${called} allows ${isOut ? 'outbound' : 'inbound'} ${open}`;
}

function rangeSaid(ports: PortRange) {
  return code(ports.from === 0 && ports.to === 65535 ? 'all ports' : rangeName(ports));
}
