import type { Instance, InstanceMetric, Target, Values } from '../../lambda/incident/evidence.ts';
import {
  always,
  aRuleTo,
  aSnapshot,
  groupArn,
  ingress,
  instanceMetrics,
  ruleChange,
  securityGroup,
  status,
  targetGroup,
} from './a-snapshot.ts';
import { type Afternoon, afternoon, forwardTo, inGroup, partOf, pathRule, routed, step } from './afternoon.ts';
import { fleet } from './fleet.ts';
import { during, today, wandering } from './traffic.ts';

const TWO = 2;
const AGENT = { mem_used_percent: always(50), disk_used_percent: always(40) };
const SILENT = { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' } as const;
const REFUSING = {
  state: 'unhealthy',
  reason: 'Target.FailedHealthChecks',
  description: 'Health checks failed',
} as const;
const STOPPED = {
  state: 'unused',
  reason: 'Target.InvalidState',
  description: 'Target is in the stopped state',
} as const;

/** What is wrong with a group of two instances. */
export interface GroupFault {
  readonly target?: Partial<Target>;
  readonly instance?: Partial<Instance>;
  readonly cpu?: Values;
  /** Who revoked what lets the load balancer in, half a minute before. */
  readonly revokedBy?: string;
  readonly counted: Omit<Afternoon, 'asked'>;
}

/** A group, how much is asked of it a minute, and what is wrong with it since when. */
export interface IllGroup {
  readonly name: string;
  readonly asked: number;
  readonly since: string;
  readonly fault: (asked: Values, since: string) => GroupFault;
}

const minutesAfter = (clock: string, minutes: number): string =>
  new Date(Date.parse(today(clock)) + minutes * 60_000).toISOString().slice(11, 16);
const noneHealthy = (since: string) => ({
  healthy: step(TWO, minutesAfter(since, 1), 0),
  unhealthy: step(0, minutesAfter(since, 1), TWO),
});
const slowFrom = (since: string): NonNullable<Afternoon['seconds']> => [
  0.1,
  during(wandering(5, 0.6, 0.1, 2), since, '14:30', () => 58),
];

/** What can be wrong with a group, each by the cause that it is. */
export const FAULTS = {
  'instance-not-running': (asked, since) => ({
    target: STOPPED,
    instance: {
      state: 'stopped',
      stateReason: {
        code: 'Client.UserInitiatedShutdown',
        message: 'Client.UserInitiatedShutdown: User initiated shutdown',
      },
      stateSince: today(since),
    },
    counted: { failed: { '503': partOf(asked, 1, since) }, healthy: step(TWO, since, 0) },
  }),
  'nothing-listening': (asked, since) => ({
    target: REFUSING,
    counted: {
      failed: { '502': partOf(asked, 1, since) },
      refused: partOf(asked, 1, since),
      ...noneHealthy(since),
    },
  }),
  'unresponsive-backend': (asked, since) => ({
    target: SILENT,
    counted: { failed: { '504': partOf(asked, 1, since) }, ...noneHealthy(since) },
  }),
  'target-returns-5xx': (asked, since) => ({
    counted: { target: { '5XX': partOf(asked, 0.8, since) }, healthy: TWO },
  }),
  'target-security-group-closed': (asked, since) => ({
    target: SILENT,
    revokedBy: 'alice',
    counted: {
      failed: { '504': partOf(asked, 1, since) },
      refused: partOf(asked, 1, since),
      ...noneHealthy(since),
    },
  }),
  'slower-than-idle-timeout': (asked, since) => ({
    counted: { failed: { '504': partOf(asked, 0.25, since) }, seconds: slowFrom(since), healthy: TWO },
  }),
  'cpu-saturated': (asked, since) => ({
    cpu: step(30, minutesAfter(since, -2), 98),
    counted: {
      failed: { '504': partOf(asked, 0.4, since) },
      seconds: slowFrom(minutesAfter(since, -1)),
      healthy: TWO,
    },
  }),
} as const satisfies Readonly<Record<string, IllGroup['fault']>>;

/** A load balancer with two groups of two instances each, and something else wrong with either. */
export function twoGroups(first: IllGroup, second: IllGroup) {
  const all = fleet(2 * TWO, 'm5.large', 30, AGENT);
  const each = [first, second].map((group, index) => {
    const asked = wandering(131 + index, group.asked, 0.1);
    return { ...group, asked, arn: groupArn(group.name), ...group.fault(asked, group.since) };
  });
  const ofIndex = (index: number) => each[Math.floor(index / TWO)] ?? each[0];
  const instances = all.instances.map((one, index) => {
    const of = ofIndex(index);
    const group = `sg-${of?.name}`;
    const interfaces = one.interfaces.map((face) => ({ ...face, securityGroupIds: [group] }));
    return {
      ...one,
      ...(of?.revokedBy === undefined ? {} : { primarySecurityGroupIds: [group], interfaces }),
      ...of?.instance,
    };
  });
  const cpuOf = (index: number): Partial<Record<InstanceMetric, Values>> => ({
    ...AGENT,
    StatusCheckFailed: always(0),
    CPUUtilization: ofIndex(index)?.cpu ?? wandering(40 + index, 30, 0.2, 1),
  });
  return aSnapshot({
    ...all,
    ...routed(...each.map(({ name }) => targetGroup(name))),
    listenerRules: [
      ...aRuleTo(groupArn(first.name)),
      pathRule(5, `/${second.name}/*`, forwardTo(groupArn(second.name))),
    ],
    targetHealth: each.flatMap(({ arn, target }, index) =>
      inGroup(all.targetHealth.slice(index * TWO, (index + 1) * TWO), arn, target),
    ),
    instances,
    instanceStatus: instances.filter(({ state }) => state === 'running').map(({ id }) => status(id)),
    instanceMetrics: instanceMetrics(Object.fromEntries(all.instances.map(({ id }, index) => [id, cpuOf(index)]))),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })]),
      ...each.map(({ name }) => securityGroup(`sg-${name}`, [])),
    ],
    changes: each
      .flatMap(({ name, since, revokedBy }) =>
        revokedBy === undefined
          ? []
          : ruleChange('revokes', `sg-${name}`, [ingress('tcp', 8080, 8080, { group: 'sg-alb' })], {
              at: today(minutesAfter(since, -1), '30'),
              who: revokedBy,
            }),
      )
      .sort((one, other) => (one.at < other.at ? -1 : 1)),
    ...afternoon(
      133,
      Object.fromEntries(each.map(({ arn, asked, counted }) => [arn, { asked, seconds: [0.1, 0.6], ...counted }])),
    ),
  });
}
