import type { Room } from './story/room.ts';

/** Laid out in the first room, from the largest on, in which it takes at most so many lines; in the last, whatever it takes. */
export function fitting<In extends Room>(
  rooms: readonly In[],
  atMost: number,
  layOut: (room: In) => readonly string[],
): readonly string[] {
  let lines: readonly string[] = [];
  for (const room of rooms) {
    lines = layOut(room);
    if (lines.length <= atMost) break;
  }
  return lines;
}
