import { describe, expect, test } from 'vitest';
import { refusedCalls } from '../../../lambda/diagnose/circumstances/refused-calls.ts';
import type { ChangeEvent, FailedCall } from '../../../lambda/incident/evidence.ts';
import { asString } from '../../../lambda/render/json.ts';
import { aSnapshot, change, denied, type Ill, TG } from '../../support/a-snapshot.ts';

const told = (ill: Ill) => refusedCalls(aSnapshot(ill)).map(({ shows }) => asString(shows));

const call = (minute: number, ill: Partial<FailedCall> = {}): FailedCall => ({
  at: `2026-03-10T14:${minute}:00Z`,
  who: 'role/AWSLoadBalancerController',
  tool: null,
  event: 'RegisterTargets',
  errorCode: 'AccessDenied',
  resources: [TG],
  ...ill,
});

test('a controller that may not register targets', () => {
  const failedCalls = [
    call(21),
    call(22, { event: 'DeregisterTargets' }),
    call(23, { event: 'AuthorizeSecurityGroupIngress', errorCode: 'Client.UnauthorizedOperation' }),
  ];
  expect(told({ failedCalls })).toEqual([
    'role/AWSLoadBalancerController was not allowed to call RegisterTargets and DeregisterTargets (AccessDenied, 2 times since 2026-03-10T14:21:00Z): allow it elasticloadbalancing:RegisterTargets and elasticloadbalancing:DeregisterTargets; until then, targets do not follow the pods',
    'role/AWSLoadBalancerController was not allowed to call AuthorizeSecurityGroupIngress (Client.UnauthorizedOperation); what it would change stays as it is until then',
  ]);
});

test('whoever registers targets in a group that a controller keeps is that controller', () => {
  const failedCalls = [call(21, { who: 'role/pods' })];
  expect(told({ failedCalls, tags: { [TG]: { 'elbv2.k8s.aws/cluster': 'prod' } } })).toEqual([
    'role/pods was not allowed to call RegisterTargets (AccessDenied): allow it elasticloadbalancing:RegisterTargets; until then, targets do not follow the pods',
  ]);
});

describe('of a controller that goes by any name', () => {
  const kept = { tags: { [TG]: { 'elbv2.k8s.aws/cluster': 'prod' } } };
  const reads = (who: string, more: Partial<FailedCall> = {}) => [
    call(20, { who, event: 'DescribeTargetHealth', action: 'elasticloadbalancing:DescribeTargetHealth', ...more }),
  ];
  const registered = (by: ChangeEvent['by'], who = 'role/pods') => ({
    changes: [
      change(
        { is: 'targets', does: 'registers', targetGroup: TG, ids: ['10.0.0.9'] },
        {
          ...{ who, by, event: 'RegisterTargets', resources: [TG] },
        },
      ),
    ],
  });
  const ALLOW = /: allow it elasticloadbalancing:DescribeTargetHealth, because a controller/;

  test.each([
    'role/AmazonEKSLoadBalancerControllerRole (1710)',
    'role/alb-controller (1710)',
    'role/ALBIngressControllerRole',
    'role/prod-aws-lb-controller',
    'role/eks-lbc-prod (1710)',
    'role/prod_lbc',
  ])('%s is one by its name', (who) => {
    expect(told({ ...kept, failedCalls: reads(who) }).join()).toMatch(ALLOW);
  });

  test.each(['role/datadog', 'role/bulb-controller', 'role/lbcache', 'role/alb-reader'])('%s may be one', (who) => {
    const [said = ''] = told({ ...kept, failedCalls: reads(who) });
    expect(said).toContain(
      ': if that is the load balancer controller of cluster prod, allow it elasticloadbalancing:DescribeTargetHealth,',
    );
    expect(said).not.toContain('that changed nothing');
    expect(told({ failedCalls: reads(who) })[0]).toContain(': that changed nothing');
  });

  test.each<[string, Ill, boolean]>([
    ['registers targets there', registered('role'), true],
    ['did so as a person', registered('person'), false],
    ['is another than who does', registered('role', 'role/others'), false],
    ['may not', { failedCalls: [...reads('role/pods'), call(19, { who: 'role/pods' })] }, true],
  ])('by its work: who %s', (_, ill, isKeeper) => {
    const said = told({ ...kept, failedCalls: reads('role/pods'), ...ill }).filter((one) => one.includes('Describe'));
    expect(ALLOW.test(said.join())).toBe(isKeeper);
  });

  test('a person that reads is none', () => {
    expect(told({ ...kept, failedCalls: reads('alice') })[0]).toContain(': that changed nothing');
  });
});

test('what others tried changed nothing', () => {
  const failedCalls = [call(21, { who: 'alice' }), call(22, { who: 'bob' }), call(23, { who: 'alice' })];
  expect(told({ failedCalls })).toEqual([
    'alice was not allowed to call RegisterTargets (AccessDenied, 2 times since 2026-03-10T14:21:00Z): that changed nothing',
    'bob was not allowed to call RegisterTargets (AccessDenied): that changed nothing',
  ]);
});

test('of many who tried, the last four are told', () => {
  const failedCalls = ['a', 'b', 'c', 'd', 'e'].map((who, index) => call(20 + index, { who }));
  expect(told({ failedCalls }).map((line) => line.slice(0, 1))).toEqual(['b', 'c', 'd', 'e']);
});

test.each<[string, Ill]>([
  ['calls that were throttled', { failedCalls: [call(21, { errorCode: 'Throttling' })] }],
  ['no call', { failedCalls: [] }],
  ['calls that were not seen', { failedCalls: denied('cloudtrail:LookupEvents') }],
])('nothing is told of %s', (_, ill) => {
  expect(told(ill)).toEqual([]);
});

const read = (minute: number, ill: Partial<FailedCall> = {}) =>
  call(minute, {
    who: 'role/green-lbc',
    tool: 'load balancer controller',
    event: 'GetWebACLForResource',
    errorCode: 'AccessDeniedException',
    action: 'wafv2:GetWebACLForResource',
    resources: [],
    ...ill,
  });

test('a controller that may not read leaves off there, maybe', () => {
  expect(told({ failedCalls: [read(20), read(22), read(24, { action: 'wafv2:GetWebACLForResource' })] })).toEqual([
    'role/green-lbc was not allowed to call GetWebACLForResource (AccessDeniedException, 3 times since 2026-03-10T14:20:00Z): allow it wafv2:GetWebACLForResource, because a controller whose call is denied may stop there and leave targets and rules as they were',
  ]);
});

describe('what a controller fails on for other reasons', () => {
  const invalid = (minute: number) =>
    read(minute, {
      event: 'ModifyListener',
      errorCode: 'InvalidConfigurationRequest',
      action: 'elasticloadbalancing:ModifyListener',
      message: 'certificate not found',
      resources: [TG],
    });
  const done = (minute: number): ChangeEvent =>
    change(
      { is: 'other' },
      { at: `2026-03-10T14:${minute}:00Z`, who: 'role/green-lbc', event: 'ModifyListener', resources: [TG] },
    );

  test('is told where it fails again and again', () => {
    expect(told({ failedCalls: [invalid(20), invalid(22)] })).toEqual([
      'role/green-lbc failed to call ModifyListener (InvalidConfigurationRequest, 2 times since 2026-03-10T14:20:00Z): "certificate not found"; what it would change stays as it is until it can',
    ]);
  });

  test.each<[string, Ill]>([
    ['once', { failedCalls: [invalid(20)] }],
    ['until it was done', { failedCalls: [invalid(20), invalid(22)], changes: [done(23)] }],
    [
      'of throttling',
      { failedCalls: [read(20, { errorCode: 'ThrottlingException' }), read(21, { errorCode: 'ThrottlingException' })] },
    ],
    ['by somebody else', { failedCalls: [20, 21].map((at) => ({ ...invalid(at), who: 'alice', tool: null })) }],
  ])('is not where it failed %s', (_, ill) => {
    expect(told(ill)).toEqual([]);
  });

  test('is where it was done before that only', () => {
    expect(told({ failedCalls: [invalid(20), invalid(22)], changes: [done(19)] })).toHaveLength(1);
  });
});
