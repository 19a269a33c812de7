import type { Phrase, Time } from '../incident/text.ts';

/** A local time zone, already resolved for the moment of the incident. */
export interface Zone {
  readonly name: string;
  readonly offsetMinutes: number;
}

/** How to say a time: which day goes without saying, and where the reader lives. */
export interface Clock {
  readonly today: Time;
  readonly zone?: Zone;
}

/** `14:24 UTC`, `14:24:31 UTC (15:24:31 Europe/Berlin)`; with the date where it is not today's. */
export function spoken(at: Time, clock: Clock): string {
  const utc = moment(at, 0);
  if (utc === null) return at;
  const day = utc.date === moment(clock.today, 0)?.date ? '' : `${utc.date} `;
  const local = localTime(at, utc.date, clock.zone);
  return `${day}${utc.time} UTC${local === null ? '' : ` (${local} ${clock.zone?.name})`}`;
}

/** `2026-03-10`, in UTC. */
export function day(at: Time): Phrase {
  return at.slice(0, 10) as Phrase;
}

/** `14:00 to 14:30 UTC`: one zone name for both ends. */
export function spokenRange(from: Time, to: Time, clock: Clock): Phrase {
  return range(from, to, clock) as Phrase;
}

function range(from: Time, to: Time, clock: Clock): string {
  const [start, end] = [moment(from, 0), moment(to, 0)];
  if (start === null || end === null) return `${from} to ${to}`;
  if (start.date !== end.date) return `${spoken(from, clock)} to ${spoken(to, clock)}`;
  const day = start.date === moment(clock.today, 0)?.date ? '' : `${start.date} `;
  const locals = [localTime(from, start.date, clock.zone), localTime(to, end.date, clock.zone)];
  const local = locals.includes(null) ? '' : ` (${locals.join(' to ')} ${clock.zone?.name})`;
  return `${day}${start.time} to ${end.time} UTC${local}`;
}

/** `2026-03-10 14:31:02 UTC`: a date always, for the small print. */
export function spokenInFull(at: Time, clock: Clock): Phrase {
  return spoken(at, { ...clock, today: '' }) as Phrase;
}

function localTime(at: Time, utcDate: string, zone: Zone | undefined): string | null {
  if (zone === undefined) return null;
  const local = moment(at, zone.offsetMinutes);
  if (local === null) return null;
  return local.date === utcDate ? local.time : `${local.date} ${local.time}`;
}

/** Seconds only where they say something: metrics are minutes, changes are not. */
function moment(at: Time, offsetMinutes: number): { readonly date: string; readonly time: string } | null {
  const milliseconds = Date.parse(at) + offsetMinutes * 60_000;
  if (!Number.isFinite(milliseconds)) return null;
  const shifted = new Date(milliseconds);
  if (Number.isNaN(shifted.getTime())) return null;
  const [date = '', time = ''] = shifted.toISOString().split('T');
  return { date, time: time.slice(6, 8) === '00' ? time.slice(0, 5) : time.slice(0, 8) };
}
