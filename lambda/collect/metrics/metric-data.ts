import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Grid, Values } from '../../incident/evidence.ts';
import { inTable } from '../../incident/in-table.ts';
import type { Gap } from '../../incident/observed.ts';
import { METRIC_MINUTES } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches } from '../batches.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { utcTime } from '../time.ts';
import { FIVE_MINUTES_ONLY, keptPeriod, MINUTE_SECONDS, minutesLost } from './retention.ts';

/** One series to read. */
export interface Series<Name extends string> {
  /** What a gap in it is named by: the resource, or the metric where there is one resource only. */
  readonly id: string;
  readonly name: Name;
  readonly namespace: string;
  readonly metric: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** For a metric whose dimensions nobody can know: it is searched for by these, whatever its others are but for some. */
  readonly searched?: { readonly not: Readonly<Record<string, string>> };
}

export interface SeriesRead<Name extends string> {
  readonly id: string;
  readonly name: Name;
  readonly values: Values;
}

const MINUTE = 60_000;
const QUERIES_A_CALL = 500;

/** The three hours of whole minutes before the moment: the minute it falls in is not over, and would look like a drop. */
export function gridBefore(at: Time): Grid {
  const end = Math.floor(Date.parse(at) / MINUTE) * MINUTE;
  return { from: utcTime(new Date(end - METRIC_MINUTES * MINUTE)) ?? at, minutes: METRIC_MINUTES };
}

/** With the grid they stand on. */
interface MinutesRead<Name extends string> extends PartialList<SeriesRead<Name>> {
  readonly grid: Grid;
}

/** Reads series onto the grid. One without any datapoint is left out; one that could not be read is a gap. */
export async function readMetrics<Name extends string>(
  series: readonly Series<Name>[],
  grid: Grid,
  aws: Aws,
): Promise<MinutesRead<Name>> {
  if (series.length === 0) return { items: [], gaps: [], grid };
  const read = await keptOf(series, grid, aws);
  if (read === null || read.slots.seconds === MINUTE_SECONDS) {
    return { ...(read ?? noMinutes(series, grid, aws)), grid };
  }
  const items = read.items.map((item) => ({
    ...item,
    values: spread(item.values, statOf(item, series), read.slots, grid),
  }));
  return {
    items,
    gaps: [...read.gaps, { why: 'partial', detail: FIVE_MINUTES_ONLY, ids: [] }],
    grid: { ...grid, every: read.slots.seconds / MINUTE_SECONDS },
  };
}

async function keptOf<Name extends string>(series: readonly Series<Name>[], grid: Grid, aws: Aws) {
  const plan = () => {
    const period = keptPeriod(grid.from, aws.readAt());
    return minutesLost(period) === undefined ? period : null;
  };
  const period = plan();
  if (period === null) return null;
  const read = await readSlots(series, slotsOver(grid, period), aws);
  // Only an answer tells AWS's time: the first question may have asked for minutes that are no longer kept.
  const kept = plan();
  if (kept === null || kept === period) return kept === null ? null : read;
  return readSlots(series, slotsOver(grid, kept), aws);
}

function noMinutes<Name extends string>(
  series: readonly Series<Name>[],
  grid: Grid,
  aws: Aws,
): PartialList<SeriesRead<Name>> {
  const detail = minutesLost(keptPeriod(grid.from, aws.readAt())) ?? '';
  return { items: [], gaps: [{ why: 'not-asked', detail, ids: [...new Set(series.map(nameOf))] }] };
}

/** The times that datapoints stand for: the first begins at `from`, each is as long as the period. */
export interface Slots {
  readonly from: Time;
  readonly seconds: number;
  readonly count: number;
}

/** CloudWatch's datapoints begin at multiples of their period. */
export function slotsBetween(from: Time, to: Time, seconds: number): Slots {
  const length = seconds * 1000;
  const first = Math.floor(Date.parse(from) / length);
  const count = Math.ceil(Date.parse(to) / length) - first;
  return { from: utcTime(new Date(first * length)) ?? from, seconds, count };
}

function slotsOver({ from, minutes }: Grid, seconds: number): Slots {
  return slotsBetween(from, utcTime(new Date(Date.parse(from) + minutes * MINUTE)) ?? from, seconds);
}

/** Reads series datapoint by datapoint, five hundred a call. */
export async function readSlots<Name extends string>(
  series: readonly Series<Name>[],
  slots: Slots,
  aws: Aws,
): Promise<PartialList<SeriesRead<Name>> & { readonly slots: Slots }> {
  const read = await inBatches(series, QUERIES_A_CALL, (batch) => readBatch(batch, slots, aws), nameOf);
  return { ...read, slots };
}

async function readBatch<Name extends string>(
  series: readonly Series<Name>[],
  slots: Slots,
  aws: Aws,
): Promise<PartialList<SeriesRead<Name>>> {
  const start = Date.parse(slots.from);
  const input = {
    StartTime: new Date(start),
    EndTime: new Date(start + slots.count * slots.seconds * 1000),
    ScanBy: 'TimestampAscending' as const,
    MetricDataQueries: series.map((each, index) => ({ Id: `m${index}`, ...queryFor(each, slots.seconds) })),
  };
  const { items: results, gaps } = await aws.pages(getMetricData, input, (answer) => answer.MetricDataResults);
  const read = series.map((each, index) => ({ ...each, pages: results.filter(({ Id }) => Id === `m${index}`) }));
  const items = read.flatMap(({ id, name, pages }) => {
    const values = valuesIn(slots, pages);
    return values === undefined ? [] : [{ id, name, values }];
  });
  return { items, gaps: [...gaps, ...gapsOf(read)] };
}

function statOf<Name extends string>({ id, name }: SeriesRead<Name>, series: readonly Series<Name>[]): string {
  return series.find((each) => each.id === id && each.name === name)?.stat ?? '';
}

/**
 * Several minutes' datapoint, minute by minute: a sum is shared out among them in whole numbers, for in one of them it would
 * make a rate and pauses that never were. The least and the most are held; an average stands where it was sent, as of what
 * is measured every five minutes.
 */
function spread(values: Values, stat: string, slots: Slots, grid: Grid): Values {
  const minutes = slots.seconds / MINUTE_SECONDS;
  const lead = (Date.parse(grid.from) - Date.parse(slots.from)) / MINUTE;
  return Array.from({ length: grid.minutes }, (_, index) => {
    const value = values[Math.floor((lead + index) / minutes)] ?? null;
    if (value === null) return null;
    if (stat === 'Average') return (lead + index) % minutes === 0 ? value : null;
    if (stat !== 'Sum') return value;
    if (!Number.isInteger(value)) return value / minutes;
    const place = (lead + index) % minutes;
    return Math.floor((value * (place + 1)) / minutes) - Math.floor((value * place) / minutes);
  });
}

function queryFor(
  { namespace, metric, stat, dimensions, searched }: Omit<Series<string>, 'id' | 'name'>,
  period: number,
) {
  if (searched) {
    const terms = Object.entries({ Namespace: namespace, MetricName: metric, ...dimensions });
    const but = Object.entries(searched.not).map(([name, value]) => `NOT ${name}="${value}"`);
    const search = [...terms.map(([name, value]) => `${name}="${value}"`), ...but].join(' ');
    return { Expression: `SEARCH('${search}', '${stat}', ${period})` };
  }
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    MetricStat: { Metric: { Namespace: namespace, MetricName: metric, Dimensions }, Stat: stat, Period: period },
  };
}

function nameOf({ id }: { readonly id: string }): string {
  return id;
}

/** A series may go on over several pages; its last status is the one that counts. */
function gapsOf(
  read: readonly { readonly id: string; readonly searched?: unknown; readonly pages: readonly MetricDataResult[] }[],
): readonly Gap[] {
  const byStatus = new Map<string, string[]>();
  for (const { id, searched, pages } of read) {
    // A search answers with as many series as it finds.
    if (searched && pages.length === 0) continue;
    const status = pages.at(-1)?.StatusCode ?? 'no result';
    if (status !== 'Complete') byStatus.set(status, [...(byStatus.get(status) ?? []), id]);
  }
  return [...byStatus].map(([status, ids]) => ({
    why: inTable(WHY, status) ?? 'partial',
    detail: `${getMetricData.action} answered ${status} for some metrics`,
    action: getMetricData.action,
    ids: [...new Set(ids)],
  }));
}

const WHY: Readonly<Record<string, Gap['why']>> = { Forbidden: 'denied', InternalError: 'failed' };

/** `undefined` where there is no datapoint within the slots. */
function valuesIn(slots: Slots, pages: readonly MetricDataResult[]): Values | undefined {
  const start = Date.parse(slots.from);
  const values: (number | null)[] = Array.from({ length: slots.count }, () => null);
  let any = false;
  for (const { Timestamps = [], Values: read = [] } of pages) {
    Timestamps.forEach((timestamp, index) => {
      const slot = Math.floor((timestamp.getTime() - start) / (slots.seconds * 1000));
      const value = read[index];
      if (!isCount(value) || slot < 0 || slot >= slots.count) return;
      // What was searched for may be several series, of as many disks: the fullest tells.
      values[slot] = Math.max(values[slot] ?? value, value);
      any = true;
    });
  }
  return any ? values : undefined;
}

/** Nothing that is read here is ever below zero: what is no number of that kind is no datapoint. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
