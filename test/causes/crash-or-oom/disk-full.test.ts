import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/crash-or-oom/disk-full/cause.ts';
import type { Values } from '../../../lambda/incident/evidence.ts';
import {
  afterLevel,
  always,
  change,
  denied,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  TG,
  target,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { inTasks } from '../../support/containers.ts';
import { foundFirst, outcome, readable } from '../../support/judged.ts';
import { behindLambda } from '../../support/lambda.ts';

/** So many of 120 requests a minute are answered 5xx by targets since 14:21. */
const failing = (of120 = 100): Ill => ({
  loadBalancerMetrics: metrics({
    HTTPCode_Target_5XX_Count: lately(9, of120),
    HTTPCode_Target_2XX_Count: afterLevel(120, ...Array(9).fill(120 - of120)),
  }),
});
/** 80 %, and since so many minutes another value. */
const filling = (minutes: number, value: number): Values => afterLevel(80, ...Array(minutes).fill(value));
const disks = (...used: readonly (Values | null)[]): Ill => ({
  targetHealth: used.map((_, n) => target(`i-${n + 1}`)),
  instances: used.map((_, n) => instance(`i-${n + 1}`)),
  instanceMetrics: instanceMetrics(
    Object.fromEntries(
      used.map((values, n) => [
        `i-${n + 1}`,
        { CPUUtilization: always(20), ...(values === null ? {} : { disk_used_percent: values }) },
      ]),
    ),
  ),
});
const full = filling(20, 100);
const roomy = always(60);

test.each<[string, Ill, string]>([
  ['both full since before the errors', { ...failing(), ...disks(full, full) }, 'found strong'],
  ['at 99 %', { ...failing(), ...disks(filling(20, 99), filling(20, 99)) }, 'found strong'],
  ['just below', { ...failing(), ...disks(filling(20, 98.9), filling(20, 98.9)) }, 'found circumstantial'],
  ['at 95 %', { ...failing(), ...disks(filling(20, 95), filling(20, 95)) }, 'found circumstantial'],
  ['just below that', { ...failing(), ...disks(filling(20, 94.9), filling(20, 94.9)) }, 'ruled-out'],
  ['in the minute of the first error', { ...failing(), ...disks(filling(9, 100), filling(9, 100)) }, 'found strong'],
  ['after it: an effect', { ...failing(), ...disks(filling(8, 100), filling(8, 100)) }, 'ruled-out'],
  ['for an hour before', { ...failing(), ...disks(filling(69, 100), filling(69, 100)) }, 'found strong'],
  ['for longer', { ...failing(), ...disks(filling(70, 100), filling(70, 100)) }, 'found circumstantial'],
  ['for all that was read: perhaps an image', { ...failing(), ...disks(always(100), always(100)) }, 'undetermined'],
  [
    'there is room again, and the errors go on',
    { ...failing(), ...disks(...[1, 2].map(() => afterLevel(80, ...Array(11).fill(100), ...Array(7).fill(40)))) },
    'found circumstantial',
  ],
  ['one of two, and half of the requests fail', { ...failing(60), ...disks(full, roomy) }, 'found strong'],
  ['one of two, and most fail', { ...failing(110), ...disks(full, roomy) }, 'found circumstantial'],
  ['one of two, and few fail', { ...failing(20), ...disks(full, roomy) }, 'found circumstantial'],
  [
    'one of three, which is the one that fails its checks',
    {
      ...failing(20),
      ...disks(full, roomy, roomy),
      targetHealth: [unhealthy('i-1', 'Target.FailedHealthChecks'), target('i-2'), target('i-3')],
    },
    'found strong',
  ],
  [
    'one of three, and another one fails',
    {
      ...failing(40),
      ...disks(full, roomy, roomy),
      targetHealth: [target('i-1'), unhealthy('i-2', 'Target.FailedHealthChecks'), target('i-3')],
    },
    'found circumstantial',
  ],
  [
    'the one that fails has no agent',
    {
      ...failing(120),
      ...disks(full, null),
      targetHealth: [target('i-1'), unhealthy('i-2', 'Target.FailedHealthChecks')],
    },
    'found circumstantial',
  ],
  ['no agent', { ...failing(), ...disks(null, null) }, 'undetermined'],
  ['room on one, and the other failing one has no agent', { ...failing(), ...disks(roomy, null) }, 'ruled-out'],
  ['there is room', { ...failing(), ...disks(roomy, roomy) }, 'ruled-out'],
  ['no request fails', disks(full, full), 'ruled-out'],
  ['tasks: AWS tells nothing of their disks', { ...failing(), ...inTasks }, 'undetermined'],
  ['functions have none', behindLambda(failing()), 'not-applicable'],
  ['metrics denied', { ...failing(), instanceMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says what is wrong, why, and what to do', () => {
  expect(readable(cause, { ...failing(), ...disks(full, full) })).toMatchInlineSnapshot(`
    "A file system of each of 2 targets of web is full [strong] since 2026-03-10T14:10:00Z
      because  \`disk_used_percent\` of i-1 and i-2 at 99 % or more from 14:10 on, up to 100 %, of the fullest file system   [instanceMetrics]
      because  the errors began at 14:21   [loadBalancerMetrics]
      fix      make room on i-1 and i-2: \`df -h; df -i\` there shows which file system is full; then what fits of \`sudo journalctl --vacuum-size=200M\`, \`sudo docker system prune\`, or emptying the log that grew (\`sudo truncate -s 0 FILE\`); start the application again where it ended
      fix      or grow the volume that holds it (\`aws ec2 modify-volume\`), then the partition and the file system on the host (\`growpart\`, \`xfs_growfs\` or \`resize2fs\`)"
  `);
});

describe('beside a new version', () => {
  /** Full from 14:00 on, and errors from 14:21 on. */
  const released = (at: string, event = 'StartInstanceRefresh', resources = [TG]): Ill => ({
    ...failing(),
    ...disks(filling(30, 100), filling(30, 100)),
    changes: [change({ is: 'other' }, { at, event, resources })],
  });
  test.each<[string, Ill, string]>([
    ['as the errors began', released('2026-03-10T14:20:30Z'), 'circumstantial'],
    ['by CodeDeploy', released('2026-03-10T14:20:30Z', 'CreateDeployment'), 'circumstantial'],
    ['fifteen minutes before them', released('2026-03-10T14:06:00Z'), 'circumstantial'],
    ['longer before them', released('2026-03-10T14:05:59Z'), 'strong'],
    ['within their first minute', released('2026-03-10T14:22:00Z'), 'circumstantial'],
    ['after them', released('2026-03-10T14:22:01Z'), 'strong'],
    ['of another group', released('2026-03-10T14:20:30Z', 'StartInstanceRefresh', ['arn:other']), 'strong'],
    ['that is none', released('2026-03-10T14:20:30Z', 'SetDesiredCapacity'), 'strong'],
    [
      'before the disks were full: it filled them, perhaps',
      { ...released('2026-03-10T14:12:00Z'), ...disks(filling(14, 100), filling(14, 100)) },
      'strong',
    ],
  ])('%s', (_, ill, strength) => {
    const told = readable(cause, ill);
    expect(told).toContain(`[${strength}]`);
    expect(told.includes('a new version may also be the cause')).toBe(strength === 'circumstantial');
  });

  test('says who brought it, and how long it went well with full disks', () => {
    expect(readable(cause, released('2026-03-10T14:20:30Z'))).toMatch(
      /`alice` started an instance refresh of web as the errors began: the disks had been this full for 20 min without an error until then/,
    );
  });
});

test('what is nearly full is not told with the number that means full', () => {
  const told = readable(cause, { ...failing(), ...disks(filling(20, 98.96), filling(20, 97)) });
  expect(told).toContain('is nearly full');
  expect(told).toContain('up to 98.9 %');
  expect(told).not.toContain('99 %');
});

test('never names a volume or a file system that nobody saw, nor only looks', () => {
  const told = readable(cause, { ...failing(), ...disks(full, full) });
  expect(told).not.toMatch(/vol-|\/var|\/dev\//);
  expect(told).toContain('fix');
  expect(told).not.toContain('look  ');
});

describe('stands above what comes of it', () => {
  const hung = (ill: Ill): Ill => ({
    ...ill,
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_504_Count: lately(9, 100),
      HTTPCode_ELB_5XX_Count: lately(9, 100),
      'TargetResponseTime.max': lately(9, 59),
    }),
  });
  test('of the answers of the application', () => {
    expect(foundFirst({ ...failing(), ...disks(full, full) })).toBe('disk-full');
  });
  test('of slow answers', () => {
    expect(foundFirst(hung(disks(full, full)))).toBe('disk-full');
  });
  test('of silence', () => {
    const targetHealth = ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.Timeout'));
    expect(foundFirst({ ...hung(disks(full, full)), targetHealth })).toBe('disk-full');
  });
  test('of a port that nobody listens on', () => {
    const refused = metrics({
      HTTPCode_ELB_502_Count: lately(9, 120),
      HTTPCode_ELB_5XX_Count: lately(9, 120),
      TargetConnectionErrorCount: lately(9, 120),
    });
    const targetHealth = ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.FailedHealthChecks'));
    expect(foundFirst({ ...disks(full, full), loadBalancerMetrics: refused, targetHealth })).toBe('disk-full');
  });
  test('not where it is nearly full only', () => {
    expect(foundFirst({ ...failing(), ...disks(filling(20, 96), filling(20, 96)) })).toBe('target-returns-5xx');
  });
});
