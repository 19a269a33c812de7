import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Time } from '../incident/text.ts';
import type { Zone } from '../render/times.ts';
import type { FunctionSettings } from './function-settings.ts';

/** A time zone as it is at one moment: renderers know neither calendars nor daylight saving. */
export function zoneAt(name: string, at: Time): Zone {
  const parts = new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' }).formatToParts(
    new Date(at),
  );
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  const ahead = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return { name, offsetMinutes: sign === '-' ? -ahead : ahead };
}

export function zoneOf({ window }: Diagnosis, { timeZone }: FunctionSettings) {
  return timeZone === undefined ? {} : { zone: zoneAt(timeZone, window.to) };
}
