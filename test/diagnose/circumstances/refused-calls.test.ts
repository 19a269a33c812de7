import { expect, test } from 'vitest';
import { refusedCalls, refusedRegistrar } from '../../../lambda/diagnose/circumstances/refused-calls.ts';
import type { FailedCall } from '../../../lambda/incident/evidence.ts';
import { asString } from '../../../lambda/render/json.ts';
import { aSnapshot, denied, type Ill, TG } from '../../support/a-snapshot.ts';

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
    'role/AWSLoadBalancerController was not allowed to call RegisterTargets and DeregisterTargets (AccessDenied, 2 times since 2026-03-10T14:21:00Z): allow it elasticloadbalancing:RegisterTargets and elasticloadbalancing:DeregisterTargets, as until then targets do not follow the pods',
    'role/AWSLoadBalancerController was not allowed to call AuthorizeSecurityGroupIngress (Client.UnauthorizedOperation); until it is, what it would change stays as it is',
  ]);
});

test('whoever registers targets in a group that a controller keeps is that controller', () => {
  const failedCalls = [call(21, { who: 'role/pods' })];
  expect(told({ failedCalls, tags: { [TG]: { 'elbv2.k8s.aws/cluster': 'prod' } } })).toEqual([
    'role/pods was not allowed to call RegisterTargets (AccessDenied): allow it elasticloadbalancing:RegisterTargets, as until then targets do not follow the pods',
  ]);
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

test.each<[string, Ill, string | undefined]>([
  ['the controller', { failedCalls: [call(21)] }, 'role/AWSLoadBalancerController'],
  ['nobody else who tried', { failedCalls: [call(21, { who: 'alice' })] }, undefined],
  ['nobody who was throttled', { failedCalls: [call(21, { errorCode: 'Throttling' })] }, undefined],
  ['nobody who took targets away', { failedCalls: [call(21, { event: 'DeregisterTargets' })] }, undefined],
  ['nobody whose calls were not seen', { failedCalls: denied('cloudtrail:LookupEvents') }, undefined],
])('not allowed to register targets was %s', (_, ill, expected) => {
  expect(refusedRegistrar(aSnapshot(ill))).toBe(expected);
});
