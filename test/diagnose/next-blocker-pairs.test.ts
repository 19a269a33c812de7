import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { ListenerRule, LoadBalancerMetric, NetworkAcl, Values } from '../../lambda/incident/evidence.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import {
  aRuleTo,
  aSnapshot,
  between,
  change,
  groupArn,
  groupMetrics,
  type Ill,
  ingress,
  instance,
  LB,
  lately,
  metrics,
  partly,
  ruleChange,
  securityGroup,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../support/a-snapshot.ts';
import { forwardTo, noInstances, onFargate, pathRule } from '../support/afternoon.ts';
import { applicationCheck, bothChecked } from '../support/application-status.ts';
import { ago } from '../support/containers.ts';
import { aFunction, behindLambda, FUNCTION, lambdaMetrics } from '../support/lambda.ts';

/** All requests of the last nine minutes, and so many besides that fail otherwise. */
const fails = (code: '500' | '502' | '503' | '504', more: Partial<Record<LoadBalancerMetric, Values>> = {}): Ill => ({
  loadBalancerMetrics: metrics({
    [`HTTPCode_ELB_${code}_Count`]: lately(9, 117),
    HTTPCode_ELB_5XX_Count: lately(9, 117),
    ...more,
  }),
  targetGroupMetrics: groupMetrics({
    [TG]: { RequestCount: between(180, 9, 117), HTTPCode_Target_2XX_Count: between(180, 9, 117) },
  }),
});
/** The same, and the group answers some of them. */
const answering: Ill = {
  targetGroupMetrics: groupMetrics({
    [TG]: { RequestCount: lately(180, 30), HTTPCode_Target_2XX_Count: lately(180, 30) },
  }),
};
const both = ['i-1', 'i-2'];
const off = (id: string, zone = 'us-east-1a') =>
  target(id, { zone, state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' });
const areOff: Ill = { instances: both.map((id) => instance(id, { state: 'stopped' })) };
const stopped: Ill = { ...areOff, targetHealth: both.map((id) => off(id)) };
const stoppedElsewhere: Ill = { ...areOff, targetHealth: both.map((id) => off(id, 'us-east-1c')) };
const silent: Ill = { targetHealth: both.map((id) => unhealthy(id, 'Target.Timeout')) };
const shut: Ill = {
  securityGroups: [
    securityGroup('sg-alb', []),
    securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' })]),
  ],
};
const refusedWithin = bothChecked(applicationCheck('ConnectionRefused'));
const refused: Ill = { targetHealth: both.map((id) => unhealthy(id, 'Target.FailedHealthChecks')), ...refusedWithin };
const answers404: Ill = {
  targetHealth: both.map((id) =>
    unhealthy(id, 'Target.ResponseCodeMismatch', { description: 'Health checks failed with these codes: [404]' }),
  ),
};
const login: Ill = {
  ...fails('500', { ELBAuthError: lately(9, 117) }),
  listenerRules: aRuleTo(TG).map((rule) => ({
    ...rule,
    actions: [{ type: 'other' as const, name: 'authenticate-oidc', hosts: ['sso.example.com'] }, ...rule.actions],
  })),
};
const closedPage: Ill = {
  ...fails('503', { HTTP_Fixed_Response_Count: lately(9, 117) }),
  listenerRules: [
    {
      ...{ arn: `${LB}/rule-1`, listenerArn: `${LB}/listener-80`, priority: 1, conditions: ['path is /*'] },
      actions: [{ type: 'fixed-response' as const, statusCode: '503' }],
    },
    ...aRuleTo(TG),
  ],
};
const entry = (
  egress: boolean,
  ruleNumber: number,
  action: 'allow' | 'deny',
  ports: [number, number] | null = null,
) => ({
  ...{ ruleNumber, egress, action, cidr: '0.0.0.0/0', protocol: ports === null ? '-1' : '6' },
  ...{ fromPort: ports?.[0] ?? null, toPort: ports?.[1] ?? null },
});
const acl = (id: string, subnetIds: string[], out: [number, number] | null): NetworkAcl => ({
  ...{ id, isDefault: false, subnetIds, tags: {} },
  entries: [
    ...[entry(false, 100, 'allow'), entry(false, 32767, 'deny')],
    ...[entry(true, 100, 'allow', out), entry(true, 32767, 'deny')],
  ],
});
const narrow: Ill = {
  networkAcls: [
    acl('acl-lb', ['subnet-public-a', 'subnet-public-b'], null),
    acl('acl-app', ['subnet-app-a', 'subnet-app-b'], [1024, 20000]),
  ],
};
const switched = change({ is: 'other' }, { at: ago(5), resources: ['acl-app', 'subnet-app-a'] });
const aLambda = (ill: Parameters<typeof aFunction>[0], more: Parameters<typeof lambdaMetrics>[0] = {}): Ill =>
  behindLambda({
    ...fails('502'),
    lambdaFunctions: [aFunction(ill)],
    lambdaMetrics: lambdaMetrics({ Invocations: between(180, 9, 117), ...more }),
  });
const onPort = (port: number, opened: number): Ill => ({
  ...onFargate('web', TG, ['10.0.10.21', '10.0.11.22'], {
    port: opened,
    target: { port, healthCheckPort: port, state: 'unhealthy', reason: 'Target.Timeout' },
  }),
  ...fails('504', { TargetConnectionErrorCount: lately(9, 117) }),
  ...noInstances,
  targetGroups: [targetGroup('web', { targetType: 'ip', port })],
});

const told = (ill: Ill) => {
  const diagnosis = diagnose(aSnapshot(ill), CAUSES);
  const waiting = diagnosis.findings.filter((finding) => finding.waiting);
  return {
    diagnosis,
    waiting,
    causes: waiting.map(({ cause }) => cause),
    mail: renderEmail(diagnosis).replace(/\s+/g, ' '),
  };
};

describe('is told after what fails now', () => {
  test.each<[string, Ill, CauseId, readonly CauseId[]]>([
    [
      'nobody can log in, and the hosts are stopped',
      { ...login, ...stopped },
      'authentication-failing',
      ['instance-not-running'],
    ],
    [
      'nobody can log in, and the group is shut',
      { ...login, ...silent, ...shut },
      'authentication-failing',
      ['target-security-group-closed'],
    ],
    [
      'nobody can log in, and nothing is registered',
      { ...login, targetHealth: [] },
      'authentication-failing',
      ['no-registered-targets'],
    ],
    [
      'nobody can log in, the hosts are stopped, and shut off',
      { ...login, ...stopped, ...shut },
      'authentication-failing',
      ['instance-not-running', 'target-security-group-closed'],
    ],
    [
      'a rule answers for them, and nothing is registered',
      { ...closedPage, targetHealth: [] },
      'fixed-response-5xx',
      ['no-registered-targets'],
    ],
    [
      'a rule answers for them, and nothing listens',
      { ...closedPage, ...refused },
      'fixed-response-5xx',
      ['nothing-listening'],
    ],
    [
      'the group is shut, and nothing listens',
      { ...fails('504', { TargetConnectionErrorCount: lately(9, 117) }), ...silent, ...shut, ...refusedWithin },
      'target-security-group-closed',
      ['nothing-listening'],
    ],
    [
      'hosts are stopped, in a zone that is not enabled',
      { ...fails('503'), ...stoppedElsewhere },
      'instance-not-running',
      ['zone-not-enabled'],
    ],
    [
      'hosts are stopped, and their ACL was narrowed since',
      { ...fails('503'), ...stopped, ...narrow, changes: [switched] },
      'instance-not-running',
      ['network-acl-blocks'],
    ],
    [
      'a function may not be invoked, and is switched off',
      aLambda({ policy: [], reservedConcurrency: 0 }),
      'lambda-target-not-invokable',
      ['lambda-target-failing'],
    ],
  ])('%s', (_, ill, first, then) => {
    const { diagnosis, waiting, causes, mail } = told(ill);
    expect(diagnosis.verdict).toMatchObject({ status: 'identified', cause: first });
    expect(causes).toEqual(then);
    for (const finding of waiting)
      expect(finding).toMatchObject({ strength: 'circumstantial', share: 0, blocks: [first] });
    expect(mail).toMatch(
      / THEN (This causes|These cause) none of the errors yet, but requests would still fail once their cause/,
    );
    expect(mail).toMatch(/ THEN .*?(Fix, after that|By hand)/);
    expect(renderTerminal(diagnosis, { colour: false }).replace(/\s+/g, ' ')).toMatch(/ THEN | Then /);
  });
});

describe('nothing waits', () => {
  test.each<[string, Ill]>([
    ['where some get in, and are answered', { ...login, ...stopped, ...answering }],
    ['where nobody can log in, and all is well behind it', login],
    [
      'where hosts are stopped that need no login',
      {
        ...login,
        targetGroups: [targetGroup(), targetGroup('api')],
        listenerRules: [...(login.listenerRules as ListenerRule[]), pathRule(5, '/api/*', forwardTo(groupArn('api')))],
        instances: [instance('i-1'), instance('i-2'), instance('i-3', { state: 'stopped' })],
        targetHealth: [target('i-1'), target('i-2'), { ...off('i-3'), targetGroup: groupArn('api') }],
      },
    ],
    ['where checks alone fail: all targets get requests then, and may answer them', { ...closedPage, ...answers404 }],
    ['where checks alone fail behind a login', { ...login, ...answers404 }],
    [
      'where a group is empty that never answered anything',
      {
        ...login,
        targetHealth: [],
        targetGroupMetrics: groupMetrics({ [TG]: { RequestCount: lately(180, null) } }),
      },
    ],
    ['where the ACL was always so, and dropped nothing', { ...fails('503'), ...stopped, ...narrow }],
    [
      'where one of the hosts is in a zone that is enabled',
      {
        ...fails('503'),
        ...areOff,
        targetHealth: [off('i-1', 'us-east-1c'), off('i-2', 'us-east-1b')],
      },
    ],
    [
      'where the function is throttled: that is what fails',
      aLambda({ reservedConcurrency: 0 }, { Throttles: lately(9, 117) }),
    ],
    ['where a few runs at a time are allowed', aLambda({ policy: [], reservedConcurrency: 5 })],
    [
      'where it was throttled meanwhile, and so called',
      aLambda({ policy: [], reservedConcurrency: 0 }, { Throttles: lately(4, 117) }),
    ],
  ])('%s', (_, ill) => {
    const { causes, mail } = told(ill);
    expect(causes).toEqual([]);
    expect(mail).not.toContain(' THEN ');
  });

  test('what EC2 did not see refused comes of the closed group', () => {
    const { causes } = told({ ...fails('504', { TargetConnectionErrorCount: lately(9, 117) }), ...silent, ...shut });
    expect(causes).toEqual([]);
  });
});

describe('a narrow ACL behind stopped hosts', () => {
  const stoppedBehind: Ill = { ...fails('503'), ...stopped, ...narrow };
  test.each<[string, Ill, boolean]>([
    ['changed since', { changes: [switched] }, true],
    ['another ACL changed', { changes: [{ ...switched, resources: ['acl-other'] }] }, false],
    ['changes not read whole', { changes: partly([], { why: 'throttled', detail: 'x' }) }, true],
    ['connections failed before', fails('503', { TargetConnectionErrorCount: between(60, 9, 2) }), true],
  ])('%s', (_, ill, waits) => {
    expect(told({ ...stoppedBehind, ...ill }).causes).toEqual(waits ? ['network-acl-blocks'] : []);
  });
});

describe('a port that no container opens, where packets do not get there', () => {
  test('none of the errors are its', () => {
    const { diagnosis, causes, mail } = told({ ...onPort(8080, 9000), ...shut });
    expect(diagnosis.verdict.cause).toBe('target-security-group-closed');
    expect(causes).toEqual(['wrong-target-port']);
    expect(mail).not.toMatch(/wrong-target-port, decisive/);
  });

  test('some were refused: they are', () => {
    const some = fails('504', { TargetConnectionErrorCount: lately(9, 117), HTTPCode_ELB_502_Count: lately(9, 20) });
    expect(told({ ...onPort(8080, 9000), ...shut, ...some }).causes).toEqual([]);
  });

  test('the group is open: it is the cause', () => {
    const { diagnosis, causes } = told(onPort(8080, 9000));
    expect(diagnosis.verdict.cause).toBe('wrong-target-port');
    expect(causes).toEqual([]);
  });
});

describe('who changed it', () => {
  const revoke = ruleChange('revokes', 'sg-app', [ingress('tcp', 8080, 8080, { group: 'sg-alb' })], {
    ...{ at: ago(4), who: 'role/tidy-up', by: 'role' },
  });
  const stop = change(
    { is: 'instances', does: 'stops', instanceIds: both },
    { at: ago(9), who: 'ines', resources: both },
  );

  test('is told where it was after the errors began', () => {
    const { waiting, mail } = told({ ...fails('503'), ...stopped, ...shut, changes: [stop, revoke] });
    expect(waiting).toMatchObject([{ cause: 'target-security-group-closed', change: { who: 'role/tidy-up' } }]);
    expect(mail).toMatch(/ THEN .* changed at 14:26(:00)? UTC by role\/tidy-up: /);
  });

  test('is not whoever made the errors', () => {
    const { waiting } = told({ ...fails('503'), ...stopped, ...shut, changes: [stop] });
    expect(waiting).toMatchObject([{ cause: 'target-security-group-closed' }]);
    expect(waiting[0]).not.toHaveProperty('change');
  });
});

test('a command that several need is told once', () => {
  const { mail } = told({ ...fails('503'), ...stopped, ...shut, ...narrow, changes: [switched] });
  const [, then = ''] = / THEN (.*?) (ALSO|NOT SEEN|RULED OUT)/.exec(mail) ?? [];
  const commands = then.match(/aws ec2 \S+ (--group-id|--network-acl-id) .*?--region us-east-1/g) ?? [];
  expect(commands.length).toBeGreaterThan(1);
  expect(new Set(commands).size).toBe(commands.length);
});

test('what a function is called is read as of after the first minute', () => {
  const { waiting, mail } = told(
    aLambda({ policy: [], reservedConcurrency: 0 }, { Invocations: between(180, 8, 117) }),
  );
  expect(waiting).toMatchObject([{ facts: { function: 'api', failure: 'switched-off' } }]);
  expect(mail).toContain(' switched off: its reserved concurrency is 0 ');
  expect(mail).toContain(`--function-name ${FUNCTION} `);
});
