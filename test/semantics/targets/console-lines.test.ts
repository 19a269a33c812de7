import { expect, test } from 'vitest';
import { consoleLinesRead } from '../../../lambda/semantics/targets/console-lines.ts';
import { oomLinesIn } from '../../../lambda/semantics/targets/console-oom-lines.ts';
import { firstStartTroubleIn } from '../../../lambda/semantics/targets/first-start-lines.ts';
import { restartIn } from '../../../lambda/semantics/targets/instance-reboots.ts';

const KILL = '[  812.140] Out of memory: Killed process 2211 (node) total-vm:1834020kB';
const BOOT = '[    0.000000] Linux version 6.1.0';
const FAILED = '[   20.1] cloud-init[1234]: cc_scripts_user.py[WARNING]: Failed to run module scripts_user';

test.each<[lines: readonly string[], kept: readonly string[]]>([
  [['ip-10-0-10-11 login: alice.smith', 'DB_PASSWORD=hunter2'], ['…']],
  [[], []],
  [
    ['[  800.1] mounted /home/alice', KILL, 'ip-10-0-10-11 login: bob', 'Password:'],
    ['[  800.1] …', KILL, '…'],
  ],
  [
    ['[5160.1] eth0: link up', BOOT, FAILED],
    ['[5160.1] …', BOOT, FAILED],
  ],
  [['[    2.1] cloud-init[9]: export DB_PASSWORD=hunter2'], ['[    2.1] …']],
])('of %j stays what a cause reads', (lines, kept) => {
  expect(consoleLinesRead(lines)).toEqual(kept);
  expect(consoleLinesRead(kept)).toEqual(kept);
});

test('what is left out changes nothing of what is read', () => {
  const lines = ['[5160.1] eth0: link up', KILL, 'login: alice', '[  3.1] up', BOOT, '[  9.1] app', FAILED, KILL];
  const read = consoleLinesRead(lines);
  expect(oomLinesIn(read)).toEqual(oomLinesIn(lines));
  expect(firstStartTroubleIn(read)).toEqual(firstStartTroubleIn(lines));
  const at = { instanceId: 'i-1', at: null };
  expect(restartIn({ ...at, lines: read })).toEqual(restartIn({ ...at, lines }));
});

test.each([
  ['Failed to run module scripts_user: DB_PASSWORD=hunter2', 'hunter2'],
  ["Failed to run module scripts_user: {'api_key': 'hunter2'}", 'hunter2'],
  ['Failed to run module scripts_user: mysql --password hunter2 -u root', 'hunter2'],
  ['Failed to run module scripts_user: AWS_SECRET_ACCESS_KEY = hunter2', 'hunter2'],
  ['cloud-init[9]: curl -H "Authorization: Bearer eyJhbGciOi.hunter2": Connection timed out', 'hunter2'],
  ['cloud-init[9]: Failed to connect to https://ci:hunter2@git.example.com/app', 'hunter2'],
])('of %s the secret does not stay', (line, secret) => {
  const [read = ''] = consoleLinesRead([line]);
  expect(read).not.toContain(secret);
  expect(read).toContain('(a value)');
  expect(consoleLinesRead([read])).toEqual([read]);
});

test('of a process that was killed its arguments do not stay', () => {
  const line = (process: string) =>
    `[  812.140] Memory cgroup out of memory: Killed process 7 (${process}) total-vm:1kB`;
  const [read = ''] = consoleLinesRead([line('mysql -phunter2')]);
  expect(read).toBe(line('mysql …'));
  expect(consoleLinesRead([read, line('node')])).toEqual([read, line('node')]);
  expect(oomLinesIn([read])).toEqual(oomLinesIn([line('mysql -phunter2')]));
});
