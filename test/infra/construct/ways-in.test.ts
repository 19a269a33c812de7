import { readdirSync, readFileSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { AlbTriage } from '../../../infra/construct/alb-triage.ts';
import type { AlbTriageProps } from '../../../infra/construct/props.ts';
import { OF_ALL_CONTRIBUTORS } from '../../../infra/construct/ways-in.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ACCOUNT, aBundle, aStack, REGION, SHOP, TOPIC, WEB } from '../a-stack.ts';

const bundle = aBundle();
const FUNCTION = { 'Fn::GetAtt': [Match.stringLikeRegexp('^TriageFunction'), 'Arn'] };

function triageIn(stack: Stack, props: AlbTriageProps = {}): AlbTriage {
  return new AlbTriage(stack, 'Triage', { bundle, ...props });
}

function anAlarm(stack: Stack, id: string): Alarm {
  const metric = new Metric({ namespace: 'AWS/ApplicationELB', metricName: 'HTTPCode_ELB_5XX_Count' });
  return new Alarm(stack, id, { metric, threshold: 1, evaluationPeriods: 1 });
}

test('any alarm takes the action, two of them in an app without flags', () => {
  const stack = new Stack(new App({ outdir: temporaryFolder() }), 'Mine');
  const { alarmAction } = triageIn(stack);
  for (const id of ['One', 'Other']) anAlarm(stack, id).addAlarmAction(alarmAction);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::Lambda::Permission', 1);
  template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { AlarmActions: [FUNCTION] }, 2);
  const [permission] = Object.keys(template.findResources('AWS::Lambda::Permission'));
  const acting = template.findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmActions: [FUNCTION] } });
  expect(Object.values(acting).map(({ DependsOn }) => DependsOn)).toEqual([[permission], [permission]]);
});

test('alarms of the app are given the function as what they do when they go off, and when they are over', () => {
  const stack = aStack();
  triageIn(stack, { alarms: [anAlarm(stack, 'Mine')] });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [FUNCTION], OKActions: [FUNCTION] });
  template.resourceCountIs('AWS::Events::Rule', 0);
});

test('alarms of others, imported or by ARN, are heard of by one rule', () => {
  const stack = aStack();
  const arn = (name: string) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${name}`;
  triageIn(stack, { alarms: [Alarm.fromAlarmArn(stack, 'Theirs', arn('theirs')), { alarmArn: arn('bare') }] });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change', 'CloudWatch Alarm Contributor State Change'],
      resources: [arn('theirs'), arn('bare')],
      detail: { state: { reason: [{ 'anything-but': { wildcard: '*time series evaluated to *' } }] } },
    },
    Targets: [Match.objectLike({ Arn: FUNCTION })],
  });
  template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' });
});

test('of an alarm by query, each contributor is heard of, and not all of them once more', () => {
  const isOfAll = new RegExp(`^${OF_ALL_CONTRIBUTORS.replaceAll('*', '.*')}$`);
  const reasons = ['6 out of 6 time series evaluated to ALARM', '100+ time series evaluated to ALARM'];
  for (const reason of reasons) expect(reason).toMatch(isOfAll);
  const folder = new URL('../../events/', import.meta.url);
  const events = readdirSync(folder).filter((name) => /^eventbridge-(contributor|metric)/.test(name));
  expect(events).toHaveLength(2);
  for (const name of events) {
    const { detail } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    expect(detail.state.reason).not.toMatch(isOfAll);
  }
});

test('topics that alarms publish to invoke the function', () => {
  const stack = aStack();
  triageIn(stack, { alarmTopics: [Topic.fromTopicArn(stack, 'Alarms', TOPIC)] });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'lambda', TopicArn: TOPIC });
  template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'sns.amazonaws.com', SourceArn: TOPIC });
});

test('every load balancer is one query a metric, grouped by load balancer', () => {
  const stack = aStack();
  const { alarms } = triageIn(stack, { everyLoadBalancer: true, threshold: { minimumErrors: 20 } });
  expect(alarms).toHaveLength(2);
  for (const metric of ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count']) {
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 20,
      AlarmActions: [FUNCTION],
      OKActions: [FUNCTION],
      AlarmDescription: Match.stringLikeRegexp('100 load balancers at once, of the 500 with the most'),
      Metrics: [
        Match.objectLike({
          Expression: `SELECT SUM(${metric}) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer) GROUP BY LoadBalancer ORDER BY SUM() DESC`,
          Period: 60,
          ReturnData: true,
        }),
      ],
    });
  }
});

test('a load balancer that is watched later has a threshold of its own, and else what the others have', () => {
  const stack = aStack();
  const triage = triageIn(stack, { loadBalancers: [{ loadBalancerArn: WEB }], threshold: { errorPercent: 50 } });
  const more = triage.watch({ loadBalancerArn: SHOP }, { threshold: { minimumErrors: 100 }, lowTraffic: true });
  expect(more.map((alarm) => alarm.node.id)).toEqual(['shop-elb-5xx', 'shop-target-5xx', 'shop-low-traffic']);
  expect(triage.alarms).toHaveLength(5);
  const template = Template.fromStack(stack);
  const described = (name: string) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties)
      .find(({ AlarmName }) => AlarmName.endsWith(`-${name}`));
  expect(described('shop-elb-5xx')?.Threshold).toBe(100);
  expect(described('web-elb-5xx')?.Threshold).toBe(5);
  expect(described('shop-elb-5xx')?.AlarmDescription).toContain('50 % of all');
});

test('the alarms that one may switch on', () => {
  const stack = aStack();
  const watched = { lowTraffic: true, unhealthyHosts: true, idleTimeout: Duration.seconds(60) };
  triageIn(stack, { loadBalancers: [{ loadBalancerArn: WEB }], ...watched });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Metrics: Match.arrayWith([
      Match.objectLike({
        Expression: `SELECT MAX(UnHealthyHostCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = 'app/web/50dc6c495c0c9188' GROUP BY TargetGroup`,
      }),
    ]),
    OKActions: [FUNCTION],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'TargetResponseTime',
    ExtendedStatistic: 'p99',
    Threshold: 48,
  });
});

test('more alarms than an event pattern holds are heard of by several rules, each of them by one', () => {
  const stack = aStack();
  const arns = Array.from(
    { length: 60 },
    (_, n) => `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${'x'.repeat(40)}-${n}`,
  );
  triageIn(stack, { alarms: arns.map((alarmArn) => ({ alarmArn })) });
  const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
  const patterns = rules.map(({ Properties }) => Properties.EventPattern);
  expect(patterns.length).toBeGreaterThan(1);
  for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
  expect(patterns.flatMap(({ resources }) => resources)).toEqual(arns);
});

test('an alarm that is named twice is answered once', () => {
  const stack = aStack();
  const mine = anAlarm(stack, 'Mine');
  const theirs = { alarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:theirs` };
  triageIn(stack, { alarms: [mine, mine, theirs, { ...theirs }] });
  const template = Template.fromStack(stack);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [FUNCTION], OKActions: [FUNCTION] });
  template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { resources: [theirs.alarmArn] } });
});
