import type { Time } from '../incident/text.ts';
import { plusSeconds, secondsBetween } from '../semantics/time/minutes.ts';
import type { Fault, Heard, PastFault, Rules, Talk } from './talk.ts';

export const COOL_DOWN_SECONDS = 3600;
export const MESSAGES_AN_HOUR = 3;
const HOUR = 3600;
const REMEMBERED = 30 * 24 * HOUR;
const FAULTS_AT_MOST = 20;
const PAST_AT_MOST = 60;

export function newFault(heard: Heard): Fault {
  return { ...heard.fault, since: heard.at, told: [], seen: 0, lastAlarm: heard.at, returns: 0 };
}

export function toldNow(fault: Fault, { now, fault: { sureness } }: Heard): Fault {
  const told = [...fault.told, { at: now, sureness }].slice(-10);
  return { ...fault, firstTold: fault.firstTold ?? now, told };
}

export function over(fault: Fault, { at, now, by, mended }: Heard, told: boolean): Fault {
  return { ...fault, over: { at: by === 'alarm' ? at : now, told }, ...(mended === undefined ? {} : { mended }) };
}

type Alarmed = Pick<Heard, 'by' | 'at' | 'isOk'>;

export const alarmOf = (fault: Fault, { by, at, isOk }: Alarmed): Time =>
  by === 'alarm' && !isOk ? later(fault.lastAlarm, at) : fault.lastAlarm;

export const goneOff = ({ by, isOk }: Alarmed): number => (by === 'alarm' && !isOk ? 1 : 0);

export function counting(talk: Talk, heard: Alarmed, fault: Fault): Talk {
  const seen = fault.seen + goneOff(heard);
  return replaced(talk, { ...fault, seen, lastAlarm: alarmOf(fault, heard) });
}

export function replaced(talk: Talk, fault: Fault): Talk {
  return { ...talk, faults: [...talk.faults.filter(({ id }) => id !== fault.id), fault].slice(-FAULTS_AT_MOST) };
}

export const isOpen = ({ told, over, superseded }: Fault): boolean =>
  told.length > 0 && over === undefined && superseded !== true;

/** What was told last and stands; that it could not be triaged takes the place of nothing. */
export function openIn({ faults }: Talk): Fault | undefined {
  return faults.findLast((one) => isOpen(one) && one.sureness !== 'failed') ?? faults.findLast(isOpen);
}

export const isRecent = (at: Time, { now }: Heard, { coolDownSeconds }: Rules): boolean =>
  secondsBetween(at, now) < coolDownSeconds;

export function hasRoom({ told }: Fault, now: Time, atMost = MESSAGES_AN_HOUR): boolean {
  return told.filter(({ at }) => secondsBetween(at, now) < HOUR).length < atMost;
}

export function freeAt({ told }: Fault, now: Time, calm: number): Time {
  const third = told.filter(({ at }) => secondsBetween(at, now) < HOUR).at(-MESSAGES_AN_HOUR)?.at;
  const calmAt = plusSeconds(now, calm);
  return third === undefined ? calmAt : later(calmAt, plusSeconds(third, HOUR));
}

export const later = (one: Time, other: Time): Time => (secondsBetween(one, other) > 0 ? other : one);

/** What ended longer ago than the cool-down is past: it does not come back, it happens again. */
export function withoutOld(talk: Talk, { now }: Heard, { coolDownSeconds }: Rules): Talk {
  const isPast = ({ over, told, lastAlarm, superseded }: Fault): boolean => {
    const last = later(told.at(-1)?.at ?? lastAlarm, later(lastAlarm, over?.at ?? lastAlarm));
    if (over?.told === false) return secondsBetween(last, now) >= 2 * coolDownSeconds;
    const isDone = over !== undefined || superseded === true || told.length === 0;
    return secondsBetween(last, now) >= (isDone ? coolDownSeconds : 24 * HOUR);
  };
  const past = talk.faults.filter((fault) => isPast(fault) && fault.over !== undefined).map(asPast);
  const isRemembered = ({ to }: PastFault): boolean => secondsBetween(to, now) < REMEMBERED;
  const { kept, ...rest } = talk;
  const isNews = kept !== undefined && secondsBetween(kept.at, now) < 24 * HOUR;
  return {
    ...rest,
    ...(isNews ? { kept } : {}),
    faults: talk.faults.filter((fault) => !isPast(fault)),
    past: [...talk.past, ...past].filter(isRemembered).slice(-PAST_AT_MOST),
  };
}

function asPast({ id, since, over, lastAlarm, mended }: Fault): PastFault {
  return { id, from: since, to: over?.at ?? lastAlarm, ...(mended === undefined ? {} : { mended }) };
}

export function earlierOf({ past }: Talk, { id }: Fault): readonly PastFault[] {
  return past.filter((one) => one.id === id);
}
