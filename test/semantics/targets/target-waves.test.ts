import { expect, test } from 'vitest';
import type { EcsDeployment, EcsService } from '../../../lambda/incident/evidence.ts';
import { targetWavesIn } from '../../../lambda/semantics/targets/target-waves.ts';
import { deployment, ecsService, TG } from '../../support/a-snapshot.ts';

const at = (time: string): string => `2026-03-10T${time}:00Z`;
const deregistered = (time: string) => ({
  at: at(time),
  message: `(service web) deregistered 1 targets in (target-group ${TG})`,
});

/** Why a target left at 14:20, of whose task ECS tells no more. */
function whyGone(of: Partial<EcsDeployment>, events: EcsService['events'] = []): readonly string[] {
  const service = ecsService({ deployments: [deployment(of)], events: [deregistered('14:20'), ...events] });
  const movers = { services: [{ service, groups: [TG], tasks: [] }], scalingGroups: [], changes: [] };
  return targetWavesIn(movers, [TG]).map(({ why }) => why);
}

const ill = (time: string) => ({
  at: at(time),
  message: `(service web) (task 1) (port 8080) is unhealthy in (target-group ${TG}) due to (reason Request timed out).`,
});

test.each<[string, Partial<EcsDeployment>, string]>([
  ['a quarter of an hour after a deployment began', { createdAt: at('14:05'), updatedAt: at('14:06') }, 'rollout'],
  ['later, and it was over', { createdAt: at('14:04'), updatedAt: at('14:06') }, 'unknown'],
  ['later, and it went on', { createdAt: at('13:30'), updatedAt: at('14:25') }, 'rollout'],
  [
    'later, and it went on, but its tasks fail again and again',
    { createdAt: at('13:30'), updatedAt: at('14:25'), failedTasks: 18 },
    'unknown',
  ],
  [
    'a day after it began, and it was updated since',
    { createdAt: '2026-03-09T14:00:00Z', updatedAt: at('14:25') },
    'unknown',
  ],
  ['more than an hour after', { createdAt: at('13:19'), updatedAt: at('14:25') }, 'unknown'],
  ['before it', { createdAt: at('14:21'), updatedAt: at('14:25') }, 'unknown'],
])('a target that left %s', (_, of, why) => {
  expect(whyGone(of)).toEqual([why]);
});

test('one that was called unhealthy just before was taken away for that', () => {
  const begun = { createdAt: at('14:10'), updatedAt: at('14:25') };
  expect(whyGone(begun, [ill('14:15')])).toEqual(['lost']);
  expect(whyGone(begun, [ill('14:14')])).toEqual(['rollout']);
});

test('a service that is to run no task replaces nothing', () => {
  const begun = deployment({ createdAt: at('14:10'), updatedAt: at('14:25') });
  const gone = (desired: number, events: EcsService['events'] = []) => {
    const service = ecsService({ desired, deployments: [begun], events: [deregistered('14:20'), ...events] });
    return targetWavesIn({ services: [{ service, groups: [TG], tasks: [] }], scalingGroups: [], changes: [] }, [
      TG,
    ]).map(({ why }) => why);
  };
  const started = { at: at('14:12'), message: '(service web) has started 2 tasks: (task 1) (task 2).' };
  expect(gone(0)).toEqual(['unknown']);
  expect(gone(2)).toEqual(['rollout']);
  expect(gone(0, [started])).toEqual(['rollout']);
});
