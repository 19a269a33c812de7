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
