import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/no-running-tasks/cause.ts';
import { denied, ecsService, groupArn, target, targetGroup, task } from '../../support/a-snapshot.ts';
import { ago, errors, inTasks, SCALING, stopped, unscheduled } from '../../support/containers.ts';
import { outcome, readable } from '../../support/judged.ts';

const down = { ...inTasks, targetHealth: [], loadBalancerMetrics: errors('503', 9, 11, 4, 8) };
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
      because  its last task stopped: Scaling activity initiated by (deployment ecs-svc/7)   [ecsTasks]
      fix      run 2 tasks again, as many as stopped last
               aws ecs update-service --cluster prod --service web --desired-count 2 --region us-east-1
         undo  aws ecs update-service --cluster prod --service web --desired-count 0 --region us-east-1"
  `);
});

test('what cannot start is told in the words of AWS', () => {
  expect(readable(cause, { ...down, ecsServices: [none], ecsTasks: [...gone, failed] })).toMatchInlineSnapshot(`
    "web runs none of the 2 tasks that it should [decisive] since 2026-03-10T14:25:00Z
      because  prod/web: 2 desired, 0 running, 0 pending; it serves web   [ecsServices]
      because  its last task stopped: Scaling activity initiated by (deployment ecs-svc/7)   [ecsTasks]
      because  1 task could not start: CannotPullContainerError: pull image manifest has been retried 7 time(s): not found   [ecsTasks]
      look     see how 1 stopped task ended, while ECS still shows it
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
