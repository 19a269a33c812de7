import type { Values } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { levelIn, maxOf, valuesIn } from '../time/minutes.ts';

/** How full the memory of a service or an instance was as the errors began. */
export interface MemoryUse {
  /** The highest percentage in the minutes before the errors. */
  readonly most: number;
  /** It rose to where it is full, not long before the errors, and was full as they began. */
  readonly rose: boolean;
  /** The first minute of it, where it is full. */
  readonly first: number | null;
  /** What it was in the hour before that; `null`: too little of it was seen. */
  readonly usual: number | null;
}

/** Percent of memory from which on the next allocation may be the last. */
export const MEMORY_FULL = 95;
/** Memory that always stands there has been made so: a heap of fixed size. */
const USUAL = 90;
/** Minutes before the errors in which memory must have been full. */
export const MEMORY_LEAD_MINUTES = 10;
/** Full for longer than this without an error, in minutes, is not why errors began. */
const LONG_BORNE = 60;
/** The CloudWatch agent sends it every minute, or every five. */
const STEP = 5;
/** Memory that climbs does so over some minutes. */
const CLIMB = 20;

/** `null` where its use was not sent. */
export function memoryUseBefore(values: Values | undefined, { span, older }: EpisodeSpan): MemoryUse | null {
  const lead = { first: Math.max(0, span.first - MEMORY_LEAD_MINUTES), last: span.first };
  const most = maxOf(valuesIn(values, lead));
  if (values === undefined || most === null) return null;
  const first = startOfFull(values, span.first);
  const from = first ?? lead.first;
  const usual = levelIn(values, { first: Math.max(0, from - 60), last: from - CLIMB });
  const isNew = first !== null && span.first - first <= LONG_BORNE && usual !== null && usual < USUAL;
  return { most, rose: isNew && !older, first, usual };
}

/** Of the run in which it was full as the errors began, or until then. */
function startOfFull(values: Values, onset: number): number | null {
  const last = values.findLastIndex(
    (value, minute) => minute <= onset && minute >= onset - STEP && value !== null && value >= MEMORY_FULL,
  );
  if (last < 0) return null;
  const roomy = values.findLastIndex((value, minute) => minute < last && value !== null && value < MEMORY_FULL);
  return values.findIndex((value, minute) => minute > roomy && value !== null);
}
