import type { Load } from '../../computed/load.ts';
import type { Target } from '../../incident/evidence.ts';
import { percent, text } from '../../incident/text.ts';
import { limitReached } from '../../semantics/load/target-load.ts';
import type { Span } from '../../semantics/time/minutes.ts';
import { claim } from '../argue.ts';

/** Whether targets have room left: a limit stands above the slowness and the silence that it makes. */
export function roomClaim(targets: readonly Target[], load: Load, span?: Span) {
  const each = targets.map((one) => load.of([one], span));
  const limit = each.flatMap((one) => limitReached(one) ?? []).sort((one, other) => other.used - one.used)[0] ?? null;
  const isSpent = each.some(({ credits }) => credits === 'exhausted');
  const from = targets.some(({ id }) => id.startsWith('i-')) ? 'instanceMetrics' : 'serviceMetrics';
  return claim<'instanceMetrics' | 'serviceMetrics'>(
    limit === null && !isSpent,
    limit !== null && {
      from,
      shows: text`${limit.of} of these targets at ${percent(Math.min(1, limit.used / 100))}: enough to make them slow`,
    },
    isSpent && {
      from,
      shows: text`these targets have no CPU credits left: enough to make them slow`,
    },
  );
}
