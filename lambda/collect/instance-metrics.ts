import type { InstanceMetric } from '../incident/evidence.ts';
import { askedTargets, isInstance } from './asked-targets.ts';
import { defineCollector, unseenLike, withGaps } from './collector.ts';
import { metricsById, type Statistics } from './metrics.ts';
import { getMetricData } from './operations.ts';

const STATISTICS: Statistics<InstanceMetric> = {
  CPUUtilization: ['CPUUtilization', 'Average'],
  CPUCreditBalance: ['CPUCreditBalance', 'Average'],
  CPUSurplusCreditBalance: ['CPUSurplusCreditBalance', 'Average'],
  StatusCheckFailed: ['StatusCheckFailed', 'Maximum'],
  StatusCheckFailed_Instance: ['StatusCheckFailed_Instance', 'Maximum'],
  StatusCheckFailed_System: ['StatusCheckFailed_System', 'Maximum'],
  StatusCheckFailed_AttachedEBS: ['StatusCheckFailed_AttachedEBS', 'Maximum'],
};

const FAILING = 60;

export const instanceMetrics = defineCollector({
  key: 'instanceMetrics',
  after: ['targetHealth'],
  actions: [getMetricData.action],
  async collect({ at }, { targetHealth }, aws) {
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const asked = askedTargets(targetHealth.value.filter(isInstance), FAILING);
    const instances = asked.ids.map((InstanceId) => ({ id: InstanceId, dimensions: { InstanceId } }));
    const metrics = await metricsById(STATISTICS, 'AWS/EC2', instances, at, aws);
    return withGaps(metrics, [...targetHealth.gaps, ...asked.gaps]);
  },
});
