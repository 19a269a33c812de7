import type { ChangeEvent } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import { countIn } from '../errors/error-series.ts';
import type { Errors } from '../errors/errors.ts';
import { askedSeries } from '../errors/requests.ts';
import { sumOf, valuesIn } from '../time/minutes.ts';

/** Requests among which a drop of a part of the connections shows. */
const ENOUGH = 100;

/**
 * What drops a part of the connections by what is read now, dropped none of them while requests came, and nothing that was
 * recorded has changed it since: then it breaks nothing, whatever is read.
 */
export function wasSoAndWorked(
  ids: readonly string[],
  errors: Errors | undefined,
  changes: Observed<readonly ChangeEvent[]>,
): boolean {
  if (!errors?.episode || !changes.seen || changes.gaps.length > 0) return false;
  if (changes.value.some(({ resources }) => resources.some((id) => ids.includes(id)))) return false;
  const before = { first: 0, last: errors.episode.span.first - 1 };
  const asked = sumOf(valuesIn(askedSeries(errors.metrics), before)) ?? 0;
  return asked >= ENOUGH && countIn(errors.metrics, 'TargetConnectionErrorCount', before) === 0;
}
