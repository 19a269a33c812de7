import type { ServiceMetric } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import { defineCollector, gapLike, unseenLike, withGaps } from './collector.ts';
import { metricsById, type Statistics } from './metrics.ts';
import { getMetricData } from './operations.ts';

const STATISTICS: Statistics<ServiceMetric> = {
  CPUUtilization: ['CPUUtilization', 'Average'],
  MemoryUtilization: ['MemoryUtilization', 'Average'],
};

export const serviceMetrics = defineCollector({
  key: 'serviceMetrics',
  after: ['targetInterfaces', 'tags'],
  actions: [getMetricData.action],
  async collect({ at }, { targetInterfaces, tags }, aws) {
    const tagged = [...(ifSeen(targetInterfaces) ?? []).map((each) => each.tags), ...Object.values(ifSeen(tags) ?? {})];
    const services = servicesIn(tagged);
    const unseen = [targetInterfaces, tags].find((observed) => !observed.seen);
    // That no service is named is only known where all could have named one.
    if (unseen !== undefined && services.length === 0) return unseenLike(unseen, 'what names the ECS service');
    const gaps = [targetInterfaces, tags].flatMap((observed) =>
      observed.seen ? observed.gaps : [gapLike(observed, 'what names the ECS service')],
    );
    return withGaps(await metricsById(STATISTICS, 'AWS/ECS', services, at, aws), gaps);
  },
});

/** By the tags that ECS itself puts on what it makes, and many stacks on target groups. */
function servicesIn(tagged: readonly Readonly<Record<string, string>>[]) {
  const services = tagged.flatMap((tags) => {
    const ClusterName = tags['aws:ecs:clusterName'];
    const ServiceName = tags['aws:ecs:serviceName'];
    if (ClusterName === undefined || ServiceName === undefined) return [];
    return [{ id: `${ClusterName}/${ServiceName}`, dimensions: { ClusterName, ServiceName } }];
  });
  return [...new Map(services.map((each) => [each.id, each])).values()];
}
