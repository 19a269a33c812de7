import { arnIn } from '../../incident/arn.ts';
import type { Subject } from '../../incident/question.ts';

/** What kind of load balancer an ARN, or the value of a CloudWatch dimension, is of. */
export type Kind = 'Application' | 'Network' | 'Gateway' | 'Classic';

export function kindOf(dimension: string): Kind {
  const [type, , id] = dimension.split('/');
  if (id === undefined) return 'Classic';
  if (type === 'net') return 'Network';
  return type === 'gwy' ? 'Gateway' : 'Application';
}

/** The load balancer of an ARN; `undefined` where it is of something else. */
export function subjectOf(arn: string): Subject | undefined {
  const parts = arnIn(arn);
  const prefix = 'loadbalancer/';
  if (parts?.service !== 'elasticloadbalancing' || !parts.resource.startsWith(prefix)) return undefined;
  const { partition, region, accountId, resource } = parts;
  const dimension = resource.slice(prefix.length);
  return { arn, dimension, name: dimension.split('/')[1] ?? dimension, partition, region, accountId };
}
