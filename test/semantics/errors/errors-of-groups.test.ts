import { expect, test } from 'vitest';
import type { LoadBalancerMetric, TargetGroupMetric, Values } from '../../../lambda/incident/evidence.ts';
import { countedErrors } from '../../../lambda/semantics/errors/errors.ts';
import { errorsOfGroups } from '../../../lambda/semantics/errors/errors-of-groups.ts';
import { afterLevel, always, groupArn, groupMetrics, lately, metrics, NOW, TG } from '../../support/a-snapshot.ts';

const OTHER = groupArn('other');
const window = { from: '2026-03-10T14:00:00Z', to: NOW };
type Counts = Partial<Record<LoadBalancerMetric, Values>>;
type ByGroup = Record<string, Partial<Record<TargetGroupMetric, Values>>>;

/** Since when the errors of the group `web` are judged, and how many of all kinds they are. */
function ofWeb(counts: Counts, byGroup?: ByGroup) {
  const errors = countedErrors(metrics({ RequestCount: always(200), ...counts }), window);
  const own = errorsOfGroups(errors, [TG], byGroup && groupMetrics(byGroup));
  return [own.episode?.onset.slice(11, 16), own.count('500', '502', '503', '504', 'other5xx', 'target5xx')];
}

/** Of 100 a minute, all answered but for so many in the newest minutes. */
const failing = (minutes: number, failed: number): ByGroup[string] => ({
  RequestCount: always(100),
  HTTPCode_Target_2XX_Count: afterLevel(100, ...Array(minutes).fill(100 - failed)),
});
const empty = (minutes: number): ByGroup[string] => ({
  RequestCount: afterLevel(100, ...Array(minutes).fill(null)),
  HTTPCode_Target_2XX_Count: afterLevel(100, ...Array(minutes).fill(null)),
});
const unavailable = (minutes: number, late: number, more: Counts = {}): Counts => ({
  HTTPCode_ELB_503_Count: lately(minutes, 50),
  HTTPCode_ELB_504_Count: lately(late, 20),
  HTTPCode_ELB_5XX_Count: lately(minutes, 50).map((count, minute) =>
    count === null || minute < 180 - late ? count : count + 20,
  ),
  ...more,
});

const timeouts = (minutes: number): Counts => ({
  HTTPCode_ELB_504_Count: lately(minutes, 20),
  HTTPCode_ELB_5XX_Count: lately(minutes, 20),
});

test.each<[string, Counts, ByGroup | undefined, [string, number]]>([
  [
    'another group is empty before it fails',
    unavailable(25, 9),
    { [TG]: failing(9, 20), [OTHER]: empty(25) },
    ['14:21', 180],
  ],
  [
    'another group is empty, and it has no requests either',
    unavailable(25, 9),
    { [TG]: { ...failing(9, 20), RequestCount: afterLevel(100, ...Array(25).fill(0)) }, [OTHER]: empty(25) },
    ['14:05', 1430],
  ],
  [
    'no group is empty: the 503s may be its own',
    unavailable(25, 9),
    { [TG]: failing(9, 20), [OTHER]: failing(0, 0) },
    ['14:05', 1430],
  ],
  [
    'agents of target optimizer answer 503 for groups that take requests',
    unavailable(25, 9, { TargetControlRequestRejectCount: lately(25, 50) }),
    { [TG]: failing(9, 20), [OTHER]: empty(25) },
    ['14:05', 1430],
  ],
  [
    'another group answers nothing in time before it does not either',
    { HTTPCode_ELB_504_Count: lately(25, 20), HTTPCode_ELB_5XX_Count: lately(25, 20) },
    {
      [TG]: failing(9, 20),
      [OTHER]: {
        ...failing(25, 20),
        HTTPCode_Target_2XX_Count: afterLevel(100, ...Array(16).fill(80), ...Array(9).fill(100)),
      },
    },
    ['14:21', 180],
  ],
  ['the first to fail, it keeps all', timeouts(25), { [TG]: failing(25, 20), [OTHER]: failing(9, 20) }, ['14:05', 500]],
  ['what the groups did not answer was not told', timeouts(25), { [TG]: {}, [OTHER]: {} }, ['14:05', 500]],
  ['groups not seen', timeouts(25), undefined, ['14:05', 500]],
  [
    'a login that fails comes before any group',
    { ...timeouts(9), HTTPCode_ELB_500_Count: lately(25, 20), HTTPCode_ELB_5XX_Count: lately(25, 40) },
    undefined,
    ['14:21', 180],
  ],
  [
    'two minutes later is with it',
    { ...timeouts(9), HTTPCode_ELB_500_Count: lately(11, 20), HTTPCode_ELB_5XX_Count: lately(11, 40) },
    undefined,
    ['14:19', 440],
  ],
  [
    'three are later',
    { ...timeouts(9), HTTPCode_ELB_500_Count: lately(12, 20), HTTPCode_ELB_5XX_Count: lately(12, 40) },
    undefined,
    ['14:21', 180],
  ],
])('%s', (_, counts, byGroup, expected) => {
  expect(ofWeb(counts, byGroup)).toEqual(expected);
});
