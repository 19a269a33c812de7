import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Target, TargetState } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { oneByOne } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { describeTargetHealth } from '../services/elastic-load-balancing.ts';
import { suspectsAmong } from './suspects.ts';

export const targetHealth = defineCollector({
  key: 'targetHealth',
  worth: 'much',
  after: ['targetGroups'],
  actions: [describeTargetHealth.action, getMetricData.action],
  async collect(question, { targetGroups }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    const { arns, gaps: beyond } = await suspectsAmong(targetGroups.value, question, aws);
    const { items, gaps } = await oneByOne(arns, async (arn) => {
      const answer = await aws.ask(describeTargetHealth, { TargetGroupArn: arn, Include: ['All'] });
      return (answer.TargetHealthDescriptions ?? []).map((described) => targetOf(described, arn));
    });
    return seen(items, [...targetGroups.gaps, ...beyond, ...gaps]);
  },
});

export function targetOf(described: TargetHealthDescription, targetGroup: string): Target {
  const { Target: target, TargetHealth: health, AdministrativeOverride: override } = described;
  return {
    targetGroup,
    id: target?.Id ?? '',
    port: target?.Port ?? null,
    zone: target?.AvailabilityZone ?? null,
    healthCheckPort: portOf(described.HealthCheckPort),
    state: STATES.find((state) => state === health?.State) ?? 'unavailable',
    reason: health?.Reason ?? null,
    description: health?.Description ?? null,
    anomalous: described.AnomalyDetection?.Result === 'anomalous',
    mitigated: described.AnomalyDetection?.MitigationInEffect === 'yes',
    override: override?.State === undefined || override.State === 'no_override' ? null : override.State,
  };
}

/** A state that AWS invents tomorrow is one that tells nothing. */
const STATES: readonly TargetState[] = [
  'initial',
  'healthy',
  'unhealthy',
  'unhealthy.draining',
  'unused',
  'draining',
  'unavailable',
];

function portOf(text: string | undefined): number | null {
  const port = Number(text);
  return text === undefined || Number.isNaN(port) ? null : port;
}
