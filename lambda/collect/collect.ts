import type { EvidenceKey } from '../incident/evidence.ts';
import type { Question } from '../incident/question.ts';
import { type ObservedEvidence, SNAPSHOT_VERSION, type Snapshot } from '../incident/snapshot.ts';
import { alarm } from './alarm.ts';
import { alarmHistory } from './alarm-history.ts';
import { applicationStatus } from './application-status.ts';
import { autoScalingGroups } from './auto-scaling-groups.ts';
import { autoScalingInstances } from './auto-scaling-instances.ts';
import type { Aws } from './aws.ts';
import { changes } from './changes.ts';
import type { Collector } from './collector.ts';
import { consoleOutput } from './console-output.ts';
import { creditModes } from './credit-modes.ts';
import { ecsServices } from './ecs-services.ts';
import { ecsTaskDefinitions } from './ecs-task-definitions.ts';
import { ecsTasks } from './ecs-tasks.ts';
import { failedCalls } from './failed-calls.ts';
import { idleTargetGroups } from './idle-target-groups.ts';
import { instanceMetrics } from './instance-metrics.ts';
import { instanceStatus } from './instance-status.ts';
import { instances } from './instances.ts';
import { lambdaFunctions } from './lambda-functions.ts';
import { lambdaMetrics } from './lambda-metrics.ts';
import { listenerRules } from './listener-rules.ts';
import { listeners } from './listeners.ts';
import { loadBalancer } from './load-balancer.ts';
import { loadBalancerAttributes } from './load-balancer-attributes.ts';
import { loadBalancerInterfaces } from './load-balancer-interfaces.ts';
import { loadBalancerMetrics } from './load-balancer-metrics.ts';
import { LOCATE_ACTIONS } from './locate.ts';
import { networkAcls } from './network-acls.ts';
import { prefixLists } from './prefix-lists.ts';
import { routeTables } from './route-tables.ts';
import { schedule } from './scheduler.ts';
import { securityGroups } from './security-groups.ts';
import { serviceMetrics } from './service-metrics.ts';
import { subnets } from './subnets.ts';
import { tags } from './tags.ts';
import { targetGroupAttributes } from './target-group-attributes.ts';
import { targetGroupMetrics } from './target-group-metrics.ts';
import { targetGroups } from './target-groups.ts';
import { targetHealth } from './target-health.ts';
import { targetInterfaces } from './target-interfaces.ts';
import { webAcl } from './web-acl.ts';
import { zoneMetrics } from './zone-metrics.ts';

/**
 * A key without a collector does not compile. None is after a later one. Elastic Load Balancing is slow to refill: what
 * much else waits for, or says most, asks first.
 */
const BY_KEY: { readonly [K in EvidenceKey]: Collector<K> } = {
  targetGroups,
  loadBalancer,
  listeners,
  loadBalancerAttributes,
  loadBalancerMetrics,
  loadBalancerInterfaces,
  targetHealth,
  listenerRules,
  tags,
  targetGroupAttributes,
  targetGroupMetrics,
  zoneMetrics,
  securityGroups,
  networkAcls,
  subnets,
  routeTables,
  prefixLists,
  instances,
  instanceStatus,
  applicationStatus,
  instanceMetrics,
  autoScalingInstances,
  autoScalingGroups,
  targetInterfaces,
  ecsServices,
  ecsTasks,
  ecsTaskDefinitions,
  serviceMetrics,
  lambdaFunctions,
  lambdaMetrics,
  creditModes,
  consoleOutput,
  idleTargetGroups,
  webAcl,
  alarm,
  alarmHistory,
  changes,
  failedCalls,
};

export const COLLECTORS: readonly Collector[] = Object.values(BY_KEY);

/** All that is ever asked of AWS to collect an incident: what the policy must allow. */
export const ACTIONS: readonly string[] = [
  ...new Set([...LOCATE_ACTIONS, ...COLLECTORS.flatMap((collector) => collector.actions)]),
].sort();

/** Reads everything there is to know. Never rejects: what could not be read is part of the snapshot. */
export async function collect(question: Question, aws: Aws, version: string): Promise<Snapshot> {
  const located = aws.trace.depth();
  const { evidence, criticalPath } = await schedule(COLLECTORS, question, aws.in(question.subject.region));
  return {
    schemaVersion: SNAPSHOT_VERSION,
    tool: { name: 'alb-triage', version },
    question,
    // Where AWS never answered, nothing was seen either.
    collectedAt: aws.readAt() ?? question.at,
    // The cast: COLLECTORS holds every key.
    evidence: evidence as ObservedEvidence,
    cost: { ...aws.cost(), criticalPath: located + criticalPath },
  };
}
