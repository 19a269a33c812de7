import { Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, type IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { AlbTriage } from '../../../infra/construct/alb-triage.ts';
import { ACTIONS, PERMISSIONS } from '../../../lambda/collect/index.ts';
import { PUBLISH_ACTIONS } from '../../../lambda/deliver/sns.ts';
import { policyDocument } from '../../../lambda/entry/cli/policy.ts';
import { LOOK_ACTIONS } from '../../../lambda/memory/queue.ts';
import { TABLE_ACTIONS } from '../../../lambda/memory/table.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ACCOUNT, aBundle, anApp, aStack, deployed, KEY, REGION, SHOP, statementsOf, TOPIC, WEB } from '../a-stack.ts';

const bundle = aBundle();

const plain = deployed({ bundle });
const two = deployed({ bundle, loadBalancers: [{ loadBalancerArn: WEB }, { loadBalancerArn: SHOP }] });
const onExistingTopic = withExistingTopic({ topicArn: TOPIC, keyArn: KEY });

const FUNCTION = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Function'), 'Arn'] };
const OWN_ALARMS = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cloudwatch:${REGION}:${ACCOUNT}:alarm:AlbTriage-*`]],
};

const ALL_ALARMS = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cloudwatch:${REGION}:${ACCOUNT}:alarm:*`]],
};

/** As the Service Authorization Reference has it. */
const TAKE_NO_RESOURCE = [
  /^(autoscaling|ec2|elasticloadbalancing):Describe/,
  /^cloudtrail:LookupEvents$/,
  /^cloudwatch:(GetMetricData|ListAlarmMuteRules|ListMetrics)$/,
  /^ecs:(DescribeTaskDefinition|ListClusters|ListServices)$/,
];
/** It could be kept to container instances, but whoever lists the tasks of a service names none: AWS then asks for all. */
const COULD_BE_NARROWER = ['ecs:ListTasks'];

describe('the permissions', () => {
  test('are those of collecting, publishing and running, and no other', () => {
    const running = ['logs:CreateLogStream', 'logs:PutLogEvents', ...TABLE_ACTIONS, ...LOOK_ACTIONS];
    const allowed = statementsOf(plain).flatMap(({ Action }) => Action);
    expect([...new Set(allowed)].sort()).toEqual([...ACTIONS, ...PUBLISH_ACTIONS, ...running].sort());
    plain.resourceCountIs('AWS::IAM::Policy', 1);
    plain.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent(), Policies: Match.absent() });
  });

  test('to read are what alb-triage policy prints', () => {
    const printed = policyDocument(PERMISSIONS).Statement.map(({ Action, Resource }) => [[...Action], Resource]);
    const deployedToo = statementsOf(plain).map(({ Action, Resource }) => [[Action].flat().sort(), Resource]);
    expect(deployedToo).toEqual(expect.arrayContaining(printed));
  });

  test('are on * only where AWS knows no narrower resource', () => {
    const onAll = statementsOf(plain).flatMap(({ Action, Resource }) => (Resource === '*' ? Action : []));
    const wide = onAll.filter((action) => !TAKE_NO_RESOURCE.some((known) => known.test(action)));
    expect(wide.filter((action) => !COULD_BE_NARROWER.includes(action))).toEqual([]);
  });

  test('on an existing topic are on it and its key alone', () => {
    const publishing = statementsOf(onExistingTopic).filter(({ Resource }) => Resource === TOPIC || Resource === KEY);
    expect(publishing.map(({ Action }) => Action)).toEqual(['sns:Publish', ['kms:GenerateDataKey', 'kms:Decrypt']]);
    const keyUnknown = statementsOf(withExistingTopic({ topicArn: TOPIC })).flatMap(({ Action }) => Action);
    expect(keyUnknown.filter((action) => action.startsWith('kms:'))).toEqual([]);
  });
});

test('a topic for chat is named to the function, which may publish there, too', () => {
  const stack = aStack();
  const topicArn = `${TOPIC}-chat`;
  const template = deployed(
    { bundle, chatTopic: Topic.fromTopicAttributes(stack, 'Chat', { topicArn, keyArn: KEY }) },
    stack,
  );
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { TRIAGE_CHAT_TOPIC_ARN: topicArn } },
  });
  const publishing = statementsOf(template).filter(({ Resource }) => Resource === topicArn || Resource === KEY);
  expect(publishing.map(({ Action }) => Action)).toEqual(['sns:Publish', ['kms:GenerateDataKey', 'kms:Decrypt']]);
  const variables = JSON.stringify(plain.findResources('AWS::Lambda::Function'));
  expect(variables).not.toContain('TRIAGE_CHAT_TOPIC_ARN');
});

describe('the function', () => {
  test('is the built one, on arm64 with a whole vCPU', () => {
    plain.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 1769,
      Timeout: 60,
      ReservedConcurrentExecutions: Match.absent(),
      Environment: { Variables: { TRIAGE_TOPIC_ARN: { Ref: Match.stringLikeRegexp('^Topic') } } },
    });
    plain.resourceCountIs('AWS::Lambda::Function', 1);
  });

  test('is tried again for an hour at most; then the event is kept, encrypted, and somebody told', () => {
    plain.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumEventAgeInSeconds: 3600,
      MaximumRetryAttempts: 2,
    });
    const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Unanswered'), 'Arn'] };
    plain.hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: queue } });
    plain.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    plain.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'AlbTriage-unanswered',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }],
    });
  });

  test('writes to a log group of its own, which is not kept for ever', () => {
    const logGroup = { Ref: Match.stringLikeRegexp('^Log') };
    plain.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: logGroup } });
    plain.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('is told what it is given', () => {
    const given = deployed({
      bundle,
      timeZone: 'Europe/Berlin',
      accountName: 'prod',
      notify: ['identified', 'failed'],
      reservedConcurrency: 2,
      logRetention: RetentionDays.ONE_YEAR,
    });
    given.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: 2,
      Environment: {
        Variables: {
          TRIAGE_TIME_ZONE: 'Europe/Berlin',
          TRIAGE_ACCOUNT_NAME: 'prod',
          TRIAGE_NOTIFY: 'identified,failed',
        },
      },
    });
    given.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 365 });
  });

  test('cannot be deployed unbuilt', () => {
    expect(() => deployed({ bundle: temporaryFolder() })).toThrow(/index.cjs is missing: npm run build/);
  });
});

describe('the topic', () => {
  test('is encrypted with a key that its publishers may use', () => {
    plain.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^TopicKey'), 'Arn'] },
    });
    plain.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: { Statement: Match.arrayWith([ofOwnAlarms(['kms:Decrypt', 'kms:GenerateDataKey*'])]) },
    });
    plain.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([ofOwnAlarms('sns:Publish')]) },
    });
  });

  test('is not made, nor another one changed, where there is one', () => {
    for (const type of ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::KMS::Key']) {
      onExistingTopic.resourceCountIs(type, 0);
    }
    onExistingTopic.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TRIAGE_TOPIC_ARN: TOPIC } },
    });
  });
});

describe('the alarms', () => {
  test('invoke the function when they go off and when they are over', () => {
    for (const suffix of ['elb-5xx', 'target-5xx']) {
      plain.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `AlbTriage-web-${suffix}`,
        AlarmActions: [FUNCTION],
        OKActions: [FUNCTION],
      });
    }
  });

  test.each([
    ['one load balancer', plain, 2],
    ['two load balancers', two, 4],
  ])('of %s may do so by one permission, which is there before them', (_, template, count) => {
    template.resourceCountIs('AWS::Lambda::Permission', 1);
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: FUNCTION,
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceAccount: ACCOUNT,
      SourceArn: ALL_ALARMS,
    });
    const invoking = template.findResources('AWS::CloudWatch::Alarm', { Properties: { OKActions: Match.anyValue() } });
    expect(Object.values(invoking).map(({ DependsOn }) => DependsOn)).toEqual(
      Array.from({ length: count }, () => Object.keys(template.findResources('AWS::Lambda::Permission'))),
    );
  });

  test.each([
    ['created', (stack: Stack) => new ApplicationLoadBalancer(stack, 'Web', { vpc: aVpc(stack) })],
    [
      'imported',
      (stack: Stack) =>
        ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(stack, 'Web', {
          loadBalancerArn: WEB,
          securityGroupId: 'sg-1',
        }),
    ],
  ] as const)('watch a load balancer that is %s', (how, made) => {
    const stack = aStack();
    const loadBalancer: IApplicationLoadBalancer = made(stack);
    const template = deployed({ bundle, loadBalancers: [loadBalancer] }, stack);
    const itsEnd = {
      'Fn::Select': [1, { 'Fn::Split': [':loadbalancer/', stack.resolve(loadBalancer.loadBalancerArn)] }],
    };
    const dimension = how === 'created' ? itsEnd : 'app/web/50dc6c495c0c9188';
    for (const MetricName of ['HTTPCode_ELB_5XX_Count', 'HTTPCode_Target_5XX_Count']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Metrics: Match.arrayWith([
          Match.objectLike({
            MetricStat: {
              Metric: {
                Namespace: 'AWS/ApplicationELB',
                MetricName,
                Dimensions: [{ Name: 'LoadBalancer', Value: dimension }],
              },
              Period: 60,
              Stat: 'Sum',
            },
          }),
        ]),
      });
    }
  });

  test('keep their place whatever the order of the load balancers', () => {
    const turned = deployed({ bundle, loadBalancers: [{ loadBalancerArn: SHOP }, { loadBalancerArn: WEB }] });
    expect(alarmNames(turned)).toEqual(alarmNames(two));
  });

  test('are named after the stack, so that two stacks do not meet', () => {
    const stack = new Stack(anApp(), 'Any', { stackName: 'triage-eu' });
    expect(Object.values(alarmNames(deployed({ bundle }, stack)))).toContain('triage-eu-web-elb-5xx');
  });
});

test.each([
  ['a topic of its own', {}],
  ['two load balancers', { loadBalancers: [{ loadBalancerArn: WEB }, { loadBalancerArn: SHOP }] }],
])("breaks no rule of cdk-nag's AWS Solutions, with %s", (_, props) => {
  const stack = aStack();
  new AlbTriage(stack, 'Default', { loadBalancers: [{ loadBalancerArn: WEB }], bundle, ...props });
  expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
});

function withExistingTopic(topic: { topicArn: string; keyArn?: string }): Template {
  const stack = aStack();
  return deployed({ bundle, topic: Topic.fromTopicAttributes(stack, 'Existing', topic) }, stack);
}

function aVpc(stack: Stack): IVpc {
  const [availabilityZones, publicSubnetIds] = [
    [`${REGION}a`, `${REGION}b`],
    ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1c2d3e4f5a60718'],
  ];
  return Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-0a1b2c3d4e5f60718', availabilityZones, publicSubnetIds });
}

function ofOwnAlarms(Action: string | string[]) {
  return Match.objectLike({
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action,
    Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT }, ArnLike: { 'aws:SourceArn': OWN_ALARMS } },
  });
}

function alarmNames(template: Template): Readonly<Record<string, string>> {
  const alarms = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
  return Object.fromEntries(alarms.map(([id, { Properties }]) => [id, Properties.AlarmName]));
}
