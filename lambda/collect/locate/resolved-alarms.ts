import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { arnIn } from '../../incident/arn.ts';
import { sortedBy } from '../../incident/evidence/order.ts';
import type { Trigger } from '../../incident/question.ts';
import type { Aws } from '../aws.ts';
import { inBatches } from '../batches.ts';
import { describeAlarmContributors, describeAlarms } from '../services/cloudwatch.ts';
import { wholeList } from './not-located.ts';

/** What a metric alarm watches, as far as it is a load balancer or a target group. */
export interface WatchedResource {
  readonly alarm: string;
  readonly inAlarm: boolean;
  /** An ARN of a load balancer or, where the alarm names only that, of a target group. */
  readonly arn: string;
}

export interface ResolvedAlarms {
  readonly watched: readonly WatchedResource[];
  /** Of the alarm asked about: what an event would have said. */
  readonly facts: Partial<Trigger>;
  /** Alarms asked for that exist, whatever they watch. */
  readonly found: boolean;
  /** Among them is one over several time series. */
  readonly grouped: boolean;
  /** The longest time that one of them evaluates. */
  readonly evaluatedSeconds: number;
}

const NAMES_A_CALL = 100;
/** Composite alarms may be nested, and, through a mistake, in a circle. */
const DEEPEST = 5;

/** Metric alarms behind the names or ARNs given, composite alarms resolved to their children. */
export async function resolvedAlarms(alarms: readonly string[], aws: Aws): Promise<ResolvedAlarms> {
  const known = new Set<string>();
  const watched: WatchedResource[] = [];
  let names: readonly string[] = alarms.map(nameOf);
  const grouped: string[] = [];
  let facts: Partial<Trigger> | undefined;
  let evaluatedSeconds = 0;
  for (let depth = 0; names.length > 0 && depth < DEEPEST; depth += 1) {
    for (const name of names) known.add(name);
    const { metric, composite } = await describedAlarms(names, aws);
    watched.push(...metric.flatMap(watchedBy));
    grouped.push(...metric.filter(isGrouped).flatMap(({ AlarmArn }) => AlarmArn ?? []));
    evaluatedSeconds = Math.max(evaluatedSeconds, ...metric.map(evaluatedBy));
    facts ??= factsOf(metric[0] ?? composite[0]);
    const children = await Promise.all(composite.map(({ AlarmName = '' }) => childrenOf(AlarmName, aws)));
    names = [...new Set(children.flat())].filter((name) => !known.has(name));
  }
  const series = watched.length > 0 ? [] : (await Promise.all(grouped.map((arn) => inAlarmOf(arn, aws)))).flat();
  const [only, ...others] = series;
  // What an event would have said, had it come for this one.
  const alone = only !== undefined && others.length === 0 && facts?.alarmArn === grouped[0];
  return {
    watched: [...watched, ...series],
    facts: { ...facts, ...(alone ? { contributor: only.contributor } : {}) },
    found: facts !== undefined,
    grouped: grouped.length > 0,
    evaluatedSeconds,
  };
}

interface Contributor extends WatchedResource {
  readonly contributor: Readonly<Record<string, string>>;
}

/** The period of a metric-math alarm is the longest of its parts. */
function evaluatedBy({ Period = 0, EvaluationPeriods = 0, Metrics = [] }: MetricAlarm): number {
  const periods = Metrics.map((part) => part.MetricStat?.Period ?? part.Period ?? 0);
  return EvaluationPeriods * Math.max(Period, ...periods);
}

/** Those in ALARM among the time series of an alarm, as far as they are load balancers' or target groups'. */
async function inAlarmOf(alarmArn: string, aws: Aws): Promise<readonly Contributor[]> {
  const AlarmName = nameOf(alarmArn);
  const read = await aws.pages(describeAlarmContributors, { AlarmName }, (answer) => answer.AlarmContributors);
  return wholeList(read).flatMap(({ ContributorAttributes: contributor = {} }) => {
    const { LoadBalancer: loadBalancer, TargetGroup: targetGroup } = contributor;
    const arn = arnOfDimensions({ loadBalancer, targetGroup }, alarmArn);
    return arn === undefined ? [] : { alarm: AlarmName, inAlarm: true, arn, contributor };
  });
}

/** An alarm over several time series, which names none of them: by a grouped query of Metrics Insights, or by PromQL. */
function isGrouped({ Metrics = [], EvaluationCriteria }: MetricAlarm): boolean {
  return EvaluationCriteria !== undefined || Metrics.some(({ Expression = '' }) => /\bGROUP\s+BY\b/i.test(Expression));
}

async function describedAlarms(
  names: readonly string[],
  aws: Aws,
): Promise<{ metric: readonly MetricAlarm[]; composite: readonly CompositeAlarm[] }> {
  // Without AlarmTypes AWS answers metric alarms only.
  const read = await inBatches(names, NAMES_A_CALL, (batch) =>
    aws.pages(
      describeAlarms,
      { AlarmNames: [...batch], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 },
      ({ MetricAlarms = [], CompositeAlarms = [] }) => [{ metric: MetricAlarms, composite: CompositeAlarms }],
    ),
  );
  const pages = wholeList(read);
  const named = <T extends { readonly AlarmName?: string | undefined }>(some: readonly T[]) =>
    sortedBy(some, ({ AlarmName = '' }) => AlarmName);
  return {
    metric: named(pages.flatMap((page) => page.metric)),
    composite: named(pages.flatMap((page) => page.composite)),
  };
}

/** AWS tells only names and states here, and admits no other parameter. */
async function childrenOf(name: string, aws: Aws): Promise<readonly string[]> {
  const children = await aws.pages(
    describeAlarms,
    { ChildrenOfAlarmName: name },
    ({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms],
  );
  return wholeList(children).flatMap(({ AlarmName }) => AlarmName ?? []);
}

function nameOf(alarm: string): string {
  const resource = arnIn(alarm)?.resource;
  return resource?.startsWith('alarm:') ? resource.slice('alarm:'.length) : alarm;
}

function watchedBy(alarm: MetricAlarm): readonly WatchedResource[] {
  const inAlarm = alarm.StateValue === 'ALARM';
  return dimensionsOf(alarm).flatMap((dimensions) => {
    const arn = arnOfDimensions(dimensions, alarm.AlarmArn);
    return arn === undefined ? [] : { alarm: alarm.AlarmName ?? '', inAlarm, arn };
  });
}

/** The value of a dimension is the end of an ARN; the rest is where the alarm is. */
function arnOfDimensions({ loadBalancer, targetGroup, accountId }: Dimensions, alarmArn = ''): string | undefined {
  const place = arnIn(alarmArn);
  const resource = loadBalancer === undefined ? targetGroup : `loadbalancer/${loadBalancer}`;
  if (place === undefined || resource === undefined) return undefined;
  return `arn:${place.partition}:elasticloadbalancing:${place.region}:${accountId ?? place.accountId}:${resource}`;
}

interface Dimensions {
  readonly loadBalancer: string | undefined;
  readonly targetGroup: string | undefined;
  /** Of a metric of another account. */
  readonly accountId?: string | undefined;
}

/** A plain alarm's own dimensions; those of each metric of a math alarm; what a Metrics Insights query names. */
function dimensionsOf(alarm: MetricAlarm): readonly Dimensions[] {
  const stats = (alarm.Metrics ?? []).flatMap(({ MetricStat, AccountId }) =>
    MetricStat?.Metric === undefined ? [] : { ...namesIn(MetricStat.Metric.Dimensions), accountId: AccountId },
  );
  const queries = (alarm.Metrics ?? []).map(({ Expression = '' }) => ({
    loadBalancer: quoted('LoadBalancer', Expression),
    targetGroup: quoted('TargetGroup', Expression),
  }));
  return [namesIn(alarm.Dimensions), ...stats, ...queries];
}

function namesIn(dimensions: MetricAlarm['Dimensions'] = []): Dimensions {
  const value = (name: string) => dimensions.find(({ Name }) => Name === name)?.Value;
  return { loadBalancer: value('LoadBalancer') ?? value('LoadBalancerName'), targetGroup: value('TargetGroup') };
}

function quoted(name: string, query: string): string | undefined {
  return new RegExp(`\\b${name}"?\\s*=\\s*['"]([^'"]+)['"]`, 'i').exec(query)?.[1];
}

function factsOf(alarm: MetricAlarm | CompositeAlarm | undefined): Partial<Trigger> | undefined {
  if (alarm === undefined) return undefined;
  const metrics = 'MetricName' in alarm || 'Metrics' in alarm ? metricsOf(alarm) : [];
  return {
    ...(alarm.AlarmName !== undefined && { alarmName: alarm.AlarmName }),
    ...(alarm.AlarmArn !== undefined && { alarmArn: alarm.AlarmArn }),
    ...(alarm.AlarmDescription !== undefined && { alarmDescription: alarm.AlarmDescription }),
    ...(alarm.StateValue !== undefined && { state: alarm.StateValue }),
    ...(alarm.StateReason !== undefined && { reason: alarm.StateReason }),
    ...(metrics.length > 0 && { metrics }),
  };
}

function metricsOf({ MetricName, Metrics = [] }: MetricAlarm): readonly string[] {
  return [MetricName, ...Metrics.map(({ MetricStat }) => MetricStat?.Metric?.MetricName)].filter(
    (name) => name !== undefined,
  );
}
