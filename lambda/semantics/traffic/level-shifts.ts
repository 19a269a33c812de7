import type { LoadBalancerMetric, Metrics, Values } from '../../incident/evidence.ts';
import type { Window } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { withZeros } from '../errors/error-series.ts';
import { requestSeries } from '../errors/requests.ts';
import { meanOf, type Span, spanOf, sumOf, sumOfSeries, timeOfMinute, valuesIn } from '../time/minutes.ts';

/** What clients see besides 5xx, and whether they get here at all. */
type LoadBalancerMetrics = Metrics<LoadBalancerMetric>;

/** A level that was left in the window, for another one that still holds. */
export interface LevelShift {
  readonly since: Time;
  readonly now: number;
  readonly before: number;
}

/** Minutes at the end of the window that make the level of now; the hour before the window makes that of before. */
const NOW = 5;
const HOUR = 60;
/** From this share of the requests on, 4xx are more than a few clients that ask for what is not there. */
const MANY = 0.1;
const TIMES = 3;
/** Fewer requests a minute than this come and go by chance. */
const LOW_TRAFFIC = 10;
/** What is left of the usual requests where something keeps the others away. */
const FEW = 1 / 3;

/** The share of the requests that end in 4xx, by the load balancer's own hand or by the targets', where that rose. */
export function moreClientErrors(
  metrics: LoadBalancerMetrics,
  name: 'HTTPCode_ELB_4XX_Count' | 'HTTPCode_Target_4XX_Count',
  window: Window,
): LevelShift | null {
  const errors = withZeros(metrics, name);
  // A request that is refused before a target is chosen is in no RequestCount.
  const asked = requestSeries(metrics).map((value, minute) =>
    value === null ? null : Math.max(value, errors[minute] ?? 0),
  );
  const levels = levelsOf(
    (span) => {
      const requests = sumOf(valuesIn(asked, span)) ?? 0;
      return requests < LOW_TRAFFIC ? null : (sumOf(valuesIn(errors, span)) ?? 0) / requests;
    },
    spanIn(metrics, window),
  );
  if (levels === null || levels.now < Math.max(MANY, TIMES * levels.before)) return null;
  const share = asked.map((value, minute) => (value === null ? null : (errors[minute] ?? 0) / Math.max(1, value)));
  return turnOf(metrics, share, levels, window);
}

/** Requests a minute, where most of the usual ones no longer come. */
export function fewerRequests(metrics: LoadBalancerMetrics, window: Window): LevelShift | null {
  // What the load balancer answered itself may be in no RequestCount, and did get here.
  const requests = sumOfSeries(
    requestSeries(metrics),
    withZeros(metrics, 'HTTPCode_ELB_5XX_Count'),
    withZeros(metrics, 'HTTPCode_ELB_4XX_Count'),
  );
  const levels = levelsOf((span) => meanOf(valuesIn(requests, span)), spanIn(metrics, window));
  if (levels === null || levels.before < LOW_TRAFFIC || levels.now > FEW * levels.before) return null;
  return turnOf(metrics, requests, levels, window);
}

interface Levels {
  readonly now: number;
  readonly before: number;
}

/** The newest minute is incomplete. */
function spanIn({ grid }: LoadBalancerMetrics, { from, to }: Window): Span {
  const { first, last } = spanOf(grid, from, to);
  return { first, last: Math.min(last, grid.minutes - 2) };
}

function levelsOf(level: (span: Span) => number | null, { first, last }: Span): Levels | null {
  const now = level({ first: last - NOW + 1, last });
  const before = level({ first: first - HOUR, last: first - 1 });
  return now === null || before === null ? null : { now, before };
}

/** Since when it has been nearer to the level of now than to that of before. */
function turnOf(metrics: LoadBalancerMetrics, values: Values, { now, before }: Levels, window: Window): LevelShift {
  const { first, last } = spanIn(metrics, window);
  const isNew = (minute: number): boolean => {
    const value = values[minute] ?? before;
    return Math.abs(value - now) < Math.abs(value - before);
  };
  let since = last - NOW + 1;
  while (since > first && (isNew(since - 1) || isNew(since - 2))) since -= 1;
  return { since: timeOfMinute(metrics.grid, since), now, before };
}
