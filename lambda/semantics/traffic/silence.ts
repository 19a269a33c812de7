import type { LoadBalancerMetric, Metrics } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { plusSeconds, sumOf, timeOfMinute, valuesIn } from '../time/minutes.ts';

/** What whoever gets to a load balancer leaves behind; none of it is sent without a request. */
const LEFT_BY_REQUESTS: readonly LoadBalancerMetric[] = [
  'RequestCount',
  'HTTPCode_ELB_4XX_Count',
  'HTTPCode_ELB_5XX_Count',
];
/** Minutes without a request that are more than chance, where requests came every minute before. */
const LONG = 10;
const HOUR = 60;

export interface Silence {
  /** After the last request; `null`: none came in all that was read. */
  readonly since: Time | null;
  /** Minutes without a request. */
  readonly minutes: number;
}

/** Whether requests stay away, as far as that is more than chance; `null` where they come, or may. */
export function silenceOf({ grid, values }: Metrics<LoadBalancerMetric>): Silence | null {
  const asked = Array.from({ length: grid.minutes }, (_, minute) =>
    LEFT_BY_REQUESTS.reduce((sum, name) => sum + (values[name]?.[minute] ?? 0), 0),
  );
  const last = asked.findLastIndex((count) => count > 0);
  // The newest minute is incomplete.
  const minutes = grid.minutes - 2 - last;
  if (last < 0) return { since: null, minutes: grid.minutes };
  const before = asked.slice(Math.max(0, last - HOUR + 1), last + 1);
  const isSteady = before.filter((count) => count > 0).length >= before.length / 2;
  return minutes >= LONG && isSteady ? { since: plusSeconds(timeOfMinute(grid, last), 60), minutes } : null;
}

/** Whether somebody got to it in these newest minutes. */
export function isAskedLately({ grid, values }: Metrics<LoadBalancerMetric>, minutes: number): boolean {
  const span = { first: grid.minutes - minutes, last: grid.minutes - 1 };
  return LEFT_BY_REQUESTS.some((name) => (sumOf(valuesIn(values[name], span)) ?? 0) > 0);
}
