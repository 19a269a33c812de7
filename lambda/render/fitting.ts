import type { Room } from './story/story.ts';

/** Laid out in the first room, from the largest on, in which it takes at most so many lines; in the last, whatever it takes. */
export function fitting(
  rooms: readonly Room[],
  atMost: number,
  layOut: (room: Room) => readonly string[],
): readonly string[] {
  let lines: readonly string[] = [];
  for (const room of rooms) {
    lines = layOut(room);
    if (lines.length <= atMost) break;
  }
  return lines;
}
