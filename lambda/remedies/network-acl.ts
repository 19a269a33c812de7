import type { NetworkAcl } from '../incident/evidence.ts';
import { code, count, resource, text } from '../incident/text.ts';
import type { AclDrop } from '../semantics/network/acl-drops.ts';
import { freeRuleNumbersIn } from '../semantics/network/free-rule-numbers.ts';
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
  const numberFor = freeRuleNumbersIn(networkAcls);
  const allowed = drops.flatMap((drop) => {
    const acl = networkAcls.find(({ id }) => id === drop.aclId);
    if (acl === undefined) return [];
    const rules = drop.remotes.slice(0, MOST_REMOTES).flatMap((remote) => {
      const number = numberFor(drop);
      return number === undefined ? [] : [allow(drop, remote, number, acl, verify)];
    });
    const left = drop.remotes.length - MOST_REMOTES;
    return left > 0 ? [...rules, allowRest(drop, left, acl, verify)] : rules;
  });
  return inSteps(allowed);
}

/** Nobody is to think that those above were all. */
function allowRest({ direction, ports }: AclDrop, left: number, acl: NetworkAcl, verify: AwsCall): Remedy {
  const way = direction === 'ingress' ? 'in from' : 'out to';
  const others = count(left, 'other address or range', 'other addresses or ranges');
  return fix(text`let TCP ${code(rangeName(ports))} ${way} ${others} through ${resource(acl.id)} likewise`, {
    ...{ verify, managedBy: managerOf(acl.tags) },
  });
}

function allow({ direction, ports }: AclDrop, remote: string, ruleNumber: number, acl: NetworkAcl, verify: AwsCall) {
  const entry = { networkAclId: acl.id, ruleNumber, [direction]: true as const };
  const addresses = remote.includes(':') ? { ipv6CidrBlock: remote } : { cidrBlock: remote };
  const portRange = { From: ports.from, To: ports.to };
  const way = direction === 'ingress' ? 'inbound traffic from' : 'outbound traffic to';
  return fix(text`allow ${way} ${resource(remote)} on TCP ${code(rangeName(ports))} in ${resource(acl.id)}`, {
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
