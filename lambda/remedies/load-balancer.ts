import type { Attributes, LoadBalancer } from '../incident/evidence.ts';
import { andList, code, resource, type Text, text } from '../incident/text.ts';
import { showHealth } from './look.ts';
import { managerOf, type Tags } from './owner.ts';
import { type AwsCall, aws, fix, inSteps, look, type Remedy } from './remedy.ts';

/** A load balancer as AWS names it, and what its tags say of who manages it. */
export interface TaggedLoadBalancer {
  readonly arn: string;
  readonly tags: Tags;
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

export function showLoadBalancer(arn: string): AwsCall {
  return aws('elbv2', 'describe-load-balancers', { loadBalancerArns: arn });
}

/** What only the access log proves, and only from when on it is written. */
export function proofInAccessLog(attributes: Attributes, proves: Text): Remedy {
  if (attributes['access_logs.s3.enabled'] === 'false') {
    return fix(text`turn the access log on: it was off, so it holds nothing about these errors. In it, ${proves}`);
  }
  const bucket = attributes['access_logs.s3.bucket'];
  return look(text`read the access log${bucket ? text` in bucket ${code(bucket)}` : ', if it is on'}: ${proves}`);
}

/** Whoever shifted a zone away, or AWS by an autoshift, had a reason: first comes to see whether that still holds. */
export function endZonalShift(loadBalancer: string | undefined): readonly Remedy[] {
  const shown = loadBalancer && aws('arc-zonal-shift', 'get-managed-resource', { resourceIdentifier: loadBalancer });
  return inSteps([
    look(text`see why the zonal shift was started, when it expires, and its ${code('zonalShiftId')}`, shown || null),
    fix(
      text`if the zone is healthy again, cancel the shift by that id (${code('aws arc-zonal-shift cancel-zonal-shift --zonal-shift-id')})`,
    ),
  ]);
}

/** Which subnet is right is not in what was read: public for the internet, with free addresses. */
export function enableZones(
  { arn: loadBalancerArn, vpcId, zones: enabled }: LoadBalancer,
  zones: readonly string[],
  targetGroup: string,
  tags: Tags,
): readonly Remedy[] {
  const subnets = enabled.map(({ subnetId }) => subnetId);
  const enable = fix(
    text`enable the zone: name its subnet along with ${andList(subnets.map(resource), 6)} in ${code('aws elbv2 set-subnets')}; or register targets in the enabled zones`,
    {
      undo: aws('elbv2', 'set-subnets', { loadBalancerArn, subnets }),
      verify: showHealth(targetGroup),
      managedBy: managerOf(tags),
    },
  );
  if (zones.length === 0) return [enable];
  const filters = [
    { Name: 'vpc-id', Values: vpcId },
    { Name: 'availability-zone', Values: zones.join(',') },
  ];
  const does = text`see which subnets there are in ${andList(zones.map(code))}`;
  return [enable, look(does, aws('ec2', 'describe-subnets', { filters }))];
}
