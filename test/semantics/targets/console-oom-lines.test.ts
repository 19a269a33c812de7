import { expect, test } from 'vitest';
import { oomLinesIn } from '../../../lambda/semantics/targets/console-oom-lines.ts';

test.each([
  ['[115879.769795] Out of memory: kill process 20273 (httpd) score 1285879 or a child', 'httpd', false, 115879.769795],
  ['Memory cgroup out of memory: Killed process 19289 (memcg_process) total-vm:2676kB', 'memcg_process', true, null],
  ['[   12.5] Out of memory: Killed process 123 (game) total-vm:123456kB', 'game', false, 12.5],
])('%s', (line, process, ofContainer, secondsSinceBoot) => {
  expect(oomLinesIn([line])).toEqual([{ process, ofContainer, secondsSinceBoot }]);
});

test('a line that only announces the killer is no kill', () => {
  expect(oomLinesIn(['[ 1.0] httpd invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0'])).toEqual([]);
});

test.each([
  ['java', 'java'],
  ['tokio-runtime-w', 'tokio-runtime-w'],
  ['node --key=s3cr3t', 'node …'],
  ['postgres: alice s3cr3t', 'postgres: …'],
  ['TOKEN=s3cr3t', 'TOKEN …'],
])('of the killed process (%s) only the program is told', (written, told) => {
  const [kill] = oomLinesIn([`[ 12.5] Out of memory: Killed process 812 (${written}) total-vm:1kB`]);
  expect(kill?.process).toBe(told);
});
