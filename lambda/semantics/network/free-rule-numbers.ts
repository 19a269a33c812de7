import type { NetworkAcl } from '../../incident/evidence.ts';
import type { AclDrop } from './acl-drops.ts';
import { FINAL_RULE } from './network-acls.ts';

/**
 * Where an allow rule may stand before what denies: rules are tried by their numbers. Gives each number once, as an entry
 * is told apart by direction and number alone.
 */
export function freeRuleNumbersIn(networkAcls: readonly NetworkAcl[]) {
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
