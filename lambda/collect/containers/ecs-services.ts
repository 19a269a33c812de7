import { sorted } from '../../incident/evidence/order.ts';
import type { EcsService, TargetGroup } from '../../incident/evidence.ts';
import { type Gap, ifSeen, seen } from '../../incident/observed.ts';
import { serviceInTags } from '../../semantics/ecs/service-of-target.ts';
import { isManagedByKubernetes } from '../../semantics/kubernetes/controller-tags.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches } from '../batches.ts';
import { askAhead, defineCollector, unseenLike } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { describeServices, listClusters, listServices } from '../services/ecs.ts';
import { describedService } from './ecs-service.ts';

const SERVICES_A_CALL = 10;
const CLUSTERS = 25;
const SERVICES = 250;
const FEW_CLUSTERS = 3;
const FEW_SERVICES = 10;
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
  ahead: [
    askAhead([], (_question, _earlier, aws) => {
      searching(aws)
        .then(clustersOf)
        .catch(() => {});
    }),
    askAhead(['targetGroups'], (_question, { targetGroups }, aws) => {
      allOfFew(ifSeen(targetGroups) ?? [], aws).catch(() => {});
    }),
  ],
  async collect(_question, { targetGroups, tags, targetInterfaces }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const tagsOf = ifSeen(tags) ?? {};
    const groups = targetGroups.value.filter((group) => mayHoldTasks(group, tagsOf[group.arn] ?? {}));
    if (groups.length === 0) return seen([], targetGroups.gaps);

    const tagged = [
      ...groups.map(({ arn }) => tagsOf[arn]),
      ...(ifSeen(targetInterfaces) ?? []).map((one) => one.tags),
    ];
    const names = [...new Set(tagged.flatMap((each) => serviceInTags(each) ?? []))];
    const few = await allOfFew(targetGroups.value, aws);
    // One that was deleted is listed no more, and still described to who names it.
    if (few !== null && names.every((name) => few.some(({ id }) => id === name)))
      return seen(servicesOf(few, groups), targetGroups.gaps);
    const named = await servicesNamed(names, aws);
    const known = servicesOf(named, groups);
    const open = groups.filter(({ arn }) => !known.some((one) => one.targetGroups.some((to) => to.arn === arn)));
    if (open.length === 0) return seen(known, targetGroups.gaps);
    const found = await servicesIn(open, await searching(aws), known.length > 0);
    const all = new Map([...known, ...servicesOf(found.items, groups)].map((one) => [one.id, one]));
    return seen([...all.values()], [...targetGroups.gaps, ...found.gaps]);
  },
});

/** All looking for services has one time, whether ahead or by name or through all of them. */
function searching(aws: Aws): Promise<Aws> {
  return aws.once('time to look for ECS services', async () => aws.within(SEARCH_MS));
}

/** Of a small account, all services are there before anything names one; `null` where there are many, or not all were seen. */
function allOfFew(groups: readonly TargetGroup[], aws: Aws): Promise<readonly EcsService[] | null> {
  return aws.once('few ECS services', () =>
    searching(aws)
      .then((search) => readAll(groups, search))
      .catch((error: unknown) => {
        // Who looks for them again is told why.
        if (error instanceof CallFailed) return null;
        throw error;
      }),
  );
}

async function readAll(groups: readonly TargetGroup[], aws: Aws): Promise<readonly EcsService[] | null> {
  if (!groups.some((group) => mayHoldTasks(group, {}) && !group.name.startsWith('k8s-'))) return null;
  const clusters = await clustersOf(aws);
  const names = namesOfClusters(clusters);
  if (names.length > FEW_CLUSTERS) return null;
  const listed = await Promise.all(names.map((cluster) => listedServices(cluster, aws)));
  const services = listed.flatMap(({ items }) => items);
  const isWhole = [clusters, ...listed].every(({ gaps }) => gaps.length === 0);
  if (!isWhole || services.length > FEW_SERVICES) return null;
  const read = await Promise.all(
    byCluster(sorted(services)).map((one) => describedServices(one.cluster, one.names, aws)),
  );
  return read.flat();
}

function clustersOf(aws: Aws): Promise<PartialList<string>> {
  return aws.once('ECS clusters', () => aws.pages(listClusters, { maxResults: 100 }, (answer) => answer.clusterArns));
}

function namesOfClusters({ items }: PartialList<string>): readonly string[] {
  return sorted(items.map(lastPart));
}

/** `cluster/service` */
function listedServices(cluster: string, aws: Aws): Promise<PartialList<string>> {
  return aws.once(`ECS services of ${cluster}`, async () => {
    const { items, gaps } = await aws.pages(listServices, { cluster, maxResults: 100 }, (answer) => answer.serviceArns);
    return { items: items.map((arn) => `${cluster}/${lastPart(arn)}`), gaps };
  });
}

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
    const clusters = await clustersOf(aws);
    const names = nearestFirst(namesOfClusters(clusters), groups);
    const listed = await inBatches(names.slice(0, CLUSTERS), 1, ([cluster = '']) => listedServices(cluster, aws));
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
  return services.map((service) => describedService(service, cluster));
}

function servicesOf(services: readonly EcsService[], groups: readonly TargetGroup[]): readonly EcsService[] {
  const ours = new Set(groups.map(({ arn }) => arn));
  return services.filter(({ targetGroups }) => targetGroups.some(({ arn }) => ours.has(arn)));
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
