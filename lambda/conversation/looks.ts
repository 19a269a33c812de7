import type { Time } from '../incident/text.ts';
import { plusSeconds, secondsBetween } from '../semantics/time/minutes.ts';
import type { Fault, Heard, Talk } from './talk.ts';

const FIRST = 8 * 60;
/** CloudTrail is up to fifteen minutes late, logs up to ten. */
const ALL_IS_THERE = 15 * 60;
const LAST = 30 * 60;
const LOOKS_AT_MOST = 4;
export const FRESH: NonNullable<Talk['look']> = { due: null, count: 0 };
/** What came and went has ended where it stayed away for as long. */
export const CALM = 30 * 60;

/** What is told first is looked at again, eight minutes later; after that, for as long as something may still change. */
export function nextLook(talk: Talk, heard: Heard, fault: Fault | undefined): Talk {
  const taken = heard.by === 'second-look' ? (talk.look?.count ?? 0) + 1 : (talk.look?.count ?? 0);
  const pending = heard.by === 'second-look' ? null : (talk.look?.due ?? null);
  if (pending !== null && secondsBetween(heard.now, pending) > 0) return talk;
  const first = fault?.firstTold ?? (fault?.held ? heard.now : undefined);
  const due = first === undefined || fault?.over?.told || taken >= LOOKS_AT_MOST ? null : dueAfter(first, heard);
  return withLook(talk, due, taken);
}

/** What could not be said yet is said then, if it still holds. */
export function lookAt(talk: Talk, heard: Heard, due: Time): Talk {
  const taken = (talk.look?.count ?? 0) + (heard.by === 'second-look' ? 1 : 0);
  const pending = heard.by === 'second-look' ? null : (talk.look?.due ?? null);
  if (pending !== null && secondsBetween(pending, due) >= 0 && secondsBetween(heard.now, pending) > 0) return talk;
  return withLook(talk, taken >= LOOKS_AT_MOST ? null : due, taken);
}

function dueAfter(first: Time, heard: Heard): Time | null {
  const passed = secondsBetween(first, heard.now);
  if (passed < FIRST) return plusSeconds(first, FIRST);
  if (passed < ALL_IS_THERE && heard.awaitsMore) return plusSeconds(first, ALL_IS_THERE);
  return passed < LAST && !heard.over ? plusSeconds(first, LAST) : null;
}

function withLook({ look: _, ...talk }: Talk, due: Time | null, count: number): Talk {
  return due === null && count === 0 ? talk : { ...talk, look: { due, count } };
}
