import type { Time } from '../incident/text.ts';

/** A moment as evidence says it: UTC, whole seconds. `null` where AWS said none, or nonsense. */
export function utcTime(date: Date | undefined): Time | null {
  if (date === undefined || Number.isNaN(date.getTime())) return null;
  return `${date.toISOString().slice(0, 19)}Z`;
}
