import { expect, test } from 'vitest';
import { restartIn } from '../../../lambda/semantics/targets/instance-reboots.ts';

const read = (...lines: string[]) => restartIn({ instanceId: 'i-1', at: null, lines });
const boot = '[    0.000000] Linux version 6.1.0 (gcc)';
const older = '[ 5160.123456] eth0: link up';

test.each([
  ['only the first start', [boot, older], null],
  ['nothing', [], null],
  ['a start after older lines', [older, boot], { panic: null }],
  [
    'a panic before it',
    ['[ 5160.1] Kernel panic - not syncing: Fatal exception in interrupt', boot],
    { panic: 'Fatal exception in interrupt' },
  ],
  ['a panic, and no start yet', [boot, 'Kernel panic - not syncing: VFS: no root '], { panic: 'VFS: no root' }],
])('a console that shows %s', (_, lines, expected) => {
  expect(read(...lines)).toEqual(expected);
});
