import type { Time } from '../../incident/text.ts';

const DAY = 86_400_000;

/** CloudWatch keeps minutes for 15 days, five minutes for 63 days, hours for 455 days. */
const KEPT = [
  { days: 15, seconds: 60 },
  { days: 63, seconds: 300 },
  { days: 455, seconds: 3600 },
] as const;

export const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

/** The shortest period that CloudWatch still has from a time on; `null` where it has nothing. Without a now it is young. */
export function keptPeriod(from: Time, now: Time | null): number | null {
  const age = now === null ? 0 : Date.parse(now) - Date.parse(from);
  return KEPT.find(({ days }) => age <= days * DAY)?.seconds ?? null;
}

/** Why there is no datapoint for a minute; `undefined` where there is one for each, or for each five. */
export function minutesLost(period: number | null): string | undefined {
  if (period === null) return 'CloudWatch keeps metrics for 455 days, and has none left of that time';
  return period === HOUR_SECONDS
    ? 'CloudWatch keeps minutes for 15 days and five minutes for 63: of that time it has hours only'
    : undefined;
}

export const FIVE_MINUTES_ONLY =
  'CloudWatch keeps minutes for 15 days: of that time it has five minutes together, so that times and numbers of minutes are rough';
