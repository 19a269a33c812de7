import type { EvidenceKey } from '../evidence.ts';
import { type Phrase, phrase } from '../text.ts';

/** The steps of looking into a bad gateway by hand: is it up, can it be reached, what did it write, how is it set, what is between. */
export const STEPS = ['service', 'connectivity', 'logs', 'configuration', 'network'] as const;
export type Step = (typeof STEPS)[number];

interface EvidenceRow {
  /** As people call it. */
  readonly name: Phrase;
  /**
   * What it tells about. State is of the moment it was read: now; metrics and changes are of the incident: then. State
   * read long after the moment asked about proves nothing alone.
   */
  readonly tells: 'now' | 'then';
  /** Who recovers of itself, with what was wrong. All other state takes a change, which CloudTrail tells. */
  readonly recovers?: string;
  /** What of the usual steps it answers; what is of the alarm or of people answers none. */
  readonly step?: Step;
}

/** What else is to be known of a piece of evidence. A key of `Evidence` without a row does not compile. */
export const EVIDENCE: Readonly<Record<EvidenceKey, EvidenceRow>> = {
  loadBalancer: { name: phrase`load balancer`, tells: 'now', step: 'configuration' },
  loadBalancerAttributes: { name: phrase`load balancer attributes`, tells: 'now', step: 'configuration' },
  listeners: { name: phrase`listeners`, tells: 'now', step: 'configuration' },
  listenerRules: { name: phrase`listener rules`, tells: 'now', step: 'configuration' },
  targetGroups: { name: phrase`target groups`, tells: 'now', step: 'configuration' },
  targetGroupAttributes: { name: phrase`target group attributes`, tells: 'now', step: 'configuration' },
  targetHealth: { name: phrase`target health`, tells: 'now', step: 'connectivity', recovers: 'the targets' },
  loadBalancerMetrics: { name: phrase`load balancer metrics`, tells: 'then', step: 'connectivity' },
  zoneMetrics: { name: phrase`zone metrics`, tells: 'then', step: 'connectivity' },
  targetGroupMetrics: { name: phrase`target group metrics`, tells: 'then', step: 'connectivity' },
  instanceMetrics: { name: phrase`instance metrics`, tells: 'then', step: 'service' },
  serviceMetrics: { name: phrase`service metrics`, tells: 'then', step: 'service' },
  instances: { name: phrase`instances`, tells: 'now', step: 'service' },
  instanceStatus: { name: phrase`instance status`, tells: 'now', step: 'service', recovers: 'the instances' },
  applicationStatus: { name: phrase`application status`, tells: 'now', step: 'service' },
  loadBalancerInterfaces: { name: phrase`load balancer interfaces`, tells: 'now', step: 'network' },
  targetInterfaces: { name: phrase`target interfaces`, tells: 'now', step: 'network' },
  securityGroups: { name: phrase`security groups`, tells: 'now', step: 'network' },
  networkAcls: { name: phrase`network ACLs`, tells: 'now', step: 'network' },
  subnets: { name: phrase`subnets`, tells: 'now', step: 'network' },
  routeTables: { name: phrase`route tables`, tells: 'now', step: 'network' },
  prefixLists: { name: phrase`prefix lists`, tells: 'now', step: 'network' },
  lambdaFunctions: { name: phrase`Lambda functions`, tells: 'now', step: 'service' },
  lambdaMetrics: { name: phrase`Lambda metrics`, tells: 'then', step: 'service' },
  consoleOutput: { name: phrase`console output`, tells: 'now', step: 'service', recovers: 'the instances' },
  creditModes: { name: phrase`credit modes`, tells: 'now', step: 'service' },
  idleTargetGroups: { name: phrase`idle target groups`, tells: 'now', step: 'configuration' },
  alarm: { name: phrase`alarm`, tells: 'now' },
  alarmHistory: { name: phrase`alarm history`, tells: 'then' },
  webAcl: { name: phrase`web ACL`, tells: 'now', step: 'configuration' },
  tags: { name: phrase`tags`, tells: 'now' },
  autoScalingInstances: { name: phrase`Auto Scaling instances`, tells: 'now', step: 'service' },
  autoScalingGroups: { name: phrase`Auto Scaling groups`, tells: 'now', step: 'service' },
  changes: { name: phrase`changes`, tells: 'then', step: 'configuration' },
  failedCalls: { name: phrase`failed calls`, tells: 'then', step: 'configuration' },
  ecsServices: { name: phrase`ECS services`, tells: 'now', step: 'service' },
  ecsTasks: { name: phrase`ECS tasks`, tells: 'now', step: 'service' },
  logPlaces: { name: phrase`places of the logs`, tells: 'now' },
  accessLog: { name: phrase`access log`, tells: 'then', step: 'logs' },
  connectionLog: { name: phrase`connection log`, tells: 'then', step: 'logs' },
  healthCheckLog: { name: phrase`health check log`, tells: 'then', step: 'logs' },
  ecsTaskDefinitions: { name: phrase`ECS task definitions`, tells: 'now', step: 'configuration' },
};

// `Object.keys` forgets what `Record` knows.
export const EVIDENCE_KEYS = Object.keys(EVIDENCE) as readonly EvidenceKey[];
