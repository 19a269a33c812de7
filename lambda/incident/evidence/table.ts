import type { EvidenceKey } from '../evidence.ts';
import { type Phrase, phrase } from '../text.ts';

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
}

/** What else is to be known of a piece of evidence. A key of `Evidence` without a row does not compile. */
export const EVIDENCE: Readonly<Record<EvidenceKey, EvidenceRow>> = {
  loadBalancer: { name: phrase`load balancer`, tells: 'now' },
  loadBalancerAttributes: { name: phrase`load balancer attributes`, tells: 'now' },
  listeners: { name: phrase`listeners`, tells: 'now' },
  listenerRules: { name: phrase`listener rules`, tells: 'now' },
  targetGroups: { name: phrase`target groups`, tells: 'now' },
  targetGroupAttributes: { name: phrase`target group attributes`, tells: 'now' },
  targetHealth: { name: phrase`target health`, tells: 'now', recovers: 'the targets' },
  loadBalancerMetrics: { name: phrase`load balancer metrics`, tells: 'then' },
  zoneMetrics: { name: phrase`zone metrics`, tells: 'then' },
  targetGroupMetrics: { name: phrase`target group metrics`, tells: 'then' },
  instanceMetrics: { name: phrase`instance metrics`, tells: 'then' },
  serviceMetrics: { name: phrase`service metrics`, tells: 'then' },
  instances: { name: phrase`instances`, tells: 'now' },
  instanceStatus: { name: phrase`instance status`, tells: 'now', recovers: 'the instances' },
  applicationStatus: { name: phrase`application status`, tells: 'now' },
  loadBalancerInterfaces: { name: phrase`load balancer interfaces`, tells: 'now' },
  targetInterfaces: { name: phrase`target interfaces`, tells: 'now' },
  securityGroups: { name: phrase`security groups`, tells: 'now' },
  networkAcls: { name: phrase`network ACLs`, tells: 'now' },
  subnets: { name: phrase`subnets`, tells: 'now' },
  routeTables: { name: phrase`route tables`, tells: 'now' },
  prefixLists: { name: phrase`prefix lists`, tells: 'now' },
  lambdaFunctions: { name: phrase`Lambda functions`, tells: 'now' },
  lambdaMetrics: { name: phrase`Lambda metrics`, tells: 'then' },
  consoleOutput: { name: phrase`console output`, tells: 'now', recovers: 'the instances' },
  creditModes: { name: phrase`credit modes`, tells: 'now' },
  idleTargetGroups: { name: phrase`idle target groups`, tells: 'now' },
  alarm: { name: phrase`alarm`, tells: 'now' },
  alarmHistory: { name: phrase`alarm history`, tells: 'then' },
  webAcl: { name: phrase`web ACL`, tells: 'now' },
  tags: { name: phrase`tags`, tells: 'now' },
  autoScalingInstances: { name: phrase`Auto Scaling instances`, tells: 'now' },
  autoScalingGroups: { name: phrase`Auto Scaling groups`, tells: 'now' },
  changes: { name: phrase`changes`, tells: 'then' },
  failedCalls: { name: phrase`failed calls`, tells: 'then' },
  ecsServices: { name: phrase`ECS services`, tells: 'now' },
  ecsTasks: { name: phrase`ECS tasks`, tells: 'now' },
  ecsTaskDefinitions: { name: phrase`ECS task definitions`, tells: 'now' },
};

// `Object.keys` forgets what `Record` knows.
export const EVIDENCE_KEYS = Object.keys(EVIDENCE) as readonly EvidenceKey[];
