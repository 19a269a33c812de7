import { Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, test } from 'vitest';
import { AlbTriage } from '../../../infra/construct/alb-triage.ts';
import type { AlbTriageProps } from '../../../infra/construct/props.ts';
import { ACCOUNT, aBundle, anApp, aStack, deployed, REGION, TOPIC, WEB } from '../a-stack.ts';

const bundle = aBundle();

describe('what a construct is given is checked at synth:', () => {
  test.each<[props: Partial<AlbTriageProps>, says: string]>([
    [{ timeZone: 'Berlin' }, 'AlbTriage, timeZone: expected a time zone such as Europe/Berlin, found "Berlin"'],
    [{ notify: ['al'] }, 'AlbTriage, notify: expected one or more of identified, suspected'],
    [{ notify: [] }, 'notify: expected one or more of'],
    [
      { owner: 'x'.repeat(33) },
      'owner: expected whom to call, in at most 32 characters, such as platform or #shop-oncall',
    ],
    [{ owner: ' ' }, 'owner: expected whom to call'],
    [
      { runbook: 'http://wiki.example.com' },
      'runbook: expected an https address of at most 200 characters, such as https://wiki.example.com/alb-5xx, found "http:',
    ],
    [{ accountName: 'x'.repeat(41) }, 'accountName: expected a name of at most 40 characters'],
    [
      { threshold: { minimumErrors: 0 } },
      'threshold.minimumErrors: expected a whole number from 1 to 1000000, found 0',
    ],
    [{ threshold: { errorPercent: 101 } }, 'threshold.errorPercent: expected a number from 0 to 100, found 101'],
    [{ threshold: { datapointsToAlarm: 4 } }, 'threshold.datapointsToAlarm: expected a whole number from 1 to 3'],
    [{ threshold: { evaluationPeriods: 1441 } }, 'threshold.evaluationPeriods: expected a whole number from 1 to 1440'],
    [{ reservedConcurrency: 0 }, 'reservedConcurrency: expected a whole number from 1 to 1000, found 0'],
    [{ memorySize: 128 }, 'memorySize: expected a whole number from 512 to 10240, found 128'],
    [{ timeout: Duration.seconds(3) }, 'timeout, in seconds: expected a whole number from 30 to 900, found 3'],
    [{ idleTimeout: Duration.hours(2) }, 'idleTimeout, in seconds: expected a whole number from 1 to 4000'],
    [{ logLevel: 'DEBUG' as never }, 'logLevel: expected one of INFO, ERROR, found "DEBUG"'],
    [{ alarms: [{ alarmArn: 'web-5xx' }] }, 'alarms: expected the ARN of a CloudWatch alarm, found "web-5xx"'],
    [{ slack: { workspaceId: 'acme', channelId: 'C0123456789' } }, 'slack.workspaceId: expected the id of a workspace'],
    [{ teams: { tenantId: 'x', teamId: 'y', channelId: 'z' } }, 'teams.tenantId: expected the id of a tenant, a UUID'],
    [{ securityGroups: [] }, 'securityGroups: expected with vpc'],
    [{ logRetention: 8 as never }, 'logRetention: expected a number of days'],
    [
      { loadBalancers: [{ loadBalancerArn: WEB.replace('/app/', '/net/') }] },
      'loadBalancers: expected the ARN of an Application Load Balancer, found "arn:',
    ],
  ])('%j', (props, says) => {
    expect(() => deployed({ bundle, ...props })).toThrow(says);
  });
});

test('what is known only when it is deployed is taken at its word', () => {
  const props = {
    loadBalancers: [{ loadBalancerArn: Fn.importValue('web') }],
    timeZone: Lazy.string({ produce: () => 'Europe/Berlin' }),
    notify: [Fn.importValue('notify')],
  };
  expect(() => deployed({ bundle, ...props })).not.toThrow();
});

test('one minute is asked for where only one is looked at', () => {
  deployed({ bundle, threshold: { evaluationPeriods: 1 } }).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Threshold: 5,
    DatapointsToAlarm: 1,
    EvaluationPeriods: 1,
  });
});

test.each(['topic', 'fallbackTopic'] as const)('a %s that no alarm can publish to is refused', (name) => {
  const stack = aStack();
  const masterKey = Alias.fromAliasName(stack, 'OfAws', 'alias/aws/sns');
  const topic = new Topic(stack, 'Mine', { masterKey });
  expect(() => deployed({ bundle, [name]: topic }, stack)).toThrow(
    `AlbTriage, ${name}: it is encrypted with alias/aws/sns, the key that AWS manages`,
  );
});

test('one that is watched later is checked, too', () => {
  const triage = new AlbTriage(aStack(), 'Triage', { bundle });
  expect(() => triage.watch({ loadBalancerArn: 'web' })).toThrow('expected the ARN of an Application Load Balancer');
  expect(() => triage.watch({ loadBalancerArn: WEB }, { threshold: { minimumErrors: 0 } })).toThrow(
    'from 1 to 1000000',
  );
});

describe('what is elsewhere is refused, for no alarm is heard of there:', () => {
  const arn = (service: string, rest: string, region = REGION, account = ACCOUNT) =>
    `arn:aws:${service}:${region}:${account}:${rest}`;
  const topic =
    (region: string, account = ACCOUNT) =>
    (stack: Stack) =>
      Topic.fromTopicArn(stack, 'There', arn('sns', 'oncall', region, account));

  test.each<[string, (stack: Stack) => AlbTriageProps, string]>([
    [
      'a load balancer',
      () => ({ loadBalancers: [{ loadBalancerArn: WEB.replace(REGION, 'us-east-1') }] }),
      'loadBalancers',
    ],
    [
      'of another account',
      () => ({ loadBalancers: [{ loadBalancerArn: WEB.replace(ACCOUNT, '111122223333') }] }),
      ACCOUNT,
    ],
    [
      'an alarm',
      () => ({ alarms: [{ alarmArn: arn('cloudwatch', 'alarm:web', 'us-east-1') }] }),
      'alarms: expected one in',
    ],
    ['the topic', (stack) => ({ topic: topic('us-east-1')(stack) }), 'topic: expected one in eu-central-1, as'],
    ['the fallback', (stack) => ({ fallbackTopic: topic('us-east-1')(stack) }), 'fallbackTopic: expected one'],
    ['a topic of alarms', (stack) => ({ alarmTopics: [topic('us-east-1')(stack)] }), 'alarmTopics: expected one'],
  ])('%s', (_, props, says) => {
    const stack = aStack();
    expect(() => new AlbTriage(stack, 'Triage', { bundle, ...props(stack) })).toThrow(says);
  });

  test('a topic of another account is taken, and all of it where the stack does not know its place', () => {
    const stack = aStack();
    expect(() => new AlbTriage(stack, 'Triage', { bundle, topic: topic(REGION, '111122223333')(stack) })).not.toThrow();
    const anywhere = new Stack(anApp(), 'Anywhere');
    const loadBalancers = [{ loadBalancerArn: WEB }];
    expect(
      () => new AlbTriage(anywhere, 'Triage', { bundle, loadBalancers, topic: topic('us-east-1')(anywhere) }),
    ).not.toThrow();
  });
});

test('a key of AWS is found out of a topic that is imported, too, and of one that alarms publish to', () => {
  const stack = aStack();
  const keyArn = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/aws/sns`;
  const topic = Topic.fromTopicAttributes(stack, 'Imported', { topicArn: TOPIC, keyArn });
  expect(() => new AlbTriage(stack, 'One', { bundle, topic })).toThrow(
    'AlbTriage, topic: it is encrypted with alias/aws/sns',
  );
  expect(() => new AlbTriage(stack, 'Other', { bundle, alarmTopics: [topic] })).toThrow(
    'AlbTriage, alarmTopics: it is',
  );
});

test('a load balancer that is watched twice is refused in words', () => {
  const triage = new AlbTriage(aStack(), 'Triage', { bundle, loadBalancers: [{ loadBalancerArn: WEB }] });
  expect(() => triage.watch({ loadBalancerArn: WEB })).toThrow(`AlbTriage, loadBalancers: watched twice: ${WEB}`);
});
