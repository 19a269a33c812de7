import { describe, expect, test } from 'vitest';
import instanceNotRunning from '../../../lambda/causes/backend-down/instance-not-running/cause.ts';
import loadBalancerSecurityGroupClosed from '../../../lambda/causes/network-block/load-balancer-security-group-closed/cause.ts';
import networkAclBlocks from '../../../lambda/causes/network-block/network-acl-blocks/cause.ts';
import targetSecurityGroupClosed from '../../../lambda/causes/network-block/target-security-group-closed/cause.ts';
import {
  aclChange,
  between,
  change,
  denied,
  type Ill,
  ingress,
  LB,
  lately,
  metrics,
  NOW,
  ruleChange,
  securityGroup,
  TG,
  target,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

/** 504s from 14:10 until 14:20, by connections that were not made. */
const drops = metrics({
  HTTPCode_ELB_504_Count: between(20, 10, 100),
  HTTPCode_ELB_5XX_Count: between(20, 10, 100),
  TargetConnectionErrorCount: between(20, 10, 100),
});
const ongoing = metrics({
  HTTPCode_ELB_504_Count: lately(20, 100),
  HTTPCode_ELB_5XX_Count: lately(20, 100),
  TargetConnectionErrorCount: lately(20, 100),
});
const web = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
const at = (clock: string) => ({ at: `2026-03-10T14:${clock}Z` });
const revoked = (clock = '09:20', rule = web) => ruleChange('revokes', 'sg-app', [rule], at(clock));
const restored = (clock = '19:30', rule = web) => ruleChange('admits', 'sg-app', [rule], { ...at(clock), who: 'bob' });
const ssh = ingress('tcp', 22, 22, { group: 'sg-alb' });

describe('a security group that is open again', () => {
  test.each<[string, Ill, string]>([
    ['revoked before the errors, restored as they end', { changes: [revoked(), restored()] }, 'found strong'],
    ['revoked within the first minute', { changes: [revoked('10:50'), restored()] }, 'found strong'],
    ['revoked after the first minute', { changes: [revoked('11:10'), restored()] }, 'ruled-out'],
    [
      'revoked an hour before',
      { changes: [ruleChange('revokes', 'sg-app', [web], { at: '2026-03-10T13:10:00Z' }), restored()] },
      'found strong',
    ],
    [
      'revoked more than an hour before',
      { changes: [ruleChange('revokes', 'sg-app', [web], { at: '2026-03-10T13:09:00Z' }), restored()] },
      'found circumstantial',
    ],
    ['restored nine minutes after the last error', { changes: [revoked(), restored('28:00')] }, 'found strong'],
    [
      'restored eleven minutes after the last error',
      { changes: [revoked(), restored('30:00')] },
      'found circumstantial',
    ],
    [
      'restored, and the errors went on for long',
      { loadBalancerMetrics: ongoing, changes: [revoked(), restored('18:00')] },
      'found circumstantial',
    ],
    ['restored lately, and CloudTrail does not show it yet', { changes: [revoked()] }, 'found strong'],
    ['not shown, and the errors go on', { loadBalancerMetrics: ongoing, changes: [revoked()] }, 'found circumstantial'],
    [
      'read an hour after the moment asked about',
      { loadBalancerMetrics: ongoing, changes: [revoked()], readAt: '2026-03-10T15:30:00Z' },
      'found strong',
    ],
    ['only admitted, after the errors began', { changes: [restored()] }, 'found circumstantial'],
    [
      'another port was revoked and restored',
      { changes: [revoked('09:20', ssh), restored('19:30', ssh)] },
      'ruled-out',
    ],
    ['another group was', { changes: [ruleChange('revokes', 'sg-other', [web], at('09:20'))] }, 'ruled-out'],
    ['no errors', { loadBalancerMetrics: metrics(), changes: [revoked(), restored()] }, 'ruled-out'],
    [
      'errors of another kind',
      {
        loadBalancerMetrics: metrics({
          HTTPCode_ELB_502_Count: between(20, 10, 100),
          HTTPCode_ELB_5XX_Count: between(20, 10, 100),
        }),
        changes: [revoked(), restored()],
      },
      'found circumstantial',
    ],
    ['CloudTrail was denied', { changes: denied('cloudtrail:LookupEvents') }, 'ruled-out'],
    ['security groups were denied', { securityGroups: denied(), changes: [revoked(), restored()] }, 'undetermined'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(targetSecurityGroupClosed, { loadBalancerMetrics: drops, ...ill })).toBe(expected);
  });

  const securityGroups = [securityGroup('sg-alb', []), securityGroup('sg-app', [web]), securityGroup('sg-other', [])];
  const given = (of: string, groupIds: string[], clock: string) =>
    change(
      { is: 'security-groups', of, groupIds },
      { ...at(clock), event: 'SetSecurityGroups', source: 'elasticloadbalancing.amazonaws.com', resources: [of] },
    );
  test.each<[string, NonNullable<Ill['changes']>, string]>([
    [
      'the load balancer had groups that the targets do not admit',
      [given(LB, ['sg-other'], '09:20'), given(LB, ['sg-alb'], '19:30')],
      'found strong',
    ],
    ['what gave them back is not shown yet', [given(LB, ['sg-other'], '09:20')], 'found strong'],
    [
      'it had them back before the errors',
      [given(LB, ['sg-other'], '05:00'), given(LB, ['sg-alb'], '09:00')],
      'ruled-out',
    ],
    ['it got the same groups again', [given(LB, ['sg-alb'], '09:20')], 'ruled-out'],
    [
      'a target had another group',
      [given('eni-i-1', ['sg-other'], '09:20'), given('eni-i-1', ['sg-app'], '19:30')],
      'found strong',
    ],
    [
      'a target had another group, set on the instance',
      [given('i-1', ['sg-other'], '09:20'), given('i-1', ['sg-app'], '19:30')],
      'found strong',
    ],
  ])('other groups: %s', (_, changes, expected) => {
    expect(outcome(targetSecurityGroupClosed, { loadBalancerMetrics: drops, securityGroups, changes })).toBe(expected);
  });

  test('says who gave the load balancer other groups, and how to look that up', () => {
    const changes = [given(LB, ['sg-other'], '09:20'), { ...given(LB, ['sg-alb'], '19:30'), who: 'bob' }];
    const ill = { loadBalancerMetrics: drops, securityGroups, changes };
    expect(readable(targetSecurityGroupClosed, ill)).toMatchInlineSnapshot(`
      "sg-app did not allow inbound traffic from the load balancer on port \`8080\` of web from 14:09 to 14:19 [strong] since 2026-03-10T14:09:20Z
        because  the path is open now; before the changes made since, it was closed at 14:10   [securityGroups]
        because  \`bob\` set the security groups of web to sg-alb   [changes]
        because  1,000 requests answered \`504\` since 14:10, with 1,000 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
        look     it is already fixed: find out why it was changed, to keep it from happening again
                 aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=SetSecurityGroups --start-time 2026-03-10T13:10:00Z --region us-east-1"
    `);
  });

  test('says from when to when, who closed and who opened it', () => {
    const changes = [ruleChange('revokes', 'sg-app', [ssh], at('09:50')), revoked(), restored()].sort((a, b) =>
      a.at < b.at ? -1 : 1,
    );
    expect(readable(targetSecurityGroupClosed, { loadBalancerMetrics: drops, changes })).toMatchInlineSnapshot(`
      "sg-app did not allow inbound traffic from the load balancer on port \`8080\` of web from 14:09 to 14:19 [strong] since 2026-03-10T14:09:20Z
        because  the path is open now; before the changes made since, it was closed at 14:10   [securityGroups]
        because  \`bob\` allowed inbound tcp 8080 from sg-alb in sg-app   [changes]
        because  1,000 requests answered \`504\` since 14:10, with 1,000 connection errors in the same minutes: connections were not established   [loadBalancerMetrics]
        look     it is already fixed: find out why it was changed, to keep it from happening again
                 aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=sg-app --start-time 2026-03-10T13:10:00Z --region us-east-1"
    `);
  });
});

test('what the load balancer lets out is judged in the same way', () => {
  const out = ingress('-1', null, null, { cidr: '0.0.0.0/0' });
  const of = (does: 'admits' | 'revokes', clock: string) =>
    ruleChange(does, 'sg-alb', [out], { ...at(clock), way: 'egress' });
  const ill = { loadBalancerMetrics: drops, changes: [of('revokes', '09:20'), of('admits', '19:30')] };
  expect([outcome(loadBalancerSecurityGroupClosed, ill), outcome(targetSecurityGroupClosed, ill)]).toEqual([
    'found strong',
    'ruled-out',
  ]);
});

test.each<[string, Ill, string]>([
  [
    'denied before, deleted as the errors end',
    { changes: [aclChange('creates', 90, {}, at('09:20')), aclChange('deletes', 90, null, at('19:30'))] },
    'found strong',
  ],
  [
    'denied on another port',
    {
      changes: [
        aclChange('creates', 90, { fromPort: 22, toPort: 22 }, at('09:20')),
        aclChange('deletes', 90, null, at('19:30')),
      ],
    },
    'ruled-out',
  ],
  ['deleted, and nothing tells what it was', { changes: [aclChange('deletes', 90, null, at('19:30'))] }, 'ruled-out'],
])('a network ACL that is open again: %s', (_, ill, expected) => {
  expect(outcome(networkAclBlocks, { loadBalancerMetrics: drops, ...ill })).toBe(expected);
});

describe('an instance that runs again', () => {
  const stopped = (clock: string, ids = ['i-1', 'i-2'], more = {}) =>
    change(
      { is: 'instances', does: 'stops', instanceIds: ids },
      { event: 'StopInstances', resources: ids, ...at(clock), ...more },
    );
  const activity = (clock: string, cause: string) => ({
    ...{ endedAt: null, status: 'Successful', message: null, description: 'Terminating EC2 instance: i-9', cause },
    ...at(clock),
  });
  const group = (activities: ReturnType<typeof activity>[]) => ({
    ...{ name: 'web-asg', min: 1, max: 4, desired: 2, healthCheckTypes: ['ELB'], gracePeriod: 300, targetGroups: [TG] },
    ...{ suspendedProcesses: [], instances: [], refreshes: [], tags: {}, activities },
  });
  const LOST =
    'an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.';
  test.each<[string, Ill, string]>([
    ['stopped just before the errors', { changes: [stopped('09:20')] }, 'found strong'],
    ['stopped five minutes before', { changes: [stopped('05:00')] }, 'found strong'],
    ['stopped longer before', { changes: [stopped('04:59')] }, 'ruled-out'],
    ['stopped within the first minute', { changes: [stopped('11:00')] }, 'found strong'],
    ['stopped after it', { changes: [stopped('11:01')] }, 'ruled-out'],
    ['terminated by Auto Scaling on purpose', { changes: [stopped('09:20', ['i-1'], { by: 'service' })] }, 'ruled-out'],
    ['another instance was stopped', { changes: [stopped('09:20', ['i-9'])] }, 'ruled-out'],
    [
      'one of five was stopped, and four of five requests fail',
      {
        targetHealth: ['i-1', 'i-2', 'i-3', 'i-4', 'i-5'].map((id) => target(id)),
        changes: [stopped('09:20', ['i-1'])],
      },
      'found circumstantial',
    ],
    [
      'Auto Scaling replaced one that was gone',
      { autoScalingGroups: [group([activity('12:00', LOST)])] },
      'found strong',
    ],
    [
      'Auto Scaling replaced one that failed its health checks',
      { autoScalingGroups: [group([activity('12:00', 'in response to an ELB system health check failure.')])] },
      'ruled-out',
    ],
    ['Auto Scaling replaced one long before', { autoScalingGroups: [group([activity('04:00', LOST)])] }, 'ruled-out'],
    ['CloudTrail and Auto Scaling were denied', { changes: denied(), autoScalingGroups: denied() }, 'ruled-out'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(instanceNotRunning, { loadBalancerMetrics: drops, ...ill })).toBe(expected);
  });

  test('says who stopped it, and when', () => {
    expect(
      readable(instanceNotRunning, { loadBalancerMetrics: drops, changes: [stopped('09:20')], at: NOW }),
    ).toMatchInlineSnapshot(`
      "i-1 and i-2 were stopped at 14:09, just before the errors began [strong] since 2026-03-10T14:09:20Z
        because  i-1 is \`healthy\` now   [targetHealth]
        because  \`alice\` stopped i-1 and i-2   [changes]
        look     find out why, to keep it from happening again
                 aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopInstances --start-time 2026-03-10T13:10:00Z --region us-east-1"
    `);
  });
});
