import type { EcsService } from '../../incident/evidence.ts';

/** The only service that registers its tasks in a group; two of them cannot be told apart by their targets. */
export function serviceOfGroup(targetGroup: string, services: readonly EcsService[] | undefined): string | undefined {
  const bound = services?.filter(({ targetGroups }) => targetGroups.some(({ arn }) => arn === targetGroup)) ?? [];
  return bound.length === 1 ? bound[0]?.id : undefined;
}

/** ECS puts the names of cluster and service on a task's interface when its managed tags are on. */
export function serviceInTags(tags: Readonly<Record<string, string>> | undefined): string | undefined {
  const [cluster, service] = [tags?.['aws:ecs:clusterName'], tags?.['aws:ecs:serviceName']];
  return cluster === undefined || service === undefined ? undefined : `${cluster}/${service}`;
}
