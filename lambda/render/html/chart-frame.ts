import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Values } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { Curve } from '../../incident/topology.ts';
import { plusSeconds, secondsBetween } from '../../semantics/time/minutes.ts';

/** The part of a curve that is drawn: so many values from a time on. */
export interface Frame {
  readonly from: Time;
  readonly to: Time;
  readonly first: number;
  readonly values: number;
  /** How a time is written on it: with its date where it is longer than a day. */
  readonly written: (time: Time) => string;
  /** Where a time lies, in percent of the width; outside of it where it is not in the frame. */
  readonly at: (time: Time) => number;
}

/** What led to the errors is in view. */
const BEFORE_ONSET = 15 * 60;

const DAY = 26 * 60 * 60;

/** The window, and what was before the first error; nothing that was not read. */
export function frameOf({ from, step, requests }: Curve, { window, episode }: Diagnosis): Frame {
  const wanted = episode === null ? window.from : earlier(window.from, plusSeconds(episode.onset, -BEFORE_ONSET));
  const first = Math.max(0, Math.floor(secondsBetween(from, wanted) / step));
  const end = Math.min(requests.length, Math.max(first + 1, Math.ceil(secondsBetween(from, window.to) / step)));
  const start = Math.min(first, end - 1);
  const begin = plusSeconds(from, start * step);
  const values = end - start;
  return {
    from: begin,
    to: plusSeconds(begin, values * step),
    first: start,
    values,
    written: (time) => (values * step > DAY ? time.slice(5, 16).replace('T', ' ') : time.slice(11, 16)),
    at: (time) => (secondsBetween(begin, time) / (values * step)) * 100,
  };
}

const earlier = (one: Time, other: Time): Time => (secondsBetween(one, other) < 0 ? other : one);

export const inFrame = (values: Values, { first, values: count }: Frame): Values => values.slice(first, first + count);

/** The next round number: one digit, and zeros. */
export function roundedUp(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [1, 2, 3, 4, 5, 6, 8, 10].map((digit) => digit * power).find((round) => round >= most) ?? most;
}

const TICKS_AT_MOST = 5;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880].map((minutes) => minutes * 60);

/** Round times, few enough to be read on a phone. */
export function ticksOf({ from, to }: Frame): readonly Time[] {
  const length = secondsBetween(from, to);
  const step = STEPS.find((seconds) => length / seconds <= TICKS_AT_MOST) ?? STEPS.at(-1) ?? length;
  const begin = Date.parse(from) / 1000;
  const offset = (step - (begin % step)) % step;
  const ticks: Time[] = [];
  for (let seconds = offset; seconds < length; seconds += step) ticks.push(plusSeconds(from, seconds));
  return ticks;
}

/** Runs of values that were not seen. */
export function gapsIn(values: Values): readonly { readonly first: number; readonly length: number }[] {
  const gaps: { first: number; length: number }[] = [];
  values.forEach((value, index) => {
    if (value !== null) return;
    const last = gaps.at(-1);
    if (last !== undefined && last.first + last.length === index) last.length += 1;
    else gaps.push({ first: index, length: 1 });
  });
  return gaps;
}
