import { SERVICE_METRICS } from '../../incident/evidence/metrics.ts';
import { ifSeen } from '../../incident/observed.ts';
import { serviceInTags } from '../../semantics/ecs/service-of-target.ts';
import { defineCollector, gapLike, unseenLike, withGaps } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { metricsById } from './metrics.ts';

export const serviceMetrics = defineCollector({
  key: 'serviceMetrics',
  after: ['targetInterfaces', 'tags', 'ecsServices'],
  actions: [getMetricData.action],
  async collect({ at }, { targetInterfaces, tags, ecsServices }, aws) {
    const tagged = [...(ifSeen(targetInterfaces) ?? []).map((each) => each.tags), ...Object.values(ifSeen(tags) ?? {})];
    const services = metricSources([...(ifSeen(ecsServices) ?? []).map(({ id }) => id), ...tagged.map(serviceInTags)]);
    const sources = [targetInterfaces, tags, ecsServices];
    const unseen = sources.find((observed) => !observed.seen);
    // That no service is named is only known where all could have named one.
    if (unseen !== undefined && services.length === 0) return unseenLike(unseen, 'what names the ECS service');
    const gaps = sources.flatMap((observed) =>
      observed.seen ? observed.gaps : [gapLike(observed, 'what names the ECS service')],
    );
    return withGaps(await metricsById(SERVICE_METRICS, 'AWS/ECS', services, at, aws), gaps);
  },
});

function metricSources(ids: readonly (string | undefined)[]) {
  return [...new Set(ids)].flatMap((id) => {
    const [ClusterName, ServiceName] = id?.split('/') ?? [];
    if (id === undefined || ClusterName === undefined || ServiceName === undefined) return [];
    return [{ id, dimensions: { ClusterName, ServiceName } }];
  });
}
