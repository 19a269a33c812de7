import { AGENT_METRICS, type AgentMetric, INSTANCE_METRICS } from '../../incident/evidence/metrics.ts';
import type { InstanceMetric, MetricsById, Target } from '../../incident/evidence.ts';
import { groupBy } from '../../semantics/group-by.ts';
import { defineCollector, unseenLike, withGaps } from '../collector.ts';
import { CallFailed } from '../errors.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { isInstance, targetSample } from '../target-sample.ts';
import { gridBefore, readMetrics, type Series, type SeriesRead } from './metric-data.ts';
import { observedById, ownSeries, seriesOfEach } from './metrics.ts';

const FAILING = 60;
/** Each is searched for by itself, and CloudWatch runs at most a hundred searches at once. */
const SEARCHED = 20;

export const instanceMetrics = defineCollector({
  key: 'instanceMetrics',
  after: ['targetHealth'],
  actions: [getMetricData.action],
  async collect({ at }, { targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const asked = targetSample(targetHealth.value.filter(isInstance), FAILING);
    const instances = {
      statistics: INSTANCE_METRICS,
      namespace: 'AWS/EC2',
      things: asked.ids.map((InstanceId) => ({ id: InstanceId, dimensions: { InstanceId } })),
    };
    const own = seriesOfEach(instances);
    const agents = agentSeries(searchedAmong(targetHealth.value, asked.ids));
    const read = await readMetrics<InstanceMetric>([...own, ...agents], gridBefore(at), aws).catch((error: unknown) => {
      // A search may be refused for its own reasons.
      if (!(error instanceof CallFailed) || error.why !== 'failed' || agents.length === 0) throw error;
      return readMetrics<InstanceMetric>(own, gridBefore(at), aws);
    });
    const metrics = observedById(instances, own, { ...ownSeries(read, own), grid: read.grid });
    const agent = ownSeries(read, agents).items;
    if (!metrics.seen) return metrics;
    return withGaps({ ...metrics, value: withAgentMetrics(metrics.value, agent) }, [
      ...targetHealth.gaps,
      ...asked.gaps,
    ]);
  },
});

/** The failing ones first, then of each group in turn: a full disk fails requests, and not always the health checks. */
function searchedAmong(targets: readonly Target[], asked: readonly string[]): readonly string[] {
  const own = targets.filter(({ id }) => asked.includes(id));
  const groups = groupBy(own, ({ targetGroup }) => targetGroup);
  const inTurn = own.flatMap((_, place) => groups.flatMap((group) => group[place] ?? []));
  const failing = own.filter(({ state }) => state === 'unhealthy');
  return [...new Set([...failing, ...inTurn].map(({ id }) => id))].slice(0, SEARCHED);
}

/** Those whose system failed its check at some time: it may have started again since, and serve. */
export function failedInstances({ of }: MetricsById<InstanceMetric>): readonly string[] {
  const failed = of.filter(({ values }) => values.StatusCheckFailed_Instance?.some((value) => (value ?? 0) > 0));
  return failed.map(({ id }) => id);
}

/** Most instances run no agent: not to find it, or not to be let look for it, is the same, and no gap in the others. */
function agentSeries(ids: readonly string[]): readonly Series<AgentMetric>[] {
  return ids.flatMap((id) =>
    AGENT_METRICS.map((name) => ({
      id: agentOf(id),
      name,
      namespace: 'CWAgent',
      metric: name,
      stat: 'Maximum',
      dimensions: { InstanceId: id },
      // Images of packages (snap) are read-only, and full by nature.
      searched: { not: { fstype: 'squashfs' } },
    })),
  );
}

function agentOf(instanceId: string): string {
  return `agent on ${instanceId}`;
}

function withAgentMetrics(
  metrics: MetricsById<Exclude<InstanceMetric, AgentMetric>>,
  agent: readonly SeriesRead<AgentMetric>[],
): MetricsById<InstanceMetric> {
  return {
    ...metrics,
    of: metrics.of.map(({ id, values }) => {
      const own = agent
        .filter((series) => series.id === agentOf(id))
        .map((series) => [series.name, series.values] as const);
      return { id, values: { ...values, ...Object.fromEntries(own) } };
    }),
  };
}
