import type { EcsService, EcsTask, Target } from '../../incident/evidence.ts';
import { isTargetOf } from './services.ts';

/** The only service that registers its tasks in a group; two of them cannot be told apart by their targets. */
export function serviceOfGroup(targetGroup: string, services: readonly EcsService[] | undefined): string | undefined {
  const bound = services?.filter(({ targetGroups }) => targetGroups.some(({ arn }) => arn === targetGroup)) ?? [];
  return bound.length === 1 ? bound[0]?.id : undefined;
}

/** From here on, Docker gives ports of a host to whatever container asks for one. */
const FIRST_DYNAMIC_PORT = 32768;

/**
 * Whether two ports of one host belong to the same application: the same service or task definition. A host without tasks
 * has one; where that is not known, a port that anybody may have been given says nothing.
 */
export function areOfOneApplication(
  one: Target,
  other: Target,
  services: readonly EcsService[],
  tasks: readonly EcsTask[],
): boolean {
  const [owner, another] = [one, other].map((target) => ownerOf(target, services, tasks));
  if (owner === undefined && another === undefined) return !isDynamic(one) && !isDynamic(other);
  if (owner === undefined || another === undefined) return false;
  return owner.service === another.service || (owner.family !== undefined && owner.family === another.family);
}

const isDynamic = ({ port }: Target) => port !== null && port >= FIRST_DYNAMIC_PORT;

/** By its task or, where that was not read, by who registers tasks in its group. */
function ownerOf(target: Target, services: readonly EcsService[], tasks: readonly EcsTask[]) {
  const task = tasks.find((each) => each.status === 'RUNNING' && isTargetOf(target, each));
  const service = task?.service ?? serviceOfGroup(target.targetGroup, services);
  if (service === undefined) return undefined;
  const definition = task?.taskDefinition ?? services.find(({ id }) => id === service)?.taskDefinition;
  return { service, family: definition?.replace(/:\d+$/, '') };
}

/** ECS puts the names of cluster and service on a task's interface when its managed tags are on. */
export function serviceInTags(tags: Readonly<Record<string, string>> | undefined): string | undefined {
  const [cluster, service] = [tags?.['aws:ecs:clusterName'], tags?.['aws:ecs:serviceName']];
  return cluster === undefined || service === undefined ? undefined : `${cluster}/${service}`;
}
