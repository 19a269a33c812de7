import type {
  ListenerRule,
  LoadBalancerMetric,
  Metrics,
  MetricsById,
  TargetGroup,
  TargetGroupMetric,
  Values,
} from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import { countIn, withZeros } from '../errors/error-series.ts';
import type { Errors } from '../errors/errors.ts';
import { requestSeries } from '../errors/requests.ts';
import { type Span, sumOf, valuesIn } from '../time/minutes.ts';
import { groupsAskedOf } from './routing.ts';

/** What became of the requests that were sent to the targets of some groups, in a span. */
export interface TargetTraffic {
  /** Requests for which a target was chosen. */
  readonly requests: number;
  /** Those that the targets answered with 2xx, 3xx or 4xx: they work. */
  readonly answered: number;
  readonly target5xx: number;
  /** Connections that were refused or never made. Health checks are not counted. */
  readonly failedConnections: number;
  readonly tlsErrors: number;
  /** Whether AWS told the groups apart, or all requests of the load balancer go to them. */
  readonly from: 'targetGroupMetrics' | 'loadBalancerMetrics';
}

export interface TrafficEvidence {
  readonly loadBalancerMetrics: Metrics<LoadBalancerMetric>;
  readonly targetGroupMetrics: Observed<MetricsById<TargetGroupMetric>>;
  readonly targetGroups: readonly TargetGroup[];
  readonly listenerRules: Observed<readonly ListenerRule[]>;
}

/** Whose a count of the whole load balancer is: known where groups are told apart, or one alone gets requests. */
export const COUNTED_BY = ['loadBalancerMetrics', 'targetGroupMetrics', 'targetGroups', 'listenerRules'] as const;

/** `null` where nobody can tell their requests from those of other groups, or there were none. */
export function trafficOf(groups: readonly string[], evidence: TrafficEvidence, span: Span): TargetTraffic | null {
  return ownTraffic(groups, evidence, span) ?? wholeTraffic(groups, evidence, span);
}

/** Fewer than this may be requests that were counted in one minute and answered in the next. */
const SOME = 3;

/** Whether the targets of these groups answered what was sent to them: then the 502s and 504s come from elsewhere. */
export function haveAnsweredAll(groups: readonly string[], evidence: TrafficEvidence, span: Span): boolean {
  const traffic = ownTraffic(groups, evidence, span);
  return traffic !== null && traffic.requests - requestsReached(traffic) < SOME;
}

/** Requests that reached a target, whatever it answered. */
export function requestsReached({ answered, target5xx }: TargetTraffic): number {
  return answered + target5xx;
}

/** The share of the requests that no target answered well; `null` where that is not known. */
export function failedShareOf(traffic: TargetTraffic | null | undefined): number | null {
  return traffic === null || traffic === undefined ? null : 1 - Math.min(1, traffic.answered / traffic.requests);
}

/** Those of the groups of which some requests were not answered; all of them where AWS does not tell them apart. */
export function groupsWithUnanswered(
  groups: readonly string[],
  byGroup: MetricsById<TargetGroupMetric> | undefined,
  span: Span,
): readonly string[] {
  const unanswered = groups.filter((arn) => {
    const values = byGroup?.of.find(({ id }) => id === arn)?.values;
    const sum = (name: TargetGroupMetric) => sumOf(valuesIn(values?.[name], span)) ?? 0;
    const answered = TARGET_ANSWERS.reduce((total, name) => total + sum(name), 0);
    return answered > 0 && sum('RequestCount') > answered;
  });
  return unanswered.length > 0 ? unanswered : groupsAskedIn(groups, byGroup, span);
}

/**
 * Without those that got no request in a span in which others of them did: what was asked of nobody failed for nobody. A
 * group without a target counts no request either: this is for errors that targets make.
 */
export function groupsAskedIn(
  groups: readonly string[],
  byGroup: MetricsById<TargetGroupMetric> | undefined,
  { first, last }: Span,
): readonly string[] {
  // What was answered in its last minute may have been sent in the one before.
  const requestsOf = (arn: string): number | null => {
    const values = byGroup?.of.find(({ id }) => id === arn)?.values;
    return values === undefined ? null : (sumOf(valuesIn(values.RequestCount, { first: first - 1, last })) ?? 0);
  };
  const wereAsked = groups.some((arn) => (requestsOf(arn) ?? 0) > 0);
  return wereAsked ? groups.filter((arn) => requestsOf(arn) !== 0) : groups;
}

/** What targets answered, whatever it was. */
export const TARGET_ANSWERS = [
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
] as const;

type GroupSeries = MetricsById<TargetGroupMetric>['of'][number];

/** Counts of errors are not sent when they are zero: that holds for a group that reported requests, and was read whole. */
function ownTraffic(
  groups: readonly string[],
  { loadBalancerMetrics, targetGroupMetrics: observed }: TrafficEvidence,
  span: Span,
): TargetTraffic | null {
  if (!observed.seen || BY_GROUP.some((name) => isMissingByGroup(name, observed.value, loadBalancerMetrics, span))) {
    return null;
  }
  if (observed.gaps.some(({ ids }) => ids === undefined || ids.some((id) => groups.includes(id)))) return null;
  const own = observed.value.of.filter(({ id }) => groups.includes(id));
  const sum = (name: TargetGroupMetric) =>
    own.reduce((total, { values }: GroupSeries) => total + (sumOf(valuesIn(values[name], span)) ?? 0), 0);
  if (sum('RequestCount') === 0) return null;
  return {
    requests: sum('RequestCount'),
    answered: sum('HTTPCode_Target_2XX_Count') + sum('HTTPCode_Target_3XX_Count') + sum('HTTPCode_Target_4XX_Count'),
    target5xx: sum('HTTPCode_Target_5XX_Count'),
    failedConnections: sum('TargetConnectionErrorCount'),
    tlsErrors: sum('TargetTLSNegotiationErrorCount'),
    from: 'targetGroupMetrics',
  };
}

/** What the whole load balancer counts and no group has is not told by group. */
function isMissingByGroup(
  name: TargetGroupMetric & LoadBalancerMetric,
  byGroup: MetricsById<TargetGroupMetric>,
  whole: Metrics<LoadBalancerMetric>,
  span: Span,
): boolean {
  const total = sumOf(valuesIn(whole.values[name], span)) ?? 0;
  return total > 0 && byGroup.of.every(({ values }) => (sumOf(valuesIn(values[name], span)) ?? 0) === 0);
}

const BY_GROUP = [
  'HTTPCode_Target_2XX_Count',
  'TargetConnectionErrorCount',
  'TargetTLSNegotiationErrorCount',
] as const satisfies readonly TargetGroupMetric[];

function wholeTraffic(groups: readonly string[], evidence: TrafficEvidence, span: Span): TargetTraffic | null {
  const metrics = evidence.loadBalancerMetrics;
  const asked = groupsAskedOf(evidence.listenerRules, evidence.targetGroups);
  if (asked.some((arn) => !groups.includes(arn))) return null;
  const sum = (name: LoadBalancerMetric) => countIn(metrics, name, span);
  const requests = sumOf(valuesIn(requestSeries(metrics), span)) ?? 0;
  if (requests === 0) return null;
  return {
    requests,
    answered: sum('HTTPCode_Target_2XX_Count') + sum('HTTPCode_Target_3XX_Count') + sum('HTTPCode_Target_4XX_Count'),
    target5xx: sum('HTTPCode_Target_5XX_Count'),
    failedConnections: sum('TargetConnectionErrorCount'),
    tlsErrors: sum('TargetTLSNegotiationErrorCount'),
    from: 'loadBalancerMetrics',
  };
}

/** What in the load balancer's metrics the answer rests on where nothing was told by group: for `restsOn`. */
export const TRAFFIC_METRICS: readonly LoadBalancerMetric[] = [
  'RequestCount',
  'HTTPCode_ELB_502_Count',
  'HTTPCode_ELB_503_Count',
  'HTTPCode_ELB_504_Count',
  'HTTPCode_Target_2XX_Count',
  'TargetConnectionErrorCount',
  'TargetTLSNegotiationErrorCount',
];

/**
 * Connections that targets of these groups did not take, in minutes in which the groups got requests; those of the whole
 * load balancer where AWS sent nothing by group. `null`: nothing was asked of anybody.
 */
export function failedConnectionsTo(
  groups: readonly string[],
  { metrics, requests, span }: Errors,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
): number | null {
  const sum = (values: Values | undefined) => sumOf(valuesIn(values, span)) ?? 0;
  const own = (byGroup?.of ?? []).filter(({ id, values }) => groups.includes(id) && sum(values.RequestCount) > 0);
  if (own.length > 0) return own.reduce((total, { values }) => total + sum(values.TargetConnectionErrorCount), 0);
  return sum(requests) === 0 ? null : sumOf(valuesIn(withZeros(metrics, 'TargetConnectionErrorCount'), span));
}

/** Of all requests, those that targets answered with success. */
export function answeredShare({ metrics, requests, span }: Errors): number {
  const asked = sumOf(valuesIn(requests, span)) ?? 0;
  const well = sumOf(valuesIn(metrics.values.HTTPCode_Target_2XX_Count, span)) ?? 0;
  return asked === 0 ? 0 : Math.min(1, well / asked);
}

/** The share of the requests to these groups that nobody answered; of all requests, where AWS sent nothing by group. */
export function unansweredShare(
  groups: readonly string[],
  { requests, span, ...errors }: Errors,
  groupMetrics: MetricsById<TargetGroupMetric> | undefined,
): number {
  const own = (groupMetrics?.of ?? []).filter(({ id }) => groups.includes(id));
  const count = (name: TargetGroupMetric) =>
    own.reduce((total, { values }) => total + (sumOf(valuesIn(values[name], span)) ?? 0), 0);
  const sent = count('RequestCount');
  const answered = TARGET_ANSWERS.reduce((total, name) => total + count(name), 0);
  const asked = sumOf(valuesIn(requests, span)) ?? 0;
  if (sent > 0) return (sent - answered) / sent;
  return asked === 0 ? 0 : errors.count('504') / asked;
}
