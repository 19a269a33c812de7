import {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Aws } from '../../../lambda/collect/aws.ts';
import { locate } from '../../../lambda/collect/index.ts';
import type { Reference, Request, Trigger } from '../../../lambda/incident/question.ts';
import { groupArn, LB, NOW, TG } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws, refusal } from '../support.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => {
  elb.reset();
  cloudWatch.reset();
});

/** A session that AWS tells the time to. */
function told(now: string | null = NOW): Aws {
  return telling(anAws(), now);
}

function telling(aws: Aws, now: string | null): Aws {
  const heard = () => (elb.calls().length + cloudWatch.calls().length > 0 ? now : null);
  return { ...aws, readAt: heard, in: (region) => telling(aws.in(region), now) };
}

const request = (about: Reference, at: string | null = null, trigger: Trigger = { kind: 'manual', at }): Request => ({
  about,
  at,
  windowSeconds: 1800,
  trigger,
});

const arnOf = (dimension: string) => `arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/${dimension}`;
const described = (name: string, dimension = `app/${name}/50dc6c495c0c9188`) => ({
  LoadBalancerArn: arnOf(dimension),
  LoadBalancerName: name,
  DNSName: `${name}-1234567890.us-east-1.elb.amazonaws.com`,
});
const calls = () => elb.calls().length + cloudWatch.calls().length;

describe('by ARN', () => {
  test('with a moment takes no call', async () => {
    expect(await locate(request({ by: 'arn', arn: LB }, NOW), told())).toEqual({
      found: true,
      question: {
        subject: {
          arn: LB,
          dimension: 'app/web/50dc6c495c0c9188',
          name: 'web',
          partition: 'aws',
          region: 'us-east-1',
          accountId: '123456789012',
        },
        at: NOW,
        window: { from: '2026-03-10T14:00:00Z', to: NOW },
        trigger: { kind: 'manual', at: NOW },
      },
    });
    expect(calls()).toBe(0);
  });

  test("without one, now is AWS's time, and the answer is kept", async () => {
    elb.on(DescribeLoadBalancersCommand, { LoadBalancerArns: [LB] }).resolves({ LoadBalancers: [described('web')] });
    const aws = told('2026-03-10T15:00:00Z');
    const located = await locate(request({ by: 'arn', arn: LB }), aws);
    expect(located).toMatchObject({
      question: { at: '2026-03-10T15:00:00Z', trigger: { at: '2026-03-10T15:00:00Z' } },
    });
    expect([...aws.loadBalancers.keys()]).toEqual([LB]);
  });

  test('is asked in the Region of the ARN, whatever the session says', async () => {
    const aws = told();
    const elsewhere = vi.fn(aws.in);
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [described('web')] });
    await locate(request({ by: 'arn', arn: LB }), { ...aws, in: elsewhere });
    expect(elsewhere).toHaveBeenCalledWith('us-east-1');
  });

  test.each([
    ['net/web/50dc6c495c0c9188', 'web is a Network Load Balancer: only Application Load Balancers can be triaged'],
    ['gwy/web/50dc6c495c0c9188', 'web is a Gateway Load Balancer: only Application Load Balancers can be triaged'],
    ['web', 'web is a Classic Load Balancer: only Application Load Balancers can be triaged'],
  ])('of %s is none that can be triaged, and no call tells so', async (dimension, message) => {
    const located = await locate(request({ by: 'arn', arn: arnOf(dimension) }), told());
    expect(located).toMatchObject({ found: false, failure: { reason: 'not-an-alb', message, about: { name: 'web' } } });
    expect(calls()).toBe(0);
  });

  test('of one that is gone is told as a name that does not exist', async () => {
    elb.on(DescribeLoadBalancersCommand).rejects(refusal('LoadBalancerNotFoundException'));
    const typed = {
      ...request({ by: 'arn', arn: LB }),
      at: '2026-03-10T14:30:00Z',
      trigger: { kind: 'cli', at: null },
    } as const;
    expect(await locate(typed, told())).toMatchObject({
      failure: {
        reason: 'not-found',
        message: expect.stringContaining('no load balancer app/web/50dc6c495c0c9188 in us-east-1'),
      },
    });
  });

  test('of what AWS calls another kind is none', async () => {
    elb.on(DescribeLoadBalancersCommand).resolves({ LoadBalancers: [{ ...described('web'), Type: 'network' }] });
    expect(await locate(request({ by: 'name', name: 'web' }), told())).toMatchObject({
      failure: { reason: 'not-an-alb' },
    });
  });

  test('of something else', async () => {
    const located = await locate(request({ by: 'arn', arn: 'arn:aws:s3:::bucket' }), told());
    expect(located).toMatchObject({ failure: { reason: 'not-found' } });
  });
});

describe('by name', () => {
  test('is one call', async () => {
    elb.on(DescribeLoadBalancersCommand, { Names: ['web'] }).resolves({ LoadBalancers: [described('web')] });
    expect(await locate(request({ by: 'name', name: 'web' }), told())).toMatchObject({
      question: { subject: { arn: LB }, at: NOW },
    });
    expect(calls()).toBe(1);
  });

  test.each<[name: string, error: Error, failure: object]>([
    [
      'nobody has',
      refusal('LoadBalancerNotFoundException'),
      { reason: 'not-found', message: expect.stringContaining('no load balancer named web in test-'), at: NOW },
    ],
    [
      'may not be asked for',
      accessDenied,
      {
        reason: 'denied',
        action: 'elasticloadbalancing:DescribeLoadBalancers',
        message: expect.stringContaining('elasticloadbalancing:DescribeLoadBalancers'),
      },
    ],
    ['cannot be asked for without credentials', refusal('CredentialsProviderError'), { reason: 'no-credentials' }],
  ])('that %s', async (_, error, failure) => {
    elb.onAnyCommand().rejects(error);
    const located = await locate(request({ by: 'name', name: 'web' }), told());
    expect(located).toMatchObject({ found: false, failure });
    if (error !== accessDenied) expect(located).not.toHaveProperty('failure.action');
  });

  const ACTION = 'elasticloadbalancing:DescribeLoadBalancers';
  const WHO = 'arn:aws:sts::123456789012:assumed-role/oncall/alice';
  const NOT_ALLOWED = `User: ${WHO} is not authorized to perform: ${ACTION}`;
  const ALLOW = 'to call it; `alb-triage policy` prints all the permissions needed';

  test.each([
    [`${NOT_ALLOWED} because no identity-based policy allows the ${ACTION} action`, `allow ${WHO} ${ALLOW}`],
    [`You are not authorized to perform this operation. ${NOT_ALLOWED}`, `allow ${WHO} ${ALLOW}`],
    ['Access denied', `allow the caller ${ALLOW}`],
    ['', `allow the caller ${ALLOW}`],
    [
      `${NOT_ALLOWED} with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p`,
      `an explicit deny in a service control policy holds for ${WHO}`,
    ],
    [
      `${NOT_ALLOWED} on resource: * with an explicit deny in an identity-based policy`,
      `an explicit deny in an identity-based policy holds for ${WHO}`,
    ],
    [
      `${NOT_ALLOWED} because no permissions boundary allows the ${ACTION} action`,
      `no permissions boundary allows it for ${WHO}`,
    ],
  ])('that may not be asked for says who may not, and what to do: %j', async (said, does) => {
    elb.onAnyCommand().rejects(refusal('AccessDenied', said, 403));
    const message = `AWS denied ${ACTION} (AccessDenied): ${does}`;
    const dns = { by: 'dns', dnsName: 'web-1.us-east-1.elb.amazonaws.com' } as const;
    for (const about of [{ by: 'name', name: 'web' } as const, dns]) {
      expect(await locate(request(about), told())).toMatchObject({ failure: { reason: 'denied', message } });
    }
  });

  test('half typed is not asked for, for AWS takes it for no name', async () => {
    expect(await locate(request({ by: 'name', name: 'web-' }), told())).toMatchObject({
      failure: { reason: 'not-found', message: expect.stringContaining('no load balancer named web- in') },
    });
    expect(calls()).toBe(0);
  });

  test('of a Network Load Balancer', async () => {
    elb.onAnyCommand().resolves({ LoadBalancers: [described('web', 'net/web/50dc6c495c0c9188')] });
    expect(await locate(request({ by: 'name', name: 'web' }), told())).toMatchObject({
      failure: { reason: 'not-an-alb', message: expect.stringContaining('Network') },
    });
  });

  test('without a Region', async () => {
    const aws: Aws = { ...told(), region: async () => undefined };
    expect(await locate(request({ by: 'name', name: 'web' }), aws)).toMatchObject({ failure: { reason: 'no-region' } });
  });
});

describe('by DNS name', () => {
  const [first, second] = [described('api'), described('web')];

  test.each([
    'web-1234567890.us-east-1.elb.amazonaws.com',
    'WEB-1234567890.us-east-1.elb.amazonaws.com',
    'dualstack.web-1234567890.us-east-1.elb.amazonaws.com',
    'web-1234567890.us-east-1.elb.amazonaws.com.',
  ])('%s is looked for on every page', async (dnsName) => {
    elb
      .on(DescribeLoadBalancersCommand)
      .resolves({ LoadBalancers: [first], NextMarker: 'm' })
      .on(DescribeLoadBalancersCommand, { Marker: 'm' })
      .resolves({ LoadBalancers: [second] });
    expect(await locate(request({ by: 'dns', dnsName }), told())).toMatchObject({ question: { subject: { arn: LB } } });
  });

  test('that is on no page', async () => {
    elb.onAnyCommand().resolves({ LoadBalancers: [first] });
    const dnsName = 'web-1.us-east-1.elb.amazonaws.com';
    expect(await locate(request({ by: 'dns', dnsName }), told())).toMatchObject({ failure: { reason: 'not-found' } });
  });

  test('that is on no page that was answered is not said to be nowhere', async () => {
    elb
      .on(DescribeLoadBalancersCommand)
      .resolves({ LoadBalancers: [first], NextMarker: 'm' })
      .on(DescribeLoadBalancersCommand, { Marker: 'm' })
      .rejects(refusal('Throttling'));
    const dnsName = 'web-1.us-east-1.elb.amazonaws.com';
    expect(await locate(request({ by: 'dns', dnsName }), told())).toMatchObject({ failure: { reason: 'throttled' } });
  });

  test.each([
    ['web-1234567890.eu-west-1.elb.amazonaws.com', 'eu-west-1'],
    ['internal-web-1234567890.us-gov-west-1.elb.amazonaws.com', 'us-gov-west-1'],
    ['web-1234567890.cn-north-1.elb.amazonaws.com.cn', 'cn-north-1'],
  ])('%s tells the Region where none is configured', async (dnsName, region) => {
    elb.onAnyCommand().resolves({ LoadBalancers: [] });
    const aws: Aws = { ...told(), region: async () => undefined };
    expect(await locate(request({ by: 'dns', dnsName }), aws)).toMatchObject({ failure: { about: { region } } });
  });
});

describe('by target group', () => {
  test('is one call, whose answer also tells the time', async () => {
    elb
      .on(DescribeTargetGroupsCommand, { TargetGroupArns: [TG] })
      .resolves({ TargetGroups: [{ TargetGroupArn: TG, LoadBalancerArns: [LB] }] });
    expect(await locate(request({ by: 'target-group', arn: TG }), told())).toMatchObject({
      question: { subject: { arn: LB }, at: NOW },
    });
    expect(calls()).toBe(1);
  });

  test.each<[name: string, loadBalancers: string[], reason: string]>([
    ['of no load balancer', [], 'no-load-balancer'],
    ['of a Network Load Balancer', [arnOf('net/web/50dc6c495c0c9188')], 'not-an-alb'],
  ])('%s', async (_, LoadBalancerArns, reason) => {
    elb.onAnyCommand().resolves({ TargetGroups: [{ TargetGroupArn: TG, LoadBalancerArns }] });
    expect(await locate(request({ by: 'target-group', arn: TG }), told())).toMatchObject({ failure: { reason } });
  });

  test('that is gone', async () => {
    elb.onAnyCommand().rejects(refusal('TargetGroupNotFound'));
    expect(await locate(request({ by: 'target-group', arn: TG }), told())).toMatchObject({
      failure: { reason: 'not-found', message: expect.stringContaining(TG) },
    });
  });
});

describe('by alarm', () => {
  const alarmArn = (name: string) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`;
  const alarm = (AlarmName: string, more: MetricAlarm = {}): MetricAlarm => ({
    AlarmName,
    AlarmArn: alarmArn(AlarmName),
    StateValue: 'ALARM',
    ...more,
  });
  const dimensions = (names: Readonly<Record<string, string>>) =>
    Object.entries(names).map(([Name, Value]) => ({ Name, Value }));
  const watching = (name: string, dimension: string, more: MetricAlarm = {}) =>
    alarm(name, { Dimensions: dimensions({ LoadBalancer: dimension }), ...more });
  const web = 'app/web/50dc6c495c0c9188';
  const api = 'app/api/50dc6c495c0c9188';

  /** CloudWatch as it answers: by names in full, or the children of a composite alarm by name and state. */
  function alarms(metric: readonly MetricAlarm[], composite: Readonly<Record<string, readonly string[]>> = {}) {
    cloudWatch.on(DescribeAlarmsCommand).callsFake(({ AlarmNames, ChildrenOfAlarmName, AlarmTypes = [] }) => {
      const names: readonly string[] = AlarmNames ?? composite[ChildrenOfAlarmName ?? ''] ?? [];
      const briefly = ({ AlarmName, StateValue }: MetricAlarm) => ({ AlarmName, StateValue });
      const found = metric.filter(({ AlarmName = '' }) => names.includes(AlarmName));
      const combined = Object.keys(composite)
        .filter((name) => names.includes(name))
        .map((AlarmName) => ({ AlarmName, AlarmArn: alarmArn(AlarmName) }));
      const children = ChildrenOfAlarmName !== undefined;
      return {
        MetricAlarms: children ? found.map(briefly) : found,
        CompositeAlarms: children || AlarmTypes.includes('CompositeAlarm') ? combined : [],
      };
    });
  }

  const ask = (...names: string[]) => locate(request({ by: 'alarm', alarms: names }), told());

  test.each<[name: string, alarm: MetricAlarm, arn: string]>([
    ['its dimension', watching('5xx', web), LB],
    [
      'its dimensions of several, in any order',
      alarm('5xx', {
        Dimensions: dimensions({ AvailabilityZone: 'us-east-1a', TargetGroup: 'targetgroup/a/1', LoadBalancer: web }),
      }),
      LB,
    ],
    [
      'the metrics of metric math',
      alarm('5xx', {
        Metrics: [
          { Id: 'e', Expression: 'm / 2' },
          {
            Id: 'm',
            MetricStat: { Metric: { Dimensions: dimensions({ LoadBalancer: web }) }, Period: 60, Stat: 'Sum' },
          },
        ],
      }),
      LB,
    ],
    [
      'a metric of another account',
      alarm('5xx', {
        Metrics: [
          {
            Id: 'm',
            AccountId: '210987654321',
            MetricStat: { Metric: { Dimensions: dimensions({ LoadBalancer: web }) }, Period: 60, Stat: 'Sum' },
          },
        ],
      }),
      LB.replace('123456789012', '210987654321'),
    ],
    [
      'a Metrics Insights query',
      alarm('5xx', {
        Metrics: [
          {
            Id: 'q',
            Expression: `SELECT SUM(HTTPCode_ELB_5XX_Count) FROM "AWS/ApplicationELB" WHERE LoadBalancer = '${web}'`,
          },
        ],
      }),
      LB,
    ],
  ])('names the load balancer in %s', async (_, described, arn) => {
    alarms([described]);
    expect(await ask('5xx')).toMatchObject({ question: { subject: { arn } } });
  });

  test('of a target group only takes one call more', async () => {
    alarms([alarm('unhealthy', { Dimensions: dimensions({ TargetGroup: 'targetgroup/web/73e2d6bc24d8a067' }) })]);
    elb
      .on(DescribeTargetGroupsCommand, { TargetGroupArns: [groupArn('web')] })
      .resolves({ TargetGroups: [{ LoadBalancerArns: [LB] }] });
    expect(await ask('unhealthy')).toMatchObject({ question: { subject: { arn: LB } } });
  });

  test('by its ARN, in the Region of the ARN', async () => {
    alarms([watching('a:b', web)]);
    expect(await ask(alarmArn('a:b'))).toMatchObject({ question: { subject: { arn: LB } } });
  });

  test('says what the alarm says, beside what the event said', async () => {
    alarms([
      watching('5xx', web, { AlarmDescription: 'call us', StateReason: 'now', MetricName: 'HTTPCode_ELB_5XX_Count' }),
    ]);
    const trigger: Trigger = { kind: 'alarm', at: NOW, reason: 'then' };
    const located = await locate(request({ by: 'alarm', alarms: ['5xx'] }, NOW, trigger), told());
    expect(located).toMatchObject({
      question: {
        trigger: {
          kind: 'alarm',
          alarmName: '5xx',
          alarmArn: alarmArn('5xx'),
          alarmDescription: 'call us',
          state: 'ALARM',
          reason: 'then',
          metrics: ['HTTPCode_ELB_5XX_Count'],
        },
      },
    });
  });

  test('a child says nothing of the composite alarm that went off', async () => {
    alarms([watching('child', web, { AlarmDescription: 'of the child' })]);
    const trigger: Trigger = { kind: 'alarm', at: NOW, alarmName: 'composite' };
    const located = await locate(request({ by: 'alarm', alarms: ['child'] }, NOW, trigger), told());
    expect(located).toMatchObject({ question: { trigger: { alarmName: 'composite' } } });
    expect(located).not.toHaveProperty('question.trigger.alarmDescription');
  });

  test('of alarms leads to its children, and theirs', async () => {
    alarms([watching('leaf', web)], { top: ['middle'], middle: ['leaf'] });
    expect(await ask('top')).toMatchObject({ question: { subject: { arn: LB }, trigger: { alarmName: 'top' } } });
  });

  describe('for a window that nobody named', () => {
    const hourly = { EvaluationPeriods: 12, Period: 3600 };
    const asked = async (name: string, more: Partial<Request> = { widens: true }) => {
      const located = await locate({ ...request({ by: 'alarm', alarms: [name] }, NOW), ...more }, told());
      return located.found ? located.question.window.from : located.failure.message;
    };
    const math = {
      EvaluationPeriods: 5,
      Metrics: [
        { Id: 'e1', Expression: 'm1 / m2', Period: 60 },
        {
          Id: 'm1',
          MetricStat: {
            Metric: { Dimensions: dimensions({ LoadBalancer: web }), MetricName: 'RequestCount' },
            Period: 900,
            Stat: 'Sum',
          },
        },
      ],
    };

    test.each<[string, MetricAlarm, string]>([
      ['12 periods of an hour and ten minutes', hourly, '2026-03-10T02:20:00Z'],
      ['half an hour, for 20 minutes', { EvaluationPeriods: 20, Period: 60 }, '2026-03-10T14:00:00Z'],
      ['31 minutes, for 21', { EvaluationPeriods: 21, Period: 60 }, '2026-03-10T13:59:00Z'],
      ['the longest period of metric math', math, '2026-03-10T13:05:00Z'],
      ['7 days and ten minutes', { EvaluationPeriods: 168, Period: 3600 }, '2026-03-03T14:20:00Z'],
      ['no more than that', { EvaluationPeriods: 999, Period: 3600 }, '2026-03-03T14:20:00Z'],
    ])('it is %s', async (_, more, from) => {
      alarms([watching('slow', web, more)]);
      expect(await asked('slow')).toBe(from);
    });

    test('a composite alarm has the periods of its children', async () => {
      alarms([watching('fast', web, { EvaluationPeriods: 1, Period: 60 }), watching('slow', web, hourly)], {
        top: ['fast', 'slow'],
      });
      expect(await asked('top')).toBe('2026-03-10T02:20:00Z');
    });

    test('what somebody says stands, and what the event told of it is not shortened', async () => {
      alarms([watching('slow', web, hourly)]);
      expect(await asked('slow', {})).toBe('2026-03-10T14:00:00Z');
      expect(await asked('slow', { widens: true, windowSeconds: 86_400 })).toBe('2026-03-09T14:30:00Z');
    });
  });

  test('of alarms in a circle comes to an end', async () => {
    alarms([], { one: ['two'], two: ['one'] });
    expect(await ask('one')).toMatchObject({ failure: { reason: 'no-load-balancer' } });
  });

  test.each<[name: string, metric: readonly MetricAlarm[], expected: object]>([
    [
      'the one in ALARM',
      [watching('a', api, { StateValue: 'OK' }), watching('b', web)],
      { question: { subject: { name: 'web' } } },
    ],
    [
      'the one that several watch',
      [watching('a', web), watching('b', web)],
      { question: { subject: { name: 'web' } } },
    ],
    [
      'the one that is an Application Load Balancer',
      [watching('a', 'net/nlb/50dc6c495c0c9188'), watching('b', web)],
      { question: { subject: { name: 'web' } } },
    ],
    [
      'none of two in ALARM, naming both',
      [watching('b', web), watching('a', api)],
      { failure: { reason: 'ambiguous', message: expect.stringContaining('(api, web)') } },
    ],
    [
      'none of two that are quiet',
      [watching('a', api, { StateValue: 'OK' }), watching('b', web, { StateValue: 'OK' })],
      { failure: { reason: 'ambiguous' } },
    ],
    [
      'none that is a Network Load Balancer',
      [watching('a', 'net/nlb/50dc6c495c0c9188')],
      { failure: { reason: 'not-an-alb', message: expect.stringContaining('Network') } },
    ],
    [
      'none that is a Classic Load Balancer',
      [alarm('a', { Dimensions: dimensions({ LoadBalancerName: 'old' }) })],
      { failure: { reason: 'not-an-alb', message: expect.stringContaining('Classic') } },
    ],
    [
      'none where nothing of the kind is watched',
      [alarm('a', { Dimensions: dimensions({ InstanceId: 'i-1' }) })],
      { failure: { reason: 'no-load-balancer', message: expect.stringContaining('top') } },
    ],
  ])('of several picks %s', async (_, metric, expected) => {
    alarms(metric, { top: metric.map(({ AlarmName = '' }) => AlarmName) });
    expect(await ask('top')).toMatchObject(expected);
  });

  describe('over several time series', () => {
    const sql =
      'SELECT SUM(HTTPCode_ELB_5XX_Count) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer) GROUP BY LoadBalancer';
    const any5xx = alarm('any-5xx', { Metrics: [{ Id: 'q1', Expression: sql }] });
    function inAlarm(...attributes: Readonly<Record<string, string>>[]) {
      cloudWatch.on(DescribeAlarmContributorsCommand, { AlarmName: 'any-5xx' }).resolves({
        AlarmContributors: attributes.map((ContributorAttributes, n) => ({
          ContributorId: `${n}`,
          ContributorAttributes,
          StateReason: 'Threshold Crossed',
        })),
      });
    }

    test('is about the one that went off', async () => {
      alarms([any5xx]);
      inAlarm({ LoadBalancer: web });
      expect(await ask('any-5xx')).toMatchObject({
        question: { subject: { arn: LB }, trigger: { alarmName: 'any-5xx', contributor: { LoadBalancer: web } } },
      });
    });

    test('is asked for the same where its query is PromQL', async () => {
      alarms([
        alarm('any-5xx', { EvaluationCriteria: { PromQLCriteria: { Query: 'sum by (LoadBalancer) (errors) > 5' } } }),
      ]);
      inAlarm({ LoadBalancer: web });
      expect(await ask('any-5xx')).toMatchObject({ question: { subject: { arn: LB } } });
    });

    test('is about the one whose target group went off', async () => {
      alarms([any5xx]);
      inAlarm({ TargetGroup: 'targetgroup/web/73e2d6bc24d8a067' });
      elb.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: [{ LoadBalancerArns: [LB] }] });
      expect(await ask('any-5xx')).toMatchObject({ question: { subject: { arn: LB } } });
    });

    test.each<[string, Readonly<Record<string, string>>[], object]>([
      ['two went off', [{ LoadBalancer: web }, { LoadBalancer: api }], { reason: 'ambiguous' }],
      ['none did, by now', [], { message: expect.stringContaining('any-5xx has no load balancer in ALARM') }],
      ['it is about something else', [{ TableName: 'orders' }], { reason: 'no-load-balancer' }],
    ])('is about none where %s', async (_, attributes, failure) => {
      alarms([any5xx]);
      inAlarm(...attributes);
      expect(await ask('any-5xx')).toMatchObject({ failure });
    });

    test('as a child, says nothing of which went off for the composite alarm', async () => {
      alarms([any5xx], { top: ['any-5xx'] });
      inAlarm({ LoadBalancer: web });
      const located = await ask('top');
      expect(located).toMatchObject({ question: { subject: { arn: LB }, trigger: { alarmName: 'top' } } });
      expect(located).not.toHaveProperty('question.trigger.contributor');
    });

    test('is not asked beside a child that names its load balancer', async () => {
      alarms([any5xx, watching('5xx', web)], { top: ['any-5xx', '5xx'] });
      expect(await ask('top')).toMatchObject({ question: { subject: { arn: LB } } });
      expect(cloudWatch.commandCalls(DescribeAlarmContributorsCommand)).toHaveLength(0);
    });

    test('names the permission that is missing', async () => {
      alarms([any5xx]);
      cloudWatch.on(DescribeAlarmContributorsCommand).rejects(accessDenied);
      expect(await ask('any-5xx')).toMatchObject({
        failure: { reason: 'denied', action: 'cloudwatch:DescribeAlarmContributors' },
      });
    });
  });

  test('that nobody has', async () => {
    alarms([]);
    expect(await ask('nope')).toMatchObject({
      failure: { reason: 'not-found', message: expect.stringContaining('no alarm named nope') },
    });
  });

  test('that may not be asked for', async () => {
    cloudWatch.onAnyCommand().rejects(accessDenied);
    expect(await ask('5xx')).toMatchObject({ failure: { reason: 'denied', action: 'cloudwatch:DescribeAlarms' } });
  });
});
