import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { undoOfChange } from '../../lambda/diagnose/undo-change.ts';
import type { ChangeDetails, ChangeEvent } from '../../lambda/incident/evidence.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import {
  aclChange,
  aRuleTo,
  aSnapshot,
  between,
  change,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  ingress,
  instance,
  LB,
  lately,
  metrics,
  ruleChange,
  securityGroup,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../support/a-snapshot.ts';
import { plain } from '../support/judged.ts';

const web = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
const at = (clock: string) => `2026-03-10T${clock}Z`;
const targets = (does: 'registers' | 'deregisters', ids: readonly string[], more = {}) =>
  change({ is: 'targets', does, targetGroup: TG, ids, ...more }, { event: `${does}Targets`, resources: [TG] });
const timeout = (seconds: string, clock: string) =>
  change(
    { is: 'settings', of: LB, set: { 'idle_timeout.timeout_seconds': seconds } },
    { at: at(clock), event: 'ModifyLoadBalancerAttributes', resources: [LB] },
  );
const check = (set: Readonly<Record<string, string>>, clock: string) =>
  change({ is: 'settings', of: TG, set }, { at: at(clock), event: 'ModifyTargetGroup', resources: [TG] });
const LISTENER = `${LB}/listener-80`;
const sendsTo = (name: string, clock: string, more = {}) =>
  change({ is: 'routing', of: LISTENER, to: [{ targetGroup: groupArn(name), weight: 1 }], ...more } as ChangeDetails, {
    at: at(clock),
    event: 'ModifyListener',
    resources: [LISTENER, groupArn(name)],
  });
const denial = { ruleNumber: 50, egress: false, action: 'deny' as const, protocol: '6', cidr: '10.0.0.0/16' };
const acl: Ill = {
  networkAcls: [
    {
      ...{ id: 'acl-default', isDefault: true, subnetIds: [], tags: {} },
      entries: [{ ...denial, fromPort: 8080, toPort: 8080 }],
    },
  ],
};

const ruleMade = ({
  value = '/ops',
  alone = true,
  ...more
}: {
  value?: string;
  alone?: boolean;
  conditions?: undefined;
} = {}) =>
  change(
    {
      ...{ is: 'routing', of: LISTENER, to: [{ targetGroup: groupArn('admin'), weight: 1 }], made: `${LB}/rule-7` },
      ...{ priority: 7, ...(alone ? { alone } : {}) },
      ...('conditions' in more
        ? {}
        : {
            conditions: [
              { field: 'path-pattern', values: ['/admin/*', value] },
              { field: 'host-header', values: ['a.example.com'] },
            ],
          }),
    },
    { at: at('13:00:00'), event: 'CreateRule' },
  );
const ruleSet = (name: string, clock: string) =>
  change(
    { is: 'routing', of: `${LB}/rule-7`, to: [{ targetGroup: groupArn(name), weight: 1 }], alone: true },
    { at: at(clock), event: 'ModifyRule' },
  );
const ruleDeleted = change({ is: 'routing', of: `${LB}/rule-7`, to: [] }, { event: 'DeleteRule' });
const listenerSet = change({ is: 'routing', of: LISTENER, to: [] }, { event: 'ModifyListener' });
const fixedRule = aRuleTo(TG).map((rule) => ({
  ...rule,
  actions: [{ type: 'fixed-response' as const, statusCode: '503' }],
}));
/** Groups with a target each that no rule sends anything to. */
const takenOff = (...names: readonly string[]): Ill => ({
  listenerRules: fixedRule,
  targetGroups: [],
  idleTargetGroups: (names.length === 0 ? ['shop'] : names).map((name) => ({
    group: targetGroup(name),
    targets: [target('i-7', { targetGroup: groupArn(name), state: 'unused', reason: 'Target.NotInUse' })],
  })),
});

/** What it runs, and what takes that back again. */
function undone(changed: ChangeEvent, ill: Ill = {}): readonly (string | null)[] | null {
  const remedy = undoOfChange(changed, aSnapshot(ill).evidence, null);
  if (remedy === null) return null;
  return [remedy.run, remedy.undo].map((call) =>
    call?.tool === 'aws' ? `${call.operation} ${JSON.stringify(call.options)}` : null,
  );
}

describe('a change is taken back by its inverse', () => {
  test.each<[string, ChangeEvent, Ill, string, string | null]>([
    [
      'a rule that was revoked',
      ruleChange('revokes', 'sg-app', [web]),
      {},
      'authorize-security-group-ingress {"groupId":"sg-app","protocol":"tcp","port":8080,"sourceGroup":"sg-alb"}',
      'revoke-security-group-ingress {"groupId":"sg-app","protocol":"tcp","port":8080,"sourceGroup":"sg-alb"}',
    ],
    [
      'a range of ports, outbound',
      ruleChange('revokes', 'sg-alb', [ingress('tcp', 8000, 9000, { cidr: '10.0.0.0/16' })], { way: 'egress' }),
      {},
      'authorize-security-group-egress {"groupId":"sg-alb","protocol":"tcp","port":"8000-9000","cidr":"10.0.0.0/16"}',
      'revoke-security-group-egress {"groupId":"sg-alb","protocol":"tcp","port":"8000-9000","cidr":"10.0.0.0/16"}',
    ],
    [
      'several rules by one call',
      ruleChange('revokes', 'sg-app', [web, ingress('-1', null, null, { cidr: 'fd00::/8' })]),
      {},
      'authorize-security-group-ingress {"groupId":"sg-app","ipPermissions":[{"IpProtocol":"tcp","FromPort":8080,"ToPort":8080,"UserIdGroupPairs":"[{GroupId=sg-alb}]"},{"IpProtocol":"-1","Ipv6Ranges":"[{CidrIpv6=fd00::/8}]"}]}',
      'revoke-security-group-ingress {"groupId":"sg-app","ipPermissions":[{"IpProtocol":"tcp","FromPort":8080,"ToPort":8080,"UserIdGroupPairs":"[{GroupId=sg-alb}]"},{"IpProtocol":"-1","Ipv6Ranges":"[{CidrIpv6=fd00::/8}]"}]}',
    ],
    [
      'a rule that denies',
      aclChange('creates', 50, {}),
      acl,
      'delete-network-acl-entry {"networkAclId":"acl-default","ruleNumber":50,"ingress":true}',
      'create-network-acl-entry {"networkAclId":"acl-default","ruleNumber":50,"ingress":true,"protocol":"6","portRange":{"From":8080,"To":8080},"cidrBlock":"10.0.0.0/16","ruleAction":"deny"}',
    ],
    [
      'targets, with the port that the call named',
      targets('deregisters', ['i-8', 'i-9'], { ports: [9000, null] }),
      {},
      `register-targets {"targetGroupArn":"${TG}","targets":[{"Id":"i-8","Port":9000},{"Id":"i-9"}]}`,
      `deregister-targets {"targetGroupArn":"${TG}","targets":[{"Id":"i-8","Port":9000},{"Id":"i-9"}]}`,
    ],
    [
      'a timeout, by the record of what it was set to before',
      timeout('5', '14:20:30'),
      { changes: [timeout('120', '09:00:00'), timeout('5', '14:20:30')] },
      `modify-load-balancer-attributes {"loadBalancerArn":"${LB}","attributes":[{"Key":"idle_timeout.timeout_seconds","Value":"120"}]}`,
      `modify-load-balancer-attributes {"loadBalancerArn":"${LB}","attributes":[{"Key":"idle_timeout.timeout_seconds","Value":"5"}]}`,
    ],
    [
      "a health check's path",
      check({ healthCheckPath: '/livez' }, '14:20:30'),
      { changes: [check({ healthCheckPath: '/health', healthCheckPort: '8080' }, '13:00:00')] },
      `modify-target-group {"targetGroupArn":"${TG}","healthCheckPath":"/health"}`,
      `modify-target-group {"targetGroupArn":"${TG}","healthCheckPath":"/livez"}`,
    ],
    [
      'a listener that was switched',
      sendsTo('web', '14:20:30'),
      { changes: [sendsTo('blue', '13:00:00', { alone: true })], listenerRules: aRuleTo(TG) },
      `modify-listener {"listenerArn":"${LISTENER}","defaultActions":{"Type":"forward","TargetGroupArn":"${groupArn('blue')}"}}`,
      `modify-listener {"listenerArn":"${LISTENER}","defaultActions":{"Type":"forward","TargetGroupArn":"${TG}"}}`,
    ],
    [
      'a rule that was made',
      change({ is: 'routing', of: LISTENER, to: [], made: `${LB}/rule-default` }, { event: 'CreateRule' }),
      { listenerRules: aRuleTo(TG) },
      `delete-rule {"ruleArn":"${LB}/rule-default"}`,
      null,
    ],
    [
      'a rule that was deleted, by the record of its making',
      ruleDeleted,
      { changes: [ruleMade(), ruleDeleted] },
      `create-rule {"listenerArn":"${LISTENER}","priority":7,"conditions":[{"Field":"path-pattern","PathPatternConfig":"{Values=[/admin/*,/ops]}"},{"Field":"host-header","HostHeaderConfig":"{Values=[a.example.com]}"}],"actions":{"Type":"forward","TargetGroupArn":"${groupArn('admin')}"}}`,
      null,
    ],
    [
      'a rule that was deleted, as it was set last',
      ruleDeleted,
      { changes: [ruleMade(), ruleSet('ops', '13:30:00'), ruleDeleted] },
      `create-rule {"listenerArn":"${LISTENER}","priority":7,"conditions":[{"Field":"path-pattern","PathPatternConfig":"{Values=[/admin/*,/ops]}"},{"Field":"host-header","HostHeaderConfig":"{Values=[a.example.com]}"}],"actions":{"Type":"forward","TargetGroupArn":"${groupArn('ops')}"}}`,
      null,
    ],
    [
      'requests sent to a fixed response, to the only group that is left without',
      listenerSet,
      takenOff(),
      `modify-listener {"listenerArn":"${LISTENER}","defaultActions":{"Type":"forward","TargetGroupArn":"${groupArn('shop')}"}}`,
      null,
    ],
    [
      'requests sent to an empty group, to the only group that is left without',
      sendsTo('web', '14:20:30'),
      { ...takenOff(), listenerRules: aRuleTo(TG), targetHealth: [] },
      `modify-listener {"listenerArn":"${LISTENER}","defaultActions":{"Type":"forward","TargetGroupArn":"${groupArn('shop')}"}}`,
      `modify-listener {"listenerArn":"${LISTENER}","defaultActions":{"Type":"forward","TargetGroupArn":"${TG}"}}`,
    ],
  ])('%s', (_, changed, ill, run, undo) => {
    expect(undone(changed, ill)).toEqual([run, undo]);
  });

  test.each<[string, ChangeEvent, Ill]>([
    ['it let everybody in', ruleChange('revokes', 'sg-app', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]), {}],
    ['the record names rules by their ids', ruleChange('revokes', 'sg-app', []), {}],
    ['it let somebody in', ruleChange('admits', 'sg-app', [web]), {}],
    ['the rule is not there any more', aclChange('creates', 50, {}), {}],
    ['a rule was deleted: nobody tells what it held', aclChange('deletes', 50, null), acl],
    ['a service of AWS did it', { ...targets('deregisters', ['i-9']), by: 'service' }, {}],
    ['the target is back', targets('deregisters', ['i-1']), {}],
    [
      'the instance is gone',
      targets('deregisters', ['i-9']),
      { instances: [instance('i-9', { state: 'terminated' })] },
    ],
    ['targets were registered', targets('registers', ['i-9']), {}],
    ['nobody tells what the timeout was', timeout('5', '14:20:30'), { changes: [timeout('5', '14:20:30')] }],
    [
      'a part of it is known only',
      check({ healthCheckPath: '/a', healthCheckPort: '1' }, '14:20:30'),
      { changes: [check({ healthCheckPath: '/b' }, '13:00:00')] },
    ],
    [
      'it is a matcher',
      check({ matcher: '200' }, '14:20:30'),
      { changes: [check({ matcher: '200-499' }, '13:00:00')] },
    ],
    [
      'the rule did more than forward before',
      sendsTo('web', '14:20:30'),
      { changes: [sendsTo('blue', '13:00:00')], listenerRules: aRuleTo(TG) },
    ],
    ['nobody tells what the deleted rule was', ruleDeleted, { changes: [ruleDeleted] }],
    [
      'the deleted rule was for what was not read',
      ruleDeleted,
      { changes: [ruleMade({ conditions: undefined }), ruleDeleted] },
    ],
    ['the command line could not say it', ruleDeleted, { changes: [ruleMade({ value: '/a,b' }), ruleDeleted] }],
    ['the deleted rule did more than forward', ruleDeleted, { changes: [ruleMade({ alone: false }), ruleDeleted] }],
    [
      'the rule is there',
      ruleDeleted,
      {
        changes: [ruleMade(), ruleDeleted],
        listenerRules: aRuleTo(TG).map((rule) => ({ ...rule, arn: `${LB}/rule-7` })),
      },
    ],
    ['the requests go to what can answer', sendsTo('web', '14:20:30'), { ...takenOff(), listenerRules: aRuleTo(TG) }],
    ['two groups could be the one', listenerSet, takenOff('shop', 'blog')],
    ['no group could be the one', listenerSet, { listenerRules: fixedRule, targetGroups: [] }],
    ['a listener was set that does not forward', listenerSet, { ...takenOff(), listenerRules: aRuleTo(TG) }],
    ['not all groups were read', listenerSet, { ...takenOff(), idleTargetGroups: denied() }],
    [
      'the rule that was made is gone',
      change({ is: 'routing', of: LISTENER, to: [], made: `${LB}/rule-9` }, { event: 'CreateRule' }),
      { listenerRules: aRuleTo(TG) },
    ],
  ])('nothing is put back where %s', (_, changed, ill) => {
    expect(undone(changed, ill)).toBeNull();
  });
});

describe('the first thing to do', () => {
  const is = (kind: '503' | '504') => ({
    loadBalancerMetrics: metrics({
      [`HTTPCode_ELB_${kind}_Count`]: lately(9, 117),
      HTTPCode_ELB_5XX_Count: lately(9, 117),
      ...(kind === '504' ? { TargetConnectionErrorCount: lately(9, 117) } : {}),
    }),
    targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: between(180, 9, 117) } }),
  });
  const closed: Ill = {
    ...is('504'),
    targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
    securityGroups: [
      securityGroup('sg-alb', []),
      securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' })]),
    ],
  };
  const first = (ill: Ill) => diagnose(aSnapshot(ill), CAUSES).findings[0]?.fixes[0];

  test('is the inverse of a revoke, which is told with who made it', () => {
    const ill = { ...closed, changes: [ruleChange('revokes', 'sg-app', [web])] };
    const fix = first(ill);
    expect(plain(fix?.does ?? [])).toBe('undo what `alice` did at 14:20: revoked tcp 8080 from sg-alb in sg-app');
    expect(fix?.run?.slice(1, 3)).toEqual(['ec2', 'authorize-security-group-ingress']);
    const all = diagnose(aSnapshot(ill), CAUSES).findings[0]?.fixes.map(({ run }) => JSON.stringify(run));
    expect(new Set(all).size).toBe(all?.length);
  });

  test('adds a rule where nobody is known to have taken one away', () => {
    expect(plain(first(closed)?.does ?? [])).toBe('allow inbound traffic from the load balancer on port `8080`');
  });

  test('is to register again what somebody took away', () => {
    const ill: Ill = { ...is('503'), targetHealth: [], changes: [targets('deregisters', ['i-1', 'i-2'])] };
    expect(first(ill)?.run?.slice(1, 3)).toEqual(['elbv2', 'register-targets']);
    expect(first(ill)?.run).toContain('Id=i-1');
  });

  test('is to ask whoever changed it, where no record holds what it was', () => {
    const mismatch = (id: string) =>
      unhealthy(id, 'Target.ResponseCodeMismatch', { description: 'Health checks failed with these codes: [404]' });
    const ill: Ill = {
      ...is('503'),
      targetHealth: [mismatch('i-1'), { ...mismatch('i-2'), state: 'draining' }],
      changes: [check({ healthCheckPath: '/livez' }, '14:20:30')],
    };
    const asked = diagnose(aSnapshot(ill), CAUSES).findings.find(({ cause }) => cause === 'health-check-code-mismatch');
    expect(plain(asked?.fixes[0]?.does ?? [])).toBe(
      'ask `alice` what `healthCheckPath` was before 14:20, and set that again',
    );
    const later = check({ healthCheckPath: '/health' }, '14:25:00');
    const again = diagnose(aSnapshot({ ...ill, changes: [...(ill.changes as ChangeEvent[]), later] }), CAUSES);
    expect(renderEmail(again)).not.toMatch(/ask alice/);
  });

  test.each<[string, Partial<ChangeEvent>, isAsked: boolean]>([
    ['a person', { by: 'person', who: 'alice (admin)' }, true],
    ['a role in which a person acts', { by: 'role', who: 'role/admin (alice@example.com)' }, true],
    ['another account', { by: 'role', who: 'account 123456789012' }, true],
    ['a role', { by: 'role', who: 'role/network-stack' }, false],
    ['a role with the name of a run', { by: 'role', who: 'role/deploy (ci-77)' }, false],
  ])('of what no record holds: %s', (_, by, isAsked) => {
    const mismatch = (id: string) =>
      unhealthy(id, 'Target.ResponseCodeMismatch', { description: 'Health checks failed with these codes: [404]' });
    const ill: Ill = {
      ...is('503'),
      targetHealth: [mismatch('i-1'), { ...mismatch('i-2'), state: 'draining' }],
      changes: [{ ...check({ healthCheckPath: '/livez' }, '14:20:30'), ...by }],
    };
    const found = diagnose(aSnapshot(ill), CAUSES).findings.find(({ cause }) => cause === 'health-check-code-mismatch');
    const [first, second] = found?.fixes ?? [];
    expect(plain(first?.does ?? []).startsWith(`ask \`${by.who}\``)).toBe(isAsked);
    if (isAsked) return;
    expect(first?.run?.join(' ')).toMatch(
      /lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyTargetGroup --end-time 20\S+T14:20:30Z/,
    );
    expect(plain(second?.does ?? [])).toBe(
      `find in those calls, or in what \`${by.who}\` deployed, what \`healthCheckPath\` was before 14:20, and set that again`,
    );
    expect(renderEmail(diagnose(aSnapshot(ill), CAUSES))).not.toMatch(/ask role/);
  });

  test('what a role revoked is looked up by the call that allowed it', () => {
    const revoke = ruleChange('revokes', 'sg-alb', [], { at: at('14:05:10'), by: 'role', who: 'role/network-stack' });
    const ill: Ill = {
      securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [web])],
      loadBalancerMetrics: metrics({ RequestCount: between(180, 25, 120) }),
      changes: [revoke],
    };
    const shut = diagnose(aSnapshot(ill), CAUSES).findings.find(({ cause }) => cause === 'no-way-in');
    expect(shut?.fixes[0]?.run).toContain('AttributeKey=EventName,AttributeValue=AuthorizeSecurityGroupIngress');
  });

  test.each<[string, ReturnType<typeof ruleChange>, string]>([
    [
      'what admitted everybody is not told to be opened again',
      ruleChange('revokes', 'sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })], { at: at('14:05:10') }),
      'ask `alice` whom sg-alb was meant to allow before 14:05, and allow those again: what was revoked allowed everyone',
    ],
    [
      'rules that the record does not name are asked for',
      ruleChange('revokes', 'sg-alb', [], { at: at('14:05:10') }),
      'ask `alice` which rules sg-alb had before 14:05, and put them back',
    ],
  ])('of the way in: %s', (_, revoke, asks) => {
    const ill: Ill = {
      securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [web])],
      loadBalancerMetrics: metrics({ RequestCount: between(180, 25, 120) }),
      changes: [revoke],
    };
    const shut = diagnose(aSnapshot(ill), CAUSES).findings.find(({ cause }) => cause === 'no-way-in');
    expect(plain(shut?.fixes[0]?.does ?? [])).toBe(asks);
    expect(JSON.stringify(shut?.fixes.map(({ run }) => run))).not.toContain('0.0.0.0/0');
  });
});
