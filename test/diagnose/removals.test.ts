import { expect, test } from 'vitest';
import { defineCause } from '../../lambda/causes/cause.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { words } from '../../lambda/incident/text.ts';
import {
  aRuleTo,
  aSnapshot,
  ecsService,
  groupArn,
  groupMetrics,
  type Ill,
  metrics,
  TG,
  target,
  targetGroup,
  task,
} from '../support/a-snapshot.ts';
import { replacedForChecks, scalingGroup } from '../support/auto-scaling.ts';
import { ago, unscheduled } from '../support/containers.ts';
import { plain } from '../support/judged.ts';

const STATS = groupArn('stats');
const FAILED = `Task failed ELB health checks in (target-group ${STATS})`;
/** A value in those minutes, by how long ago they began. */
const at = (minutes: readonly number[], value: number, other: number | null = null) =>
  Array.from({ length: 180 }, (_, minute) => (minutes.includes(180 - minute) ? value : other));
const OUT = [6, 5];

/** A task in two groups: its checks fail in `stats`, and it is taken out of `web` as well, for two minutes. */
const twoGroups: Ill = {
  targetGroups: [targetGroup(), targetGroup('stats')],
  listenerRules: [...aRuleTo(TG), ...aRuleTo(STATS)],
  targetHealth: [
    target('10.0.10.5'),
    target('10.0.10.5', { targetGroup: STATS, state: 'unhealthy', reason: 'Target.FailedHealthChecks' }),
  ],
  ecsServices: [
    ecsService({
      desired: 1,
      running: 1,
      targetGroups: [TG, STATS].map((arn) => ({ arn, container: 'app', containerPort: 8080 })),
    }),
  ],
  ecsTasks: [unscheduled('a', 5.9, FAILED), task('b', { startedAt: ago(5) })],
  loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: at(OUT, 40), HTTPCode_ELB_5XX_Count: at(OUT, 40) }),
  targetGroupMetrics: groupMetrics({
    [TG]: {
      RequestCount: at(OUT, 0, 60),
      HTTPCode_Target_2XX_Count: at(OUT, 0, 60),
      'HealthyHostCount.min': at(OUT, 0, 1),
    },
    [STATS]: { 'HealthyHostCount.min': at([], 0, 0) },
  }),
};

function found(ill: Ill, { breaksHealthChecks = true, targetGroups = [STATS] } = {}) {
  const cause = defineCause({
    id: 'wrong-target-port',
    needs: ['targetHealth'],
    breaksHealthChecks,
    examine: () => ({
      is: 'found',
      findings: [
        {
          strength: 'strong',
          says: words('it fails'),
          because: [{ from: 'targetHealth', shows: words('it does') }],
          affects: { targetGroups, targets: [] },
          explains: ['504'],
          fixes: [],
        },
      ],
    }),
  });
  const [finding] = diagnose(aSnapshot(ill), [cause]).findings;
  const because = finding?.because.map(({ shows }) => plain(shows)) ?? [];
  return { share: finding?.share, strength: finding?.strength, explains: finding?.explains, because };
}

test('what breaks health checks in one group gets the errors of all groups that the target was taken out of', () => {
  expect(found(twoGroups)).toEqual({
    share: 1,
    strength: 'strong',
    explains: ['504', '502', '503'],
    because: [
      'it does',
      '1 target of web was removed from stats for failed health checks, and from web as well: 80 requests answered `503` in the 2 minutes around it in which no healthy target was seen in its place',
    ],
  });
});

test('only in the minutes in which the target was missing', () => {
  const later = [...OUT, 1];
  const loadBalancerMetrics = metrics({ HTTPCode_ELB_503_Count: at(later, 40), HTTPCode_ELB_5XX_Count: at(later, 40) });
  expect(found({ ...twoGroups, loadBalancerMetrics }).share).toBeCloseTo(2 / 3);
});

test.each<[string, Ill, object]>([
  ['it does not break health checks', twoGroups, { breaksHealthChecks: false }],
  ['it is about a group in which no check failed', twoGroups, { targetGroups: [TG] }],
  [
    'the task failed its own health check',
    { ...twoGroups, ecsTasks: [unscheduled('a', 5.9, 'Task failed container health checks')] },
    {},
  ],
  [
    'the task was scaled in',
    { ...twoGroups, ecsTasks: [unscheduled('a', 5.9, 'Scaling activity initiated by (deployment ecs-svc/7)')] },
    {},
  ],
  [
    'the service is another',
    { ...twoGroups, ecsTasks: [{ ...unscheduled('a', 5.9, FAILED), service: 'prod/other' }] },
    {},
  ],
  [
    'others served all the time',
    {
      ...twoGroups,
      targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': at([], 0, 3) } }),
    },
    {},
  ],
])('not where %s', (_, ill, how) => {
  const { share, because } = found(ill, how);
  expect(share).toBe(0);
  expect(because.join()).not.toMatch(/removed (?:from \S+ )?for failed health checks/);
});

const onInstances = (healthCheckTypes: readonly string[]): Ill => ({
  ...twoGroups,
  ecsServices: [],
  ecsTasks: [],
  autoScalingGroups: [
    scalingGroup({ healthCheckTypes, targetGroups: [TG, STATS], activities: [replacedForChecks('14:24', 'i-1')] }),
  ],
});

test('Auto Scaling takes an instance out of all its groups, where the load balancer is asked for its health', () => {
  expect(found(onInstances(['EC2', 'ELB'])).share).toBe(1);
  expect(found(onInstances(['EC2'])).share).toBe(0);
});

const removalIn = (ill: Ill, how: object = {}) =>
  found(ill, how).because.find((line) => /^\d+ targets? of \S+ (?:was|were) removed /.test(line));

test('targets that went one after the other are told with the time of each', () => {
  const ecsTasks = [unscheduled('a', 12.1, FAILED), unscheduled('b', 6, FAILED), task('c', { startedAt: ago(5) })];
  const loadBalancerMetrics = metrics({ HTTPCode_ELB_503_Count: at([13, 12, ...OUT], 40) });
  expect(removalIn({ ...twoGroups, ecsTasks, loadBalancerMetrics })).toMatch(
    /^2 targets of web were removed from stats for failed health checks, and from web as well at 14:17 and 14:24: /,
  );
});

test('those of one minute have one time, which the sentence does not repeat', () => {
  const ecsTasks = [unscheduled('a', 5.9, FAILED), unscheduled('b', 5.8, FAILED), task('c', { startedAt: ago(5) })];
  const said = removalIn({ ...twoGroups, ecsTasks });
  expect(said).toMatch(/^2 targets of web were removed/);
  expect(said).not.toMatch(/ at 14/);
});

test('a handshake that failed was one with a target that was there', () => {
  const loadBalancerMetrics = metrics({
    HTTPCode_ELB_503_Count: at([6], 40),
    HTTPCode_ELB_502_Count: at([5], 70),
    TargetTLSNegotiationErrorCount: at([5], 60),
    HTTPCode_ELB_5XX_Count: at(OUT, 70),
  });
  const said = removalIn({ ...twoGroups, loadBalancerMetrics });
  expect(said).toMatch(/: 50 requests answered `502` or `503` in/);
  const handshakes = metrics({
    HTTPCode_ELB_503_Count: at([6], 40),
    HTTPCode_ELB_502_Count: at([5], 70),
    TargetTLSNegotiationErrorCount: at([5], 70),
  });
  expect(removalIn({ ...twoGroups, loadBalancerMetrics: handshakes })).toMatch(/: 40 requests answered `503` in/);
});
