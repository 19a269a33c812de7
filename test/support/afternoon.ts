import type {
  Action,
  ChangeDetails,
  ChangeEvent,
  EcsService,
  EcsTask,
  ListenerRule,
  LoadBalancerMetric,
  NetworkInterface,
  Target,
  TargetGroup,
  TargetGroupMetric,
  Values,
} from '../../lambda/incident/evidence.ts';
import { METRIC_MINUTES } from '../../lambda/incident/question.ts';
import {
  change,
  deployment,
  ecsService,
  groupMetrics,
  type Ill,
  instanceMetrics,
  LB,
  metrics,
  serviceMetrics,
  task,
} from './a-snapshot.ts';
import { addressTarget, interfaceAt } from './fleet.ts';
import { counts, during, type Ends, ofItsGroup, responseTimes, today, wandering } from './traffic.ts';

/** What the requests of one target group came to in the three hours. */
export interface Afternoon extends Omit<Ends, 'requests'> {
  /** All of them, those that found no target among them. */
  readonly asked: Values;
  /** Connections that were not made, and handshakes that failed. */
  readonly refused?: Values;
  readonly handshakes?: Values;
  /** How long answers took: the median, and the 99th percentile. */
  readonly seconds?: readonly [p50: number, p99: number | Values];
  readonly healthy?: number | Values;
  readonly unhealthy?: number | Values;
  readonly more?: Partial<Record<TargetGroupMetric, Values>>;
}

type Counts = Partial<Record<LoadBalancerMetric, Values>>;

/** What AWS counts of a load balancer and of its groups, these by ARN. `ofBalancer` is counted of the load balancer only. */
export function afternoon(seed: number, groups: Readonly<Record<string, Afternoon>>, ofBalancer: Counts = {}) {
  const each = Object.entries(groups).map(([arn, group], index) => ({
    arn,
    group,
    counted: countsOf(seed + 10 * index, group),
  }));
  const names = [...new Set(each.flatMap(({ counted }) => Object.keys(counted)))] as readonly LoadBalancerMetric[];
  const inAll = names.map((name) => {
    const series = each.flatMap(({ counted }) => (counted[name] === undefined ? [] : [counted[name]]));
    return [name, name.startsWith('TargetResponseTime') ? inEach(series, (of) => Math.max(...of)) : total(series)];
  });
  return {
    loadBalancerMetrics: metrics({ ...Object.fromEntries(inAll), ...ofBalancer }),
    targetGroupMetrics: groupMetrics(
      Object.fromEntries(each.map(({ arn, group, counted }) => [arn, { ...ofItsGroup(counted), ...hostsOf(group) }])),
    ),
  } satisfies Ill;
}

function countsOf(seed: number, group: Afternoon): Counts {
  const { asked, failed = {}, target = {}, refused, handshakes, seconds } = group;
  const withoutTarget = failed['503'];
  const requests = asked.map((value, index) => Math.max(0, (value ?? 0) - (withoutTarget?.[index] ?? 0)) || null);
  const ends = counts({ requests, failed, target });
  // What the load balancer answers itself, before it chooses a target, is no request to AWS either.
  const chosen = requests.map((value, index) => (value ?? 0) - (failed['500']?.[index] ?? 0) || null);
  const answers = total([ends.HTTPCode_Target_2XX_Count ?? [], ...Object.values(target)]);
  return {
    ...ends,
    RequestCount: chosen,
    ...(refused && { TargetConnectionErrorCount: withoutZeros(refused) }),
    ...(handshakes && { TargetTLSNegotiationErrorCount: withoutZeros(handshakes) }),
    ...(seconds && responseTimes(seed, answers, seconds[0], toMilliseconds(seconds[1]))),
  };
}

function hostsOf({ asked, failed = {}, healthy, unhealthy = 0, more = {} }: Afternoon) {
  const level = (of: number | Values): Values => (typeof of === 'number' ? wandering(0, of, 0) : of);
  if (healthy === undefined) return more;
  const served = asked.map((value, index) => (value ?? 0) - (failed['503']?.[index] ?? 0));
  const targets = level(healthy).map((value, index) => value || level(unhealthy)[index] || 1);
  return {
    'HealthyHostCount.min': level(healthy),
    'UnHealthyHostCount.max': level(unhealthy),
    RequestCountPerTarget: served.map((value, index) => Number((value / (targets[index] ?? 1)).toFixed(2)) || null),
    ...more,
  };
}

const toMilliseconds = (seconds: number | Values): number | Values =>
  typeof seconds === 'number'
    ? seconds
    : seconds.map((value) => (value === null ? null : Math.round(value * 1000) / 1000));

const withoutZeros = (values: Values): Values => values.map((value) => value || null);

function inEach(series: readonly Values[], of: (values: readonly number[]) => number): Values {
  return Array.from({ length: METRIC_MINUTES }, (_, index) => {
    const values = series.flatMap((one) => one[index] ?? []);
    return values.length === 0 ? null : of(values);
  });
}

export function total(series: readonly Values[]): Values {
  return inEach(series, (values) => values.reduce((sum, value) => sum + value, 0));
}

/** A part of what was asked, from one time until another. */
export function partOf(asked: Values, part: number, from: string, until = '14:30'): Values {
  return during(
    asked.map(() => 0),
    from,
    until,
    1,
  ).map((isThen, index) => (isThen ? Math.round((asked[index] ?? 0) * part) : 0));
}

/** One level until a time, and another from then on. */
export function step(before: number | null, clock: string, after: number | null, until = '14:30'): Values {
  return during(
    Array.from({ length: METRIC_MINUTES }, () => before),
    clock,
    until,
    after,
  );
}

/** Groups with what is usual around them. */
export function routed(...targetGroups: readonly TargetGroup[]) {
  const delay = { 'deregistration_delay.timeout_seconds': '300' };
  return {
    targetGroups,
    targetGroupAttributes: Object.fromEntries(targetGroups.map(({ arn }) => [arn, delay])),
    tags: Object.fromEntries([LB, ...targetGroups.map(({ arn }) => arn)].map((arn) => [arn, {}])),
  } satisfies Ill;
}

/** A rule of the listener on port 80, before its default rule. */
export function pathRule(priority: number, path: string, ...actions: readonly Action[]): ListenerRule {
  const listenerArn = `${LB}/listener-80`;
  return { arn: `${LB}/rule-${priority}`, listenerArn, priority, actions, conditions: [`path is ${path}`] };
}

export function forwardTo(targetGroup: string): Action {
  return { type: 'forward', to: [{ targetGroup, weight: 1 }] };
}

export function inGroup(targets: readonly Target[], targetGroup: string, ill: Partial<Target> = {}): readonly Target[] {
  return targets.map((one) => ({ ...one, targetGroup, ...ill }));
}

export const noInstances = {
  instances: [],
  instanceStatus: [],
  instanceMetrics: instanceMetrics({}),
} satisfies Ill;

/** A service of Fargate in `prod`: a task at each address, all of the same week-old deployment. */
export function onFargate(
  name: string,
  targetGroup: string,
  addresses: readonly string[],
  ill: {
    readonly service?: Partial<EcsService>;
    readonly tasks?: readonly EcsTask[];
    readonly interfaces?: Partial<NetworkInterface>;
    readonly target?: Partial<Target>;
    readonly cpu?: Values;
    readonly memory?: Values;
    readonly port?: number;
  } = {},
) {
  const { port = 8080 } = ill;
  const id = `prod/${name}`;
  const taskDefinition = `${name}:7`;
  const size = { desired: addresses.length, running: addresses.length };
  return {
    targetHealth: addresses.map((address) =>
      addressTarget(address, { targetGroup, port, healthCheckPort: port, ...ill.target }),
    ),
    targetInterfaces: addresses.map((address) => interfaceAt(address, ill.interfaces)),
    ecsServices: [
      ecsService({
        ...{ id, name, taskDefinition, ...size },
        targetGroups: [{ arn: targetGroup, container: 'app', containerPort: port }],
        deployments: [deployment({ taskDefinition, ...size })],
        ...ill.service,
      }),
    ],
    ecsTasks: ill.tasks ?? addresses.map((address, index) => runningTask(name, address, index)),
    ecsTaskDefinitions: [
      {
        arn: ill.service?.taskDefinition ?? taskDefinition,
        memory: 1024,
        containers: [{ name: 'app', essential: true, memory: null, stopTimeout: null, ports: [port] }],
      },
    ],
    serviceMetrics: serviceMetrics({
      [id]: {
        CPUUtilization: ill.cpu ?? wandering(name.length, 24, 0.3, 1),
        MemoryUtilization: ill.memory ?? wandering(name.length + 1, 46, 0.05, 1),
      },
    }),
  } satisfies Ill;
}

export function runningTask(name: string, address: string, index: number, ill: Partial<EcsTask> = {}): EcsTask {
  const { zone } = addressTarget(address);
  return task(taskName(name, index), {
    service: `prod/${name}`,
    taskDefinition: `${name}:7`,
    addresses: [address],
    zone,
    ...ill,
  });
}

/** As long as ECS writes them, and the same on every machine. */
export function taskName(service: string, index: number): string {
  const letters = [...service].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xfffff, 7 + index * 0x3a1f);
  return `${(0x100000 + letters).toString(16)}5b0f4c72ae91d6830cf7b2e4${(((index + 1) * 41) % 256).toString(16).padStart(2, '0')}`;
}

/** A change at a time of this afternoon, by a person or `role/…`. */
export function changed(
  [clock, seconds]: readonly [clock: string, seconds: string],
  who: string,
  service: string,
  event: string,
  resources: readonly string[],
  details: ChangeDetails = { is: 'other' },
): ChangeEvent {
  const by = who.startsWith('role/') ? 'role' : 'person';
  return change(details, { at: today(clock, seconds), who, by, event, source: `${service}.amazonaws.com`, resources });
}
