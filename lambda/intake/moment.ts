import type { Time } from '../incident/text.ts';
import { InvalidInput, shape } from './input-errors.ts';

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?(?:(Z)|([+-]\d\d):?(\d\d)?)$/i;

/**
 * An ISO 8601 time as UTC, in whole seconds. A time without its zone is refused: an hour's error is another incident.
 */
export function parseMoment(text: unknown): Time {
  const time = momentIn(text);
  if (time !== undefined) return time;
  throw new InvalidInput(`expected an ISO 8601 time with its zone, such as 2026-03-10T14:30:00Z, found ${shape(text)}`);
}

/** The same where AWS wrote it, with a zone such as `+0000`: nothing is to be said of a time that is none. */
export function momentIn(text: unknown): Time | undefined {
  const [, local, utcZone, hours, minutes = '00'] = typeof text === 'string' ? (ISO.exec(text.trim()) ?? []) : [];
  if (local === undefined || !isInCalendar(local)) return undefined;
  return utc(Date.parse(`${local}${utcZone ?? `${hours}:${minutes}`}`));
}

/** JavaScript takes the 30th of February for the 2nd of March. */
function isInCalendar(local: string): boolean {
  const day = local.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(day);
}

export function utc(epochMs: number): Time | undefined {
  if (!Number.isFinite(epochMs) || Math.abs(epochMs) > 8.64e15) return undefined;
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
