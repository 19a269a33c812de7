import { ERROR_KINDS, type ErrorKind } from '../../incident/cause.ts';
import type { Values } from '../../incident/evidence.ts';
import { KNOWN_MINUTES, type Span, sumOf, valuesIn } from '../time/minutes.ts';
import type { EpisodeSpan } from './episode.ts';
import type { ErrorSeries } from './error-series.ts';

/**
 * What came on top of the usual, kind by kind: an application that always answers one in a thousand requests with 5xx does
 * so during an outage, too, and between bursts. Usual is what the quiet minutes show; up to twice the square root more
 * than expected is chance.
 */
export function unusualErrors(
  series: ErrorSeries,
  asked: Values,
  episode: EpisodeSpan,
  within: Span = episode.span,
): Readonly<Record<ErrorKind, number>> {
  const quiet = episode.quiet.filter((minute) => (asked[minute] ?? null) !== null);
  const askedQuietly = quiet.reduce((sum, minute) => sum + (asked[minute] ?? 0), 0);
  const askedWithin = sumOf(valuesIn(asked, within));
  const unusual = (kind: ErrorKind): number => {
    const count = sumOf(valuesIn(series[kind], within)) ?? 0;
    if (quiet.length < KNOWN_MINUTES || askedQuietly === 0 || askedWithin === null) return count;
    const before = quiet.reduce((sum, minute) => sum + (series[kind][minute] ?? 0), 0);
    const expected = (before / askedQuietly) * askedWithin;
    return count <= expected + 2 * Math.sqrt(expected) ? 0 : count - expected;
  };
  return Object.fromEntries(ERROR_KINDS.map((kind) => [kind, unusual(kind)])) as Record<ErrorKind, number>;
}
