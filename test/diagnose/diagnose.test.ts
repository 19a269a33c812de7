import { describe, expect, test } from 'vitest';
import { type Answer, defineCause, notApplicable, ruledOut } from '../../lambda/causes/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { words } from '../../lambda/incident/text.ts';
import {
  aSnapshot,
  between,
  denied,
  groupArn,
  type Ill,
  ingress,
  LB,
  lately,
  metrics,
  NOW,
  newest,
  partly,
  securityGroup,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../support/a-snapshot.ts';
import { plain } from '../support/judged.ts';

const errors = (code: '502' | '503' | '504', minutes: number, perMinute: number, more = {}) =>
  metrics({
    [`HTTPCode_ELB_${code}_Count`]: lately(minutes, perMinute),
    HTTPCode_ELB_5XX_Count: lately(minutes, perMinute),
    ...more,
  });
const closed: Ill = {
  targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  securityGroups: [
    securityGroup('sg-alb', []),
    securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' })]),
  ],
  loadBalancerMetrics: errors('504', 9, 117, { TargetConnectionErrorCount: lately(9, 117) }),
};
const of = (ill: Ill): Diagnosis => diagnose(aSnapshot(ill), CAUSES);
const verdict = (ill: Ill) => {
  const { status, cause } = of(ill).verdict;
  return [status, cause];
};

describe('the verdict, in the order of its conditions', () => {
  const alarm = (value: number, metric = 'HTTPCode_ELB_5XX_Count') => ({
    kind: 'alarm' as const,
    at: NOW,
    state: 'ALARM',
    metrics: [metric],
    datapoints: [{ at: NOW, value }],
  });
  test.each<[string, Ill, string, string | null]>([
    ['nothing is wrong', {}, 'quiet', null],
    ['two bad requests', { loadBalancerMetrics: errors('502', 2, 1) }, 'quiet', null],
    ['three', { loadBalancerMetrics: errors('502', 3, 1) }, 'inconclusive', null],
    ['a fault in waiting, no errors', { ...closed, loadBalancerMetrics: metrics() }, 'quiet', null],
    ['the metrics lack what the alarm saw', { trigger: alarm(17) }, 'inconclusive', null],
    ['the alarm is not about errors', { trigger: alarm(17, 'TargetResponseTime') }, 'quiet', null],
    ['the cause is proven and explains the errors', closed, 'identified', 'target-security-group-closed'],
    [
      'the cause is proven and the errors unseen',
      { ...closed, loadBalancerMetrics: denied() },
      'suspected',
      'target-security-group-closed',
    ],
    ['the cause only fits', { loadBalancerMetrics: errors('504', 9, 20) }, 'suspected', 'slower-than-idle-timeout'],
    ['errors without a finding', { loadBalancerMetrics: errors('502', 9, 20) }, 'inconclusive', null],
    ['metrics unseen, nothing found', { loadBalancerMetrics: denied() }, 'inconclusive', null],
  ])('%s', (_, ill, status, cause) => {
    expect(verdict(ill)).toEqual([status, cause]);
  });
});

test('beside a quiet verdict every finding is circumstantial, and says why', () => {
  const { findings } = of({ ...closed, loadBalancerMetrics: metrics() });
  expect(findings.map(({ strength, capped }) => [strength, capped])).toEqual([
    ['circumstantial', 'there are no errors that it could cause'],
  ]);
});

test.each<[number, string]>([
  [1, '1 bad request is too few to call an outage'],
  [2, '2 bad requests are too few to call an outage'],
])('beside %i of them it does not say that there are none', (bad, why) => {
  const { verdict, findings } = of({ ...closed, loadBalancerMetrics: errors('504', 1, bad) });
  expect(verdict.status).toBe('quiet');
  expect(findings[0]).toMatchObject({ strength: 'circumstantial', capped: why });
});

test.each<[string, Ill, RegExp]>([
  ['ends now', {}, /in the last 30 min: a 5xx that clients see does not come from/],
  ['ended moments ago', { readAt: '2026-03-10T14:32:00Z' }, /in the last 30 min: /],
  [
    'ended before',
    { readAt: '2026-03-10T14:32:01Z' },
    /in the 30 min up to 14:30: a 5xx that clients saw until then did not come from/,
  ],
  [
    'ended before a fault was seen',
    { ...closed, loadBalancerMetrics: metrics(), readAt: '2026-03-10T14:36:00Z' },
    /in the 30 min up to 14:30; as AWS was read at 14:36, sg-app does not allow inbound traffic from the load balancer/,
  ],
  [
    'ended so long before that what was seen proves nothing of then',
    { ...closed, loadBalancerMetrics: metrics(), readAt: '2026-03-10T14:41:00Z' },
    /up to 14:30: a 5xx that clients saw until then did not come from/,
  ],
])('a quiet window that %s', (_, ill, says) => {
  expect(plain(of(ill).verdict.headline)).toMatch(says);
});

test('a proven fault in a group that gets no requests does not explain the errors', () => {
  const idle = groupArn('idle');
  const diagnosis = of({
    targetGroups: [targetGroup(), targetGroup('idle')],
    targetHealth: [
      target('i-2'),
      unhealthy('i-1', 'Target.Timeout', { targetGroup: idle, port: 9000, healthCheckPort: 9000 }),
    ],
    loadBalancerMetrics: metrics({ HTTPCode_Target_5XX_Count: lately(9, 50) }),
  });
  expect(diagnosis.verdict.cause).toBe('target-returns-5xx');
  expect(diagnosis.findings.find(({ cause }) => cause === 'target-security-group-closed')).toMatchObject({
    strength: 'circumstantial',
    share: 0,
  });
});

test('two faults at once are two findings, the bigger first', () => {
  const api = groupArn('api');
  const diagnosis = of({
    targetGroups: [targetGroup(), targetGroup('api')],
    listenerRules: [
      {
        arn: `${LB}/1`,
        listenerArn: LB,
        priority: 1,
        actions: [{ type: 'forward', to: [{ targetGroup: api, weight: 1 }] }],
        conditions: [],
      },
      {
        arn: `${LB}/2`,
        listenerArn: LB,
        priority: null,
        actions: [{ type: 'forward', to: [{ targetGroup: TG, weight: 1 }] }],
        conditions: [],
      },
    ],
    targetHealth: [target('i-1'), target('i-2')],
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_503_Count: lately(9, 10),
      HTTPCode_ELB_5XX_Count: lately(9, 10),
      HTTPCode_Target_5XX_Count: lately(9, 60),
    }),
  });
  expect(diagnosis.findings.map(({ cause, strength }) => [cause, strength])).toEqual([
    ['target-returns-5xx', 'strong'],
    ['no-registered-targets', 'decisive'],
  ]);
});

describe('state that was read late', () => {
  const late = (minutes: number, ill: Ill = closed) =>
    of({ ...ill, readAt: new Date(Date.parse(NOW) + minutes * 60_000).toISOString() });

  test('ten minutes after the moment it still proves', () => {
    expect(late(10).findings[0]?.strength).toBe('decisive');
  });
  test('later it proves nothing alone', () => {
    expect(late(11).findings[0]).toMatchObject({ strength: 'circumstantial', cause: 'target-security-group-closed' });
    expect(late(11).findings[0]?.capped).toContain('11 min after the moment asked about');
  });
  test('nor does it cause out; metrics of the time do', () => {
    const { ruledOut, undetermined } = late(11, {});
    expect(ruledOut.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['slower-than-idle-timeout', 'target-returns-5xx']),
    );
    expect(ruledOut.map(({ cause }) => cause)).not.toContain('target-security-group-closed');
    expect(undetermined.map(({ cause }) => cause)).toContain('target-security-group-closed');
  });
});

describe('what was not seen', () => {
  test('names the evidence, the reason and the permission', () => {
    const { undetermined, coverage } = of({ ...closed, networkAcls: denied('ec2:DescribeNetworkAcls') });
    expect(undetermined).toContainEqual({
      cause: 'network-acl-blocks',
      missing: [
        {
          evidence: 'networkAcls',
          why: 'denied',
          action: 'ec2:DescribeNetworkAcls',
          detail: 'ec2:DescribeNetworkAcls was denied',
        },
      ],
    });
    expect(coverage).toEqual({
      judged: CAUSES.length - undetermined.length,
      of: CAUSES.length,
      denied: ['ec2:DescribeNetworkAcls'],
      steps: expect.objectContaining({ network: 'partly', logs: 'not' }),
    });
  });

  test('caps a finding only where its own subjects are touched', () => {
    const gap = (id: string): Ill => ({
      ...closed,
      securityGroups: partly(
        [securityGroup('sg-alb', []), securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' })])],
        { why: 'partial', detail: `${id} was not returned`, ids: [id] },
      ),
    });
    expect(of(gap('sg-other')).findings[0]?.strength).toBe('decisive');
    expect(of(gap('sg-app')).findings[0]).toMatchObject({
      strength: 'circumstantial',
      capped: 'not everything it rests on was seen: sg-app was not returned',
    });
  });

  test.each([
    ['the load balancer reported nothing at all', { ...metrics(), values: {} }],
    ['it reported nothing in the window', metrics({ RequestCount: between(180, 40, 120) })],
  ])('metrics without datapoints cause nothing out: %s', (_, loadBalancerMetrics) => {
    const { ruledOut, undetermined, verdict } = of({ loadBalancerMetrics });
    expect(verdict.status).toBe('inconclusive');
    expect(ruledOut.map(({ cause }) => cause)).not.toContain('target-returns-5xx');
    expect(undetermined.map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(['slower-than-idle-timeout', 'target-returns-5xx']),
    );
  });

  test('a quiet load balancer is never called quiet without its metrics', () => {
    expect(
      verdict({
        loadBalancerMetrics: partly(metrics(), { why: 'failed', detail: 'x', ids: ['HTTPCode_ELB_5XX_Count'] }),
      }),
    ).toEqual(['inconclusive', null]);
  });
});

describe('causes of every outcome', () => {
  const cause = (id: 'waf-failing' | 'host-firewall', examine: () => Answer<'targetHealth', 'targetHealth'>) =>
    defineCause({ id, needs: ['targetHealth'], examine });

  test('a cause that throws is shown as broken, and the others go on', () => {
    const bad = cause('waf-failing', () => {
      throw new TypeError('no such thing');
    });
    const good = cause('host-firewall', () => ruledOut(words('seen to be fine')));
    const { broken, ruledOut: out, coverage } = diagnose(aSnapshot(), [bad, good]);
    expect(broken).toEqual([{ cause: 'waf-failing', error: 'TypeError: no such thing' }]);
    expect(out.map(({ cause }) => cause)).toEqual(['host-firewall']);
    expect(coverage).toMatchObject({ judged: 1, of: 2 });
  });

  test('not applicable is told apart from ruled out', () => {
    const { notApplicable: none } = diagnose(aSnapshot(), [
      cause('host-firewall', () => notApplicable(words('no targets'))),
    ]);
    expect(none.map(({ cause, because }) => [cause, plain(because)])).toEqual([['host-firewall', 'no targets']]);
  });
});

describe('causes and effects in time', () => {
  const stoppedAt = (stateSince: string): Ill => ({
    targetHealth: [target('i-1', { state: 'unused', reason: 'Target.InvalidState' }), target('i-2')],
    instances: [{ ...aStopped, stateSince }],
  });
  const aStopped = { ...instanceOne(), state: 'stopped' };

  test('what begins with the errors is their cause', () => {
    expect(verdict({ ...stoppedAt('2026-03-10T14:20:00Z'), loadBalancerMetrics: errors('502', 9, 40) })).toEqual([
      'identified',
      'instance-not-running',
    ]);
  });
  test('what begins an hour into them is an effect', () => {
    expect(verdict({ ...stoppedAt('2026-03-10T14:20:00Z'), loadBalancerMetrics: errors('502', 69, 40) })).toEqual([
      'suspected',
      'instance-not-running',
    ]);
  });
  test('what was there for over an hour before them is not what made them begin', () => {
    const ill = { ...stoppedAt('2026-03-10T13:00:00Z'), loadBalancerMetrics: errors('502', 9, 40) };
    expect(of(ill).findings.find(({ cause }) => cause === 'instance-not-running')).toMatchObject({
      strength: 'circumstantial',
      capped: 'it had been there for over an hour before the errors began',
    });
  });
  test('unless the errors rose with it: then it is a second fault', () => {
    const rising = newest(...Array(60).fill(5), ...Array(9).fill(100));
    const loadBalancerMetrics = metrics({ HTTPCode_ELB_502_Count: rising, HTTPCode_ELB_5XX_Count: rising });
    expect(verdict({ ...stoppedAt('2026-03-10T14:21:00Z'), loadBalancerMetrics })).toEqual([
      'identified',
      'instance-not-running',
    ]);
  });
  test('when the errors are over the headline says so, and when', () => {
    const loadBalancerMetrics = metrics({
      HTTPCode_ELB_504_Count: between(20, 8, 50),
      HTTPCode_ELB_5XX_Count: between(20, 8, 50),
      TargetConnectionErrorCount: between(20, 8, 50),
    });
    expect(plain(of({ ...closed, loadBalancerMetrics }).verdict.headline)).toMatch(
      /; no request has failed since 14:22, though no target of web is healthy$/,
    );
  });
});

test('the same snapshot gives the same bytes', () => {
  expect(JSON.stringify(of(closed))).toBe(JSON.stringify(of(closed)));
});

test('commands carry the region of the load balancer', () => {
  expect(of(closed).findings[0]?.fixes[0]?.run?.slice(-2)).toEqual(['--region', 'us-east-1']);
});

test('more than fifty targets are cut, and counted', () => {
  const targetHealth = Array.from({ length: 120 }, (_, index) =>
    target(`i-${index}`, { state: 'unused', reason: 'Target.InvalidState' }),
  );
  const [finding] = of({ targetHealth, loadBalancerMetrics: errors('503', 9, 50) }).findings;
  expect([finding?.affected.targets.length, finding?.affected.omitted, finding?.affected.of]).toEqual([50, 70, 120]);
});

function instanceOne() {
  const { instances } = aSnapshot().evidence;
  if (!instances.seen || instances.value[0] === undefined) throw new Error('the healthy snapshot has instances');
  return instances.value[0];
}

describe('recurrence', () => {
  const trigger = { kind: 'alarm' as const, at: NOW, alarmName: 'web-5xx', state: 'ALARM' };
  const history = (...alarmedAt: string[]) => ({ trigger, alarmHistory: { from: '2026-03-03T14:30:00Z', alarmedAt } });

  test('counts the times before this one', () => {
    const { recurrence } = of(history('2026-03-05T02:00:00Z', '2026-03-09T02:00:00Z', NOW));
    expect(recurrence).toEqual({ count: 2, since: '2026-03-03T14:30:00Z', last: '2026-03-09T02:00:00Z' });
  });

  test.each([
    ['the first time in a week', history(NOW)],
    ['the history could not be read', { trigger, alarmHistory: denied('cloudwatch:DescribeAlarmHistory') }],
  ])('is not told: %s', (_, ill) => {
    expect(of(ill)).not.toHaveProperty('recurrence');
  });
});
