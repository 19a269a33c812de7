import { expect, test } from 'vitest';
import type { ChangeEvent } from '../../../lambda/incident/evidence.ts';
import { targetRegistrationsIn } from '../../../lambda/semantics/targets/target-registrations.ts';
import { change, groupArn, TG } from '../../support/a-snapshot.ts';

type Does = 'registers' | 'deregisters';

/** By the controller, unless told otherwise. */
function move(does: Does, at: string, ids: readonly string[], ill: Partial<ChangeEvent> = {}): ChangeEvent {
  const event = does === 'registers' ? 'RegisterTargets' : 'DeregisterTargets';
  return change(
    { is: 'targets', does, targetGroup: TG, ids },
    {
      ...{
        at: `2026-03-10T${at}:00Z`,
        event,
        by: 'role',
        who: 'role/AmazonEKSLoadBalancerControllerRole (1773152400)',
      },
      ...ill,
    },
  );
}

const reasons = (...changes: ChangeEvent[]) =>
  targetRegistrationsIn(changes, [TG]).map(({ does, why }) => `${does}: ${why}`);
const leaves = move('deregisters', '14:20', ['10.0.10.1']);

test.each<[string, ChangeEvent[], string]>([
  ['pods replaced by others', [leaves, move('registers', '14:21', ['10.0.10.2'])], 'rollout'],
  ['others registered ten minutes before', [leaves, move('registers', '14:10', ['10.0.10.2'])], 'rollout'],
  ['others registered eleven minutes before', [leaves, move('registers', '14:09', ['10.0.10.2'])], 'unknown'],
  ['pods that leave, and no others come', [leaves], 'unknown'],
  ['the same pod comes back', [leaves, move('registers', '14:25', ['10.0.10.1'])], 'lost'],
  ['the same pod comes back half an hour later', [leaves, move('registers', '14:50', ['10.0.10.1'])], 'lost'],
  ['the same address is another pod later', [leaves, move('registers', '14:51', ['10.0.10.1'])], 'unknown'],
  ['the pod that had come shortly before', [leaves, move('registers', '14:15', ['10.0.10.1'])], 'unknown'],
  [
    'others, registered by a person',
    [leaves, move('registers', '14:21', ['10.0.10.2'], { by: 'person', who: 'alice' })],
    'unknown',
  ],
])('%s', (_, changes, why) => {
  expect(reasons(...changes)[0]).toBe(`deregisters: ${why}`);
});

test.each<[string, Partial<ChangeEvent>, string[]]>([
  ['a person', { by: 'person', who: 'alice' }, ['deregisters: by-hand']],
  ['a role', { by: 'role', who: 'role/deploy (ci-42)' }, ['deregisters: rollout']],
  ['ECS, which tells of its own', { by: 'service', who: 'ecs.amazonaws.com' }, []],
  [
    'a controller, by its program',
    { by: 'role', who: 'role/k8s (1)', tool: 'load balancer controller' },
    ['deregisters: unknown'],
  ],
  ['EKS Auto Mode', { by: 'service', who: 'eks.amazonaws.com for role/prod' }, ['deregisters: unknown']],
])('%s', (_, ill, expected) => {
  expect(reasons(move('deregisters', '14:20', ['10.0.10.1'], ill))).toEqual(expected);
});

test('nothing is told of groups that get no requests', () => {
  expect(targetRegistrationsIn([leaves], [groupArn('other')])).toEqual([]);
});
