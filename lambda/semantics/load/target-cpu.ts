import type {
  EcsService,
  InstanceMetric,
  MetricsById,
  NetworkInterface,
  ServiceMetric,
  Target,
  Values,
} from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import { serviceInTags, serviceOfGroup } from '../ecs/service-of-target.ts';

/** Where the CPU of targets is told: of the instance, or of the ECS service that all its tasks share. */
export interface CpuEvidence {
  readonly instanceMetrics: Observed<MetricsById<InstanceMetric>>;
  readonly serviceMetrics: Observed<MetricsById<ServiceMetric>>;
  readonly targetInterfaces: Observed<readonly NetworkInterface[]>;
  readonly tags: Observed<Readonly<Record<string, Readonly<Record<string, string>>>>>;
  readonly ecsServices: Observed<readonly EcsService[]>;
}

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
