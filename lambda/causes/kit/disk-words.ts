import type { Citation } from '../../incident/finding.ts';
import { andList, code, percent, resource, type Text, text, time } from '../../incident/text.ts';
import { groupBy } from '../../semantics/group-by.ts';
import type { DiskLimit } from '../../semantics/load/disk-limits.ts';

/** As proofs: those that came to the same limit in the same minute together. */
export function disksSaid(limits: readonly DiskLimit[]): readonly Citation<Text, 'instanceMetrics'>[] {
  return groupBy(limits, ({ is, minute }) => `${is} ${minute}`).map(([first, ...more]) => {
    const ids = andList([first, ...more].map(({ instanceId }) => resource(instanceId)));
    const shows =
      first.is === 'full'
        ? text`a disk of ${ids} is full: ${percent(first.used / 100)}`
        : text`the disks of ${ids} had used up their burst balance at ${time(first.at)} (${code(first.balance)} at 0): they are limited to their baseline`;
    return { from: 'instanceMetrics', shows, at: first.at };
  });
}
