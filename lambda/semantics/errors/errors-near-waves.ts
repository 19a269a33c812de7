import type { Values } from '../../incident/evidence.ts';
import type { TargetWave } from '../targets/target-waves.ts';
import { levelIn, maxOf, minuteOf, quantileOf, type Span, seenValues, sumOf, valuesIn } from '../time/minutes.ts';
import { excessOver, levelBefore } from './count-rise.ts';
import type { EpisodeSpan } from './episode.ts';

/** Errors held against the times at which targets came or went. */
export interface ErrorsNearWaves {
  /** The waves next to which there were errors, oldest first. */
  readonly waves: readonly [TargetWave, ...TargetWave[]];
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
  const [first, ...rest] = waves
    .map((wave) => ({ wave, minute: minuteOf(grid, wave.at) }))
    .filter(({ minute }) => minutesAround(minute).some(fails));
  if (first === undefined) return null;
  const minutes = [first, ...rest].map(({ minute }) => minute);
  const close = new Set(minutes.flatMap((minute) => minutesAround(minute)));
  const soon = new Set(minutes.flatMap((minute) => minutesAround(minute, LASTS)));
  const { isMissing, short, fewer } = capacityIn({ first: first.minute, last: span.last }, healthy, own);
  const there = own.map((value, minute) => (soon.has(minute) || isMissing(minute) ? value : 0));
  const total = sumIn(own, span);
  const starts = burstsIn(fails, span.first, span.last);
  return {
    waves: [first.wave, ...rest.map(({ wave }) => wave)],
    bursts: starts.length,
    begun: starts.filter((minute) => close.has(minute)).length,
    share: total === 0 ? 0 : sumIn(there, span) / total,
    ...{ short, fewer },
  };
}

/** The healthy targets from the first wave on, held against those of the hour before, and against what was enough since. */
function capacityIn(span: Span, healthy: Values | undefined, errors: Values) {
  const before = { first: span.first - 60, last: span.first - 1 };
  const usual = levelIn(healthy, before) === null ? null : medianOf(valuesIn(healthy, before));
  const needed = usual === null ? null : Math.min(usual, enoughWithoutErrors(healthy, errors, span.first) ?? usual);
  const during = valuesIn(healthy, span);
  return {
    isMissing: (minute: number) => minute >= span.first && isBelow(healthy?.[minute], needed),
    short: needed === null || maxOf(during) === null ? null : during.some((level) => isBelow(level, needed)),
    fewer: during.some((level) => isBelow(level, usual)),
  };
}

function sumIn(values: Values, span: Span): number {
  return sumOf(valuesIn(values, span)) ?? 0;
}

function isBelow(level: number | null | undefined, than: number | null): boolean {
  return level !== null && level !== undefined && than !== null && level < than;
}

/** So many minutes without an error tell that what served in them was enough. */
const QUIET_MINUTES = 3;

function enoughWithoutErrors(healthy: Values | undefined, errors: Values, from: number): number | null {
  const quiet = (healthy ?? []).filter((_, minute) => minute > from && (errors[minute] ?? 0) === 0);
  return seenValues(quiet).length < QUIET_MINUTES ? null : medianOf(quiet);
}

/** New targets may be there in advance of those they replace: the level of most minutes is the usual one. */
const medianOf = (values: Values): number | null => quantileOf(seenValues(values), 0.5) ?? null;

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
