import { describe, expect, test } from 'vitest';
import { countsSaid } from '../../../../lambda/entry/cli/redact/mask-counts.ts';
import { redact } from '../../../../lambda/entry/cli/redact/redact.ts';
import type { ChangeEvent, EcsService } from '../../../../lambda/incident/evidence.ts';
import type { Snapshot } from '../../../../lambda/incident/snapshot.ts';
import { aSnapshot, TG } from '../../../support/a-snapshot.ts';

/** As `detail` of some evidence: a sentence. */
function asSentence(said: string, more: Parameters<typeof aSnapshot>[0] = {}): string {
  const { evidence, ...snapshot } = aSnapshot(more);
  const networkAcls = { seen: false, why: 'failed', detail: said, source: [] } as const;
  const { evidence: masked } = redact({ ...snapshot, evidence: { ...evidence, networkAcls } }).snapshot;
  return masked.networkAcls.seen ? '' : masked.networkAcls.detail;
}

describe('of a sentence, what it names is masked', () => {
  test.each([
    [
      'User: arn:aws:sts::123456789012:assumed-role/ops-admin/jane.doe@corp.example is not authorized to perform: ec2:DescribeNetworkAcls',
      ['ops-admin', 'jane', 'corp', '123456789012'],
      'is not authorized to perform: ec2:DescribeNetworkAcls',
    ],
    [
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/checkout:42: not found',
      ['123456789012', 'shop', 'checkout'],
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref',
    ],
    [
      '(service billing-api) (task 0b74cfa0d8516575aa5592975e057b2b) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/billing/73e2d6bc24d8a067) due to (reason Health checks failed with these codes: [503]).',
      ['billing', '0b74cfa0', '73e2d6bc'],
      '(port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:us-east-1:',
    ],
    [
      'At 2026-03-10T13:39:41Z a monitor alarm TargetTracking-shop-asg-AlarmHigh in state ALARM triggered policy shop-cpu-60 changing the desired capacity from 2 to 6.',
      ['shop'],
      'changing the desired capacity from 2 to 6.',
    ],
    ['connect to ip-10-0-3-17.ec2.internal (10.0.3.17:8080) timed out', ['10-0-3-17', '10.0.3.17'], 'timed out'],
    ['curl: (6) Could not resolve host: db.prod.acme.internal', ['db.prod', 'acme'], 'Could not resolve host: '],
    ['GET https://wiki.acme.com/runbooks/web?who=jane', ['acme', 'runbooks', 'jane'], 'GET https://'],
    ['from 2600:1f18:4:a::17 and fd00:1:2::/64', ['2600:1f18', 'fd00:1'], 'from '],
    ['ask ops+alb@acme.co.uk', ['ops', 'acme'], 'ask person-1@example.com'],
    ['internal-web-123.us-east-1.elb.amazonaws.com answered', ['web-123'], '.us-east-1.elb.amazonaws.com answered'],
    ['volume vol-0a1b2c3d4e5f60718 of i-0a1b2c3d4e5f60718', ['0a1b2c3d4e5f60718'], 'volume vol-'],
    ['app/shop/50dc6c495c0c9188 and targetgroup/cart/73e2d6bc24d8a067', ['shop', 'cart', '50dc6c'], 'app/'],
    [
      'secret arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/db-AbCdEf',
      ['prod', 'db-Ab'],
      'secret arn:aws:',
    ],
  ])('%s', (said, gone, kept) => {
    const masked = asSentence(said);
    expect(gone.filter((word) => masked.includes(word))).toEqual([]);
    expect(masked).toContain(kept);
  });

  test.each([
    'Target.FailedHealthChecks: Health checks failed with these codes: [502,503]',
    'Threshold Crossed: 1 datapoint [28.0 (10/03/26 14:26:00)] was greater than the threshold (20.0).',
    'Client.UserInitiatedShutdown: User initiated shutdown',
    '[  812.140] Out of memory: Killed process 2211 (node) total-vm:1834020kB',
    'AWS denied ec2:DescribeNetworkAcls (UnauthorizedOperation)',
    'the metadata service at 169.254.169.254 did not answer',
    'cloud-init[1234]: cc_scripts_user.py[WARNING]: Failed to run module scripts_user',
  ])('and nothing else: %s', (said) => expect(asSentence(said)).toBe(said));
});

describe('a name known from a field is masked in sentences, too', () => {
  const service = (name: string): EcsService => ({
    id: `prod-east/${name}`,
    cluster: 'prod-east',
    name,
    targetGroups: [{ arn: TG, container: 'main', containerPort: 8080 }],
    status: 'ACTIVE',
    desired: 1,
    running: 1,
    pending: 0,
    controller: 'ECS',
    taskDefinition: `${name}:7`,
    healthCheckGrace: null,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    circuitBreaker: { enabled: true, rollsBack: true },
    deployments: [],
    events: [],
    tags: { Owner: 'Jane Doe <jane@acme.com>', 'aws:ecs:serviceName': name },
  });

  test('as a word of its own', () => {
    const said = asSentence('checkout in prod-east: checkout-v2 and precheckout', {
      ecsServices: [service('checkout')],
    });
    expect(said).toBe('service-1 in cluster-1: service-1-v2 and precheckout');
  });

  test('but for a word of AWS, which means what it says', () => {
    const said = asSentence('(service health) failed ELB health checks', { ecsServices: [service('health')] });
    expect(said).toBe('(service service-1) failed ELB health checks');
  });

  test('and stays the same name wherever it stands', () => {
    const { evidence } = redact(aSnapshot({ ecsServices: [service('checkout')] })).snapshot;
    const [masked] = evidence.ecsServices.seen ? evidence.ecsServices.value : [];
    expect(masked).toMatchObject({
      id: 'cluster-1/service-1',
      taskDefinition: 'service-1:7',
      tags: { 'aws:ecs:serviceName': 'service-1' },
    });
    expect(JSON.stringify(masked)).not.toMatch(/Jane|acme|checkout|prod-east/);
  });
});

describe('who made a call', () => {
  const asCaller = (who: string): string => {
    const change: ChangeEvent = {
      at: '2026-03-10T14:10:00Z',
      who,
      by: 'role',
      tool: 'Terraform',
      what: 'said by hand about web',
      event: 'ModifyTargetGroup',
      source: 'elasticloadbalancing.amazonaws.com',
      resources: [TG],
      details: { is: 'other' },
    };
    const { evidence } = redact(aSnapshot({ changes: [change] })).snapshot;
    return evidence.changes.seen ? (evidence.changes.value[0]?.who ?? '') : '';
  };

  test.each([
    ['alice', 'caller-1'],
    ['role/deploy (ci-42)', 'role/caller-2 (caller-1)'],
    ['jane@acme.com (AdministratorAccess)', 'person-1@example.com (caller-1)'],
    ['account 123456789012', 'account 990000000001'],
    ['root', 'root'],
    ['autoscaling.amazonaws.com', 'autoscaling.amazonaws.com'],
    ['role/AWSServiceRoleForAutoScaling', 'role/AWSServiceRoleForAutoScaling'],
    ['cloudformation.amazonaws.com for role/deploy', 'cloudformation.amazonaws.com for role/caller-1'],
    ['role/acme-AWSLoadBalancerController', 'role/load-balancer-controller-1'],
    ['eks.amazonaws.com', 'eks.amazonaws.com'],
  ])('%s is %s', (who, masked) => expect(asCaller(who)).toBe(masked));
});

test('a policy that admits by a pattern admits whom it admitted', () => {
  const statement = (resource: string) => ({
    id: 'alb',
    effect: 'Allow',
    principals: ['elasticloadbalancing.amazonaws.com'],
    actions: ['lambda:InvokeFunction'],
    resources: ['*'],
    conditions: [{ operator: 'ArnLike', key: 'AWS:SourceArn', values: [resource] }],
  });
  const values = (resource: string) => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:api';
    const lambdaFunctions = [
      { arn, gone: false, configuration: null, policy: [statement(resource)], reservedConcurrency: 'none' as const },
    ];
    const { evidence } = redact(aSnapshot({ lambdaFunctions })).snapshot;
    return evidence.lambdaFunctions.seen ? evidence.lambdaFunctions.value[0]?.policy?.[0]?.conditions[0]?.values : [];
  };
  const [mine, others] = ['we*', 'bill*'].map((name) =>
    values(`arn:aws:elasticloadbalancing:*:*:targetgroup/${name}/*`),
  );
  expect(mine).toEqual(['arn:aws:elasticloadbalancing:*:*:targetgroup/*/*']);
  expect(others).toEqual(['arn:aws:elasticloadbalancing:*:*:targetgroup/none-*/*']);
});

test('the same snapshot is masked the same way, and another one of the same account is not', () => {
  const once = (snapshot: Snapshot) => JSON.stringify(redact(snapshot).snapshot);
  expect(once(aSnapshot())).toBe(once(aSnapshot()));
  const later = aSnapshot({ at: '2026-03-10T15:30:00Z' });
  const addresses = (text: string) => text.match(/10\.\d+\.\d+\.\d+/g);
  expect(addresses(once(later))).not.toEqual(addresses(once(aSnapshot())));
});

test('what people wrote in their own words is not kept', () => {
  const trigger = {
    kind: 'alarm',
    at: '2026-03-10T14:20:00Z',
    alarmName: 'acme-5xx',
    alarmDescription: 'Call Jane. Runbook: https://wiki.acme.com/x',
  } as const;
  const { question } = redact(aSnapshot({ trigger })).snapshot;
  expect(question.trigger).toMatchObject({ alarmName: 'alarm-1', alarmDescription: '(text 1, masked)' });
});

test('counts what it masked, by kind', () => {
  expect(Object.fromEntries(redact(aSnapshot()).counts)).toMatchInlineSnapshot(`
    {
      "IP address or CIDR block": 9,
      "VPC id": 1,
      "account id": 1,
      "host name": 1,
      "instance id": 2,
      "internet gateway id": 1,
      "load balancer id": 1,
      "load balancer name": 2,
      "network ACL id": 1,
      "network interface id": 4,
      "other name": 1,
      "route table id": 2,
      "security group id": 2,
      "subnet id": 4,
      "target group id": 1,
    }
  `);
});

test('says what it masked in words of whoever owns it, one and several', () => {
  const alarmDescription = 'Call Jane. Runbook: https://wiki.acme.com/x';
  const trigger = { kind: 'alarm', at: '2026-03-10T14:20:00Z', alarmName: 'acme-5xx', alarmDescription } as const;
  const said = countsSaid(redact(aSnapshot({ trigger })).counts);
  expect(said).toMatchInlineSnapshot(
    `"1 account id, 1 alarm description, 1 alarm name, 1 host name, 2 instance ids, 1 internet gateway id, 9 IP addresses or CIDR blocks, 1 load balancer id, 2 load balancer names, 1 network ACL id, 4 network interface ids, 1 other name, 2 route table ids, 2 security group ids, 4 subnet ids, 1 target group id, 1 VPC id"`,
  );
  expect(said).not.toMatch(/other id|\btext\b|caller/);
  expect(countsSaid(new Map())).toBe('nothing');
});

test.each([
  ['arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/1111111111111111', ['load balancer id']],
  ['arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/1111111111111111', ['target group id']],
  [
    'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/x/1111111111111111/2222222222222222/3333333333333333',
    ['load balancer id', 'listener id', 'listener rule id'],
  ],
  ['arn:aws:ecs:us-east-1:123456789012:task/x/11111111111111111111111111111111', ['ECS task id']],
  ['arn:aws:wafv2:us-east-1:123456789012:regional/webacl/x/11111111-2222-4333-8444-555555555555', ['web ACL id']],
])('an id in %s is called by what it is of', (arn, kinds) => {
  const countsWith = (said: string) => {
    const { evidence, ...snapshot } = aSnapshot();
    const networkAcls = { seen: false, why: 'failed', detail: said, source: [] } as const;
    return redact({ ...snapshot, evidence: { ...evidence, networkAcls } }).counts;
  };
  const [without, counts] = [countsWith('none'), countsWith(arn)];
  expect(kinds.map((kind) => (counts.get(kind) ?? 0) - (without.get(kind) ?? 0))).toEqual(kinds.map(() => 1));
  expect(counts.get('other id')).toBe(without.get('other id'));
});
