import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { ChangeDetails, FunctionChange } from '../../lambda/incident/evidence.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import {
  always,
  aRuleTo,
  aSnapshot,
  change,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  ingress,
  LB,
  lately,
  metrics,
  partly,
  ruleChange,
  securityGroup,
  TG,
  target,
  unhealthy,
} from '../support/a-snapshot.ts';
import { aFunction, behindLambda, lambdaMetrics, permission } from '../support/lambda.ts';

const at = (clock: string, more = {}) => ({ at: `2026-03-10T${clock}Z`, ...more });
const web = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
const ssh = ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' });
const errors = (code: '502' | '503' | '504', more = {}) =>
  metrics({ [`HTTPCode_ELB_${code}_Count`]: lately(9, 117), HTTPCode_ELB_5XX_Count: lately(9, 117), ...more });
/** 504s since 14:21. */
const closed: Ill = {
  targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [ssh])],
  loadBalancerMetrics: errors('504', { TargetConnectionErrorCount: lately(9, 117) }),
};
const first = (ill: Ill) => diagnose(aSnapshot(ill), CAUSES).findings[0];
const whoFor = (ill: Ill) => first(ill)?.change?.who ?? null;

test('what to do comes before looking up who made it, known or not; what is known is put back first', () => {
  const gone = { targetHealth: [], loadBalancerMetrics: errors('503') };
  const known = change(
    { is: 'targets', does: 'deregisters', targetGroup: TG, ids: ['i-1'] },
    at('14:20:00', { resources: [TG] }),
  );
  const lookUps = (ill: Ill) => first(ill)?.fixes.map(({ run }) => run?.[1] === 'cloudtrail');
  expect(lookUps(gone)).toEqual([false, true]);
  expect(lookUps({ ...gone, changes: [known] })).toEqual([false, false, true]);
  expect(lookUps({ ...gone, changes: [{ ...known, event: 'DeregisterTargets' }] })).toEqual([false, false]);
});

describe('the change that explains a finding', () => {
  const revoked = (clock: string, more = {}) => ruleChange('revokes', 'sg-app', [web], at(clock, more));
  test.each<[string, NonNullable<Ill['changes']>, string | null]>([
    ['revoked a minute before the errors', [revoked('14:20:00')], 'alice'],
    ['revoked within the first minute', [revoked('14:22:00')], 'alice'],
    ['revoked after it: somebody tried to mend something', [revoked('14:22:01')], null],
    ['revoked an hour before', [revoked('13:21:00')], 'alice'],
    ['revoked more than an hour before', [revoked('13:20:59')], null],
    ['another port was revoked', [ruleChange('revokes', 'sg-app', [ssh], at('14:20:00'))], null],
    [
      'all ports were',
      [ruleChange('revokes', 'sg-app', [ingress('-1', null, null, { group: 'sg-alb' })], at('14:20:00'))],
      'alice',
    ],
    ['which rules is not told', [ruleChange('revokes', 'sg-app', [], at('14:20:00'))], 'alice'],
    ['a rule was modified', [ruleChange('changes', 'sg-app', [], at('14:20:00'))], 'alice'],
    ['it was admitted', [ruleChange('admits', 'sg-app', [web], at('14:20:00'))], null],
    ['what goes out was revoked', [ruleChange('revokes', 'sg-app', [web], at('14:20:00', { way: 'egress' }))], null],
    ['another group', [ruleChange('revokes', 'sg-other', [web], at('14:20:00'))], null],
    ['two: the last', [revoked('14:10:00'), revoked('14:20:00', { who: 'bob' })], 'bob'],
    [
      'the load balancer got other groups',
      [change({ is: 'other' }, at('14:20:00', { event: 'SetSecurityGroups', resources: [LB] }))],
      'alice',
    ],
    [
      'a target got other groups',
      [
        change(
          { is: 'other' },
          at('14:20:00', { event: 'ModifyNetworkInterfaceAttribute', resources: ['eni-i-1', 'i-1'] }),
        ),
      ],
      'alice',
    ],
    [
      'the load balancer got other subnets',
      [change({ is: 'other' }, at('14:20:00', { event: 'SetSubnets', resources: [LB] }))],
      'alice',
    ],
    [
      'the load balancer got other subnets after a rule was revoked',
      [
        revoked('14:19:00'),
        change({ is: 'other' }, at('14:20:00', { event: 'SetSubnets', resources: [LB], who: 'bob' })),
      ],
      'alice',
    ],
  ])('a closed security group: %s', (_, changes, who) => {
    expect(whoFor({ ...closed, changes })).toBe(who);
  });

  const emptied: Ill = { targetHealth: [], loadBalancerMetrics: errors('503') };
  const stopped: Ill = {
    targetHealth: [target('i-1', { state: 'unused', reason: 'Target.InvalidState' })],
    loadBalancerMetrics: errors('503'),
  };
  const moved: Ill = {
    targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch'), unhealthy('i-2', 'Target.ResponseCodeMismatch')],
    loadBalancerMetrics: errors('503'),
  };
  const anywhere = ingress('-1', null, null, { cidr: '0.0.0.0/0' });
  const login = { type: 'other' as const, name: 'authenticate-oidc', hosts: ['login.example.com'] };
  const keptIn: Ill = {
    listenerRules: aRuleTo(TG).map((rule) => ({ ...rule, actions: [login, ...rule.actions] })),
    securityGroups: [securityGroup('sg-alb', [], [web]), securityGroup('sg-app', [web])],
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_500_Count: lately(9, 117),
      HTTPCode_ELB_5XX_Count: lately(9, 117),
      ELBAuthError: lately(9, 117),
    }),
  };
  const failing = (counts: Parameters<typeof lambdaMetrics>[0], policy = [permission()]): Ill =>
    behindLambda({
      lambdaFunctions: [aFunction({ policy })],
      lambdaMetrics: lambdaMetrics({ Invocations: always(120), ...counts }),
      loadBalancerMetrics: errors('502'),
    });
  const barred = failing({}, []);
  const throttled = failing({ Throttles: lately(9, 117) });
  const throwing = failing({ Errors: lately(9, 117) });
  const functionChange = (does: FunctionChange) => [
    change(
      { is: 'function', does, of: 'api', name: null, value: null },
      at('14:20:00', { event: does, source: 'lambda.amazonaws.com', resources: ['api', TG] }),
    ),
  ];
  const fact = (details: ChangeDetails, event: string, ...resources: string[]) => [
    change(details, at('14:20:00', { event, resources })),
  ];
  test.each<[string, Ill, NonNullable<Ill['changes']>, string | null]>([
    [
      'targets were deregistered',
      emptied,
      fact({ is: 'targets', does: 'deregisters', targetGroup: TG, ids: ['i-1'] }, 'DeregisterTargets', TG),
      'alice',
    ],
    [
      'targets were registered',
      emptied,
      fact({ is: 'targets', does: 'registers', targetGroup: TG, ids: ['i-1'] }, 'RegisterTargets', TG),
      null,
    ],
    [
      'targets of another group were deregistered',
      emptied,
      fact(
        { is: 'targets', does: 'deregisters', targetGroup: groupArn('other'), ids: ['i-1'] },
        'DeregisterTargets',
        groupArn('other'),
      ),
      null,
    ],
    [
      'its Auto Scaling group was scaled',
      emptied,
      fact({ is: 'settings', of: 'web-asg', set: { desiredCapacity: '0' } }, 'UpdateAutoScalingGroup', 'web-asg', TG),
      'alice',
    ],
    [
      'its Auto Scaling group was kept from registering instances',
      emptied,
      fact(
        { is: 'settings', of: 'web-asg', set: { suspended: 'AddToLoadBalancer' } },
        'SuspendProcesses',
        'web-asg',
        TG,
      ),
      'alice',
    ],
    [
      'requests were sent to it',
      emptied,
      fact({ is: 'routing', of: LB, to: [{ targetGroup: TG, weight: 1 }] }, 'ModifyRule', LB, TG),
      'alice',
    ],
    [
      'requests were sent elsewhere',
      emptied,
      fact({ is: 'routing', of: LB, to: [{ targetGroup: TG, weight: 0 }] }, 'ModifyRule', LB, TG),
      null,
    ],
    [
      'the instance was stopped',
      stopped,
      fact({ is: 'instances', does: 'stops', instanceIds: ['i-1'] }, 'StopInstances', 'i-1'),
      'alice',
    ],
    [
      'the instance was started',
      stopped,
      fact({ is: 'instances', does: 'starts', instanceIds: ['i-1'] }, 'StartInstances', 'i-1'),
      null,
    ],
    [
      'the path of the health check was set',
      moved,
      fact({ is: 'settings', of: TG, set: { healthCheckPath: '/up' } }, 'ModifyTargetGroup', TG),
      'alice',
    ],
    [
      'another attribute was set',
      moved,
      fact({ is: 'settings', of: TG, set: { 'stickiness.enabled': 'true' } }, 'ModifyTargetGroupAttributes', TG),
      null,
    ],
    [
      'the way out to the login provider was closed',
      keptIn,
      [ruleChange('revokes', 'sg-alb', [anywhere], at('14:20:00', { way: 'egress' }))],
      'alice',
    ],
    [
      'another way out was closed',
      keptIn,
      [ruleChange('revokes', 'sg-alb', [web], at('14:20:00', { way: 'egress' }))],
      null,
    ],
    ['the permission of a function was removed', barred, functionChange('withdraws'), 'alice'],
    ['another one was added', barred, functionChange('admits'), null],
    ['its concurrency was limited', barred, functionChange('limits'), null],
    [
      'requests were sent to a function that admits nobody',
      barred,
      fact({ is: 'routing', of: LB, to: [{ targetGroup: TG, weight: 1 }] }, 'ModifyRule', LB, TG),
      'alice',
    ],
    ['a function that is throttled was limited', throttled, functionChange('limits'), 'alice'],
    ['a function that throws was limited', throwing, functionChange('limits'), null],
    ['a function that throws got new code', throwing, functionChange('updates-code'), 'alice'],
    ['its alias was moved', throwing, functionChange('sets-alias'), 'alice'],
    [
      'a new version was rolled out',
      moved,
      fact({ is: 'settings', of: 'web', set: { taskDefinition: 'web:7' } }, 'UpdateService', 'web', TG),
      'alice',
    ],
  ])('%s', (_, ill, changes, who) => {
    expect(whoFor({ ...ill, changes })).toBe(who);
  });

  test('what a service did upon somebody’s request is explained by the request', () => {
    const scaled = change(
      { is: 'settings', of: 'web-asg', set: { desiredCapacity: '0' } },
      at('14:18:00', { event: 'SetDesiredCapacity', who: 'dave', resources: ['web-asg', TG] }),
    );
    const deregistered = change(
      { is: 'targets', does: 'deregisters', targetGroup: TG, ids: ['i-1'] },
      at('14:20:00', { event: 'DeregisterTargets', who: 'autoscaling.amazonaws.com', by: 'service', resources: [TG] }),
    );
    expect(whoFor({ ...emptied, changes: [scaled, deregistered] })).toBe('dave');
    expect(whoFor({ ...emptied, changes: [{ ...scaled, at: '2026-03-10T14:04:59Z' }, deregistered] })).toBe(
      'autoscaling.amazonaws.com',
    );
  });

  test('what a tool has set it will set again', () => {
    const changes = [revoked('14:20:00', { who: 'role/deploy (ci)', by: 'role', tool: 'Terraform' })];
    expect(first({ ...closed, changes })?.fixes[0]?.managedBy).toBe('Terraform, run by role/deploy (ci)');
    expect(first({ ...closed, changes: [revoked('14:20:00')] })?.fixes[0]?.managedBy).toBeUndefined();
  });

  test.each([
    ['a change before dates it back', [revoked('14:20:00')], 'decisive'],
    ['without one nothing does', [], 'circumstantial'],
    ['a rollout does not', fact({ is: 'settings', of: 'web', set: {} }, 'UpdateService', TG), 'circumstantial'],
  ])('state that was read an hour late: %s', (_, changes, strength) => {
    expect(first({ ...closed, changes, readAt: '2026-03-10T15:30:00Z' })?.strength).toBe(strength);
  });

  test('a CloudTrail that was denied takes nothing away from what is proven', () => {
    expect(first({ ...closed, changes: denied('cloudtrail:LookupEvents') })?.strength).toBe('decisive');
  });
});

describe('the report', () => {
  const changes = [
    ruleChange('revokes', 'sg-app', [web], at('14:17:00', { who: 'role/deploy (ci)' })),
    change(
      { is: 'settings', of: TG, set: { 'stickiness.enabled': 'true' } },
      at('14:25:00', { who: 'bob', resources: [TG] }),
    ),
  ];
  const trigger = { kind: 'alarm' as const, at: '2026-03-10T14:24:00Z', alarmName: 'web-5xx', state: 'ALARM' };

  test('lists all changes, and tells them in order with the first symptom and the alarm', () => {
    const diagnosis = diagnose(aSnapshot({ ...closed, changes, trigger }), CAUSES);
    expect(diagnosis.changes).toMatchObject([
      { who: 'role/deploy (ci)', what: 'revoked tcp 8080 from sg-alb in sg-app', resource: 'sg-app' },
      { who: 'bob', resource: TG },
    ]);
    expect(diagnosis.timeline.map(({ at, kind }) => [at.slice(11, 16), kind])).toEqual([
      ['14:17', 'change'],
      ['14:21', 'symptom'],
      ['14:24', 'alarm'],
      ['14:25', 'change'],
    ]);
  });

  test('of very many changes the timeline shows those around the onset', () => {
    const many = Array.from({ length: 60 }, (_, minute) =>
      change({ is: 'other' }, at(`14:${String(minute).padStart(2, '0')}:00`, { what: `change ${minute}` })),
    );
    const { timeline } = diagnose(aSnapshot({ ...closed, changes: many }), CAUSES);
    const told = timeline.filter(({ kind }) => kind === 'change').map(({ at }) => at.slice(11, 16));
    expect([told.length, told[0], told.at(-1)]).toEqual([12, '14:14', '14:25']);
  });

  const mail = (ill: Ill) =>
    renderEmail(diagnose(aSnapshot({ ...closed, ...ill }), CAUSES)).replace(/\n {2}|\n(?=\w)/g, ' ');
  test.each<[string, Ill, RegExp]>([
    [
      'who, when, and how long before',
      { changes },
      /Changed at 14:17 UTC by role\/deploy \(ci\): revoked tcp 8080 from sg-alb in sg-app, 4 min before the first error/,
    ],
    ['that CloudTrail is late', { changes }, /a change after 14:25 UTC may be missing here/],
    ['that no change was seen', { changes: [] }, /No change was seen\. CloudTrail records appear some minutes late/],
    [
      'that it was denied',
      { changes: denied('cloudtrail:LookupEvents') },
      /Changes were not seen: cloudtrail:LookupEvents was denied/,
    ],
    [
      'what was not asked',
      { changes: partly(changes, { why: 'not-asked', detail: 'asked 8 times', ids: ['rtb-1'] }) },
      /Changes of rtb-1 were not read \(asked 8 times\)\./,
    ],
  ])('the mail says %s', (_, ill, expected) => {
    expect(mail(ill)).toMatch(expected);
  });

  test.each<[string, boolean]>([
    ['2026-03-10T14:45:00Z', true],
    ['2026-03-10T14:45:01Z', false],
  ])('read at %s, CloudTrail may lack what was called before the moment asked about: %s', (readAt, late) => {
    const said = mail({ changes: [], readAt });
    expect(said).toMatch(/No change was seen\./);
    expect(/some minutes late/.test(said)).toBe(late);
  });

  test('a part that other evidence would have named is no change that was not seen', () => {
    const gap = { why: 'denied' as const, detail: 'a part needs x', action: 'ec2:DescribeNetworkAcls' };
    const gone = { why: 'not-asked' as const, detail: 'a part needs y', ids: [] };
    expect(diagnose(aSnapshot({ ...closed, changes: partly([], gap, gone) }), CAUSES).changesUnseen).toEqual([]);
  });
});

describe('a finding with a change that makes it', () => {
  /** Errors since 14:21; health checks are answered 404 by targets of which the youngest has failed for three minutes. */
  const answered404: Ill = {
    targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch'), unhealthy('i-2', 'Target.ResponseCodeMismatch')],
    loadBalancerMetrics: errors('503'),
    targetGroupMetrics: groupMetrics({ [TG]: { 'UnHealthyHostCount.max': [...always(0).slice(3), 2, 2, 2] } }),
  };
  const path = (clock: string) =>
    change({ is: 'settings', of: 'web', set: { healthCheckPath: '/ready' } }, at(clock, { resources: [TG] }));
  const found = (ill: Ill) => {
    const one = diagnose(aSnapshot(ill), CAUSES).findings.find(({ cause }) => cause === 'health-check-code-mismatch');
    return [one?.strength, one?.since, one?.change?.at];
  };

  test.each([
    [
      'five minutes before the errors',
      [path('14:16:00')],
      ['decisive', '2026-03-10T14:16:00Z', '2026-03-10T14:16:00Z'],
    ],
    [
      'an hour before them, and more than that before the youngest target',
      [path('13:21:00')],
      ['decisive', '2026-03-10T13:21:00Z', '2026-03-10T13:21:00Z'],
    ],
    ['earlier still', [path('13:20:59')], ['circumstantial', '2026-03-10T14:26:30Z', undefined]],
    ['no change', [], ['circumstantial', '2026-03-10T14:26:30Z', undefined]],
  ])('is dated by it: %s', (_, changes, expected) => {
    expect(found({ ...answered404, changes })).toEqual(expected);
  });

  test('is not dated by what only set it off', () => {
    const released = change({ is: 'other' }, at('14:19:00', { event: 'UpdateService', resources: [TG] }));
    expect(found({ ...answered404, changes: [released] })[1]).toBe('2026-03-10T14:26:30Z');
  });
});
