import { arnIn } from '../incident/arn.ts';
import type { Reference } from '../incident/question.ts';
import type { Alarm, AlarmMetric } from './alarm.ts';
import { partitionOf } from './partition.ts';

/** What an alarm watches: one or more load balancers, or something that is none. */
export type AlarmReferences =
  | { readonly found: true; readonly references: readonly Reference[] }
  | { readonly found: false; readonly why: string };

const OTHER_TYPES: readonly (readonly [start: string, type: string])[] = [
  ['net/', 'a Network Load Balancer'],
  ['gwy/', 'a Gateway Load Balancer'],
];

/**
 * The load balancers an alarm watches. A Metrics Insights alarm's contributor is what went off, so it stands before the
 * metrics; of metric math, the metrics of load balancers are looked at first.
 */
export function referencesOf(alarm: Alarm, triggeringAlarms: readonly string[]): AlarmReferences {
  const own = alarm.metrics.filter(ofLoadBalancer);
  const other = alarm.metrics.filter((metric) => !ofLoadBalancer(metric));
  const places = [
    valuesOf(alarm.contributor),
    own.flatMap(dimensionsOf),
    other.flatMap(dimensionsOf),
    valuesInQueries(alarm),
  ];
  for (const values of places) {
    const loadBalancers = referencesAmong(alarm, values, isApplication);
    if (loadBalancers.length > 0) return { found: true, references: loadBalancers };
    const type = values.map(({ value }) => otherType(value)).find((each) => each !== undefined);
    if (type !== undefined) return { found: false, why: `it watches ${type}, not an Application Load Balancer` };
    const groups = referencesAmong(alarm, values, isTargetGroup);
    if (groups.length > 0) return { found: true, references: groups };
  }
  return withoutDimension(alarm, triggeringAlarms);
}

function withoutDimension(
  { metrics, expressions, contributor, state, arn, name }: Alarm,
  triggeringAlarms: readonly string[],
): AlarmReferences {
  const classic = metrics.find(({ namespace }) => namespace === 'AWS/ELB')?.dimensions.LoadBalancerName;
  if (classic !== undefined) {
    return { found: false, why: `it watches the Classic Load Balancer ${classic}, not an Application Load Balancer` };
  }
  const [metric] = metrics;
  if (metric !== undefined) {
    const measured = `${metric.namespace} ${metric.name}`.trim();
    return { found: false, why: `it watches ${measured} without a LoadBalancer or TargetGroup dimension` };
  }
  // An alarm over all load balancers: AWS knows which of them are in ALARM, and forgets those that no longer are.
  if (expressions.some(isGrouped) && Object.keys(contributor).length === 0 && state.value !== 'OK') {
    return { found: true, references: [{ by: 'alarm', alarms: [arn ?? name] }] };
  }
  if (expressions.length > 0) {
    return { found: false, why: 'neither its query nor its contributor names a load balancer or target group' };
  }
  // Composite alarms have no metrics, and some ways of sending an alarm leave them out: AWS can be asked.
  return {
    found: true,
    references: [{ by: 'alarm', alarms: triggeringAlarms.length > 0 ? triggeringAlarms : [arn ?? name] }],
  };
}

type Value = { readonly value: string; readonly accountId: string | undefined };

function referencesAmong(alarm: Alarm, values: readonly Value[], wanted: (value: string) => boolean): Reference[] {
  const chosen = values.filter(({ value }) => wanted(value));
  const references = chosen.map(({ value, accountId }) => referenceOf(alarm, value, accountId));
  return [...new Map(references.map((about) => [JSON.stringify(about), about])).values()];
}

/** The dimension's value is the end of the ARN; the rest is where the alarm is, or the account that its metric names. */
function referenceOf(alarm: Alarm, dimension: string, metricAccount: string | undefined): Reference {
  const accountId = metricAccount ?? alarm.accountId;
  const group = isTargetGroup(dimension);
  if (!alarm.region || !accountId) {
    return group ? { by: 'alarm', alarms: [alarm.name] } : { by: 'name', name: dimension.split('/')[1] ?? dimension };
  }
  const partition = arnIn(alarm.arn ?? '')?.partition ?? partitionOf(alarm.region);
  const service = `arn:${partition}:elasticloadbalancing:${alarm.region}:${accountId}`;
  return group
    ? { by: 'target-group', arn: `${service}:${dimension}` }
    : { by: 'arn', arn: `${service}:loadbalancer/${dimension}` };
}

function ofLoadBalancer({ namespace }: AlarmMetric): boolean {
  return namespace === 'AWS/ApplicationELB';
}

function isApplication(value: string): boolean {
  return /^app\/[^/]+\/[^/]+$/.test(value);
}

function isTargetGroup(value: string): boolean {
  return /^targetgroup\/[^/]+\/[^/]+$/.test(value);
}

function valuesOf(fields: Readonly<Record<string, unknown>>, accountId?: string): Value[] {
  return Object.values(fields).flatMap((value) => (typeof value === 'string' ? [{ value, accountId }] : []));
}

function dimensionsOf({ dimensions, accountId }: AlarmMetric): Value[] {
  return valuesOf(dimensions, accountId);
}

function valuesInQueries({ expressions }: Alarm): Value[] {
  return expressions.flatMap(comparedIn).map((value) => ({ value, accountId: undefined }));
}

function isGrouped(sql: string): boolean {
  return /\bGROUP\s+BY\b/i.test(sql);
}

function otherType(value: string): string | undefined {
  const type = OTHER_TYPES.find(([start]) => value.startsWith(start))?.[1];
  return type === undefined ? undefined : `${type} (${value})`;
}

/** What a query asks for: `WHERE LoadBalancer = 'app/web/50dc6c495c0c9188'`, and not what it leaves out with `!=`. */
function comparedIn(sql: string): string[] {
  const equal = [...sql.matchAll(/[^!<>]=\s*['"]([^'"]+)['"]/g)].map(([, value = '']) => value);
  const among = [...sql.matchAll(/(?<!\bNOT\s+)\bIN\s*\(([^)]*)\)/gi)].flatMap(([, items = '']) =>
    [...items.matchAll(/['"]([^'"]+)['"]/g)].map(([, value = '']) => value),
  );
  return [...equal, ...among];
}
