import type { Grid, Metrics, MetricsById, Statistics, Values } from '../../incident/evidence.ts';
import { type Gap, type Observed, seen, unseen } from '../../incident/observed.ts';
import type { Time } from '../../incident/text.ts';
import { groupBy } from '../../semantics/group-by.ts';
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

/** Things of one kind, and which metrics of each. */
export interface Measured<Name extends string> {
  readonly statistics: Statistics<Name>;
  readonly namespace: string;
  readonly things: readonly MetricSource[];
}

/** Of several things. A gap names things. */
export async function metricsById<Name extends string>(
  statistics: Statistics<Name>,
  namespace: string,
  things: readonly MetricSource[],
  at: Time,
  aws: Aws,
): Promise<Observed<MetricsById<Name>>> {
  const measured = { statistics, namespace, things };
  const series = seriesOfEach(measured);
  return observedById(measured, series, await readMetrics(series, gridBefore(at), aws));
}

/** Of things of two kinds, whose ids are not alike, in the same calls. */
export async function metricsOfBoth<One extends string, Other extends string>(
  one: Measured<One>,
  other: Measured<Other>,
  at: Time,
  aws: Aws,
): Promise<readonly [Observed<MetricsById<One>>, Observed<MetricsById<Other>>]> {
  const [first, second] = [seriesOfEach(one), seriesOfEach(other)];
  const read = await readMetrics<One | Other>([...first, ...second], gridBefore(at), aws);
  return [
    observedById(one, first, { ...ownSeries(read, first), grid: read.grid }),
    observedById(other, second, { ...ownSeries(read, second), grid: read.grid }),
  ];
}

/** What was read of these, whose ids no others have, and of what is missing the part that may be theirs. */
export function ownSeries<Part extends Name, Name extends string>(
  { items, gaps }: PartialList<SeriesRead<Name>>,
  series: readonly Series<Part>[],
): PartialList<SeriesRead<Part>> {
  const ids = new Set(series.map(({ id }) => id));
  return {
    items: items.filter((item): item is SeriesRead<Part> => ids.has(item.id)),
    gaps: gaps.flatMap((gap) => {
      const own = gap.ids?.filter((id) => ids.has(id));
      if (own === undefined || gap.ids?.length === 0) return [gap];
      return own.length === 0 ? [] : [{ ...gap, ids: own }];
    }),
  };
}

export function seriesOfEach<Name extends string>({
  statistics,
  namespace,
  things,
}: Measured<Name>): readonly Series<Name>[] {
  return things.flatMap(({ id, dimensions }) =>
    seriesOf(statistics, namespace, dimensions).map((each) => ({ ...each, id })),
  );
}

export function observedById<Name extends string>(
  { things }: Measured<Name>,
  series: readonly Series<Name>[],
  read: PartialList<SeriesRead<Name>> & { readonly grid: Grid },
): Observed<MetricsById<Name>> {
  return observedMetrics(series, read, (items) => {
    const own = new Map(groupBy(items, ({ id }) => id).map((group) => [group[0].id, group]));
    return { grid: read.grid, of: things.map(({ id }) => ({ id, values: byName(own.get(id) ?? []) })) };
  });
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
