import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { changes } from '../../../lambda/collect/trail/changes.ts';
import type { ChangeEvent } from '../../../lambda/incident/evidence.ts';
import {
  aSnapshot,
  denied,
  ecsService,
  groupArn,
  type Ill,
  instanceMetrics,
  LB,
  lately,
  metrics,
  TG,
  target,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { scalingGroup } from '../../support/auto-scaling.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws, read, skipWaits, throttling } from '../support.ts';

const cloudTrail = mockClient(CloudTrailClient);
beforeEach(() => cloudTrail.reset());
skipWaits();

interface Recorded {
  readonly event: string;
  readonly source?: string;
  readonly at?: string;
  readonly request?: unknown;
  readonly response?: unknown;
  readonly resources?: readonly string[];
  readonly identity?: unknown;
  readonly more?: Readonly<Record<string, unknown>>;
}

const ALICE = { type: 'IAMUser', userName: 'alice', arn: 'arn:aws:iam::123456789012:user/alice' };
let events = 0;

/** As CloudTrail answers: the record itself is JSON within the answer. */
function event({ event, source = 'ec2', at = '2026-03-10T14:18:31Z', resources = [], ...rest }: Recorded) {
  events += 1;
  const record = {
    eventTime: at,
    eventSource: `${source}.amazonaws.com`,
    eventName: event,
    userIdentity: rest.identity ?? ALICE,
    requestParameters: rest.request ?? null,
    responseElements: rest.response ?? null,
    ...rest.more,
  };
  return {
    EventId: `event-${events}`,
    EventName: event,
    EventSource: `${source}.amazonaws.com`,
    EventTime: new Date(at),
    ReadOnly: 'false',
    Username: 'alice',
    Resources: resources.map((ResourceName) => ({ ResourceName })),
    CloudTrailEvent: JSON.stringify(record),
  };
}

const silent: Ill = {
  targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(8, 100), HTTPCode_ELB_5XX_Count: lately(8, 100) }),
};
const revoked = (more: Partial<Recorded> = {}) =>
  event({
    event: 'RevokeSecurityGroupIngress',
    resources: ['sg-app'],
    request: {
      groupId: 'sg-app',
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: 8080,
            toPort: 8080,
            groups: { items: [{ groupId: 'sg-alb', userId: '123456789012' }] },
            ipRanges: {},
            ipv6Ranges: {},
            prefixListIds: {},
          },
        ],
      },
    },
    ...more,
  });

async function changesIn(answer: ReturnType<typeof event>[], ill: Ill = {}): Promise<readonly ChangeEvent[]> {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: answer });
  const observed = await read(changes, ill);
  return observed.seen ? observed.value : [];
}

const lookups = () => cloudTrail.commandCalls(LookupEventsCommand).map(({ args }) => args[0].input);
const valuesOf = (inputs: ReturnType<typeof lookups>) =>
  inputs.flatMap(({ LookupAttributes = [] }) => LookupAttributes.map(({ AttributeValue }) => AttributeValue));
/** By resource, after all changes of the account were asked for. */
const askedFor = () => lookups().filter(({ LookupAttributes: [one] = [] }) => one?.AttributeKey !== 'ReadOnly');
const asked = () => valuesOf(askedFor());

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:api';
const FUNCTION_CALLS: readonly [string, string, object, string][] = [
  ['a function got new code', 'UpdateFunctionCode20150331v2', { publish: true }, 'updated the code of api'],
  [
    'a function is named by its ARN',
    'UpdateFunctionCode20150331v2',
    { functionName: FUNCTION },
    'updated the code of api',
  ],
  ['a function was configured', 'UpdateFunctionConfiguration20150331v2', {}, 'changed the configuration of api'],
  ['a version was published', 'PublishVersion20150331', {}, 'published a version of api'],
  [
    'an alias moved',
    'UpdateAlias20150331',
    { name: 'live', functionVersion: '57' },
    'pointed alias live of api at version 57',
  ],
  ['the weights of an alias changed', 'UpdateAlias20150331', { name: 'live' }, 'changed alias live of api'],
  ['an alias is gone', 'DeleteAlias20150331', { name: 'blue' }, 'deleted alias blue of api'],
  ['a permission was added', 'AddPermission20150331v2', { statementId: 'alb' }, 'added permission alb to api'],
  ['a permission was removed', 'RemovePermission20150331v2', { statementId: 'alb' }, 'removed permission alb from api'],
  [
    'a function was throttled',
    'PutFunctionConcurrency20171031',
    { reservedConcurrentExecutions: 0 },
    'set the reserved concurrency of api to 0',
  ],
  [
    'a function shares the concurrency of the account',
    'DeleteFunctionConcurrency20171031',
    {},
    'removed the reserved concurrency of api',
  ],
  ['a function is gone', 'DeleteFunction20150331', {}, 'deleted api'],
];

describe('what was done', () => {
  const elb = { source: 'elasticloadbalancing' };
  const permission = (rest: object) => ({ items: [{ ipProtocol: 'tcp', fromPort: 8080, toPort: 8080, ...rest }] });
  test.each<[string, Recorded, string]>([
    [
      'a rule was revoked',
      {
        event: 'RevokeSecurityGroupIngress',
        request: { groupId: 'sg-app', ipPermissions: permission({ groups: { items: [{ groupId: 'sg-alb' }] } }) },
      },
      'revoked tcp 8080 from sg-alb in sg-app',
    ],
    [
      'a rule was revoked by its id, and the answer tells what it held',
      {
        event: 'RevokeSecurityGroupIngress',
        request: { groupId: 'sg-app', securityGroupRuleIds: { items: [{ securityGroupRuleId: 'sgr-1' }] } },
        response: {
          revokedSecurityGroupRuleSet: {
            items: [{ ipProtocol: 'tcp', fromPort: 8080, toPort: 8081, cidrIpv4: '10.0.0.0/16' }],
          },
        },
      },
      'revoked tcp 8080-8081 from 10.0.0.0/16 in sg-app',
    ],
    [
      'a rule was revoked by its id, and nothing tells what it held',
      {
        event: 'RevokeSecurityGroupIngress',
        request: { groupId: 'sg-app', securityGroupRuleIds: { items: [{ securityGroupRuleId: 'sgr-1' }] } },
      },
      'revoked rules by their ids in sg-app',
    ],
    [
      'all was let out',
      {
        event: 'AuthorizeSecurityGroupEgress',
        request: {
          groupId: 'sg-alb',
          ipPermissions: { items: [{ ipProtocol: '-1', ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } }] },
        },
      },
      'allowed outbound all traffic to 0.0.0.0/0 in sg-alb',
    ],
    [
      'rules were modified, which capitalises the names',
      {
        event: 'ModifySecurityGroupRules',
        request: { ModifySecurityGroupRulesRequest: { GroupId: 'sg-app', SecurityGroupRule: { tag: 1 } } },
      },
      'changed rules of sg-app',
    ],
    [
      'an ACL denies',
      {
        event: 'CreateNetworkAclEntry',
        request: {
          networkAclId: 'acl-default',
          ruleNumber: 90,
          egress: true,
          ruleAction: 'deny',
          aclProtocol: '6',
          cidrBlock: '10.0.0.0/24',
          portRange: { from: 1024, to: 65535 },
        },
      },
      'created outbound rule 90 of acl-default: deny tcp 1024-65535 to 10.0.0.0/24',
    ],
    [
      'an ACL rule is gone',
      {
        event: 'DeleteNetworkAclEntry',
        request: { networkAclId: 'acl-default', ruleNumber: 100, egress: false },
      },
      'deleted inbound rule 100 of acl-default',
    ],
    [
      'a route was replaced',
      { event: 'ReplaceRoute', request: { routeTableId: 'rtb-main', destinationCidrBlock: '10.1.0.0/16' } },
      'replaced the route to 10.1.0.0/16 in rtb-main',
    ],
    [
      'instances were stopped',
      {
        event: 'StopInstances',
        request: { instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] }, force: false },
      },
      'stopped i-1 and i-2',
    ],
    [
      'a health check moved',
      {
        ...elb,
        event: 'ModifyTargetGroup',
        request: { targetGroupArn: TG, healthCheckPath: '/up', matcher: { httpCode: '204' } },
      },
      'set healthCheckPath=/up and matcher=204 on web',
    ],
    [
      'an attribute was set',
      {
        ...elb,
        event: 'ModifyLoadBalancerAttributes',
        request: { loadBalancerArn: LB, attributes: [{ key: 'idle_timeout.timeout_seconds', value: '5' }] },
      },
      'set idle_timeout.timeout_seconds=5 on web',
    ],
    [
      'targets were taken away',
      { ...elb, event: 'DeregisterTargets', request: { targetGroupArn: TG, targets: [{ id: 'i-9', port: 8080 }] } },
      'deregistered i-9 from web',
    ],
    [
      'weights moved',
      {
        ...elb,
        event: 'ModifyRule',
        request: {
          ruleArn: `${LB.replace('loadbalancer', 'listener-rule')}/a/b`,
          actions: [
            {
              type: 'forward',
              forwardConfig: {
                targetGroups: [
                  { targetGroupArn: TG, weight: 0 },
                  { targetGroupArn: groupArn('green'), weight: 100 },
                ],
              },
            },
          ],
        },
      },
      'changed a rule of web: to web (weight 0), green (weight 100)',
    ],
    ...[
      [['AddToLoadBalancer', 'Launch'], 'set suspended=AddToLoadBalancer, Launch on web-asg'],
      [[], 'set suspended=all processes on web-asg'],
    ].map(([scalingProcesses, what]): [string, Recorded, string] => [
      `processes of an Auto Scaling group were suspended: ${scalingProcesses}`,
      {
        source: 'autoscaling',
        event: 'SuspendProcesses',
        request: { autoScalingGroupName: 'web-asg', scalingProcesses },
      },
      String(what),
    ]),
    ...FUNCTION_CALLS.map(([name, call, request, what]): [string, Recorded, string] => [
      name,
      { source: 'lambda', event: call, request: { functionName: 'api', ...request } },
      what,
    ]),
    [
      'a call of Lambda without words of its own',
      { source: 'lambda', event: 'TagResource20170331v2', request: { resource: FUNCTION } },
      'called TagResource20170331v2 on api',
    ],
    [
      'a load balancer got other security groups',
      { ...elb, event: 'SetSecurityGroups', request: { loadBalancerArn: LB, securityGroups: ['sg-new', 'sg-alb'] } },
      'set the security groups of web to sg-new and sg-alb',
    ],
    [
      'an interface got other security groups',
      {
        event: 'ModifyNetworkInterfaceAttribute',
        request: { networkInterfaceId: 'eni-i-1', groupSet: { items: [{ groupId: 'sg-new' }] } },
      },
      'set the security groups of eni-i-1 to sg-new',
    ],
    [
      'an instance got other security groups',
      {
        event: 'ModifyInstanceAttribute',
        request: { instanceId: 'i-1', groupSet: { items: [{ groupId: 'sg-new' }] } },
      },
      'set the security groups of i-1 to sg-new',
    ],
    [
      'an instance got another attribute',
      { event: 'ModifyInstanceAttribute', request: { instanceId: 'i-1', instanceType: { value: 'm5.large' } } },
      'called ModifyInstanceAttribute on i-1',
    ],
    [
      'something without words of its own',
      { ...elb, event: 'SetIpAddressType', request: { loadBalancerArn: LB, ipAddressType: 'ipv4' } },
      'changed the IP address type of web',
    ],
  ])('%s', async (_, recorded, what) => {
    const targetHealth = [target('i-1'), target('i-2'), target(FUNCTION, { port: null })];
    const found = await changesIn([event(recorded)], { targetHealth, autoScalingGroups: [scalingGroup()] });
    expect(found.map((change) => change.what)).toEqual([what]);
  });
});

describe('what tells how to take it back', () => {
  const elb = { source: 'elasticloadbalancing' };
  const listenerArn = `${LB.replace('loadbalancer', 'listener')}/a`;
  const ruleArn = `${LB.replace('loadbalancer', 'listener-rule')}/a/b`;
  const forward = { type: 'forward', targetGroupArn: TG };
  test.each<[string, Recorded, object, object]>([
    [
      'the ports that a call named',
      {
        ...elb,
        event: 'DeregisterTargets',
        request: { targetGroupArn: TG, targets: [{ id: 'i-8' }, { id: 'i-9', port: 9000 }] },
      },
      { ids: ['i-8', 'i-9'], ports: [null, 9000] },
      {},
    ],
    [
      'none, where it named none',
      { ...elb, event: 'DeregisterTargets', request: { targetGroupArn: TG, targets: [{ id: 'i-8' }] } },
      { ids: ['i-8'] },
      { ports: expect.anything() },
    ],
    [
      'that a listener only forwards',
      { ...elb, event: 'ModifyListener', request: { listenerArn, defaultActions: [forward] } },
      { of: listenerArn, alone: true },
      {},
    ],
    [
      'that it asks who somebody is before',
      {
        ...elb,
        event: 'ModifyListener',
        request: { listenerArn, defaultActions: [{ type: 'authenticate-oidc' }, forward] },
      },
      { of: listenerArn },
      { alone: expect.anything() },
    ],
    [
      'the rule that was made',
      {
        ...{ ...elb, event: 'CreateRule', request: { listenerArn, actions: [forward] } },
        more: { responseElements: { rules: [{ ruleArn }] } },
      },
      { of: listenerArn, made: ruleArn },
      { priority: 7, conditions: [] },
    ],
    [
      'what the rule that was made is for, in both of the ways to write it',
      {
        ...elb,
        event: 'CreateRule',
        request: {
          ...{ listenerArn, priority: 7, actions: [forward] },
          conditions: [
            { field: 'path-pattern', values: ['/ops/*', '/admin'] },
            { field: 'host-header', hostHeaderConfig: { values: ['a.example.com'] } },
          ],
        },
        more: { responseElements: { rules: [{ ruleArn }] } },
      },
      {
        ...{ made: ruleArn, priority: 7 },
        conditions: [
          { field: 'path-pattern', values: ['/ops/*', '/admin'] },
          { field: 'host-header', values: ['a.example.com'] },
        ],
      },
      {},
    ],
    [
      'a rule for what more than a path and a host tells',
      {
        ...elb,
        event: 'CreateRule',
        request: {
          ...{ listenerArn, priority: 7, actions: [forward] },
          conditions: [
            { field: 'path-pattern', values: ['/ops/*'] },
            { field: 'source-ip', sourceIpConfig: { values: ['10.0.0.0/8'] } },
          ],
        },
        more: { responseElements: { rules: [{ ruleArn }] } },
      },
      { made: ruleArn, priority: 7 },
      { conditions: [] },
    ],
  ])('%s', async (_, recorded, has, hasNot) => {
    const [found] = await changesIn([event(recorded)], { targetHealth: [target('i-8')] });
    expect(found?.details).toMatchObject(has);
    for (const name of Object.keys(hasNot)) expect(found?.details).not.toHaveProperty(name);
  });
});

describe('who did it', () => {
  const role = (name: string, session: string, more = {}) => ({
    type: 'AssumedRole',
    arn: `arn:aws:sts::123456789012:assumed-role/${name}/${session}`,
    sessionContext: { sessionIssuer: { userName: name } },
    ...more,
  });
  test.each<[string, Partial<Recorded>, string, string, string | null]>([
    ['a user', {}, 'alice', 'person', null],
    ['root', { identity: { type: 'Root' } }, 'root', 'person', null],
    ['a role', { identity: role('deploy', 'ci-42') }, 'role/deploy (ci-42)', 'role', null],
    [
      'a role whose session an SDK named',
      { identity: role('deploy', 'botocore-session-1773152400') },
      'role/deploy',
      'role',
      null,
    ],
    ['a role whose session is but a time', { identity: role('lbc', '1773152400000000000') }, 'role/lbc', 'role', null],
    [
      'Terraform',
      { identity: role('deploy', 'ci-42'), more: { userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.5' } },
      'role/deploy (ci-42)',
      'role',
      'Terraform',
    ],
    [
      'a person by IAM Identity Center',
      { identity: role('AWSReservedSSO_Admin_0123456789abcdef', 'bob@example.com') },
      'bob@example.com (Admin)',
      'person',
      null,
    ],
    [
      'Auto Scaling, by its own role',
      { identity: role('AWSServiceRoleForAutoScaling', 'AutoScaling', { invokedBy: 'autoscaling.amazonaws.com' }) },
      'autoscaling.amazonaws.com',
      'service',
      null,
    ],
    [
      'CloudFormation, in the name of a role',
      { identity: role('deploy', 'ci-42', { invokedBy: 'cloudformation.amazonaws.com' }) },
      'cloudformation.amazonaws.com for role/deploy (ci-42)',
      'service',
      'CloudFormation',
    ],
    [
      'a service',
      { identity: { type: 'AWSService', invokedBy: 'ecs.amazonaws.com' } },
      'ecs.amazonaws.com',
      'service',
      null,
    ],
    [
      'another account',
      { identity: { type: 'AWSAccount', accountId: '210987654321' } },
      'account 210987654321',
      'role',
      null,
    ],
  ])('%s', async (_, more, who, by, tool) => {
    expect(await changesIn([revoked(more)])).toMatchObject([{ who, by, tool }]);
  });
});

describe('what is no change of this incident', () => {
  test.each<[string, ReturnType<typeof event>]>([
    ['a call that was refused', revoked({ more: { errorCode: 'Client.UnauthorizedOperation', errorMessage: 'no' } })],
    ['a dry run', revoked({ more: { errorCode: 'Client.DryRunOperation' } })],
    ['a call that reads', revoked({ more: { readOnly: true } })],
    ['another security group', event({ event: 'RevokeSecurityGroupIngress', request: { groupId: 'sg-other' } })],
    [
      'another load balancer',
      event({
        event: 'ModifyLoadBalancerAttributes',
        source: 'elasticloadbalancing',
        request: { loadBalancerArn: LB.replace('/web/', '/shop/') },
      }),
    ],
    [
      'another instance',
      event({ event: 'StopInstances', request: { instancesSet: { items: [{ instanceId: 'i-9' }] } } }),
    ],
    ['a record that cannot be read', { ...revoked(), CloudTrailEvent: 'oops' }],
  ])('%s', async (_, recorded) => {
    expect(await changesIn([recorded])).toEqual([]);
  });
});

test('an event that several lookups answer is one change; the oldest stands first', async () => {
  const later = revoked({ at: '2026-03-10T14:25:00Z' });
  const found = await changesIn([later, revoked()], silent);
  expect(found.map(({ at }) => at)).toEqual(['2026-03-10T14:18:31Z', '2026-03-10T14:25:00Z']);
});

test('where packets seem to be dropped, the network is asked about first, with all of Elastic Load Balancing', async () => {
  await changesIn([], silent);
  expect(asked()).toEqual([
    ...['sg-app', 'sg-alb', 'acl-default', 'rtb-public'],
    ...['elasticloadbalancing.amazonaws.com', 'eni-i-1'],
  ]);
});

test('where ECS has taken all targets away, the groups of its service are asked about, and are of this incident', async () => {
  const network = { subnetIds: ['subnet-app-a'], securityGroupIds: ['sg-tasks'] };
  const gone = { ...silent, targetHealth: [], instances: [], ecsServices: [ecsService({ network })] };
  const made = await changesIn([revoked({ resources: ['sg-tasks'], request: { groupId: 'sg-tasks' } })], gone);
  expect(made.map(({ event: name }) => name)).toEqual(['RevokeSecurityGroupIngress']);
  const { network: _, ...shared } = ecsService({ network });
  expect(
    await changesIn([revoked({ resources: ['sg-tasks'], request: { groupId: 'sg-tasks' } })], {
      ...gone,
      ecsServices: [shared],
    }),
  ).toEqual([]);
});

describe('all changes of the account are asked for first', () => {
  const page = (at: string, NextToken?: string) => ({ Events: [revoked({ at })], ...(NextToken ? { NextToken } : {}) });

  test('and where that is all, nothing else is', async () => {
    expect(await changesIn([revoked()], silent)).toMatchObject([{ event: 'RevokeSecurityGroupIngress' }]);
    expect(lookups()).toMatchObject([
      {
        LookupAttributes: [{ AttributeKey: 'ReadOnly', AttributeValue: 'false' }],
        // An hour before the first minute that is read: no errors seen begin earlier.
        StartTime: new Date('2026-03-10T10:30:00Z'),
        EndTime: new Date('2026-03-10T14:30:00Z'),
      },
    ]);
  });

  test('with a second page where that may reach the beginning', async () => {
    cloudTrail
      .on(LookupEventsCommand)
      .resolves(page('2026-03-10T12:29:00Z', 'second'))
      .on(LookupEventsCommand, { NextToken: 'second' })
      .resolves(page('2026-03-10T11:00:00Z'));
    expect(await read(changes, silent)).toMatchObject({ value: [{}, {}], gaps: [] });
    expect(lookups()).toHaveLength(2);
  });

  test('a busy account is asked by resource, without a second page', async () => {
    cloudTrail.on(LookupEventsCommand).resolves(page('2026-03-10T12:31:00Z', 'second'));
    await read(changes, silent);
    expect(valuesOf(lookups()).slice(0, 2)).toEqual(['false', 'sg-app']);
  });

  test('no change in hours is made sure of', async () => {
    await changesIn([], silent);
    expect(valuesOf(lookups()).slice(0, 2)).toEqual(['false', 'sg-app']);
  });

  test('what a controller was refused to read is no change, and is asked for still', async () => {
    await changesIn([revoked()], {
      targetHealth: [],
      tags: { [TG]: { 'elbv2.k8s.aws/cluster': 'prod' } },
    });
    expect(valuesOf(lookups())).toEqual([
      'false',
      'GetSubscriptionState',
      'GetWebACLForResource',
      'system:serviceaccount:kube-system:aws-load-balancer-controller',
    ]);
  });

  test('before the rest is known', async () => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: [revoked()] });
    const { question, evidence } = aSnapshot(silent);
    const aws = anAws();
    for (const { ask } of changes.ahead ?? []) ask(question, evidence, aws);
    await vi.waitFor(() => expect(lookups()).toHaveLength(1));
    await changes.collect(question, evidence, aws);
    expect(lookups()).toHaveLength(1);
  });
});

test('where instances are down, who stopped them', async () => {
  await changesIn([], { targetHealth: [target('i-1', { state: 'unused', reason: 'Target.InvalidState' })] });
  expect(asked().slice(0, 3)).toEqual(['StopInstances', 'TerminateInstances', 'elasticloadbalancing.amazonaws.com']);
});

test('where the check of a system failed, who rebooted it', async () => {
  const failed = { instanceMetrics: instanceMetrics({ 'i-1': { StatusCheckFailed_Instance: lately(3, 1) } }) };
  await changesIn([], { ...silent, ...failed });
  expect(asked()).toContain('RebootInstances');
});

test('where nothing fails, one thing is asked', async () => {
  await changesIn([]);
  expect(asked()).toEqual(['elasticloadbalancing.amazonaws.com']);
});

test('asks from an hour before the onset until the moment asked about', async () => {
  await changesIn([], silent);
  expect(askedFor()[0]).toMatchObject({
    StartTime: new Date('2026-03-10T13:00:00Z'),
    EndTime: new Date('2026-03-10T14:30:00Z'),
  });
});

test('asks from an hour before the onset that the survey of a long window tells', async () => {
  const survey = {
    ...{ from: '2026-03-09T14:30:00Z', seconds: 3600, slots: 24 },
    values: { HTTPCode_ELB_5XX_Count: Array.from({ length: 24 }, (_, hour) => (hour < 14 ? null : 6000)) },
  };
  const loadBalancerMetrics = { ...metrics({ HTTPCode_ELB_5XX_Count: lately(180, 100) }), survey };
  await changesIn([], { ...silent, loadBalancerMetrics });
  expect(askedFor()[0]).toMatchObject({ StartTime: new Date('2026-03-10T03:30:00Z') });
});

test.each([
  ['90 days', '2026-06-08T13:00:00Z', true, []],
  ['a second more', '2026-06-08T13:00:01Z', true, ['90 days']],
  ['all that is asked about, to an hour after it', '2026-06-08T15:30:00Z', true, ['90 days']],
  ['a second more than that', '2026-06-08T15:30:01Z', false, ['90 days']],
])('what CloudTrail keeps: %s', async (_, now, asks, details) => {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: [] });
  const aws = anAws();
  const observed = await read(changes, silent, { ...aws, readAt: () => now, within: () => aws });
  expect(asked().length > 0).toBe(asks);
  const gone = observed.seen ? observed.gaps.filter(({ detail }) => detail.includes('90 days')) : [];
  expect(gone.map(({ detail, ids }) => [/90 days/.exec(detail)?.[0], ids])).toEqual(
    details.map((detail) => [detail, undefined]),
  );
});

test('what was answered is kept where another lookup fails, and says which', async () => {
  cloudTrail
    .on(LookupEventsCommand)
    .rejects(throttling)
    .on(LookupEventsCommand, { LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'sg-app' }] })
    .resolves({ Events: [revoked()] });
  expect(await read(changes, silent)).toMatchObject({
    seen: true,
    value: [{ event: 'RevokeSecurityGroupIngress' }],
    gaps: [{ why: 'throttled', ids: expect.arrayContaining(['sg-alb']) }],
  });
});

test('where it is denied, it is asked once', async () => {
  cloudTrail.onAnyCommand().rejects(accessDenied);
  await expect(read(changes, silent)).rejects.toMatchObject({ why: 'denied', action: 'cloudtrail:LookupEvents' });
  expect(cloudTrail.calls()).toHaveLength(1);
});

test('a second page is read, and what is beyond it is a gap', async () => {
  cloudTrail
    .on(LookupEventsCommand)
    .resolves({ Events: [revoked()], NextToken: 'second' })
    .on(LookupEventsCommand, { NextToken: 'second' })
    .resolves({ Events: [revoked()], NextToken: 'third' });
  expect(await read(changes)).toMatchObject({
    value: [{}, {}],
    gaps: [{ why: 'not-asked', ids: ['elasticloadbalancing.amazonaws.com'] }],
  });
});

test('a CloudTrail that hangs is given up after four seconds', async () => {
  cloudTrail.onAnyCommand().callsFake(() => new Promise(() => {}));
  const { question, evidence } = aSnapshot();
  const started = performance.now();
  await expect(changes.collect(question, evidence, anAws())).rejects.toMatchObject({ why: 'timed-out' });
  expect(performance.now() - started).toBeLessThan(6_000);
}, 10_000);

test('what would have named resources and was not seen is a gap', async () => {
  cloudTrail.onAnyCommand().resolves({});
  const observed = await read(changes, { networkAcls: denied('ec2:DescribeNetworkAcls') });
  expect(observed).toMatchObject({ seen: true, gaps: [{ why: 'denied', action: 'ec2:DescribeNetworkAcls' }] });
});

test('it is told by name, and once where several are unseen alike', async () => {
  cloudTrail.onAnyCommand().resolves({});
  const gone = denied('cloudwatch:GetMetricData');
  const observed = await read(changes, { loadBalancerMetrics: gone, instanceMetrics: gone });
  expect(observed.seen && observed.gaps.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(
      /^a part needs what the (load balancer metrics and instance metrics|instance metrics and load balancer metrics) would have named: /,
    ),
  ]);
});
