import { Duration, Lazy, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { describe, expect, test } from 'vitest';
import { AlbTriage } from '../../../infra/construct/alb-triage.ts';
import type { AlbTriageProps } from '../../../infra/construct/props.ts';
import { Refusal } from '../../../infra/construct/refusal.ts';
import { ACCOUNT, aBundle, aStack, deployed, KEY, REGION, TOPIC, WEB } from '../a-stack.ts';

const bundle = aBundle();
const ALARM = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:web-5xx`;
const UUID = '00000000-1111-2222-3333-444444444444';

/** As JavaScript has it: of no type. */
function refusal(props: unknown, stack = aStack()): unknown {
  try {
    new AlbTriage(stack, 'Triage', props as AlbTriageProps);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a property of another kind is refused in a sentence:', () => {
  test.each<[props: unknown, says: string]>([
    [null, 'properties: expected its properties, such as {loadBalancers: […]}, found null'],
    [{ loadBalancers: WEB }, 'loadBalancers: expected a list of load balancers, each created, imported or {loadBal'],
    [{ loadBalancers: [WEB] }, 'loadBalancers: expected a list of load balancers'],
    [{ loadBalancers: { loadBalancerArn: WEB } }, 'loadBalancers: expected a list of load balancers'],
    [{ loadBalancers: null }, 'loadBalancers: expected a list of load balancers'],
    [{ alarms: [ALARM] }, 'alarms: expected a list of alarms, each created, imported or {alarmArn}, found ["arn:'],
    [{ alarmTopics: [TOPIC] }, 'alarmTopics: expected a list of topics; of one that exists, Topic.fromTopicArn('],
    [
      { topic: TOPIC },
      "topic: expected a topic; of one that exists, Topic.fromTopicArn(this, 'Topic', '<arn>'), found",
    ],
    [{ fallbackTopic: TOPIC }, 'fallbackTopic: expected a topic'],
    [{ chatTopic: 7 }, 'chatTopic: expected a topic'],
    [{ subscriptions: ['oncall@example.com'] }, 'subscriptions: expected a list of subscriptions, such as new Email'],
    [{ subscriptions: new EmailSubscription('a@example.com') }, 'found an object of the class EmailSubscription'],
    [{ slack: 'T0123456789/C0123456789' }, 'slack: expected {workspaceId, channelId}, found "T0'],
    [{ slack: { workspaceId: 'T0123456789' } }, 'slack: expected {workspaceId, channelId}, found {'],
    [{ teams: { tenantId: UUID, teamId: UUID, channel: 'x' } }, 'teams: expected {tenantId, teamId, channelId}'],
    [{ timeZone: 1 }, 'timeZone: expected a text, found 1'],
    [{ accountName: true }, 'accountName: expected a text, found true'],
    [{ owner: ['a'] }, 'owner: expected a text, found ["a"]'],
    [{ runbook: new URL('https://wiki.example.com') }, 'runbook: expected a text, found an object of the class URL'],
    [{ notify: 'identified' }, 'notify: expected a list of outcomes, found "identified"'],
    [{ logs: 's3://logs' }, 'logs: expected {bucket, prefix?} or {logGroup}, one or several, found "s3://logs"'],
    [{ logs: [null] }, 'logs: expected {bucket, prefix?} or {logGroup}, one or several, found [null]'],
    [{ role: `arn:aws:iam::${ACCOUNT}:role/x` }, 'role: expected a role; of one that exists, Role.fromRoleArn('],
    [{ permissionsBoundary: 'x' }, 'permissionsBoundary: expected a policy; of one that exists, ManagedPolicy.from'],
    [{ vpc: 'vpc-1' }, 'vpc: expected a VPC; of one that exists, Vpc.fromLookup('],
    [{ encryptionKey: KEY }, 'encryptionKey: expected a key; of one that exists, Key.fromKeyArn('],
    [{ reservedConcurrency: '2' }, 'reservedConcurrency: expected a number, found "2"'],
    [{ memorySize: Number.NaN }, 'memorySize: expected a whole number from 512 to 10240, found NaN'],
    [{ timeout: 60 }, 'timeout: expected a Duration, such as Duration.seconds(60), found 60'],
    [{ idleTimeout: 60 }, 'idleTimeout: expected a Duration, such as Duration.seconds(60), found 60'],
    [
      { threshold: 5 },
      'threshold: expected {minimumErrors, errorPercent, datapointsToAlarm, evaluationPeriods}, any of',
    ],
    [{ threshold: { minErrors: 5 } }, 'threshold: expected {minimumErrors, errorPercent,'],
    [{ lowTraffic: 'true' }, 'lowTraffic: expected true or false, found "true"'],
    [{ unhealthyHosts: 1 }, 'unhealthyHosts: expected true or false, found 1'],
    [{ everyLoadBalancer: 'yes' }, 'everyLoadBalancer: expected true or false, found "yes"'],
    [{ tracing: 'Active' }, 'tracing: expected true or false, found "Active"'],
    [{ tags: [{ Key: 'a', Value: 'b' }] }, 'tags: expected {name: text}, found [{'],
    [{ tags: { team: 7 } }, 'tags: expected {name: text}, found {"team":7}'],
    [{ removalPolicy: 'keep' }, 'removalPolicy: expected RemovalPolicy.DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE'],
    [{ removalPolicy: RemovalPolicy.SNAPSHOT }, 'removalPolicy: expected RemovalPolicy.DESTROY'],
    [{ owners: 'platform' }, 'owners: there is no such property: did you mean owner?'],
    [{ colour: 'red' }, 'colour: there is no such property'],
  ])('%j', (props, says) => {
    const error = refusal(props === null ? null : { bundle, ...(props as object) });
    expect(error).toBeInstanceOf(Refusal);
    expect(String(error)).toMatch(/^Refusal: AlbTriage, \w+: [^\n]+$/);
    expect(String(error)).toContain(says);
  });

  test('a construct that is none of the kind is not written out with all its app', () => {
    const stack = aStack();
    expect(String(refusal({ bundle, topic: new Vpc(stack, 'Vpc') }, stack))).toMatch(
      /found the construct AlbTriage\/Vpc$/,
    );
  });

  test('of what is watched later, too', () => {
    const triage = new AlbTriage(aStack(), 'Triage', { bundle });
    const watch = (...given: unknown[]) => triage.watch(...(given as Parameters<AlbTriage['watch']>));
    expect(() => watch()).toThrow('AlbTriage, watch: expected a load balancer, created, imported or {loadBalancerArn}');
    expect(() => watch(WEB)).toThrow('AlbTriage, watch: expected a load balancer');
    expect(() => watch({ loadBalancerArn: WEB }, { thresholds: {} })).toThrow(
      'AlbTriage, thresholds: there is no such property: did you mean threshold?',
    );
    expect(() => watch({ loadBalancerArn: WEB }, { lowTraffic: 'yes' })).toThrow('expected true or false, found "yes"');
  });

  test('what is left out, or known only when it is deployed, is none of another', () => {
    const late = {
      owner: Lazy.string({ produce: () => 'platform' }),
      reservedConcurrency: Token.asNumber({ Ref: 'N' }),
    };
    expect(refusal({ bundle, topic: undefined, tags: undefined, ...late })).toBeUndefined();
  });
});

test('a part of a second is refused in words of its own', () => {
  expect(() => deployed({ bundle, timeout: Duration.millis(45_500) })).toThrow(
    'AlbTriage, timeout, in seconds: expected a whole number from 30 to 900, found 45.5',
  );
  expect(() => deployed({ bundle, idleTimeout: Duration.millis(1500) })).toThrow(
    'AlbTriage, idleTimeout, in seconds: expected a whole number from 1 to 4000, found 1.5',
  );
});

describe('tags:', () => {
  test.each([
    [
      'aws:team',
      'x',
      'tags: expected names of 1 to 128 letters, digits, spaces and _ . : / = + - @, that do not begin',
    ],
    ['AWS:team', 'x', 'which is AWS\'s, found "AWS:team"'],
    ['', 'x', 'tags: expected names of 1 to 128'],
    ['x'.repeat(129), 'x', 'tags: expected names of 1 to 128'],
    ['what?', 'x', 'found "what?"'],
    ['team', 'x'.repeat(257), 'tags.team: expected 1 to 256 letters'],
    ['team', '', 'tags.team: expected 1 to 256 letters'],
    ['team', 'a\nb', 'tags.team: expected 1 to 256 letters'],
  ])('%j: %j is refused', (name, value, says) => {
    expect(() => deployed({ bundle, tags: { [name]: value } })).toThrow(says);
  });

  test('any other is put on what is made', () => {
    const tags = { 'team:näme': 'ops @ night', 'a.b': 'https://wiki.example.com/+1=2' };
    deployed({ bundle, tags }).hasResourceProperties('AWS::Lambda::Function', {
      Tags: Object.entries(tags)
        .map(([Key, Value]) => ({ Key, Value }))
        .toSorted((a, b) => (a.Key < b.Key ? -1 : 1)),
    });
  });
});

describe('what another stack of the app makes elsewhere is refused in words:', () => {
  const metric = new Metric({ namespace: 'AWS/ApplicationELB', metricName: 'HTTPCode_ELB_5XX_Count' });
  const there = (stack: Stack, env: { account: string; region: string }) =>
    new Stack(stack.node.root as never, 'There', { env });
  const OTHER_REGION = { account: ACCOUNT, region: 'us-east-1' };
  const OTHER_ACCOUNT = { account: '111122223333', region: REGION };

  test.each([OTHER_REGION, OTHER_ACCOUNT])('an alarm, named or given the action: %j', (env) => {
    const stack = aStack();
    const alarm = new Alarm(there(stack, env), 'Mine', { metric, threshold: 1, evaluationPeriods: 1 });
    const expected = `expected one in ${REGION}, account ${ACCOUNT}, as the stack is, found "There/Mine in ${env.region}, account ${env.account}"`;
    expect(() => new AlbTriage(stack, 'One', { bundle, alarms: [alarm] })).toThrow(`AlbTriage, alarms: ${expected}`);
    const { alarmAction } = new AlbTriage(stack, 'Other', { bundle });
    expect(() => alarm.addAlarmAction(alarmAction)).toThrow(`AlbTriage, alarmAction: ${expected}`);
  });

  test('a load balancer, a topic, a key, a network', () => {
    const stack = aStack();
    const other = there(stack, OTHER_REGION);
    // Its class does not allow for exactOptionalPropertyTypes.
    const vpc = new Vpc(other, 'Vpc') as IVpc;
    const made: readonly [string, AlbTriageProps][] = [
      ['loadBalancers', { loadBalancers: [new ApplicationLoadBalancer(other, 'Web', { vpc })] }],
      ['topic', { topic: new Topic(other, 'Topic') }],
      ['encryptionKey', { encryptionKey: new Key(other, 'Key') }],
      ['vpc', { vpc }],
    ];
    for (const [name, props] of made)
      expect(() => new AlbTriage(stack, name, { bundle, ...props })).toThrow(
        `AlbTriage, ${name}: expected one in ${REGION}`,
      );
  });

  test('what is imported from there', () => {
    const stack = aStack();
    const foreign: readonly [string, AlbTriageProps, string][] = [
      ['role', { role: Role.fromRoleArn(stack, 'R', 'arn:aws:iam::111122223333:role/x') }, `account ${ACCOUNT}, as`],
      [
        'permissionsBoundary',
        { permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'B', 'arn:aws:iam::111122223333:policy/x') },
        `account ${ACCOUNT}, as the stack is, found "arn:aws:iam::1111`,
      ],
      [
        'encryptionKey',
        { encryptionKey: Key.fromKeyArn(stack, 'K', KEY.replace(REGION, 'us-east-1')) },
        `${REGION}, as`,
      ],
    ];
    for (const [name, props, says] of foreign)
      expect(() => new AlbTriage(stack, name, { bundle, ...props })).toThrow(
        `AlbTriage, ${name}: expected one in ${says}`,
      );
  });

  test("AWS's own policy may be the boundary, and an alarm of another stack beside it be answered", () => {
    const stack = aStack();
    const permissionsBoundary = ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess');
    const beside = there(stack, { account: ACCOUNT, region: REGION });
    const alarm = new Alarm(beside, 'Mine', { metric, threshold: 1, evaluationPeriods: 1 });
    expect(refusal({ bundle, permissionsBoundary, alarms: [alarm] }, stack)).toBeUndefined();
  });
});

describe('topics:', () => {
  const topicOf = (stack: Stack, id: string, arn = TOPIC) => Topic.fromTopicArn(stack, id, arn);

  test.each(['fallbackTopic', 'chatTopic'] as const)('the %s is another than that of the reports', (name) => {
    const made = new Topic(aStack(), 'Made');
    const stack = aStack();
    for (const [topic, other] of [
      [made, made],
      [topicOf(stack, 'A'), topicOf(stack, 'B')],
    ] as const)
      expect(String(refusal({ bundle, topic, [name]: other }))).toContain(
        'expected topics that differ, found one of them twice',
      );
  });

  test('alarms publish to none that is FIFO', () => {
    const stack = aStack();
    expect(String(refusal({ bundle, alarmTopics: [topicOf(stack, 'A', `${TOPIC}.fifo`)] }, stack))).toContain(
      'AlbTriage, alarmTopics: expected topics that are not FIFO, to which no alarm publishes, found "arn:',
    );
  });
});

test.each(['19:0123abcd@thread.tacv2', '19%3a0123abcd%40thread.tacv2', '19%3A0123abcd%40thread.tacv2'])(
  'a channel of Teams is taken as people see it, and as its link has it: %s',
  (channelId) => {
    const teams = { tenantId: UUID, teamId: UUID, channelId };
    const [config] = Object.values(
      deployed({ bundle, teams }).findResources('AWS::Chatbot::MicrosoftTeamsChannelConfiguration'),
    );
    expect(config?.Properties.TeamsChannelId).toMatch(/^19%3A0123abcd%40thread[.]tacv2$/i);
    expect(() => deployed({ bundle, teams: { ...teams, channelId: 'general' } })).toThrow(
      'teams.channelId: expected the id of a channel, such as 19:0123abcd@thread.tacv2, found "general"',
    );
  },
);
