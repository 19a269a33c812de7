import type { NetworkAcl } from '../../../incident/evidence.ts';
import { code, listed, percent, resource, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import type { Denial } from '../../../semantics/network/network-acls.ts';
import type { PathBlocker } from '../../../semantics/network/path.ts';
import { type PortRange, type PortSet, portUnion } from '../../../semantics/network/ports.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';

/** What the same rules of the same ACL drop, one way, for however many targets and subnets: told once for all of them. */
export interface AclDrop {
  readonly aclId: string;
  readonly direction: 'ingress' | 'egress';
  /** All that must pass. */
  readonly ports: PortRange;
  /** What of it does not. */
  readonly denied: PortSet;
  readonly ruleNumbers: readonly number[];
  /** Whose ACL it is: the subnets that it stands before. */
  readonly subnetIds: readonly string[];
  /** The addresses at the other end, in CIDR notation. */
  readonly remotes: readonly string[];
  /** The share of connections that it drops; `null` where all. */
  readonly share: number | null;
}

type Dropping = Extract<PathBlocker, { layer: 'network-acls' }>;

export function aclDropsOn(paths: readonly TargetPath[]): readonly AclDrop[] {
  const drops = paths
    .flatMap(({ path }) => path.blockers)
    .filter((blocker): blocker is Dropping => blocker.layer === 'network-acls')
    .flatMap(oneDrop);
  return groupBy(drops, ({ aclId, direction, ports, ruleNumbers }) =>
    JSON.stringify([aclId, direction, ports.from, ports.to, ruleNumbers]),
  ).map((same) => ({
    ...same[0],
    subnetIds: [...new Set(same.flatMap(({ subnetIds }) => subnetIds))],
    remotes: [...new Set(same.flatMap(({ remotes }) => remotes))],
    denied: portUnion(same.flatMap(({ denied }) => denied)),
    share: same.some(({ share }) => share === null) ? null : Math.max(...same.map(({ share }) => share ?? 0)),
  }));
}

function oneDrop({ verdict, direction, at, ports, pairs }: Dropping): readonly AclDrop[] {
  if (!('denied' in verdict)) return [];
  const own = pairs.map(({ from, to }) => (at === 'load-balancer' ? from : to));
  return [
    {
      aclId: verdict.aclId,
      direction,
      ports,
      denied: portUnion(verdict.denied.map((one: Denial) => one.ports)),
      ruleNumbers: [...new Set(verdict.denied.map(({ ruleNumber }: Denial) => ruleNumber))],
      subnetIds: own.filter((id) => id !== null),
      remotes: [...new Set(verdict.denied.map(({ remote }: Denial) => remote))],
      share: verdict.is === 'partly' ? verdict.share : null,
    },
  ];
}

/** 32767 (IPv4) and 32768 (IPv6) are the deny at the end of every ACL, shown as `*` in the console. */
const FINAL = 32767;

export function dropSaid({ aclId, direction, denied, ruleNumbers, subnetIds, remotes, share }: AclDrop): Text {
  const rules = [...new Set(ruleNumbers.map((number) => (number >= FINAL ? '*' : String(number))))];
  const [way, from] = direction === 'ingress' ? (['into', 'from'] as const) : (['out of', 'to'] as const);
  const part = share === null ? text`` : text`: about ${percent(share)} of the connections`;
  return text`${resource(aclId)} rule ${listed(rules.map(code))} denies TCP ${listed(
    denied.map((ports) => code(rangeOf(ports))),
    3,
  )} ${way} ${listed(subnetIds.map(resource))} ${from} ${listed(remotes.map(resource), 4)}${part}`;
}

function rangeOf({ from, to }: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

const MOST_REMOTES = 6;

/** An allow rule before the rule that denies, for exactly what is dropped. */
export function fixesFor(
  drops: readonly AclDrop[],
  networkAcls: readonly NetworkAcl[],
  targetGroup: string,
): readonly Remedy[] {
  const numberFor = freeNumbersIn(networkAcls);
  const allowed = drops.flatMap((drop) => {
    const acl = networkAcls.find(({ id }) => id === drop.aclId);
    if (acl === undefined) return [];
    return drop.remotes.slice(0, MOST_REMOTES).flatMap((remote): readonly Remedy[] => {
      const number = numberFor(drop);
      return number === undefined ? [] : [allowing(drop, remote, number, acl, targetGroup)];
    });
  });
  return inSteps(allowed);
}

function allowing(
  { aclId, direction, ports }: AclDrop,
  remote: string,
  number: number,
  acl: NetworkAcl,
  targetGroup: string,
): Remedy {
  const entry = ['--network-acl-id', aclId, '--rule-number', String(number), `--${direction}`];
  const cidr = [remote.includes(':') ? '--ipv6-cidr-block' : '--cidr-block', remote];
  const range = ['--protocol', '6', '--port-range', `From=${ports.from},To=${ports.to}`];
  return {
    does: text`let TCP ${code(rangeOf(ports))} ${direction === 'ingress' ? 'in from' : 'out to'} ${resource(remote)} through ${resource(aclId)}`,
    run: ['aws', 'ec2', 'create-network-acl-entry', ...entry, ...range, ...cidr, '--rule-action', 'allow'],
    changes: true,
    undo: ['aws', 'ec2', 'delete-network-acl-entry', ...entry],
    verify: showHealth(targetGroup),
    ...managedByField(acl.tags),
  };
}

/** Gives each number once: an entry is told apart by direction and number alone. */
function freeNumbersIn(networkAcls: readonly NetworkAcl[]): (drop: AclDrop) => number | undefined {
  const given = new Map<string, readonly number[]>();
  return ({ aclId, direction, ruleNumbers }) => {
    const key = `${aclId} ${direction}`;
    const entries = networkAcls.find(({ id }) => id === aclId)?.entries ?? [];
    const own = entries.filter(({ egress }) => egress === (direction === 'egress'));
    const used = given.get(key) ?? own.map(({ ruleNumber }) => ruleNumber);
    const number = numberBefore(Math.min(...ruleNumbers), used);
    if (number !== undefined) given.set(key, [...used, number]);
    return number;
  };
}

/** A free rule number before the one that denies; after all others where the final deny does. */
function numberBefore(denying: number, used: readonly number[]): number | undefined {
  if (denying < FINAL) return freeFrom(denying - 1, used);
  const last = Math.max(0, ...used.filter((number) => number < FINAL));
  const next = Math.min(FINAL - 1, Math.floor(last / 10) * 10 + 10);
  return used.includes(next) ? freeFrom(FINAL - 1, used) : next;
}

function freeFrom(from: number, used: readonly number[]): number | undefined {
  for (let number = from; number >= 1; number -= 1) if (!used.includes(number)) return number;
  return undefined;
}
