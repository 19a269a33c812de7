import type { Deployment, Service, TaskSet } from '@aws-sdk/client-ecs';
import { sorted } from '../../incident/evidence/order.ts';
import type { EcsDeployment, EcsService, TargetGroup } from '../../incident/evidence.ts';
import { type Gap, ifSeen, seen } from '../../incident/observed.ts';
import { serviceInTags } from '../../semantics/ecs/service-of-target.ts';
import { isManagedByKubernetes } from '../../semantics/kubernetes/controller-tags.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { describeServices, listClusters, listServices } from '../services/ecs.ts';
import { utcTime } from '../time.ts';

const SERVICES_A_CALL = 10;
const CLUSTERS = 25;
const SERVICES = 250;
/** Most groups have no service of ECS behind them. */
const SEARCH_MS = 5_000;

/**
 * No call of AWS leads from a target group to the service behind it. Tags may name it; else all services are looked
 * through, up to a limit.
 */
export const ecsServices = defineCollector({
  key: 'ecsServices',
  after: ['targetGroups', 'tags', 'targetInterfaces'],
  actions: [listClusters.action, listServices.action, describeServices.action],
  resources: { [describeServices.action]: 'arn:*:ecs:*:*:service/*' },
  async collect(_question, { targetGroups, tags, targetInterfaces }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const tagsOf = ifSeen(tags) ?? {};
    const groups = targetGroups.value.filter((group) => mayHoldTasks(group, tagsOf[group.arn] ?? {}));
    if (groups.length === 0) return seen([], targetGroups.gaps);

    const tagged = [
      ...groups.map(({ arn }) => tagsOf[arn]),
      ...(ifSeen(targetInterfaces) ?? []).map((one) => one.tags),
    ];
    const named = await servicesNamed([...new Set(tagged.flatMap((each) => serviceInTags(each) ?? []))], aws);
    const known = servicesOf(named, groups);
    const open = groups.filter(({ arn }) => !known.some((one) => one.targetGroups.some((to) => to.arn === arn)));
    if (open.length === 0) return seen(known, targetGroups.gaps);
    const found = await servicesIn(open, aws.within(SEARCH_MS), known.length > 0);
    const all = new Map([...known, ...servicesOf(found.items, groups)].map((one) => [one.id, one]));
    return seen([...all.values()], [...targetGroups.gaps, ...found.gaps]);
  },
});

function mayHoldTasks({ targetType }: TargetGroup, tags: Readonly<Record<string, string>>): boolean {
  return (targetType === 'ip' || targetType === 'instance') && !isManagedByKubernetes(tags);
}

/** A tag may be left over from a cluster that is gone. */
async function servicesNamed(names: readonly string[], aws: Aws): Promise<readonly EcsService[]> {
  const read = await Promise.all(
    names.map(async (name) => {
      const [cluster = '', service = ''] = name.split('/');
      try {
        return await describedServices(cluster, [service], aws);
      } catch (error) {
        if (error instanceof CallFailed && error.code.startsWith('ClusterNotFound')) return [];
        throw error;
      }
    }),
  );
  return read.flat();
}

/** What is found of it already is kept, where the rest is refused. */
async function servicesIn(groups: readonly TargetGroup[], aws: Aws, keeps: boolean): Promise<PartialList<EcsService>> {
  const ids = groups.map(({ arn }) => arn);
  try {
    const clusters = await aws.pages(listClusters, { maxResults: 100 }, (answer) => answer.clusterArns);
    const names = nearestFirst(sorted(clusters.items.map(lastPart)), groups);
    const listed = await inBatches(names.slice(0, CLUSTERS), 1, async ([cluster = '']) => {
      const { items, gaps } = await aws.pages(
        listServices,
        { cluster, maxResults: 100 },
        (answer) => answer.serviceArns,
      );
      return { items: items.map((arn) => `${cluster}/${lastPart(arn)}`), gaps };
    });
    const services = nearestFirst(sorted(listed.items), groups);
    const read = await inBatches(byCluster(services.slice(0, SERVICES)), 1, async ([batch]) => ({
      items: batch === undefined ? [] : await describedServices(batch.cluster, batch.names, aws),
      gaps: [],
    }));
    const beyond = [
      ...(names.length > CLUSTERS ? [`only ${CLUSTERS} of ${names.length} ECS clusters were looked through`] : []),
      ...(services.length > SERVICES
        ? [`only ${SERVICES} of ${services.length} ECS services were looked through`]
        : []),
    ];
    const found = new Set(read.items.flatMap(({ targetGroups }) => targetGroups.map(({ arn }) => arn)));
    // Whoever looked through many and found the service of a group need not have seen the rest.
    const left = ids.filter((arn) => !found.has(arn));
    const gaps: readonly Gap[] = [...clusters.gaps, ...listed.gaps, ...read.gaps];
    return {
      items: read.items,
      gaps: [
        ...gaps.map((gap) => ({ ...gap, ids: left })),
        ...beyond.map((detail): Gap => ({ why: 'not-asked', detail, ids: left })),
      ].filter(() => left.length > 0),
    };
  } catch (error) {
    if (!keeps || !(error instanceof CallFailed)) throw error;
    return { items: [], gaps: [{ why: error.why, detail: error.message, action: error.action, ids }] };
  }
}

/** Those first whose names have a word in common with a group's: a limit then rarely hides what is looked for. */
function nearestFirst(names: readonly string[], groups: readonly TargetGroup[]): readonly string[] {
  const words = new Set(groups.flatMap(({ name }) => wordsIn(name)));
  const isNear = (name: string): boolean => wordsIn(name).some((word) => words.has(word));
  return [...names.filter(isNear), ...names.filter((name) => !isNear(name))];
}

function wordsIn(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
}

function byCluster(services: readonly string[]) {
  const clusters = new Map<string, string[]>();
  for (const id of services) {
    const [cluster = '', name = ''] = id.split('/');
    clusters.set(cluster, [...(clusters.get(cluster) ?? []), name]);
  }
  return [...clusters].flatMap(([cluster, names]) =>
    Array.from({ length: Math.ceil(names.length / SERVICES_A_CALL) }, (_, n) => ({
      cluster,
      names: names.slice(n * SERVICES_A_CALL, (n + 1) * SERVICES_A_CALL),
    })),
  );
}

async function describedServices(cluster: string, names: readonly string[], aws: Aws): Promise<readonly EcsService[]> {
  const { services = [] } = await aws.ask(describeServices, { cluster, services: [...names], include: ['TAGS'] });
  return services.map((service) => serviceOf(service, cluster));
}

function servicesOf(services: readonly EcsService[], groups: readonly TargetGroup[]): readonly EcsService[] {
  const ours = new Set(groups.map(({ arn }) => arn));
  return services.filter(({ targetGroups }) => targetGroups.some(({ arn }) => ours.has(arn)));
}

function serviceOf(service: Service, cluster: string): EcsService {
  const name = service.serviceName ?? '';
  const { deploymentConfiguration: rules, deployments = [], taskSets = [] } = service;
  return {
    id: `${cluster}/${name}`,
    cluster,
    name,
    targetGroups: targetGroupsOf(service),
    status: service.status ?? '',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    controller: service.deploymentController?.type ?? 'ECS',
    taskDefinition: service.taskDefinition ?? null,
    ...networkOf(service),
    healthCheckGrace: service.healthCheckGracePeriodSeconds ?? null,
    minimumHealthyPercent: rules?.minimumHealthyPercent ?? null,
    maximumPercent: rules?.maximumPercent ?? null,
    circuitBreaker: {
      enabled: rules?.deploymentCircuitBreaker?.enable ?? false,
      rollsBack: rules?.deploymentCircuitBreaker?.rollback ?? false,
    },
    deployments: [...deployments.map(deploymentOf), ...taskSets.map(taskSetOf)],
    events: (service.events ?? []).flatMap(({ createdAt, message }) => {
      const at = utcTime(createdAt);
      return at === null || message === undefined ? [] : [{ at, message }];
    }),
    tags: Object.fromEntries((service.tags ?? []).map(({ key = '', value = '' }) => [key, value])),
  };
}

function networkOf({ networkConfiguration }: Service): Pick<EcsService, 'network'> {
  const own = networkConfiguration?.awsvpcConfiguration;
  if (own === undefined) return {};
  return { network: { subnetIds: own.subnets ?? [], securityGroupIds: own.securityGroups ?? [] } };
}

function targetGroupsOf({ loadBalancers = [], taskSets = [] }: Service): EcsService['targetGroups'] {
  const all = [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
  const groups = all.flatMap(({ targetGroupArn, containerName, containerPort, advancedConfiguration }) =>
    [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) =>
      arn === undefined ? [] : [{ arn, container: containerName ?? null, containerPort: containerPort ?? null }],
    ),
  );
  return [...new Map(groups.map((group) => [`${group.arn} ${group.containerPort}`, group])).values()];
}

function deploymentOf(deployment: Deployment): EcsDeployment {
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    rolloutState: deployment.rolloutState ?? null,
    rolloutReason: deployment.rolloutStateReason ?? null,
    taskDefinition: deployment.taskDefinition ?? null,
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: utcTime(deployment.createdAt),
    updatedAt: utcTime(deployment.updatedAt),
  };
}

/** What CodeDeploy and other controllers make instead of deployments. */
function taskSetOf(set: TaskSet): EcsDeployment {
  return {
    id: set.id ?? '',
    status: set.status ?? '',
    rolloutState: null,
    rolloutReason: null,
    taskDefinition: set.taskDefinition ?? null,
    desired: set.computedDesiredCount ?? 0,
    running: set.runningCount ?? 0,
    pending: set.pendingCount ?? 0,
    failedTasks: 0,
    createdAt: utcTime(set.createdAt),
    updatedAt: utcTime(set.updatedAt),
  };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
