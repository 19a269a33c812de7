import type { InstanceMetric, MetricsById, ServiceMetric, Target, Values } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { serviceInTags, serviceOfGroup } from '../ecs/service-of-target.ts';
import { levelIn, maxOf, meanOf, type Span, valuesIn } from '../time/minutes.ts';

/** Where the CPU of targets is told: of the instance, or of the ECS service that all its tasks share. */
type CpuEvidence = Pick<
  ObservedEvidence,
  'instanceMetrics' | 'serviceMetrics' | 'targetInterfaces' | 'tags' | 'ecsServices'
>;

export interface TargetCpu {
  readonly from: 'instanceMetrics' | 'serviceMetrics';
  /** The instance, or `cluster/service`. */
  readonly of: string;
  readonly values: Values;
}

/** For many targets at once: what is looked up by address or id is put in order first. */
export function cpuIn(evidence: CpuEvidence): (target: Target) => TargetCpu | undefined {
  const instances = byId(ifSeen(evidence.instanceMetrics));
  const services = byId(ifSeen(evidence.serviceMetrics));
  const tagsOfGroups = ifSeen(evidence.tags) ?? {};
  const tagsAt = new Map(
    (ifSeen(evidence.targetInterfaces) ?? []).flatMap(({ addresses, tags }) =>
      addresses.map((address) => [address, tags] as const),
    ),
  );
  const known = ifSeen(evidence.ecsServices);
  return ({ id, targetGroup }) => {
    const own = instances.get(id);
    if (own !== undefined) return { from: 'instanceMetrics', of: id, values: own };
    const named = serviceInTags(tagsAt.get(id)) ?? serviceInTags(tagsOfGroups[targetGroup]);
    const service = named ?? serviceOfGroup(targetGroup, known);
    const values = service === undefined ? undefined : services.get(service);
    return service === undefined || values === undefined ? undefined : { from: 'serviceMetrics', of: service, values };
  };
}

function byId(
  metrics: MetricsById<InstanceMetric> | MetricsById<ServiceMetric> | undefined,
): ReadonlyMap<string, Values> {
  const known = (metrics?.of ?? []).flatMap(({ id, values: { CPUUtilization } }) =>
    CPUUtilization === undefined ? [] : [[id, CPUUtilization] as const],
  );
  return new Map(known);
}

/** CPU from this many percent on has followed the requests. */
const BUSY = 80;
/** Of its mean CPU since then, what it had on average before at most. */
const RESTED = 0.75;

export interface CpuRise {
  readonly cpu: TargetCpu;
  /** In percent. */
  readonly to: number;
}

/** Of the target whose CPU rose the most, if it rose to where it hurts. */
export function highestCpuRise(
  targets: readonly Target[],
  cpuOf: (target: Target) => TargetCpu | undefined,
  before: Span,
  after: Span,
): CpuRise | null {
  const rises = targets.flatMap((target): readonly CpuRise[] => {
    const cpu = cpuOf(target);
    const [was, is] = [levelIn(cpu?.values, before), meanOf(valuesIn(cpu?.values, after))];
    const to = maxOf(valuesIn(cpu?.values, after));
    if (cpu === undefined || was === null || is === null || to === null) return [];
    return to < BUSY || was > RESTED * is ? [] : [{ cpu, to }];
  });
  return rises.reduce<CpuRise | null>((most, one) => (most && most.to >= one.to ? most : one), null);
}
