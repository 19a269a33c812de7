import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { Grid, Values } from '../../incident/evidence.ts';
import type { Gap } from '../../incident/observed.ts';
import { METRIC_MINUTES } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches } from '../batches.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { utcTime } from '../time.ts';

/** One series to read. */
export interface Series<Name extends string> {
  /** What a gap in it is named by: the resource, or the metric where there is one resource only. */
  readonly id: string;
  readonly name: Name;
  readonly namespace: string;
  readonly metric: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** For a metric whose dimensions nobody can know: it is searched for by these, whatever its others are. */
  readonly searched?: true;
}

export interface SeriesRead<Name extends string> {
  readonly id: string;
  readonly name: Name;
  readonly values: Values;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const QUERIES_A_CALL = 500;

/** The three hours of whole minutes before the moment: the minute it falls in is not over, and would look like a drop. */
export function gridBefore(at: Time): Grid {
  const end = Math.floor(Date.parse(at) / MINUTE) * MINUTE;
  return { from: utcTime(new Date(end - METRIC_MINUTES * MINUTE)) ?? at, minutes: METRIC_MINUTES };
}

/** Reads series onto the grid. One without any datapoint is left out; one that could not be read is a gap. */
export async function readMetrics<Name extends string>(
  series: readonly Series<Name>[],
  grid: Grid,
  aws: Aws,
): Promise<PartialList<SeriesRead<Name>>> {
  const readBy = (period: number) =>
    inBatches(series, QUERIES_A_CALL, (batch) => readBatch(batch, grid, period, aws), nameOf);
  const period = periodFor(grid, aws.readAt());
  const read = await readBy(period);
  // Only an answer tells AWS's time: the first question may have asked for minutes that are no longer kept.
  const kept = periodFor(grid, aws.readAt());
  return kept === period ? read : readBy(kept);
}

async function readBatch<Name extends string>(
  series: readonly Series<Name>[],
  grid: Grid,
  period: number,
  aws: Aws,
): Promise<PartialList<SeriesRead<Name>>> {
  const start = Date.parse(grid.from);
  const input = {
    StartTime: new Date(start),
    EndTime: new Date(start + grid.minutes * MINUTE),
    ScanBy: 'TimestampAscending' as const,
    MetricDataQueries: series.map((each, index) => ({ Id: `m${index}`, ...queryFor(each, period) })),
  };
  const { items: results, gaps } = await aws.pages(getMetricData, input, (answer) => answer.MetricDataResults);
  const read = series.map((each, index) => ({ ...each, pages: results.filter(({ Id }) => Id === `m${index}`) }));
  const items = read.flatMap(({ id, name, pages }) => {
    const values = valuesOn(grid, pages);
    return values === undefined ? [] : [{ id, name, values }];
  });
  return { items, gaps: [...gaps, ...gapsOf(read)] };
}

function queryFor(
  { namespace, metric, stat, dimensions, searched }: Omit<Series<string>, 'id' | 'name'>,
  period: number,
) {
  if (searched) {
    const terms = Object.entries({ Namespace: namespace, MetricName: metric, ...dimensions });
    const search = terms.map(([name, value]) => `${name}="${value}"`).join(' ');
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
  read: readonly { readonly id: string; readonly searched?: true; readonly pages: readonly MetricDataResult[] }[],
): readonly Gap[] {
  const byStatus = new Map<string, string[]>();
  for (const { id, searched, pages } of read) {
    // A search answers with as many series as it finds.
    if (searched && pages.length === 0) continue;
    const status = pages.at(-1)?.StatusCode ?? 'no result';
    if (status !== 'Complete') byStatus.set(status, [...(byStatus.get(status) ?? []), id]);
  }
  return [...byStatus].map(([status, ids]) => ({
    why: WHY[status] ?? 'partial',
    detail: `${getMetricData.action} answered ${status} for some metrics`,
    action: getMetricData.action,
    ids: [...new Set(ids)],
  }));
}

const WHY: Readonly<Record<string, Gap['why']>> = { Forbidden: 'denied', InternalError: 'failed' };

/** `undefined` where there is no datapoint within the grid. */
function valuesOn(grid: Grid, pages: readonly MetricDataResult[]): Values | undefined {
  const start = Date.parse(grid.from);
  const values: (number | null)[] = Array.from({ length: grid.minutes }, () => null);
  let any = false;
  for (const { Timestamps = [], Values: read = [] } of pages) {
    Timestamps.forEach((timestamp, index) => {
      const minute = Math.floor((timestamp.getTime() - start) / MINUTE);
      const value = read[index];
      if (value === undefined || minute < 0 || minute >= grid.minutes) return;
      // What was searched for may be several series, of as many disks: the fullest tells.
      values[minute] = Math.max(values[minute] ?? value, value);
      any = true;
    });
  }
  return any ? values : undefined;
}

/** CloudWatch keeps minutes for 15 days, 5 minutes for 63 days, then hours. */
function periodFor({ from }: Grid, now: Time | null): number {
  const age = now === null ? 0 : Date.parse(now) - Date.parse(from);
  if (age > 63 * DAY) return 3600;
  return age > 15 * DAY ? 300 : 60;
}
