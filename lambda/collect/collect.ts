import type { EvidenceKey } from '../incident/evidence.ts';
import { unseen } from '../incident/observed.ts';
import type { Beyond, Question } from '../incident/question.ts';
import { type ObservedEvidence, SNAPSHOT_VERSION, type Snapshot } from '../incident/snapshot.ts';
import { alarm } from './alarms/alarm.ts';
import { alarmHistory } from './alarms/alarm-history.ts';
import type { Aws } from './aws.ts';
import type { Collector } from './collector.ts';
import { applicationStatus } from './compute/application-status.ts';
import { consoleOutput } from './compute/console-output.ts';
import { creditModes } from './compute/credit-modes.ts';
import { instanceStatus } from './compute/instance-status.ts';
import { instances } from './compute/instances.ts';
import { ecsServices } from './containers/ecs-services.ts';
import { ecsTaskDefinitions } from './containers/ecs-task-definitions.ts';
import { ecsTasks } from './containers/ecs-tasks.ts';
import { lambdaFunctions } from './functions/lambda-functions.ts';
import { idleTargetGroups } from './load-balancing/idle-target-groups.ts';
import { listenerRules } from './load-balancing/listener-rules.ts';
import { listeners } from './load-balancing/listeners.ts';
import { loadBalancer } from './load-balancing/load-balancer.ts';
import { loadBalancerAttributes } from './load-balancing/load-balancer-attributes.ts';
import { tags } from './load-balancing/tags.ts';
import { targetGroupAttributes } from './load-balancing/target-group-attributes.ts';
import { targetGroups } from './load-balancing/target-groups.ts';
import { targetHealth } from './load-balancing/target-health.ts';
import { LOCATE_ACTIONS } from './locate/locate.ts';
import { accessLog } from './logs/access-log.ts';
import { connectionLog } from './logs/connection-log.ts';
import { healthCheckLog } from './logs/health-check-log.ts';
import { logPlaces } from './logs/log-places.ts';
import { instanceMetrics } from './metrics/instance-metrics.ts';
import { lambdaMetrics } from './metrics/lambda-metrics.ts';
import { loadBalancerMetrics } from './metrics/load-balancer-metrics.ts';
import { serviceMetrics } from './metrics/service-metrics.ts';
import { judgedQuestion, surveyOf } from './metrics/survey.ts';
import { targetGroupMetrics } from './metrics/target-group-metrics.ts';
import { zoneMetrics } from './metrics/zone-metrics.ts';
import { loadBalancerInterfaces } from './network/load-balancer-interfaces.ts';
import { networkAcls } from './network/network-acls.ts';
import { prefixLists } from './network/prefix-lists.ts';
import { routeTables } from './network/route-tables.ts';
import { securityGroups } from './network/security-groups.ts';
import { subnets } from './network/subnets.ts';
import { targetInterfaces } from './network/target-interfaces.ts';
import { autoScalingGroups } from './scaling/auto-scaling-groups.ts';
import { autoScalingInstances } from './scaling/auto-scaling-instances.ts';
import { schedule } from './scheduler.ts';
import { changes } from './trail/changes.ts';
import { failedCalls } from './trail/failed-calls.ts';
import { webAcl } from './waf/web-acl.ts';

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
  logPlaces,
  accessLog,
  connectionLog,
  healthCheckLog,
};

const ALL: readonly Collector[] = Object.values(BY_KEY);
/** Those of the control plane: what is read unless somebody asks for more. */
export const COLLECTORS = ALL.filter(({ optIn }) => optIn === undefined);
const OPT_IN = ALL.filter(({ optIn }) => optIn !== undefined);

/** All that is ever asked of AWS's control plane to collect an incident: what the policy must allow. */
export const ACTIONS: readonly string[] = [
  ...new Set([...LOCATE_ACTIONS, ...COLLECTORS.flatMap((collector) => collector.actions)]),
].sort();

function notAskedBut(there: Partial<ObservedEvidence>): Partial<ObservedEvidence> {
  const rest = OPT_IN.filter(({ key }) => there[key] === undefined);
  return Object.fromEntries(
    rest.map(({ key, optIn }) => [key, unseen('not-asked', `it is read only where ${optIn} are asked for`)]),
  );
}

function collectorsFor({ beyond = {} }: { readonly beyond?: Beyond }): readonly Collector[] {
  const more = OPT_IN.filter(({ optIn }) => optIn !== undefined && beyond[optIn] !== undefined);
  return more.length === 0 ? COLLECTORS : [...COLLECTORS, ...more];
}

/** Reads everything there is to know. Never rejects: what could not be read is part of the snapshot. */
export async function collect(asked: Question, aws: Aws, version: string): Promise<Snapshot> {
  const there = aws.in(asked.subject.region);
  const question = judgedQuestion(asked, await surveyOf(asked, there));
  const before = aws.trace.depth();
  const collectors = collectorsFor(question);
  const first = await schedule(collectors, question, there);
  const anew = mayAppear(first.evidence) ? there.anew() : null;
  const { evidence, criticalPath } = anew === null ? first : await schedule(collectors, question, anew);
  return {
    schemaVersion: SNAPSHOT_VERSION,
    tool: { name: 'alb-triage', version },
    question,
    // Where AWS never answered, nothing was seen either.
    collectedAt: aws.readAt() ?? question.at,
    // The cast: all collectors together hold every key.
    evidence: { ...evidence, ...notAskedBut(evidence) } as ObservedEvidence,
    cost: { ...aws.cost(), criticalPath: before + criticalPath },
  };
}

/** Nothing of what a triage rests on was seen, and not because it may not be: a fault of AWS may be over by now. */
function mayAppear({ loadBalancer, targetGroups, listeners, loadBalancerMetrics }: Partial<ObservedEvidence>): boolean {
  const essential = [loadBalancer, targetGroups, listeners, loadBalancerMetrics];
  return essential.every((observed) => observed?.seen === false && observed.why !== 'denied');
}
