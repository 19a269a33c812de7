import { expect, test } from 'vitest';
import { replacements } from '../../../lambda/diagnose/circumstances/replacements.ts';
import type { CauseId } from '../../../lambda/incident/cause.ts';
import type { Episode } from '../../../lambda/incident/diagnosis.ts';
import { aSnapshot, ecsService, task } from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const episode = { onset: '2026-03-10T14:20:00Z', end: null } as Episode;
const gone = (id: string, at: string) =>
  task(id, {
    ...{ status: 'STOPPED', stoppingAt: at, stoppedAt: at, stopCode: 'ServiceSchedulerInitiated' },
    stoppedReason: 'Task failed ELB health checks in (target-group web)',
  });
const told = (times: readonly string[], found: readonly CauseId[] = [], end: string | null = null) =>
  replacements(
    aSnapshot({
      ecsServices: [ecsService()],
      ecsTasks: times.map((clock, index) => gone(`t${index}`, `2026-03-10T${clock}Z`)),
    }),
    { ...episode, end },
    (cause) => found.includes(cause),
  ).map(({ shows }) => plain(shows));

test('what was replaced during the errors is told, and what was before or after them is not', () => {
  expect(told(['14:19:59', '14:22:00', '14:27:00'])).toEqual([
    '2 tasks of prod/web stopped or were removed since the errors began, at 14:22 and 14:27: not everything that failed before is still there',
  ]);
  expect(told(['14:20:00'])).toEqual([expect.stringMatching(/^1 task of prod\/web stopped or was removed/)]);
  expect(told(['14:19:59'])).toEqual([]);
  expect(told(['14:27:00'], [], '2026-03-10T14:25:00Z')).toEqual([]);
});

test('not where a cause that is found tells of it', () => {
  expect(told(['14:22:00'], ['deployment-failing'])).toEqual([]);
  expect(told(['14:22:00'], ['unresponsive-backend'])).toHaveLength(1);
});
