import { describe, expect, test } from 'vitest';
import healthCheckCodeMismatch from '../../../lambda/causes/wrong-upstream/health-check-code-mismatch/cause.ts';
import { judge } from '../../../lambda/diagnose/judge.ts';
import { nodeCircumstances } from '../../../lambda/diagnose/kubernetes/local-traffic-policy.ts';
import { asString } from '../../../lambda/render/json.ts';
import {
  always,
  aSnapshot,
  between,
  denied,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';

const failing = [unhealthy('i-1', 'Target.ResponseCodeMismatch'), unhealthy('i-2', 'Target.ResponseCodeMismatch')];
const hosts = (unhealthyHosts: ReturnType<typeof always>) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { 'UnHealthyHostCount.max': unhealthyHosts } }),
});
/** Two of three nodes have failed all along; errors since ten minutes ago. */
const nodes: Ill = {
  targetHealth: [...failing, target('i-3')],
  loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(10, 20), HTTPCode_ELB_5XX_Count: lately(10, 20) }),
  tags: { [TG]: { 'elbv2.k8s.aws/cluster': 'prod', 'ingress.k8s.aws/resource': 'shop/web-api:80' } },
  ...hosts(always(2)),
};
const strengthOf = (ill: Ill) => {
  const verdict = judge(healthCheckCodeMismatch, aSnapshot(ill), {
    onset: '2026-03-10T14:20:00Z',
    end: null,
    of: 'errors',
    errors: 9,
  });
  return verdict.is === 'found' ? verdict.findings[0]?.found.strength : verdict.is;
};

test.each<[string, Ill, string]>([
  ['as many failed before as do now', nodes, 'circumstantial'],
  ['how many failed before was not seen', { ...nodes, targetGroupMetrics: denied() }, 'circumstantial'],
  ['AWS sent nothing of how many failed', { ...nodes, targetGroupMetrics: groupMetrics({}) }, 'circumstantial'],
  [
    'all of them fail since the errors began',
    { ...nodes, ...hosts(always(0).map((none, minute) => (minute < 170 ? none : 2))) },
    'decisive',
  ],
  [
    'fewer failed before than do now',
    { ...nodes, ...hosts(always(1).map((fewer, minute) => (minute < 170 ? fewer : 2))) },
    'decisive',
  ],
  ['no node serves', { ...nodes, targetHealth: failing }, 'decisive'],
  ['no controller keeps the group', { ...nodes, tags: { [TG]: {} } }, 'decisive'],
  ['the targets are pods', { ...nodes, targetGroups: [targetGroup('web', { targetType: 'ip' })] }, 'decisive'],
])('nodes of a cluster that fail their checks: %s', (_, ill, expected) => {
  expect(strengthOf(ill)).toBe(expected);
});

test('says why', () => {
  const verdict = judge(healthCheckCodeMismatch, aSnapshot(nodes), {
    onset: '2026-03-10T14:20:00Z',
    end: null,
    of: 'errors',
    errors: 9,
  });
  expect(verdict.is === 'found' && verdict.findings[0]?.capped).toBe(
    'web holds every node of the cluster: with externalTrafficPolicy Local a node without a pod fails its checks by design, and as many failed before',
  );
});

test('what failed longer ago than an hour before the errors tells nothing', () => {
  expect(strengthOf({ ...nodes, ...hosts(between(180, 90, 2)) })).toBe('circumstantial');
});

test('says that nobody saw how many failed before', () => {
  const verdict = judge(healthCheckCodeMismatch, aSnapshot({ ...nodes, targetGroupMetrics: denied() }));
  expect(verdict.is === 'found' && verdict.findings[0]?.capped).toMatch(/how many failed before was not seen$/);
});

describe('nodes that always fail are told of, whatever the cause', () => {
  const told = (ill: Ill) => nodeCircumstances(aSnapshot(ill)).map(({ shows }) => asString(shows));

  test('with how many they are', () => {
    expect(told(nodes)).toEqual([
      '2 of 3 nodes in web fail their checks, and as many did before: with externalTrafficPolicy Local a node without a pod fails its checks by design',
    ]);
  });

  test.each<[string, Ill]>([
    ['as many as did before is not known', { ...nodes, targetGroupMetrics: denied() }],
    ['they fail since the window began', { ...nodes, ...hosts(always(0).map((none, at) => (at < 150 ? none : 2))) }],
    ['no controller keeps them', { ...nodes, tags: { [TG]: {} } }],
    ['they get no requests', { ...nodes, listenerRules: [] }],
  ])('but not where %s', (_, ill) => {
    expect(told(ill)).toEqual([]);
  });
});
