import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/crash-or-oom/crashing-backend/cause.ts';
import { plusSeconds } from '../../../lambda/semantics/time/minutes.ts';
import {
  always,
  aRuleTo,
  change,
  denied,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  lately,
  metrics,
  newest,
  TG,
  targetGroup,
  task,
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
import { outcome, readable } from '../../support/judged.ts';

const failing = { ...inTasks, ecsServices: [ecsService()], loadBalancerMetrics: errors('502', 9, 11, 4, 8) };
const onInstances = { loadBalancerMetrics: errors('502', 9, 11, 4, 8) };
const healthy = (...values: number[]) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': newest(...values) } }),
});
/** Errors for eight minutes; the middle answers take five seconds for so many, and were fast before. */
const slowFirst = (minutes: number) => ({
  loadBalancerMetrics: metrics({
    ...errors('502', 9, 11, 4, 8, 9, 11, 4, 8).values,
    'TargetResponseTime.p50': always(0.1).map((usual, minute) => (minute >= 180 - minutes ? 5 : usual)),
  }),
});
const aLambdaGroup = (name: string) => targetGroup(name, { targetType: 'lambda', port: null });
const besideFunction = (unanswered: number) => ({
  ...onInstances,
  targetGroups: [targetGroup('web'), aLambdaGroup('api')],
  listenerRules: [...aRuleTo(TG), ...aRuleTo(groupArn('api'))],
  targetGroupMetrics: groupMetrics({
    [TG]: { RequestCount: always(60), HTTPCode_Target_2XX_Count: newest(...Array(179).fill(60), 60 - unanswered) },
    [groupArn('api')]: { RequestCount: always(60), HTTPCode_Target_2XX_Count: always(50) },
  }),
});
/** So many minutes of errors, still going on. */
const lasting = (minutes: number) => errors('502', ...Array.from({ length: minutes }, () => 9));
const stayed = (...minutes: number[]) => minutes.map((each) => task(`t${each}`, { startedAt: ago(each) }));
const old = { startedBy: 'ecs-svc/6' };

test.each([
  ['a task exited with 1 as the errors began', { ...failing, ecsTasks: [exited('a', 4, 1)] }, 'found decisive'],
  ['a task exited with 0: a server that ends is down', { ...failing, ecsTasks: [exited('a', 4, 0)] }, 'found decisive'],
  [
    'a crash loop since before the errors',
    { ...failing, ecsTasks: [exited('a', 20, 1), exited('b', 9, 1), exited('c', 4, 1)] },
    'found decisive',
  ],
  [
    'after the errors began',
    {
      ...failing,
      loadBalancerMetrics: errors('502', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
      ecsTasks: [exited('a', 2, 1)],
    },
    'found circumstantial',
  ],
  ['long before the errors', { ...failing, ecsTasks: [exited('a', 40, 1)] }, 'ruled-out'],
  [
    'one of fifty tasks, while most requests fail',
    {
      ...failing,
      ecsServices: [ecsService({ desired: 50 })],
      loadBalancerMetrics: errors('502', 99, 99, 99, 99),
      ecsTasks: [exited('a', 4, 1)],
    },
    'found circumstantial',
  ],
  ['killed for memory: a cause of its own', { ...failing, ecsTasks: [exited('a', 4, 137, OOM)] }, 'ruled-out'],
  [
    'stopped for failed health checks, exit 137',
    { ...failing, ecsTasks: [unscheduled('a', 4, FAILED_CHECKS)] },
    'ruled-out',
  ],
  ['replaced by a deployment, exit 143', { ...failing, ecsTasks: [unscheduled('a', 4, SCALING, old)] }, 'ruled-out'],
  ['taken by Spot', { ...failing, ecsTasks: [stopped('a', 4, { stopCode: 'SpotInterruption' })] }, 'ruled-out'],
  ['stopped by hand', { ...failing, ecsTasks: [stopped('a', 4, { stopCode: 'UserInitiated' })] }, 'ruled-out'],
  [
    'never came up',
    { ...failing, ecsTasks: [stopped('a', 4, { stopCode: 'TaskFailedToStart', startedAt: null })] },
    'ruled-out',
  ],
  [
    'no stop code, but the reason that goes with it',
    { ...failing, ecsTasks: [stopped('a', 4, { stopCode: null })] },
    'found decisive',
  ],
  [
    'no stop code, and the reason of a rollout',
    { ...failing, ecsTasks: [stopped('a', 4, { stopCode: null, stoppedReason: SCALING })] },
    'ruled-out',
  ],
  [
    'only 504s: what crashes does not hang',
    { ...failing, loadBalancerMetrics: errors('504', 9, 9), ecsTasks: [exited('a', 2, 1)] },
    'ruled-out',
  ],
  [
    'instances: targets down, up, down and up with 502s',
    { ...onInstances, ...healthy(2, 1, 2, 1, 2) },
    'found circumstantial',
  ],
  [
    'the same, after answers had become slow: checks wait, and time out',
    { ...slowFirst(6), ...healthy(2, 2, 2, 2, 1, 2, 1, 2) },
    'undetermined',
  ],
  [
    'the same, and answers became slow only when targets were lost',
    { ...slowFirst(3), ...healthy(2, 2, 2, 2, 1, 2, 1, 2) },
    'found circumstantial',
  ],
  ['instances: targets down once', { ...onInstances, ...healthy(2, 2, 1, 1, 1) }, 'undetermined'],
  ['only functions', { ...onInstances, targetGroups: [aLambdaGroup('web')] }, 'not-applicable'],
  ['instances beside a function, and they answered all', besideFunction(0), 'ruled-out'],
  ['instances beside a function, and they did not', besideFunction(9), 'undetermined'],
  [
    'instances beside a function, and some 503s',
    { ...besideFunction(0), loadBalancerMetrics: errors('503', 9, 9, 9, 9) },
    'undetermined',
  ],
  ['instances: no 502', { loadBalancerMetrics: errors('503', 9, 9, 9, 9), ...healthy(2, 1, 2, 1, 2) }, 'undetermined'],
  [
    'instances: only the application answers 5xx',
    { loadBalancerMetrics: errors('504', 9, 9, 9, 9), ...healthy(2, 1, 2, 1, 2) },
    'ruled-out',
  ],
  ['no error', { ...failing, loadBalancerMetrics: errors('502'), ecsTasks: [exited('a', 4, 1)] }, 'ruled-out'],
  [
    'the service of an idle group crashes',
    {
      ...failing,
      ecsServices: [ecsService({ targetGroups: [{ arn: groupArn('green'), container: 'app', containerPort: 8080 }] })],
      ecsTasks: [exited('a', 4, 1)],
    },
    'undetermined',
  ],
  ['the errors are as old as what ECS shows', { ...failing, loadBalancerMetrics: lasting(60) }, 'ruled-out'],
  ['a minute older: what stopped is hidden', { ...failing, loadBalancerMetrics: lasting(61) }, 'undetermined'],
  [
    'older, and as many tasks as are wanted have run since half an hour before',
    { ...failing, loadBalancerMetrics: lasting(80), ecsTasks: stayed(111, 600) },
    'ruled-out',
  ],
  [
    'older, and one of them began to run since',
    { ...failing, loadBalancerMetrics: lasting(80), ecsTasks: stayed(109, 600) },
    'undetermined',
  ],
  [
    'older, and an event tells of a task that was started',
    {
      ...failing,
      ecsServices: [ecsService({ events: [{ at: ago(74), message: '(service web) has started 1 tasks: (task x).' }] })],
      loadBalancerMetrics: lasting(80),
      ecsTasks: stayed(111, 600),
    },
    'undetermined',
  ],
  ['tasks denied', { ...failing, ecsTasks: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('a crash after the errors began is no cause, unless errors rose with it', () => {
  const late = {
    ...failing,
    loadBalancerMetrics: errors('502', ...lately(25, 9).slice(-25)),
    ecsTasks: [exited('a', 6, 1)],
  };
  expect(readable(cause, late)).toContain('[circumstantial]');
});

test('says who exited with what, and offers the version before', () => {
  const tasks = [
    exited('a', 4, 1),
    exited('b', 2, 1),
    task('c', { startedBy: 'ecs-svc/6', taskDefinition: 'web:6', startedAt: ago(600) }),
  ];
  expect(readable(cause, { ...failing, ecsTasks: tasks })).toMatchInlineSnapshot(`
    "2 tasks of web exited by themselves, exit code \`1\` [decisive] since 2026-03-10T14:26:00Z
      because  a: "Essential container in task exited", exit code \`1\`   [ecsTasks]
      because  1 more task since, the last one at 14:28   [ecsTasks]
      because  100 % of the \`502\` and \`503\` came while a task was missing: from a minute before ECS recorded it as stopped until another could take its place   [loadBalancerMetrics]
      fix      roll web back from \`web:7\` to \`web:6\`
               aws ecs update-service --cluster prod --service web --task-definition web:6 --region us-east-1
         undo  aws ecs update-service --cluster prod --service web --task-definition web:7 --region us-east-1
      look     see why 2 tasks stopped, while ECS still shows them
               aws ecs describe-tasks --cluster prod --tasks a b --region us-east-1
      look     read the last lines of the container's log before 14:28"
  `);
});

test('offers no way back to the version that exits, nor where it was left already', () => {
  const bad = exited('a', 4, 1);
  const hotfix = ecsService({ deployments: [deployment({ id: 'ecs-svc/8', taskDefinition: 'web:8' })] });
  expect(readable(cause, { ...failing, ecsServices: [hotfix], ecsTasks: [bad] })).not.toContain('roll web back');
  const newer = { ...bad, startedBy: 'ecs-svc/6', taskDefinition: 'web:8' };
  expect(readable(cause, { ...failing, ecsTasks: [newer] })).not.toContain('roll web back');
  const both = [bad, { ...bad, id: 'b', startedBy: 'ecs-svc/6', taskDefinition: 'web:6' }];
  expect(readable(cause, { ...failing, ecsTasks: both })).not.toContain('roll web back');
});

// --- crashes before ready, and before what ECS shows

const EVERY = 9;
/** One task at a time, that ends by itself eight minutes after its start; ECS shows those of the last hour. */
const pace = [58, 49, 40, 31, 22, 13, 4].map((minutes) => exited(`x${minutes}`, minutes, 1));
const paced = pace.map((each) => ({ ...each, startedAt: plusSeconds(each.stoppedAt ?? '', -8 * 60) }));
const single = ecsService({ desired: 1, running: 1 });
const losing = (from: number, level: number | null, lost: number | null = null) =>
  Array.from({ length: 180 }, (_, at) => {
    const ago = 180 - at;
    if (ago > from) return 1;
    return (ago - 4) % EVERY === 0 ? lost : level;
  });
const neverReady = (from = 121, level: number | null = 0) => ({
  ...inTasks,
  ecsServices: [single],
  ecsTasks: [...paced, task('now', { startedAt: ago(3) })],
  loadBalancerMetrics: errors('503', ...Array<number>(from).fill(20)),
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': losing(from, level) } }),
});

test('tasks that end before they are ever healthy account for all the time in between', () => {
  const told = readable(cause, neverReady(58));
  expect(told).toContain('7 tasks of web exited by themselves, exit code `1` [decisive] since 2026-03-10T13:32:00Z');
  expect(told).toContain(
    '100 % of the `502` and `503` came while a task was missing: from a minute before ECS recorded it as stopped until',
  );
});

test('an equal pace before the hour of ECS carries the date back', () => {
  const told = readable(cause, neverReady());
  expect(told).toContain('[decisive] since 2026-03-10T12:29:00Z');
  expect(told).toContain('before what ECS still shows, web lost targets at the same pace: 7 times since 12:29');
  expect(told).not.toContain('what came first is hidden');
});

test.each([
  ['no group tells of it', { targetGroupMetrics: groupMetrics({}) }],
  [
    'the pace ends an hour before the onset',
    { targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': losing(70, 0) } }) },
  ],
  [
    'those that ECS shows came at no equal pace',
    { ecsTasks: [...paced.filter((_, n) => n !== 3), exited('y', 36, 1)] },
  ],
  ['two show no pace', { ecsTasks: paced.slice(0, 2) }],
])('no date where %s', (_, ill) => {
  const told = readable(cause, { ...neverReady(), ...ill });
  expect(told).toContain('[circumstantial]');
  expect(told).not.toMatch(/same pace|since 2026/);
});

test('one that was healthy served from then on: errors after it are not of its crash', () => {
  const healthy = Array.from({ length: 180 }, (_, at) => ([175, 176].includes(at) ? 0 : 1));
  const once = {
    ...neverReady(),
    ecsTasks: [exited('a', 5, 1), task('b', { startedAt: ago(4.5) })],
    loadBalancerMetrics: errors('503', ...Array<number>(30).fill(20)),
    targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': healthy } }),
  };
  expect(readable(cause, once)).toContain('13 % of the');
});

/** A version that was deployed so many minutes ago, and ends by itself since; of the one before it, nothing is left. */
const released = (minutes: number, set = 'web:8') => ({
  ...failing,
  ecsServices: [
    ecsService({
      taskDefinition: 'web:8',
      deployments: [deployment({ id: 'ecs-svc/8', taskDefinition: 'web:8', createdAt: ago(minutes) })],
    }),
  ],
  ecsTasks: [exited('a', 4, 1), exited('b', 2, 1)].map((one) => ({
    ...one,
    taskDefinition: 'web:8',
    startedBy: 'ecs-svc/8',
  })),
  changes: [
    change(
      { is: 'settings', of: 'prod/web', set: { taskDefinition: set } },
      { at: ago(minutes), event: 'UpdateService', who: 'role/deploy', by: 'role', resources: ['prod/web', TG] },
    ),
  ],
});
const ASK = 'to the version before: see in what `role/deploy` deployed before';

test.each([
  ['shortly before the errors', released(10), true, true],
  ['long before them', released(300), false, false],
  ['and who deployed another version is not who knows', released(10, 'web:9'), true, false],
  ['and nobody was seen to deploy it', { ...released(10), changes: [] }, true, false],
])('after a release, what ran before is not known: %s', (_, ill, goesBack, asks) => {
  const told = readable(cause, ill);
  expect(told.includes('roll web back from `web:8` to the version before')).toBe(goesBack);
  expect(told.includes('list-task-definitions --family-prefix web ')).toBe(goesBack);
  expect(told.includes(ASK)).toBe(asks);
  expect(told.includes('deploy a version that stays up')).toBe(!goesBack);
});
