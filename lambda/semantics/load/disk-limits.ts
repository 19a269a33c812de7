import type { InstanceMetric, MetricsById, Target, Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import { maxOf, type Span, seenValues, timeOfMinute, valuesIn } from '../time/minutes.ts';
import { DISK_FULL } from './full-disks.ts';

/** A disk at its limit: what waits for it answers late, or never. */
export type DiskLimit = {
  readonly instanceId: string;
  /** Since when, as far back as was seen. */
  readonly at: Time;
  readonly minute: number;
} & (
  | { readonly is: 'without-burst' /** The metric that is at 0. */; readonly balance: string }
  | { readonly is: 'full' /** In percent. */; readonly used: number }
);

/** Percent of the burst balance up to which nothing is left of it. */
const isSpent = (value: number): boolean => value <= 1;
const isFull = (value: number): boolean => value >= DISK_FULL;
/** EC2 sends balances every five minutes, the CloudWatch agent whenever it is told to: the value before counts as well. */
const STEP = 5;

type OfOne = MetricsById<InstanceMetric>['of'][number];

/** Volumes of these instances that may do no more than their baseline, and disks without room, in a span. */
export function disksAtLimit(
  instanceIds: readonly string[],
  metrics: MetricsById<InstanceMetric> | undefined,
  span: Span,
): readonly DiskLimit[] {
  if (metrics === undefined) return [];
  const wanted = new Set(instanceIds);
  const around = { first: span.first - STEP, last: span.last };
  const since = (minute: number): Time => timeOfMinute(metrics.grid, minute);
  return metrics.of
    .filter(({ id }) => wanted.has(id))
    .flatMap((one) => [...withoutBurst(one, around, since), ...full(one, around, since)]);
}

/** Whether an agent told how full the disks of those of these targets are that are instances: nobody sends it of others. */
export function areDisksSeen(
  targets: readonly Target[],
  metrics: MetricsById<InstanceMetric> | undefined,
  span: Span,
): boolean {
  const around = { first: span.first - STEP, last: span.last };
  return targets
    .filter(({ id }) => id.startsWith('i-'))
    .every(({ id }) => {
      const used = metrics?.of.find((one) => one.id === id)?.values.disk_used_percent;
      return seenValues(valuesIn(used, around)).length > 0;
    });
}

function withoutBurst({ id, values }: OfOne, span: Span, since: (minute: number) => Time): readonly DiskLimit[] {
  const balances = ['EBSIOBalance%', 'EBSByteBalance%'] as const;
  const spent = balances.flatMap((name) => {
    const minute = startOf(values[name], span, isSpent);
    return minute === null ? [] : [{ name, minute }];
  });
  const [first] = spent.sort((one, other) => one.minute - other.minute);
  if (first === undefined) return [];
  const { name, minute } = first;
  const at = since(minute);
  return [{ instanceId: id, is: 'without-burst', at, minute, balance: name }];
}

function full({ id, values }: OfOne, span: Span, since: (minute: number) => Time): readonly DiskLimit[] {
  const minute = startOf(values.disk_used_percent, span, isFull);
  const used = maxOf(valuesIn(values.disk_used_percent, span));
  if (minute === null || used === null) return [];
  return [{ instanceId: id, is: 'full', at: since(minute), minute, used }];
}

/** The first minute of the run at the limit that reaches into the span; `null` where there is none. */
function startOf(
  values: Values | undefined,
  { first, last }: Span,
  atLimit: (value: number) => boolean,
): number | null {
  const isIn = (minute: number): boolean => minute >= first && minute <= last;
  let start = values?.findIndex((value, minute) => isIn(minute) && value !== null && atLimit(value)) ?? -1;
  if (start < 0) return null;
  for (let minute = start; minute >= 0; minute -= 1) {
    const value = values?.[minute];
    if (value === null || value === undefined) continue;
    if (!atLimit(value)) break;
    start = minute;
  }
  return start;
}

/** For as long as this, in minutes, a limit was borne before the errors: then it is not why they began. */
const LONG_BORNE = 60;

/** Reached before the errors, or as they began, and not long ago. */
export function isReachedByOnset({ minute }: DiskLimit, onset: number): boolean {
  return minute <= onset + STEP && minute >= onset - LONG_BORNE;
}
