import type { MetricsById } from '../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import type { Time } from '../../incident/text.ts';
import { sumOf, timeOfMinute, valuesIn } from './minutes.ts';

/** The last run of minutes in which something was counted. */
export interface CountedRun {
  readonly since: Time;
  readonly until: Time;
  /** Whether it reaches the newest minutes. */
  readonly goesOn: boolean;
  readonly count: number;
}

/** A pause of so many minutes is part of a run: AWS leaves out minutes without a count, and sends the newest late. */
const PAUSE = 3;

/** Of one of several things, e.g. a target group; `null` where nothing was counted, or seen. */
export function lastRunOf<Name extends string>(
  observed: Observed<MetricsById<Name>>,
  id: string,
  name: Name,
): CountedRun | null {
  const metrics = ifSeen(observed);
  const values = metrics?.of.find((one) => one.id === id)?.values[name] ?? [];
  const last = values.findLastIndex((value) => (value ?? 0) > 0);
  if (metrics === undefined || last < 0) return null;
  let first = last;
  for (let index = last - 1; index >= 0 && first - index <= PAUSE + 1; index -= 1) {
    if ((values[index] ?? 0) > 0) first = index;
  }
  return {
    since: timeOfMinute(metrics.grid, first),
    until: timeOfMinute(metrics.grid, last + 1),
    goesOn: last >= metrics.grid.minutes - 1 - PAUSE,
    count: sumOf(valuesIn(values, { first, last })) ?? 0,
  };
}
