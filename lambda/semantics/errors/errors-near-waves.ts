import type { Values } from '../../incident/evidence.ts';
import type { TargetWave } from '../targets/target-waves.ts';
import { maxOf, minuteOf, seenValues, sumOf, valuesIn } from '../time/minutes.ts';
import { excessOver, levelBefore } from './count-rise.ts';
import type { EpisodeSpan } from './episode.ts';

/** Errors held against the times at which targets came or went. */
export interface ErrorsNearWaves {
  /** The waves next to which there were errors, oldest first. */
  readonly waves: readonly TargetWave[];
  readonly bursts: number;
  /** Bursts that begin next to a wave. */
  readonly begun: number;
  /** The share of the errors next to waves, or while targets were missing. */
  readonly share: number;
  /** Whether fewer targets were healthy than requests took; `null` where that was not seen. */
  readonly short: boolean | null;
  /** Whether fewer were healthy than before the first wave. After a scale-in those that are left may well do. */
  readonly fewer: boolean;
}

/** Metrics are by whole minutes, and a wave falls into one: from the minute before it to the second one after. */
const BEFORE = 1;
const AFTER = 2;
/** A burst that began so lasts some minutes. */
const LASTS = 2;
/** So many minutes without errors part two bursts. */
const PAUSE = 2;

/** `null` where no wave is next to an error. */
export function errorsNearWaves(
  waves: readonly TargetWave[],
  errors: Values,
  episode: EpisodeSpan,
  healthy: Values | undefined,
): ErrorsNearWaves | null {
  const { grid, span } = episode;
  const own = excessOver(errors, levelBefore(errors, episode) ?? 0);
  const fails = (minute: number): boolean => minute >= span.first && minute <= span.last && (own[minute] ?? 0) > 0;
  const around = waves.map((wave) => ({ wave, minute: minuteOf(grid, wave.at) }));
  const near = around.filter(({ minute }) => minutesAround(minute).some(fails));
  const [first] = near;
  if (first === undefined) return null;
  const close = new Set(near.flatMap(({ minute }) => minutesAround(minute)));
  const soon = new Set(near.flatMap(({ minute }) => minutesAround(minute, LASTS)));
  const usual = medianOf(valuesIn(healthy, { first: first.minute - 60, last: first.minute - 1 }));
  const needed = usual === null ? null : Math.min(usual, enoughWithoutErrors(healthy, own, first.minute) ?? usual);
  const missing = (minute: number): boolean => {
    const level = healthy?.[minute] ?? null;
    return needed !== null && level !== null && minute >= first.minute && level < needed;
  };
  const total = sumOf(valuesIn(own, span)) ?? 0;
  const there = own.map((value, minute) => (soon.has(minute) || missing(minute) ? value : 0));
  const starts = burstsIn(fails, span.first, span.last);
  const during = valuesIn(healthy, { first: first.minute, last: span.last });
  return {
    waves: near.map(({ wave }) => wave),
    bursts: starts.length,
    begun: starts.filter((minute) => close.has(minute)).length,
    share: total === 0 ? 0 : (sumOf(valuesIn(there, span)) ?? 0) / total,
    short: needed === null || maxOf(during) === null ? null : during.some((level) => level !== null && level < needed),
    fewer: during.some((level) => level !== null && usual !== null && level < usual),
  };
}

/** So many minutes without an error tell that what served in them was enough. */
const QUIET_MINUTES = 3;

function enoughWithoutErrors(healthy: Values | undefined, errors: Values, from: number): number | null {
  const quiet = (healthy ?? []).filter((_, minute) => minute > from && (errors[minute] ?? 0) === 0);
  return seenValues(quiet).length < QUIET_MINUTES ? null : medianOf(quiet);
}

/** New targets may be there in advance of those they replace: the level of most minutes is the usual one. */
function medianOf(values: Values): number | null {
  const sorted = [...seenValues(values)].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

function minutesAround(minute: number, longer = 0): readonly number[] {
  return Array.from({ length: BEFORE + AFTER + longer + 1 }, (_, n) => minute - BEFORE + n);
}

/** The first minute of each. */
function burstsIn(fails: (minute: number) => boolean, from: number, to: number): readonly number[] {
  const starts: number[] = [];
  let quiet = PAUSE;
  for (let minute = from; minute <= to; minute += 1) {
    if (!fails(minute)) quiet += 1;
    else {
      if (quiet >= PAUSE) starts.push(minute);
      quiet = 0;
    }
  }
  return starts;
}
