import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/no-running-tasks/cause.ts';
import {
  denied,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  lately,
  serviceMetrics,
  TG,
  target,
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

const down = {
  ...inTasks,
  targetHealth: [],
  targetGroupMetrics: groupMetrics({}),
  loadBalancerMetrics: errors('503', 9, 11, 4, 8),
};
const none = ecsService({ desired: 2, running: 0 });
const unwanted = ecsService({ desired: 0, running: 0 });
const gone = [unscheduled('a', 5, SCALING), unscheduled('b', 5, SCALING)];
const NO_IMAGE = 'CannotPullContainerError: pull image manifest has been retried 7 time(s): not found';
const failed = stopped('c', 3, { startedAt: null, stopCode: 'TaskFailedToStart', stoppedReason: NO_IMAGE });
const elsewhere = [{ arn: groupArn('green'), container: 'app', containerPort: 8080 }];
const back = task('c', { startedAt: ago(1) });

test.each([
  ['none is wanted', { ...down, ecsServices: [unwanted] }, 'found decisive'],
  ['two are wanted and none runs', { ...down, ecsServices: [none], ecsTasks: [failed] }, 'found decisive'],
  ['one of two runs', { ...down, ecsServices: [ecsService({ running: 1 })] }, 'ruled-out'],
  [
    'it serves a group that gets no requests',
    { ...down, ecsServices: [ecsService({ desired: 0, running: 0, targetGroups: elsewhere })] },
    'not-applicable',
  ],
  [
    'another service serves the same group',
    { ...down, ecsServices: [unwanted, ecsService({ id: 'prod/web-green', name: 'web-green' })] },
    'ruled-out',
  ],
  [
    'its target is healthy all the same',
    { ...down, ecsServices: [none], targetHealth: [target('10.0.10.21')] },
    'ruled-out',
  ],
  [
    'none ran while there were errors, and they run again',
    { ...down, ecsServices: [ecsService({ running: 1 })], ecsTasks: [...gone, back] },
    'found strong',
  ],
  [
    'none ran since, but one that could not start has the time of a start',
    {
      ...down,
      ecsServices: [ecsService({ running: 1 })],
      ecsTasks: [...gone, { ...failed, id: 'f', startedAt: ago(4), stoppingAt: ago(2) }, back],
    },
    'found strong',
  ],
  [
    'one takes the place of the others within a minute',
    {
      ...down,
      ecsServices: [ecsService({ running: 1 })],
      ecsTasks: [...gone, { ...back, startedAt: '2026-03-10T14:25:59Z' }],
    },
    'ruled-out',
  ],
  [
    'none of those listed ran, and not all that run are listed',
    { ...down, ecsServices: [ecsService()], ecsTasks: [...gone, back] },
    'ruled-out',
  ],
  [
    'one of two ran all the time',
    { ...down, ecsServices: [ecsService()], ecsTasks: [...gone, back, task('d')] },
    'ruled-out',
  ],
  ['no ECS service', { targetGroups: [targetGroup()] }, 'not-applicable'],
  ['services denied', { ...down, ecsServices: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('a desired count of 0 is set back to what stopped last', () => {
  expect(readable(cause, { ...down, ecsServices: [unwanted], ecsTasks: gone })).toMatchInlineSnapshot(`
    "web runs no task: its desired count is \`0\` [decisive] since 2026-03-10T14:25:00Z
      because  prod/web: 0 desired, 0 running, 0 pending; it serves web   [ecsServices]
      because  its last task stopped: "Scaling activity initiated by (deployment ecs-svc/7)"   [ecsTasks]
      fix      run 2 tasks again, as many as stopped last
               aws ecs update-service --cluster prod --service web --desired-count 2 --region us-east-1
         undo  aws ecs update-service --cluster prod --service web --desired-count 0 --region us-east-1"
  `);
});

test('what cannot start is told in the words of AWS', () => {
  expect(readable(cause, { ...down, ecsServices: [none], ecsTasks: [...gone, failed] })).toMatchInlineSnapshot(`
    "web runs \`0\` of 2 desired tasks [decisive] since 2026-03-10T14:25:00Z
      because  prod/web: 2 desired, 0 running, 0 pending; it serves web   [ecsServices]
      because  its last task stopped: "Scaling activity initiated by (deployment ecs-svc/7)"   [ecsTasks]
      because  1 task could not start: "CannotPullContainerError: pull image manifest has been retried 7 time(s): not found"   [ecsTasks]
      fix      push the image that the task definition names, or deploy a version whose image is in the registry
      look     see why 1 task stopped, while ECS still shows it
               aws ecs describe-tasks --cluster prod --tasks c --region us-east-1
      look     see in the events of web why no task starts
               aws ecs describe-services --cluster prod --services web --region us-east-1"
  `);
});

test('began when the last one that had run stopped, not when others could not start', () => {
  const tried = { ...failed, startedAt: ago(4) };
  expect(readable(cause, { ...down, ecsServices: [none], ecsTasks: [...gone, tried] })).toContain(
    'since 2026-03-10T14:25:00Z',
  );
});

// --- gaps: tasks that came and went

const between = (id: string, from: number, to: number, reason = FAILED_CHECKS) =>
  unscheduled(id, to, reason, { startedAt: ago(from), createdAt: ago(from + 1) });
const event = (minutes: number, message: string) => ({ at: ago(minutes), message: `(service web) ${message}` });
const one = ecsService({ desired: 1, running: 1 });
const loop = [between('a', 600, 25), between('b', 23.5, 15), between('c', 13.5, 4), task('d', { startedAt: ago(2.5) })];
const looping = {
  ...down,
  loadBalancerMetrics: errors('503', ...Array<number>(28).fill(30)),
  ecsServices: [one],
  ecsTasks: loop,
};
const serving = (minutes: number, value: number) =>
  lately(minutes, null).map((_, at) => (at === 180 - minutes ? value : null));

test('several gaps are told as gaps, and never as the time from the first to the last', () => {
  const told = readable(cause, looping);
  expect(told).toContain('web ran no task in 3 gaps of about 2 minutes, 5 of 28 minutes [circumstantial]');
  expect(told).not.toMatch(/ran no task from|between these times/);
});

test('gaps of unlike lengths', () => {
  const ecsTasks = [between('a', 600, 25), between('b', 18.9, 4), task('d', { startedAt: ago(2.9) })];
  expect(readable(cause, { ...looping, ecsTasks })).toContain(
    'ran no task in 2 gaps of 1 to 6 minutes, 7 of 28 minutes',
  );
});

test('a short one is told by its length, a long one by its ends', () => {
  const brief = [between('a', 600, 10), task('b', { startedAt: ago(8.8) })];
  expect(readable(cause, { ...looping, ecsTasks: brief })).toContain(
    'ran no task for about a minute, at 14:20 [circumstantial] since 2026-03-10T14:20:00Z',
  );
  const long = [between('a', 600, 10), task('b', { startedAt: ago(4) })];
  expect(readable(cause, { ...looping, ecsTasks: long })).toContain('ran no task from 14:20 to 14:26');
});

test('of what ran before ECS shows every task, nothing is said', () => {
  const ecsTasks = [task('b', { startedAt: ago(20) })];
  const told = readable(cause, { ...looping, ecsTasks });
  expect(told).toContain('ran no task from 14:02 to 14:10');
  expect(told).not.toContain('since 2026');
});

test.each([
  [
    'CPU was counted in a minute of a gap',
    { serviceMetrics: serviceMetrics({ 'prod/web': { CPUUtilization: serving(24 + 1, 3) } }) },
  ],
  ['memory was', { serviceMetrics: serviceMetrics({ 'prod/web': { MemoryUtilization: serving(15, 30) } }) }],
  ['a target was healthy', { targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': serving(15, 1) } }) }],
  ['a target answered', { targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: serving(15, 7) } }) }],
  [
    'a task that is not listed was started',
    { ecsServices: [ecsService({ desired: 1, running: 1, events: [event(14, 'has started 1 tasks: (task zzz).')] })] },
  ],
  [
    'more of its tasks failed than are listed',
    {
      ecsServices: [
        ecsService({ desired: 1, running: 1, deployments: [deployment({ createdAt: ago(40), failedTasks: 5 })] }),
      ],
    },
  ],
])('no gap is told where %s', (_, ill) => {
  expect(outcome(cause, { ...looping, ...ill })).toBe('ruled-out');
});

test.each([
  [
    'CPU was counted in a minute in which a task ran, too',
    { serviceMetrics: serviceMetrics({ 'prod/web': { CPUUtilization: serving(14, 3) } }) },
  ],
  ['no target was healthy', { targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': serving(15, 0) } }) }],
  [
    'a listed task was started',
    { ecsServices: [ecsService({ desired: 1, running: 1, events: [event(14, 'has started 1 tasks: (task c).')] })] },
  ],
])('gaps are told where %s', (_, ill) => {
  expect(outcome(cause, { ...looping, ...ill })).toBe('found circumstantial');
});

// --- what is why, and what comes of a loop

const single = (reason: string, ill = {}) => ({
  ...looping,
  loadBalancerMetrics: errors('503', ...Array<number>(7).fill(30)),
  ecsTasks: [between('a', 600, 8, reason), task('b', { startedAt: ago(2) })],
  ...ill,
});
const noPlace = [event(5, 'was unable to place a task because no container instance met all of its requirements.')];

test.each([
  ['fewer were wanted for all of the errors', single(SCALING), 'found strong'],
  ['its task failed its health checks, and another took its place', single(FAILED_CHECKS), 'found circumstantial'],
  [
    'its task failed its health checks, and none could be placed',
    single(FAILED_CHECKS, { ecsServices: [ecsService({ desired: 1, running: 1, events: noPlace })] }),
    'found strong',
  ],
  [
    'most of the errors came before',
    single(SCALING, { loadBalancerMetrics: errors('503', ...Array<number>(28).fill(30)) }),
    'found circumstantial',
  ],
])('one gap: %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

const empty = ecsService({ desired: 1, running: 0, pending: 1 });
test.each([
  ['the last one failed its health checks', [between('a', 30, 2)], {}, 'found circumstantial'],
  ['the last one ended by itself', [exited('a', 2, 1)], {}, 'found circumstantial'],
  ['the last one was killed for memory', [exited('a', 2, 137, OOM)], {}, 'found circumstantial'],
  ['the last one was stopped by hand', [stopped('a', 2, { stopCode: 'UserInitiated' })], {}, 'found decisive'],
  ['the next one cannot start', [between('a', 30, 5), failed], {}, 'found decisive'],
  ['the next one cannot be placed', [between('a', 30, 8)], { events: noPlace }, 'found decisive'],
  ['none of it is shown', [], {}, 'found decisive'],
])('none runs now: %s', (_, ecsTasks, ill, expected) => {
  expect(outcome(cause, { ...down, ecsServices: [{ ...empty, ...ill }], ecsTasks })).toBe(expected);
});

const pulled = stopped('c', 120, { startedAt: null, stopCode: 'TaskFailedToStart', stoppedReason: NO_IMAGE });
const steadyAt = (minutes: number) => [{ at: ago(minutes), message: '(service web) has reached a steady state.' }];
test.each<[string, object, boolean]>([
  ['none is wanted', { ecsServices: [unwanted], ecsTasks: [pulled, ...gone] }, false],
  ['none is wanted, and it failed just before', { ecsServices: [unwanted], ecsTasks: [failed, ...gone] }, false],
  ['two are wanted', { ecsServices: [none], ecsTasks: [failed] }, true],
  ['it was steady since', { ecsServices: [{ ...none, events: steadyAt(60) }], ecsTasks: [pulled] }, false],
  ['it was steady before', { ecsServices: [{ ...none, events: steadyAt(130) }], ecsTasks: [pulled] }, true],
  [
    'one of its version ran since',
    { ecsServices: [none], ecsTasks: [pulled, unscheduled('a', 5, SCALING, { startedAt: ago(60) })] },
    false,
  ],
  [
    'one of its version ran before',
    { ecsServices: [none], ecsTasks: [pulled, unscheduled('a', 5, SCALING, { startedAt: ago(900) })] },
    true,
  ],
  [
    'one of another version ran since',
    {
      ecsServices: [none],
      ecsTasks: [pulled, unscheduled('a', 5, SCALING, { startedAt: ago(60), taskDefinition: 'web:6' })],
    },
    true,
  ],
])('that a task could not start is told where it still keeps it down: %s', (_, ill, isTold) => {
  const told = readable(cause, { ...down, ...ill });
  expect(told.includes('could not start')).toBe(isTold);
  expect(told.includes('push the image')).toBe(isTold);
});
