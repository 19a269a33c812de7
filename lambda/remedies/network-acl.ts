import type { NetworkAcl } from '../incident/evidence.ts';
import { code, resource, text } from '../incident/text.ts';
import type { AclDrop } from '../semantics/network/acl-drops.ts';
import { FINAL_RULE } from '../semantics/network/network-acls.ts';
import { rangeName } from '../semantics/network/ports.ts';
import { managerOf } from './owner.ts';
import { type AwsCall, aws, fix, inSteps, type Remedy } from './remedy.ts';

const MOST_REMOTES = 6;

/** An allow rule before the rule that denies, for exactly what is dropped. */
export function allowBeforeDenial(
  drops: readonly AclDrop[],
  networkAcls: readonly NetworkAcl[],
  verify: AwsCall,
): readonly Remedy[] {
  const numberFor = freeNumbersIn(networkAcls);
  const allowed = drops.flatMap((drop) => {
    const acl = networkAcls.find(({ id }) => id === drop.aclId);
    if (acl === undefined) return [];
    return drop.remotes.slice(0, MOST_REMOTES).flatMap((remote) => {
      const number = numberFor(drop);
      return number === undefined ? [] : [allow(drop, remote, number, acl, verify)];
    });
  });
  return inSteps(allowed);
}

function allow({ direction, ports }: AclDrop, remote: string, ruleNumber: number, acl: NetworkAcl, verify: AwsCall) {
  const entry = { networkAclId: acl.id, ruleNumber, [direction]: true as const };
  const addresses = remote.includes(':') ? { ipv6CidrBlock: remote } : { cidrBlock: remote };
  const portRange = { From: ports.from, To: ports.to };
  const way = direction === 'ingress' ? 'in from' : 'out to';
  return fix(text`let TCP ${code(rangeName(ports))} ${way} ${resource(remote)} through ${resource(acl.id)}`, {
    run: aws('ec2', 'create-network-acl-entry', {
      ...entry,
      protocol: 6,
      portRange,
      ...addresses,
      ruleAction: 'allow',
    }),
    undo: aws('ec2', 'delete-network-acl-entry', entry),
    ...{ verify, managedBy: managerOf(acl.tags) },
  });
}

/** Gives each number once: an entry is told apart by direction and number alone. */
function freeNumbersIn(networkAcls: readonly NetworkAcl[]) {
  const numbersOf = ({ entries }: NetworkAcl, isEgress: boolean) =>
    entries.filter(({ egress }) => egress === isEgress).map(({ ruleNumber }) => ruleNumber);
  const used = new Map(
    networkAcls.map((acl) => [acl.id, { egress: numbersOf(acl, true), ingress: numbersOf(acl, false) }]),
  );
  return ({ aclId, direction, ruleNumbers }: AclDrop): number | undefined => {
    const own = used.get(aclId)?.[direction] ?? [];
    const number = numberBefore(Math.min(...ruleNumbers), own);
    if (number !== undefined) own.push(number);
    return number;
  };
}

/** A free rule number before the one that denies; after all others where the final deny does. */
function numberBefore(denying: number, used: readonly number[]): number | undefined {
  if (denying < FINAL_RULE) return freeFrom(denying - 1, used);
  const last = Math.max(0, ...used.filter((number) => number < FINAL_RULE));
  const next = Math.min(FINAL_RULE - 1, Math.floor(last / 10) * 10 + 10);
  return used.includes(next) ? freeFrom(FINAL_RULE - 1, used) : next;
}

function freeFrom(from: number, used: readonly number[]): number | undefined {
  for (let number = from; number >= 1; number -= 1) if (!used.includes(number)) return number;
  return undefined;
}
