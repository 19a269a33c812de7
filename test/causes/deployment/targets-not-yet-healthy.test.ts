import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/deployment/targets-not-yet-healthy/cause.ts';
import {
  denied,
  ecsService,
  groupArn,
  groupMetrics,
  lately,
  metrics,
  newest,
  TG,
  target,
  task,
} from '../../support/a-snapshot.ts';
import { ago, errors, inTasks, SCALING, unscheduled } from '../../support/containers.ts';
import { outcome, readable } from '../../support/judged.ts';

const initial = (id: string) =>
  target(id, {
    state: 'initial',
    reason: 'Elb.InitialHealthChecking',
    description: 'Initial health checks in progress',
  });
const failing = errors('503', 9, 11, 4, 8);
const hosts = (...values: number[]) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': newest(...values) } }),
});
const launched = (minutes: number) => ({
  ...inTasks,
  ecsServices: [ecsService()],
  ecsTasks: [task('a'), task('new', { startedAt: ago(minutes) })],
});
const over = errors('502', 5, 6, 5, 5, 0, 0, 0, 0);
const came = hosts(...Array.from({ length: 30 }, (_, n) => (n < 27 ? 2 : 3)));
const leaves = (minutes: number) => ({
  ...launched(8),
  ecsTasks: [task('new', { startedAt: ago(8) }), unscheduled('old', minutes, SCALING, { startedAt: ago(900) })],
});
const dip = Array.from({ length: 30 }, (_, n) => (n < 20 ? 2 : n < 27 ? 1 : 3));

test.each([
  [
    'all targets are initial, and requests get 503',
    { loadBalancerMetrics: failing, targetHealth: [initial('i-1'), initial('i-2')] },
    'found decisive',
  ],
  [
    'all but one that drains',
    { loadBalancerMetrics: failing, targetHealth: [initial('i-1'), target('i-2', { state: 'draining' })] },
    'found decisive',
  ],
  [
    'one of two is initial',
    { loadBalancerMetrics: failing, targetHealth: [target('i-1'), initial('i-2')] },
    'found circumstantial',
  ],
  [
    'all are initial, and the 503s are over',
    { loadBalancerMetrics: errors('503', 9, 9, 0, 0, 0, 0, 0, 0, 0), targetHealth: [initial('i-1')] },
    'found circumstantial',
  ],
  [
    'those of a group without requests',
    {
      loadBalancerMetrics: failing,
      targetHealth: [target('i-1'), { ...initial('i-9'), targetGroup: groupArn('green') }],
    },
    'ruled-out',
  ],
  [
    'errors from a launch until the new target is healthy',
    { ...launched(8), ...came, loadBalancerMetrics: over },
    'found strong',
  ],
  ['errors from five minutes after a launch', { ...launched(13), ...came, loadBalancerMetrics: over }, 'found strong'],
  ['errors from six minutes after a launch', { ...launched(14), ...came, loadBalancerMetrics: over }, 'ruled-out'],
  [
    'a target left in the same minutes, and was missed',
    { ...leaves(9), ...hosts(...dip), loadBalancerMetrics: over },
    'ruled-out',
  ],
  ['so, and nobody saw how many were healthy', { ...leaves(9), loadBalancerMetrics: over }, 'ruled-out'],
  [
    'a target left, none was missed, and 502s may be cut',
    { ...leaves(9), ...came, loadBalancerMetrics: over },
    'found circumstantial',
  ],
  [
    'a target left, none was missed, and 503s are not cut',
    { ...leaves(9), ...came, loadBalancerMetrics: errors('503', 5, 6, 5, 5, 0, 0, 0, 0) },
    'found strong',
  ],
  [
    'a surge brought both',
    {
      ...launched(8),
      ...came,
      loadBalancerMetrics: metrics({
        ...over.values,
        RequestCount: lately(180, 100).map((value, n) => (n > 170 ? 200 : value)),
      }),
    },
    'found circumstantial',
  ],
  [
    'errors that go on with all targets there',
    {
      ...launched(8),
      ...hosts(...Array.from({ length: 30 }, () => 2)),
      loadBalancerMetrics: errors('502', 5, 6, 5, 5, 5, 5, 5, 5),
    },
    'ruled-out',
  ],
  [
    'errors that go on, and the new target is not ready',
    {
      ...launched(8),
      ...hosts(...Array.from({ length: 30 }, () => 2)),
      loadBalancerMetrics: errors('502', 5, 6, 5, 5, 5, 5, 5, 5),
      targetHealth: [target('10.0.10.21'), initial('10.0.11.22')],
    },
    'found strong',
  ],
  ['no error', { targetHealth: [initial('i-1')] }, 'ruled-out'],
  ['health denied', { loadBalancerMetrics: failing, targetHealth: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which targets are awaited', () => {
  expect(
    readable(cause, { loadBalancerMetrics: failing, targetHealth: [initial('i-1'), initial('i-2')] }),
  ).toMatchInlineSnapshot(`
    "Both targets of web are still starting: \`initial\` [decisive]
      because  i-1 and i-2: \`initial\`, Initial health checks in progress   [targetHealth]
      because  32 requests answered \`503\` in the newest minutes   [loadBalancerMetrics]
      look     see whether the new targets of web become healthy
               aws elbv2 describe-target-health --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --region us-east-1"
  `);
});

test('says which launch the errors came with', () => {
  expect(readable(cause, { ...launched(8), ...came, loadBalancerMetrics: over })).toMatchInlineSnapshot(`
    "1 new target of web got requests before it was ready [strong] since 2026-03-10T14:22:00Z
      because  the errors began at 14:22   [loadBalancerMetrics]
      because  1 target of prod/web started at 14:22   [ecsTasks]
      because  one more target was healthy within 3 minutes of the last error   [targetGroupMetrics]
      fix      send requests to new targets of web only when they are ready: use a health check that passes only then, or register them after startup (in Auto Scaling by a lifecycle hook)
      look     see whether the new targets of web become healthy
               aws elbv2 describe-target-health --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --region us-east-1"
  `);
});

// --- the errors began at 14:26

const address = '10.0.10.21';
const startedAt = (clock: string, ill = {}) => ({
  ...inTasks,
  loadBalancerMetrics: failing,
  targetHealth: [initial(address)],
  ecsServices: [ecsService()],
  ecsTasks: [task('new', { addresses: [address], startedAt: `2026-03-10T${clock}Z`, ...ill })],
});
test.each([
  ['as the errors began', startedAt('14:26:00'), 'found decisive'],
  ['two minutes later', startedAt('14:28:00'), 'found decisive'],
  ['later than that: an effect of what made others leave', startedAt('14:28:01'), 'found circumstantial'],
  ['as nobody saw', startedAt('14:28:01', { startedAt: null }), 'found decisive'],
  [
    'later, of two of which one was there before',
    {
      ...startedAt('14:28:01'),
      targetHealth: [initial(address), initial('10.0.10.22')],
      ecsTasks: [
        ...startedAt('14:28:01').ecsTasks,
        task('old', { addresses: ['10.0.10.22'], startedAt: '2026-03-10T14:25:00Z' }),
      ],
    },
    'found decisive',
  ],
])('the only targets start, and did so %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says that the errors were there before the target', () => {
  expect(readable(cause, startedAt('14:29:10'))).toContain('started at 14:29, after the errors began at 14:26');
});
