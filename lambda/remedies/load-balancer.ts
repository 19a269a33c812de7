import type { Text } from '../incident/text.ts';
import { managerOf } from './owner.ts';
import { aws, fix, type Remedy } from './remedy.ts';

/** A load balancer as AWS names it, and what its tags say of who manages it. */
export interface TaggedLoadBalancer {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Sets one attribute of a load balancer; undone by what it was before. */
export function setLoadBalancerAttribute(
  { arn: loadBalancerArn, tags }: TaggedLoadBalancer,
  Key: string,
  value: { readonly from: string | number; readonly to: string | number },
  does: Text,
): Remedy {
  const set = (Value: string | number) =>
    aws('elbv2', 'modify-load-balancer-attributes', { loadBalancerArn, attributes: { Key, Value } });
  return fix(does, {
    run: set(value.to),
    undo: set(value.from),
    verify: aws('elbv2', 'describe-load-balancer-attributes', { loadBalancerArn }),
    managedBy: managerOf(tags),
  });
}
