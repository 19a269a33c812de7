import type { Text, Time } from '../incident/text.ts';

/** What is told as proof, of which evidence, and when that was, where it is known apart from the words. */
interface Proof {
  readonly shows: Text;
  readonly from?: string;
  readonly at?: Time;
}

/** A metric's minute, in milliseconds: what it tells happened somewhere in it, after whatever somebody did in it. */
const MINUTE = 60_000;

/** When what it tells happened or began, in milliseconds; of a state as it was read, nothing. */
function timeOf({ at, shows, from = '' }: Proof): number | null {
  const [told] = at === undefined ? shows.flatMap((part) => (part.kind === 'time' ? part.at : [])) : [at];
  if (told === undefined) return null;
  return Date.parse(told) + (from.endsWith('Metrics') ? MINUTE - 1 : 0);
}

/** Oldest first, of what happened at a time; what tells no time keeps its place among the others. */
export function inOrderOfTime<One extends Proof>(because: readonly One[]): readonly One[] {
  const times = because.map(timeOf);
  const places = times.flatMap((at, index) => (at === null ? [] : index));
  const oldestFirst = [...places].sort((one, other) => (times[one] ?? 0) - (times[other] ?? 0));
  return because.map((one, index) => because[oldestFirst[places.indexOf(index)] ?? index] ?? one);
}
