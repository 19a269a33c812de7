import type { Time } from '../../../incident/text.ts';
import { plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';
import type { LogSpan } from '../log-span.ts';

export interface LogFile {
  readonly key: string;
  readonly bytes: number;
  readonly from: Time;
  readonly to: Time;
}

/** Ten minutes on either side of the onset tell what began; the newest tell what is. */
const NEAR = 600;

/**
 * What is read where all is too much: a file of each interval in turn, first those around the onset and the newest, until the
 * budget is used up. Files of one interval are of several nodes: one of them stands for the others.
 */
export function chosenFiles(files: readonly LogFile[], span: LogSpan, budget: number): readonly LogFile[] {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const newestFirst = [...files].sort(
    (one, other) => secondsBetween(one.to, other.to) || (one.key < other.key ? -1 : 1),
  );
  if (total <= budget) return newestFirst;
  const intervals = new Map<Time, LogFile[]>();
  for (const file of newestFirst) intervals.set(file.to, [...(intervals.get(file.to) ?? []), file]);
  const inTurn = [...intervals.values()].sort((one, other) => rankOf(one, span) - rankOf(other, span));
  const chosen: LogFile[] = [];
  let left = budget;
  for (let turn = 0; inTurn.some((of) => turn < of.length); turn += 1) {
    inTurn.forEach((of, index) => {
      // Another node in each interval.
      const file = turn < of.length ? of[(turn + index) % of.length] : undefined;
      if (file === undefined || file.bytes > left) return;
      chosen.push(file);
      left -= file.bytes;
    });
  }
  return chosen;
}

/** 0 where it is read first. */
function rankOf([first]: readonly LogFile[], { onset, to }: LogSpan): number {
  if (first === undefined) return 2;
  const isNewest = secondsBetween(first.to, to) < NEAR;
  const isNearOnset =
    onset !== null &&
    secondsBetween(plusSeconds(onset, -NEAR), first.to) > 0 &&
    secondsBetween(first.from, plusSeconds(onset, NEAR)) > 0;
  return isNewest || isNearOnset ? 0 : 1;
}
