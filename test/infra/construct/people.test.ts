import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SmsSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { AlbTriage } from '../../../infra/construct/alb-triage.ts';
import type { AlbTriageProps } from '../../../infra/construct/props.ts';
import { ACCOUNT, aBundle, aStack, deployed, SHOP, statementsOf, TOPIC, WEB } from '../a-stack.ts';

const bundle = aBundle();
const NETWORK = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  privateSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1c2d3e4f5a60718'],
};
const UUID = '00000000-1111-2222-3333-444444444444';
const slack = { workspaceId: 'T0123456789', channelId: 'C0123456789' };
const teams = { tenantId: UUID, teamId: UUID, channelId: '19%3Ax%40thread.tacv2' };

describe('who hears of it:', () => {
  test('subscriptions of any kind, with what they want to hear', () => {
    const filterPolicy = { status: SubscriptionFilter.stringFilter({ allowlist: ['identified', 'suspected'] }) };
    const template = deployed({
      bundle,
      subscriptions: [
        new EmailSubscription('oncall@example.com', { filterPolicy }),
        new SmsSubscription('+4915123456789'),
        new UrlSubscription('https://example.com/alerts'),
      ],
    });
    template.resourceCountIs('AWS::SNS::Subscription', 3);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      FilterPolicy: { status: ['identified', 'suspected'] },
    });
  });

  test('a fallback topic, which the function may publish to, and the alarm on what was not answered', () => {
    const stack = aStack();
    const fallback = `${TOPIC}-fallback`;
    const template = deployed({ bundle, fallbackTopic: Topic.fromTopicArn(stack, 'Fallback', fallback) }, stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TRIAGE_FALLBACK_TOPIC_ARN: fallback } },
    });
    expect(statementsOf(template).filter(({ Resource }) => Resource === fallback)).toMatchObject([
      { Action: 'sns:Publish' },
    ]);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'AlbTriage-unanswered',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }, fallback],
    });
  });

  test('channels of Slack and Teams, from a topic of their own, who may look at metrics and no more', () => {
    const template = deployed({ bundle, slack, teams });
    const chat = { Ref: Match.stringLikeRegexp('^ChatTopic') };
    template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      SlackWorkspaceId: slack.workspaceId,
      SlackChannelId: slack.channelId,
      SnsTopicArns: [chat],
      GuardrailPolicies: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::Chatbot::MicrosoftTeamsChannelConfiguration', {
      TeamId: UUID,
      SnsTopicArns: [chat],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TRIAGE_CHAT_TOPIC_ARN: chat } },
    });
    expect(JSON.stringify(template.toJSON())).not.toContain('AdministratorAccess');
  });
});

describe('how it runs:', () => {
  test("in a network, with a key, a boundary, memory, time, traces and tags of one's own", () => {
    const stack = aStack();
    const vpc: IVpc = Vpc.fromVpcAttributes(stack, 'Vpc', NETWORK);
    const template = deployed(
      {
        bundle,
        ...{ vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } },
        securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
        encryptionKey: new Key(stack, 'Key'),
        permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', `arn:aws:iam::${ACCOUNT}:policy/b`),
        ...{ memorySize: 1024, tracing: true, logLevel: 'ERROR', removalPolicy: RemovalPolicy.RETAIN },
        tags: { team: 'edge' },
      },
      stack,
    );
    const key = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 1024,
      TracingConfig: { Mode: 'Active' },
      KmsKeyArn: key,
      VpcConfig: Match.objectLike({ SecurityGroupIds: [Match.anyValue()] }),
      Environment: { Variables: Match.objectLike({ LOG_LEVEL: 'ERROR' }) },
      Tags: Match.arrayWith([{ Key: 'team', Value: 'edge' }]),
    });
    template.hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: Match.stringLikeRegexp('policy/b$') });
    template.hasResourceProperties('AWS::SQS::Queue', { KmsMasterKeyId: key });
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: key });
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    template.resourceCountIs('AWS::KMS::Key', 1);
  });

  test('in a network, with what Lambda does there as the role, and nowhere else', () => {
    const actionsWith = (props: AlbTriageProps) =>
      statementsOf(deployed({ bundle, ...props })).flatMap(({ Action }) => Action);
    expect(actionsWith({})).not.toContain('ec2:CreateNetworkInterface');
    const stack = aStack();
    const vpc: IVpc = Vpc.fromVpcAttributes(stack, 'Vpc', NETWORK);
    const actions = statementsOf(deployed({ bundle, vpc }, stack)).flatMap(({ Action }) => Action);
    expect(actions).toEqual(
      expect.arrayContaining([
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
      ]),
    );
  });

  test('may use the key that encrypts its queues and its table, whoever made the topic', () => {
    const stack = aStack();
    const topic = Topic.fromTopicArn(stack, 'Existing', TOPIC);
    const statements = statementsOf(deployed({ bundle, topic, encryptionKey: new Key(stack, 'Key') }, stack));
    const ofKey = statements.filter(({ Action }) => [Action].flat().some((one) => one.startsWith('kms:')));
    const Resource = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };
    expect(ofKey).toMatchObject([
      { Action: ['kms:DescribeKey', 'kms:Encrypt'], Resource },
      { Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource },
    ]);
  });

  test('within a boundary, the role of the chat channels, too', () => {
    const stack = aStack();
    const permissionsBoundary = ManagedPolicy.fromManagedPolicyArn(stack, 'B', `arn:aws:iam::${ACCOUNT}:policy/b`);
    const template = deployed({ bundle, slack, permissionsBoundary }, stack);
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.resourcePropertiesCountIs(
      'AWS::IAM::Role',
      { PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/b` },
      2,
    );
  });

  test('by a role that is given, which is granted the same', () => {
    const stack = aStack();
    const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const template = deployed({ bundle, role }, stack);
    template.resourceCountIs('AWS::IAM::Role', 1);
    const actions = statementsOf(template).flatMap(({ Action }) => Action);
    expect(actions).toEqual(expect.arrayContaining(['elasticloadbalancing:DescribeTargetHealth', 'sns:Publish']));
  });

  test('and shows itself: metrics, and who may ask', () => {
    const stack = aStack();
    const triage = new AlbTriage(stack, 'Triage', { bundle });
    const somebody = new Role(stack, 'Somebody', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    triage.grantInvoke(somebody);
    expect(triage.metricErrors().metricName).toBe('Errors');
    expect(triage.metricInvocations().metricName).toBe('Invocations');
    expect(triage.metricDuration().metricName).toBe('Duration');
    expect(triage.metricUnanswered().metricName).toBe('ApproximateNumberOfMessagesVisible');
    const statements = statementsOf(Template.fromStack(stack));
    expect(statements.filter(({ Action }) => Action === 'lambda:InvokeFunction')).toHaveLength(1);
  });
});

describe('outputs of the stack', () => {
  const outputsOf = (template: Template) =>
    Object.entries(template.findOutputs('*')).map(([name, { Value }]) => [name.replace(/[0-9A-F]{8}$/, ''), Value]);
  const named = (template: Template) => outputsOf(template).map(([name]) => name);
  const always = ['TriageTopicArn', 'TriageFunctionName', 'TriageFunctionArn', 'TriageUnansweredQueue'];

  test('tell the topic, the function, the queue and the alarms, those that are watched later among them', () => {
    const stack = aStack();
    const triage = new AlbTriage(stack, 'Triage', { bundle });
    for (const loadBalancerArn of [WEB, SHOP]) triage.watch({ loadBalancerArn });
    const template = Template.fromStack(stack);
    expect(named(template).toSorted()).toEqual([...always, 'TriageAlarmNames'].toSorted());
    const alarms = template.findResources('AWS::CloudWatch::Alarm', {
      Properties: { AlarmName: Match.stringLikeRegexp('-5xx$') },
    });
    const told = Object.fromEntries(outputsOf(template)).TriageAlarmNames['Fn::Join'][1];
    expect(told.filter((one: unknown) => typeof one !== 'string')).toEqual(Object.keys(alarms).map((Ref) => ({ Ref })));
    expect(Object.keys(alarms)).toHaveLength(4);
  });

  test('tell no alarm where none is made, and nothing where none is wanted', () => {
    const [bare, silent] = [aStack(), aStack()];
    new AlbTriage(bare, 'Triage', { bundle });
    expect(named(Template.fromStack(bare)).toSorted()).toEqual(always.toSorted());
    new AlbTriage(silent, 'Triage', { bundle, outputs: false, loadBalancers: [{ loadBalancerArn: WEB }] });
    expect(named(Template.fromStack(silent))).toEqual([]);
  });
});

test('cdk-nag finds nothing in it, with all that may be switched on', () => {
  const stack = aStack();
  const all = { everyLoadBalancer: true, slack, teams, lowTraffic: true, unhealthyHosts: true, tracing: true };
  const vpc: IVpc = Vpc.fromVpcAttributes(stack, 'Vpc', NETWORK);
  new AlbTriage(stack, 'Triage', {
    bundle,
    ...all,
    vpc,
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
  });
  expect(new AwsSolutionsChecks().validateScope(stack).violations).toEqual([]);
});
