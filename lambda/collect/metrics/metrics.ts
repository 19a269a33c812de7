import type { Metrics, MetricsById, Statistics, Values } from '../../incident/evidence.ts';
import { type Gap, type Observed, seen, unseen } from '../../incident/observed.ts';
import type { Time } from '../../incident/text.ts';
import type { Aws, PartialList } from '../aws.ts';
import { gridBefore, readMetrics, type Series, type SeriesRead } from './metric-data.ts';

/** Something that has metrics of its own. */
export interface MetricSource {
  readonly id: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Of one thing. A gap names metrics. */
export async function metricsOf<Name extends string>(
  statistics: Statistics<Name>,
  namespace: string,
  dimensions: MetricSource['dimensions'],
  at: Time,
  aws: Aws,
): Promise<Observed<Metrics<Name>>> {
  const series = seriesOf(statistics, namespace, dimensions).map((each) => ({ ...each, id: each.name }));
  const read = await readMetrics(series, gridBefore(at), aws);
  return observedMetrics(series, read, (items) => ({ grid: read.grid, values: byName(items) }));
}

/** Of several things. A gap names things. */
export async function metricsById<Name extends string>(
  statistics: Statistics<Name>,
  namespace: string,
  measured: readonly MetricSource[],
  at: Time,
  aws: Aws,
): Promise<Observed<MetricsById<Name>>> {
  const series = measured.flatMap(({ id, dimensions }) =>
    seriesOf(statistics, namespace, dimensions).map((each) => ({ ...each, id })),
  );
  const read = await readMetrics(series, gridBefore(at), aws);
  return observedMetrics(series, read, (items) => ({
    grid: read.grid,
    of: measured.map(({ id }) => ({ id, values: byName(items.filter((item) => item.id === id)) })),
  }));
}

function seriesOf<Name extends string>(
  statistics: Statistics<Name>,
  namespace: string,
  dimensions: MetricSource['dimensions'],
): readonly Omit<Series<Name>, 'id'>[] {
  // The cast: Object.keys knows no key type, and a Statistics has no others.
  return (Object.keys(statistics) as Name[]).map((name) => {
    const [metric, stat] = statistics[name];
    return { name, namespace, metric, stat, dimensions };
  });
}

/** AWS answers a call, and can still refuse every metric in it. */
function observedMetrics<Name extends string, T>(
  series: readonly Series<Name>[],
  { items, gaps }: PartialList<SeriesRead<Name>>,
  value: (items: readonly SeriesRead<Name>[]) => T,
): Observed<T> {
  const refused = new Set(gaps.filter(({ why }) => why !== 'partial').flatMap(({ ids = [] }) => ids));
  const [first] = gaps;
  if (first !== undefined && items.length === 0 && series.every(({ id }) => refused.has(id))) return unseenBy(first);
  return seen(value(items), gaps);
}

function unseenBy({ why, detail, action }: Gap): Observed<never> {
  return unseen(why === 'partial' ? 'failed' : why, detail, action);
}

function byName<Name extends string>(items: readonly SeriesRead<Name>[]): Readonly<Partial<Record<Name, Values>>> {
  const values: Partial<Record<Name, Values>> = {};
  for (const item of items) values[item.name] = item.values;
  return values;
}
