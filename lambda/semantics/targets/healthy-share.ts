import type { MetricsById, Target, TargetGroupMetric, Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import type { Errors } from '../errors/errors.ts';
import { levelIn, meanOf, sumOf, valuesIn } from '../time/minutes.ts';
import { targetsOf } from './targets.ts';

/** How few targets of a group carried its requests as errors began. */
interface FewHealthy {
  /** The first minute in which at most half of the targets were healthy. */
  readonly first: number;
  readonly healthy: number;
  readonly of: number;
  /** Of the others, those that a zonal shift keeps requests from: healthy, and of no use. */
  readonly shifted: number;
  /** Requests a minute for each healthy target: before that minute, and as the errors began. */
  readonly before: number;
  readonly now: number;
}

/** A group, and how few of its targets carried its requests; nothing of that where AWS did not tell. */
export type FewInGroup = FewHealthy & UnseenGroup;
export type UnseenGroup = { readonly targetGroup: string };

/** Of the groups that get requests. One in which all targets failed got them all the same: nobody carried them for others. */
export function groupsWithFewHealthy(
  metrics: MetricsById<TargetGroupMetric>,
  routed: readonly string[],
  targets: readonly Target[],
  { requests: all }: Errors,
  { span }: EpisodeSpan,
): readonly (FewInGroup | UnseenGroup)[] {
  return metrics.of.flatMap(({ id: targetGroup, values }) => {
    const failedOpen = sumOf(valuesIn(values.UnhealthyRoutingRequestCount, span)) ?? 0;
    // AWS counts no hosts of a Lambda function unless it is told to check its health.
    const hasFunctions = targetsOf(targets, targetGroup).some(({ id }) => id.startsWith('arn:'));
    if (!routed.includes(targetGroup) || failedOpen > 0 || hasFunctions) return [];
    const requests = values.RequestCount ?? (routed.length === 1 ? all : undefined);
    const few = fewHealthyBefore(values, requests, span.first);
    return few === null ? [] : [{ targetGroup, ...(few === 'not-seen' ? {} : few) }];
  });
}

type HostCounts = Readonly<Partial<Record<TargetGroupMetric, Values>>>;

/**
 * Looks back from the onset: the loss must be older than the errors, or it is what the failing targets brought themselves.
 * With no healthy target left all get requests: that is no load on a few. `not-seen`: AWS sent no host counts then, or no
 * requests.
 */
function fewHealthyBefore(
  values: HostCounts,
  requests: Values | undefined,
  onset: number,
): FewHealthy | 'not-seen' | null {
  const hosts = hostsIn(values);
  const { healthy, failing, shifted } = hosts(onset - 1);
  if (healthy === null && failing === null) return 'not-seen';
  if (!areFew(hosts(onset - 1))) return null;
  let first = onset - 1;
  while (areFew(hosts(first - 1))) first -= 1;
  const perHealthy = Array.from(requests ?? [], (count, minute) => {
    const serving = hosts(minute).healthy ?? 0;
    return count === null || serving === 0 ? null : count / serving;
  });
  const before = levelIn(perHealthy, { first: first - 60, last: first - 1 });
  const now = meanOf(valuesIn(perHealthy, { first: onset - 1, last: onset + 2 }));
  if (before === null || now === null) return 'not-seen';
  return { first, healthy: healthy ?? 0, of: (healthy ?? 0) + (failing ?? 0), shifted, before, now };
}

interface Hosts {
  /** That get requests. */
  readonly healthy: number | null;
  /** That get none, or fail. */
  readonly failing: number | null;
  readonly shifted: number;
}

function areFew({ healthy, failing }: Hosts): boolean {
  return healthy !== null && failing !== null && healthy >= 1 && healthy <= failing;
}

/**
 * Minute by minute. Targets that a zonal shift keeps requests from pass their health checks, and AWS does not say whether it
 * counts them among the healthy ones. It does, as long as there seem to be as many targets as before the shift.
 */
function hostsIn(values: HostCounts): (minute: number) => Hosts {
  const at = (name: TargetGroupMetric, minute: number) => values[name]?.[minute] ?? null;
  const allAt = (minute: number) =>
    (at('HealthyHostCount.min', minute) ?? 0) + (at('UnHealthyHostCount.max', minute) ?? 0);
  const shift = (values['ActiveZonalShiftHostCount.max'] ?? []).findIndex((count) => (count ?? 0) > 0);
  const allBefore = allAt(Math.max(0, shift - 1));
  return (minute) => {
    const [healthy, failing] = [at('HealthyHostCount.min', minute), at('UnHealthyHostCount.max', minute)];
    const shifted = at('ActiveZonalShiftHostCount.max', minute) ?? 0;
    const counted = allAt(minute) >= allBefore ? shifted : 0;
    return {
      healthy: healthy === null ? null : healthy - counted,
      failing: failing === null ? null : failing + shifted,
      shifted,
    };
  };
}
