import { expect, test } from 'vitest';
import { takenTargetsIn } from '../../../lambda/semantics/ecs/taken-targets.ts';
import { ecsService, groupArn, NOW, TG, task } from '../../support/a-snapshot.ts';
import { ago, exited, FAILED_CHECKS, stopped, unscheduled } from '../../support/containers.ts';

const called = (minutes: number, id: string, reason: string, group = TG) => ({
  at: ago(minutes),
  message: `(service web) (task ${id}) (port 8080) is unhealthy in (target-group ${group}) due to (reason ${reason})`,
});
const left = (minutes: number) => ({
  at: ago(minutes),
  message: '(service web) has stopped 1 running tasks: (task x).',
});

function taken(events: readonly { at: string; message: string }[], tasks = [unscheduled('a', 5, FAILED_CHECKS)]) {
  const service = ecsService({ events: [...events].sort((x, y) => (x.at < y.at ? 1 : -1)) });
  const found = takenTargetsIn({ service, groups: [TG], tasks }, ago(20), NOW);
  return found.map(({ id, reason, at, from }) => `${id} ${reason} ${at.slice(11, 16)} ${from}`);
}

test.each([
  ['a stop alone does not say why', [], ['a null 14:25 ecsTasks']],
  ['the event of its task does', [called(6, 'a', 'Request timed out')], ['a Target.Timeout 14:25 ecsTasks']],
  [
    'so does that of a task without a name in the list',
    [called(6, 'zzz', 'Health checks failed')],
    ['a Target.FailedHealthChecks 14:25 ecsTasks'],
  ],
  ['not one of long before', [called(11, 'zzz', 'Request timed out')], ['a null 14:25 ecsTasks']],
  ['not one that comes after', [called(4, 'zzz', 'Request timed out')], ['a null 14:25 ecsTasks']],
  ['not one of another group', [called(6, 'a', 'Request timed out', groupArn('api'))], ['a null 14:25 ecsTasks']],
  [
    'a task that ECS lists no longer, and stopped upon it',
    [called(15, 'old', 'Request timed out'), left(14)],
    ['old Target.Timeout 14:15 ecsServices', 'a null 14:25 ecsTasks'],
  ],
])('%s', (_, events, expected) => {
  expect(taken(events)).toEqual(expected);
});

test.each([
  ['one that runs is not taken away', [task('a')], [called(6, 'a', 'Request timed out')]],
  ['one that ended by itself was not', [exited('a', 5, 1)], [called(6, 'a', 'Request timed out')]],
  [
    'one that somebody stopped was not',
    [stopped('a', 5, { stopCode: 'UserInitiated' })],
    [called(6, 'a', 'Request timed out')],
  ],
  ['one that failed its own check was not', [unscheduled('a', 5, 'Task failed container health checks')], []],
  ['one of before the span was not in it', [unscheduled('a', 25, FAILED_CHECKS)], []],
])('%s', (_, tasks, events) => {
  expect(taken(events, tasks)).toEqual([]);
});

const NO_GROUP = 'Task failed ELB health checks';
const API = groupArn('api');

test.each([
  ['of a service with one group, that is meant', [], [TG], ['web null']],
  ['the event of its task says why', [called(6, 'a', 'Request timed out')], [TG], ['web Target.Timeout']],
  ['and in which of several groups', [called(5.4, 'a', 'Request timed out', API)], [TG, API], ['api Target.Timeout']],
  [
    'or in which ones',
    [called(5.4, 'a', 'Request timed out', API), called(5.5, 'a', 'Health checks failed')],
    [TG, API],
    ['api Target.Timeout', 'web Target.FailedHealthChecks'],
  ],
  ['that of another task tells nothing of the group', [called(5.4, 'zzz', 'Request timed out')], [TG, API], []],
  ['nor does one of long before', [called(11, 'a', 'Request timed out')], [TG, API], []],
])('a stop without a group: %s', (_, events, groups, expected) => {
  const service = ecsService({
    events,
    targetGroups: groups.map((arn) => ({ arn, container: 'app', containerPort: 8080 })),
  });
  const found = takenTargetsIn({ service, groups, tasks: [unscheduled('a', 5, NO_GROUP)] }, ago(20), NOW);
  expect(found.map(({ targetGroup, reason }) => `${targetGroup === API ? 'api' : 'web'} ${reason}`).sort()).toEqual(
    expected,
  );
});

test.each([
  ['on the port of the task', [32768], ['Target.Timeout']],
  ['on that of another task there', [32770], []],
  ['where the task shows no port any more', [], ['Target.Timeout']],
])('on an instance, the event names that and the port: %s', (_, hostPorts, expected) => {
  const event = {
    at: ago(5.5),
    message: `(service web) (instance i-1) (port 32768) is unhealthy in (target-group ${API}) due to (reason Request timed out)`,
  };
  const service = ecsService({
    events: [event],
    targetGroups: [TG, API].map((arn) => ({ arn, container: 'app', containerPort: 8080 })),
  });
  const tasks = [unscheduled('a', 5, NO_GROUP, { instanceId: 'i-1', hostPorts })];
  expect(takenTargetsIn({ service, groups: [TG, API], tasks }, ago(20), NOW).map(({ reason }) => reason)).toEqual(
    expected,
  );
});

test.each([
  ['of a Classic Load Balancer', 'Task failed ELB health checks in (elb classic)'],
  ['of its container', 'Task failed container health checks'],
])('checks %s are not those of a group', (_, stoppedReason) => {
  const service = ecsService({ events: [] });
  const tasks = [unscheduled('a', 5, stoppedReason)];
  expect(takenTargetsIn({ service, groups: [TG], tasks }, ago(20), NOW)).toEqual([]);
});
