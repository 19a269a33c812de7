import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/crash-or-oom/out-of-memory/cause.ts';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { MEMORY_FULL } from '../../../lambda/semantics/load/memory-use.ts';
import {
  afterLevel,
  always,
  between,
  denied,
  ecsService,
  groupArn,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  partly,
  serviceMetrics,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import {
  ago,
  errors,
  exited,
  FAILED_CHECKS,
  inTasks,
  OOM,
  SCALING,
  stopped,
  unscheduled,
} from '../../support/containers.ts';
import { foundFirst, outcome, readable } from '../../support/judged.ts';

const N = null;
const service = { ...inTasks, ecsServices: [ecsService()] };
const failing = { ...service, loadBalancerMetrics: errors('502', 9, 11, 4, 8) };
const memory = (percent: number, usual = 60) =>
  serviceMetrics({
    'prod/web': { MemoryUtilization: between(180, 0, usual).map((value, n) => (n >= 172 ? percent : value)) },
  });
const fresh = task('new', { startedAt: ago(2), createdAt: ago(3) });
const killed = (id: string, minutes: number) => exited(id, minutes, 137, OOM);

test.each([
  ['a task was killed for memory as the errors began', { ...failing, ecsTasks: [killed('a', 4)] }, 'found decisive'],
  [
    'in another spelling',
    { ...failing, ecsTasks: [exited('a', 4, 137, 'OutOfMemoryError: container killed')] },
    'found decisive',
  ],
  ['whatever its exit code', { ...failing, ecsTasks: [exited('a', 4, 1, OOM)] }, 'found decisive'],
  [
    'half an hour before the errors, and never since',
    { ...failing, ecsTasks: [killed('a', 35), fresh], serviceMetrics: memory(60) },
    'ruled-out',
  ],
  [
    'again and again since before the errors',
    { ...failing, ecsTasks: [killed('a', 25), killed('b', 12), killed('c', 4)] },
    'found decisive',
  ],
  [
    'a few minutes before most of the errors, and a new task had taken its place',
    {
      ...service,
      loadBalancerMetrics: errors('502', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
      ecsTasks: [killed('a', 20), task('b', { startedAt: ago(19) })],
    },
    'found circumstantial',
  ],
  [
    'one task of fifty, while most requests fail',
    {
      ...service,
      ecsServices: [ecsService({ desired: 50, running: 50 })],
      loadBalancerMetrics: errors('502', 90, 100, 90, 95),
      ecsTasks: [killed('a', 4)],
    },
    'found circumstantial',
  ],
  [
    '137 without a reason, and memory full before it',
    { ...failing, ecsTasks: [exited('a', 4, 137)], serviceMetrics: memory(95) },
    'found strong',
  ],
  ['134 with memory full', { ...failing, ecsTasks: [exited('a', 4, 134)], serviceMetrics: memory(99) }, 'found strong'],
  [
    '137 with memory just below',
    { ...failing, ecsTasks: [exited('a', 4, 137)], serviceMetrics: memory(94) },
    'found circumstantial',
  ],
  ['137 alone', { ...failing, ecsTasks: [exited('a', 4, 137)] }, 'found circumstantial'],
  [
    '134 alone is an assertion as often',
    { ...failing, ecsTasks: [exited('a', 4, 134)], serviceMetrics: memory(60) },
    'ruled-out',
  ],
  ['memory full, and no task lost', { ...failing, serviceMetrics: memory(97) }, 'found circumstantial'],
  ['memory as full as ever', { ...failing, serviceMetrics: memory(97, 96) }, 'ruled-out'],
  [
    'killed by the stop timeout in a rollout',
    { ...failing, ecsTasks: [unscheduled('a', 4, SCALING, { startedBy: 'ecs-svc/6' })], serviceMetrics: memory(60) },
    'ruled-out',
  ],
  [
    'killed after failed health checks',
    { ...failing, ecsTasks: [unscheduled('a', 4, FAILED_CHECKS)], serviceMetrics: memory(60) },
    'ruled-out',
  ],
  [
    'stopped by hand, exit 137',
    {
      ...failing,
      ecsTasks: [
        stopped('a', 4, { stopCode: 'UserInitiated', containers: [{ name: 'app', exitCode: 137, reason: N }] }),
      ],
      serviceMetrics: memory(60),
    },
    'ruled-out',
  ],
  ['no task was lost, memory unseen', { ...failing, serviceMetrics: denied() }, 'undetermined'],
  [
    'the service gets no requests',
    {
      ...failing,
      ecsServices: [ecsService({ targetGroups: [{ arn: groupArn('green'), container: 'app', containerPort: 8080 }] })],
      ecsTasks: [killed('a', 4)],
    },
    'not-applicable',
  ],
  ['no container at all', { loadBalancerMetrics: errors('502', 9) }, 'not-applicable'],
  ['no error', { ...service, ecsTasks: [killed('a', 4)] }, 'ruled-out'],
  ['tasks denied', { ...failing, ecsTasks: denied(), serviceMetrics: memory(60) }, 'undetermined'],
  [
    'tasks denied, and memory was full',
    { ...failing, ecsTasks: denied(), serviceMetrics: memory(97) },
    'found circumstantial',
  ],
  [
    'some tasks were not seen, and none of those seen was killed',
    {
      ...failing,
      ecsTasks: partly([], { why: 'throttled', detail: 'x', ids: ['prod/web'] }),
      serviceMetrics: memory(60),
    },
    'undetermined',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says how many, since when, and how far it explains the errors', () => {
  const ill = { ...failing, ecsTasks: [killed('a', 4), task('b', { startedAt: ago(60) })], serviceMetrics: memory(98) };
  expect(readable(cause, ill)).toMatchInlineSnapshot(`
    "1 task of web ran out of memory: \`OutOfMemoryError\` [decisive] since 2026-03-10T14:26:00Z
      because  100 % of the errors came while a killed task was missing: from a minute before ECS recorded it as stopped until another could take its place   [loadBalancerMetrics]
      because  a: "OutOfMemoryError: Container killed due to memory usage", exit code \`137\`   [ecsTasks]
      because  \`MemoryUtilization\` of the service at 98 % in the 10 minutes before the errors   [serviceMetrics]
      fix      give the task definition of web more memory, or the process a smaller heap and caches
      look     see why 1 task stopped, while ECS still shows it
               aws ecs describe-tasks --cluster prod --tasks a --region us-east-1"
  `);
});

test.each([
  [60, 'ruled-out'],
  [61, 'undetermined'],
])('of errors that began %s minutes ago, and no kill to be seen: %s', (minutes, expected) => {
  const loadBalancerMetrics = errors('502', ...Array.from({ length: minutes }, () => 9));
  expect(outcome(cause, { ...service, loadBalancerMetrics, serviceMetrics: memory(60) })).toBe(expected);
});

describe('the limit that was reached', () => {
  const definition = (ofTask: number | null, ofContainer: number | null, name = 'app') => ({
    ecsTaskDefinitions: [
      {
        arn: 'web:7',
        memory: ofTask,
        containers: [{ name, essential: true, memory: ofContainer, stopTimeout: null, ports: [8080] }],
      },
    ],
  });
  const read = (ill: object) => readable(cause, { ...failing, ecsTasks: [killed('a', 4)], ...ill });

  test.each([
    ['that of its container', definition(1024, 512), 'limit 512 MiB of container app in `web:7`'],
    ['where it has none, that of the task', definition(1024, null), 'limit 1024 MiB of the whole task in `web:7`'],
    ['where another container has one', definition(1024, 256, 'proxy'), 'limit 1024 MiB of the whole task in `web:7`'],
  ])('is %s', (_, ill, expected) => {
    expect(read(ill)).toContain(expected);
  });

  test('is the one to raise', () => {
    expect(read(definition(1024, 512))).toContain('give the task definition of web more memory than 512 MiB, or');
  });

  test.each([
    ['no limit in it', definition(null, null)],
    ['denied', { ecsTaskDefinitions: denied() }],
    [
      'another revision',
      { ecsTaskDefinitions: definition(1024, 512).ecsTaskDefinitions.map((each) => ({ ...each, arn: 'web:6' })) },
    ],
  ])('is not told: %s', (_, ill) => {
    expect(read(ill)).not.toContain('MiB');
  });
});

test('what came first is hidden where the errors are older than what ECS shows', () => {
  const ill = {
    ...service,
    windowSeconds: 7200,
    loadBalancerMetrics: errors('502', ...Array.from({ length: 90 }, () => 9)),
    ecsTasks: [58, 40, 20, 3].map((minutes) => killed(`t${minutes}`, minutes)),
  };
  expect(outcome(cause, ill)).toBe('found circumstantial');
  expect(readable(cause, ill)).toContain('ECS shows stopped tasks for an hour');
  const events = [{ at: ago(89), message: '(service web) has started 1 tasks: (task x).' }];
  expect(readable(cause, { ...ill, ecsServices: [ecsService({ events })] })).toContain(
    '[decisive] since 2026-03-10T13:01:00Z',
  );
});

test('a kill an hour into the errors is an effect', () => {
  const ill = {
    ...service,
    windowSeconds: 7200,
    loadBalancerMetrics: errors('504', ...Array.from({ length: 75 }, () => 9)),
    ecsTasks: [killed('a', 12)],
    serviceMetrics: serviceMetrics({ 'prod/web': { MemoryUtilization: always(60) } }),
  };
  expect(readable(cause, ill)).toContain('[circumstantial]');
});

const launchedAt = '2026-03-10T13:00:00Z';
const onInstance = {
  loadBalancerMetrics: errors('502', 9, 11, 4, 8),
  targetHealth: [unhealthy('i-1', 'Target.FailedHealthChecks')],
  instances: [instance('i-1', { launchedAt })],
};
/** The errors began 5160 s after the launch, at 14:26. */
const consoleSays = (...lines: string[]) => ({
  consoleOutput: [{ instanceId: 'i-1', at: '2026-03-10T14:29:00Z', lines }],
});
const kill = (seconds: number | null) =>
  `${seconds === null ? '' : `[ ${seconds}.769795] `}Out of memory: Killed process 123 (java) total-vm:1kB`;

test.each([
  ['just before the errors', consoleSays(kill(5100)), 'found decisive'],
  ['in the minute they began', consoleSays(kill(5219)), 'found decisive'],
  ['in the next', consoleSays(kill(5220)), 'found circumstantial'],
  ['ten minutes before', consoleSays(kill(4560)), 'found decisive'],
  ['longer before: another story, or another boot', consoleSays(kill(4559)), 'found circumstantial'],
  ['later than AWS was read', consoleSays(kill(90_000)), 'found circumstantial'],
  ['without a time', consoleSays(kill(null)), 'found circumstantial'],
  ['started again since', consoleSays(kill(5100), '[    0.000000] Linux version 6.1'), 'found circumstantial'],
  ['nothing of the kind', consoleSays('[ 5100.1] eth0: link up'), 'ruled-out'],
  [
    'the console is of before the errors',
    { consoleOutput: [{ instanceId: 'i-1', at: launchedAt, lines: ['x'] }] },
    'undetermined',
  ],
  ['the health of targets denied', { targetHealth: denied() }, 'undetermined'],
  ['the console denied', { consoleOutput: denied() }, 'undetermined'],
])('an instance whose kernel killed a process: %s', (_, ill, expected) => {
  expect(outcome(cause, { ...onInstance, ...ill })).toBe(expected);
});

test.each([
  ['the only failing one', 1, 'found decisive'],
  ['one of two', 2, 'found decisive'],
  ['one of three, and the other consoles were not read', 3, 'found circumstantial'],
  ['one of 150', 150, 'found circumstantial'],
])('a kill on %s', (_, failing, expected) => {
  const ids = Array.from({ length: failing }, (_, n) => `i-${n + 1}`);
  const ill = {
    ...onInstance,
    targetHealth: ids.map((id) => unhealthy(id, 'Target.FailedHealthChecks')),
    instances: ids.map((id) => instance(id, { launchedAt })),
  };
  expect(outcome(cause, { ...ill, ...consoleSays(kill(5100)) })).toBe(expected);
});

test('of several kills, tells of the last one before the errors', () => {
  const ill = { ...onInstance, ...consoleSays(kill(4700), kill(5150), kill(5400)) };
  expect(readable(cause, ill)).toContain('killed `java` at 14:25, one of 3 kills since the instance started');
});

test('names the process that the kernel of an instance killed', () => {
  expect(readable(cause, { ...onInstance, ...consoleSays(kill(5100)) })).toMatchInlineSnapshot(`
    "The kernel of i-1 killed \`java\`: out of memory [decisive] since 2026-03-10T14:25:00Z
      because  the errors began at 14:26   [loadBalancerMetrics]
      because  console of i-1: Out of memory, killed \`java\` at 14:25   [consoleOutput]
      fix      start the process of web on i-1 again, and give it more memory or a smaller heap
      fix      reboot i-1, with everything else that runs there: only what starts with the system comes back. It helps only for a while: memory fills up again until there is more
               aws ec2 reboot-instances --instance-ids i-1 --region us-east-1"
  `);
});

test.each([
  ['in the minute after the first errors, as ECS writes a stop down late', 8, '2026-03-10T14:21:00Z'],
  ['two minutes after them, which is late for that', 7, '2026-03-10T14:23:00Z'],
])('a kill is dated %s', (_, minutes, since) => {
  const ill = {
    ...service,
    loadBalancerMetrics: errors('502', ...Array.from({ length: 9 }, () => 9)),
    ecsTasks: [killed('a', minutes), task('b', { startedAt: ago(60) })],
  };
  expect(readable(cause, ill)).toContain(`since ${since}`);
});

test('the page says from when on memory is full', () => {
  const page = new URL('../../../lambda/causes/crash-or-oom/out-of-memory/page.md', import.meta.url);
  expect(readFileSync(page, 'utf8')).toContain(`the memory of the service at ${MEMORY_FULL} % before it`);
});

describe('memory that was full as the errors began, and nothing seen of a kill', () => {
  /** A level, and since so many minutes other values. */
  const use = (usual: number, ...values: number[]): Values => afterLevel(usual, ...values);
  const since = (minutes: number, percent: number): Values => use(60, ...Array<number>(minutes).fill(percent));
  const ofService = (values: Values): Ill => ({
    ...service,
    loadBalancerMetrics: errors('504', ...Array<number>(9).fill(20)),
    serviceMetrics: serviceMetrics({ 'prod/web': { CPUUtilization: always(20), MemoryUtilization: values } }),
  });
  /** Six in ten minutes more, to 95 % two hours later. */
  const leak = Array.from({ length: 180 }, (_, minute) => Math.min(100, 40 + minute / 3));

  test.each<[string, Values, string]>([
    [
      'it climbed in the minutes before, and stays',
      use(64, 74, 85, 94, 99.8, ...Array(9).fill(99.8)),
      'found circumstantial',
    ],
    ['in the minute of the first error', since(9, 97), 'found circumstantial'],
    ['a minute later: an effect', since(8, 97), 'ruled-out'],
    ['at 95 %', since(12, 95), 'found circumstantial'],
    ['just below', since(12, 94.9), 'ruled-out'],
    ['for an hour before', since(69, 97), 'found circumstantial'],
    ['for longer', since(70, 97), 'ruled-out'],
    ['as full as ever', always(97), 'ruled-out'],
    ['a heap that goes up and down near it', always(0).map((_, n) => (n % 2 === 0 ? 92 : 96)), 'ruled-out'],
    ['a slow leak', leak, 'found circumstantial'],
    [
      'it fell as the errors began',
      use(60, ...Array<number>(5).fill(97), ...Array<number>(9).fill(50)),
      'found circumstantial',
    ],
    ['it had fallen long before', use(60, ...Array<number>(5).fill(97), ...Array<number>(20).fill(50)), 'ruled-out'],
  ])('of a service: %s', (_, values, expected) => {
    expect(outcome(cause, ofService(values))).toBe(expected);
  });

  test('says since when, and what it was before', () => {
    const told = readable(cause, ofService(since(12, 97)));
    expect(told).toContain('at 95 % or more from 14:18 on, up to 97 %, against 60 % before');
    expect(told).toContain('restart the tasks of web');
    expect(told).toContain('--force-new-deployment');
    expect(told).not.toContain('killed');
  });

  const slow = {
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_504_Count: lately(9, 90),
      HTTPCode_ELB_5XX_Count: lately(9, 90),
      'TargetResponseTime.max': lately(9, 59),
    }),
  };
  test('stands above slow and silent targets, which it makes', () => {
    const silent = { targetHealth: ['10.0.10.21', '10.0.11.22'].map((id) => unhealthy(id, 'Target.Timeout')) };
    expect(foundFirst({ ...ofService(since(12, 97)), ...slow })).toBe('out-of-memory');
    expect(foundFirst({ ...ofService(since(12, 97)), ...slow, ...silent })).toBe('out-of-memory');
    expect(foundFirst({ ...ofService(always(60)), ...slow })).toBe('slower-than-idle-timeout');
  });

  const ofInstances = (...used: (Values | null)[]): Ill => ({
    ...slow,
    instanceMetrics: instanceMetrics(
      Object.fromEntries(
        used.map((values, n) => [
          `i-${n + 1}`,
          { CPUUtilization: always(20), ...(values === null ? {} : { mem_used_percent: values }) },
        ]),
      ),
    ),
  });
  test.each<[string, Ill, string]>([
    ['both', ofInstances(since(12, 97), since(12, 97)), 'found circumstantial'],
    ['one of them', ofInstances(since(12, 97), null), 'found circumstantial'],
    ['just below', ofInstances(since(12, 94.9), since(12, 94.9)), 'not-applicable'],
    ['no agent', ofInstances(null, null), 'not-applicable'],
  ])('of instances: %s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('of instances: is told first, and of those only', () => {
    const ill = ofInstances(since(12, 97), always(40));
    expect(foundFirst(ill)).toBe('out-of-memory');
    const told = readable(cause, ill);
    expect(told).toContain('The memory of i-1 of web was full as the errors began [circumstantial]');
    expect(told).not.toMatch(/killed|i-2/);
  });
});
