import type { TargetGroupMetric, Values } from '../../incident/evidence.ts';
import { meanOf, type Span, valuesIn } from '../time/minutes.ts';

/** How few targets of a group carried its requests as errors began. */
export interface FewHealthy {
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

type HostCounts = Readonly<Partial<Record<TargetGroupMetric, Values>>>;

/**
 * Looks back from the onset: the loss must be older than the errors, or it is what the failing targets brought themselves.
 * With no healthy target left all get requests: that is no load on a few. `not-seen`: AWS sent no host counts then, or no
 * requests.
 */
export function fewHealthyBefore(
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
  const mean = (span: Span) => meanOf(valuesIn(perHealthy, span));
  const before = first <= 0 ? null : mean({ first: first - 60, last: first - 1 });
  const now = mean({ first: onset - 1, last: onset + 2 });
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
