import { describe, expect, test } from 'vitest';
import { recordedIncidents } from '../support/incidents.ts';
import { lossesOf } from './losses.ts';
import { wrongsOf } from './wrongs.ts';

/** One loss in so many, by a fixed order: `npm run losses` prints what is wrong in any. */
const EVERY = 40;

/** Chosen by the name, so that another incident changes nothing for this one. */
function offsetOf(name: string): number {
  return [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % EVERY;
}

describe.each(recordedIncidents())('$name', (incident) => {
  const losses = lossesOf(incident.snapshot).filter((_, index) => index % EVERY === offsetOf(incident.name));
  test.each(losses)('without $of', (loss) => {
    expect(wrongsOf(incident, loss)).toEqual([]);
  });
});

const WORST: readonly (readonly [incident: string, lost: string])[] = [
  ['function-answers-in-another-shape', 'targetGroupMetrics'],
  ['security-group-restored', 'loadBalancerMetrics'],
  ['peering-route-restored', 'cloudwatch:GetMetricData'],
  ['load-balancer-groups-set-back', 'cloudwatch:GetMetricData'],
  ['spot-takes-all-tasks', 'cloudwatch:GetMetricData'],
  ['desired-count-zero', 'listenerRules of'],
  ['function-throttled', 'listenerRules of'],
  ['zone-not-enabled', 'listenerRules of'],
  ['cpu-at-limit', 'listenerRules of'],
  ['sporadic-502', 'listenerRules of'],
  ['rollout-cuts-requests', 'targetGroupAttributes'],
  ['rollout-cuts-requests', 'targetGroupMetrics'],
  ['tasks-end-before-they-are-ready', 'ecsTasks of'],
  ['closed-port-beside-a-slow-service', 'targetGroupMetrics'],
  ['wrong-port-behind-a-closed-group', 'targetGroupMetrics'],
  ['wrong-port-behind-a-closed-group', 'ecsTaskDefinitions'],
  ['process-ended-behind-a-closed-port', 'applicationStatus'],
  ['empty-host-and-a-maintenance-page', 'loadBalancerMetrics of HTTP_Fixed_Response_Count'],
  ['fleet-of-300', 'loadBalancerMetrics of RequestCount'],
  ['hang-after-a-good-release', 'cloudwatch:GetMetricData'],
  ['pods-backend-rule-revoked', 'ec2:DescribeNetworkInterfaces'],
  ['switch-stopped-half-way', 'elasticloadbalancing:DescribeTargetGroups'],
];

test.each(WORST)('%s without %s', (name, lost) => {
  const incident = recordedIncidents().find((one) => one.name === name);
  const losses = incident === undefined ? [] : lossesOf(incident.snapshot).filter(({ of }) => of.startsWith(lost));
  expect(losses).not.toEqual([]);
  expect(losses.flatMap((loss) => (incident === undefined ? [] : wrongsOf(incident, loss)))).toEqual([]);
});
