import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { InvalidContext } from '../../../infra/app/context.ts';
import { NAMES, settingsIn } from '../../../infra/app/settings.ts';
import { NOTICES } from '../../../infra/construct/checks.ts';
import { NOTICE_KINDS as NOTICES_OF_THE_FUNCTION } from '../../../lambda/entry/function-settings.ts';
import { ACCOUNT, KEY, REGION, SHOP, TOPIC, WEB } from '../a-stack.ts';

function settings(context: Readonly<Record<string, unknown>>) {
  return settingsIn((name) => ({ loadBalancer: WEB, ...context })[name]);
}

test('a load balancer is enough', () => {
  expect(settings({})).toEqual({
    stackName: 'AlbTriage',
    account: ACCOUNT,
    region: REGION,
    loadBalancerArns: [WEB],
    everyLoadBalancer: false,
    alarmArns: [],
    alarmTopicArns: [],
    emails: [],
    phones: [],
    lowTraffic: false,
    unhealthyHosts: false,
    dashboard: false,
    tracing: false,
    history: true,
    threshold: { minimumErrors: 5, errorPercent: 5, datapointsToAlarm: 2, evaluationPeriods: 3 },
  });
});

test.each<[what: string, loadBalancer: unknown]>([
  ['commas', `${WEB},${SHOP}`],
  ['commas and spaces', ` ${WEB} , ${SHOP}, `],
  ['JSON on the command line', JSON.stringify([WEB, SHOP])],
  ['a list in cdk.json', [WEB, SHOP]],
  ['one of them twice', [WEB, SHOP, WEB]],
])('several load balancers: %s', (_, loadBalancer) => {
  expect(settings({ loadBalancer }).loadBalancerArns).toEqual([WEB, SHOP]);
});

test('reads what is set, text or JSON', () => {
  const set = {
    stackName: 'triage-web',
    email: 'a@example.com,b@example.com',
    topicArn: TOPIC,
    topicKeyArn: KEY,
    chatTopicArn: `${TOPIC}-chat`,
    chatTopicKeyArn: KEY,
    minimumErrors: '10',
    errorPercent: '0.5',
    datapointsToAlarm: 3,
    evaluationPeriods: '5',
    timeZone: 'Europe/Berlin',
    accountName: 'prod',
    owner: 'shop, or on-call',
    runbook: 'https://wiki.example.com/5xx?a=1,2',
    notify: 'identified, failed',
    reservedConcurrency: '2',
    retentionDays: '365',
  };
  expect(settings(set)).toMatchObject({
    stackName: 'triage-web',
    emails: ['a@example.com', 'b@example.com'],
    topicArn: TOPIC,
    topicKeyArn: KEY,
    chatTopicArn: `${TOPIC}-chat`,
    chatTopicKeyArn: KEY,
    threshold: { minimumErrors: 10, errorPercent: 0.5, datapointsToAlarm: 3, evaluationPeriods: 5 },
    timeZone: 'Europe/Berlin',
    accountName: 'prod',
    owner: 'shop, or on-call',
    runbook: 'https://wiki.example.com/5xx?a=1,2',
    notify: ['identified', 'failed'],
    reservedConcurrency: 2,
    logRetention: 365,
  });
});

test('one minute is asked for where only one is looked at', () => {
  expect(settings({ evaluationPeriods: '1' }).threshold).toMatchObject({ datapointsToAlarm: 1, evaluationPeriods: 1 });
});

describe('refuses, saying what it expects:', () => {
  test.each<[name: string, value: unknown, expected: string]>([
    ['loadBalancer', undefined, 'the ARN of an Application Load Balancer'],
    ['loadBalancer', '', 'the ARN of an Application Load Balancer'],
    ['loadBalancer', 'web', 'the ARN of an Application Load Balancer'],
    ['loadBalancer', WEB.replace('/app/', '/net/'), 'not that of a Network one, found "arn:'],
    ['loadBalancer', [WEB, WEB.replace('/app/', '/gwy/')], 'not that of a Gateway one, found "arn:'],
    ['loadBalancer', WEB.replace(/\/app\/.*/, '/shop'), 'not that of a Classic one, found "arn:'],
    ['loadBalancer', WEB.replace('loadbalancer/', 'listener/'), 'the ARN of an Application Load Balancer'],
    ['loadBalancer', [WEB, 7], 'the ARN of an Application Load Balancer'],
    ['loadBalancer', `[${WEB}`, 'the ARN of an Application Load Balancer'],
    ['loadBalancer', [WEB, SHOP.replace(REGION, 'us-east-1')], `one account and Region (${ACCOUNT}, ${REGION})`],
    ['loadBalancer', [WEB, SHOP.replace(ACCOUNT, '210987654321')], `one account and Region (${ACCOUNT}, ${REGION})`],
    ['email', 'oncall', 'addresses such as oncall@example.com'],
    ['email', 'a@example.com b@example.com', 'addresses such as oncall@example.com'],
    ['topicArn', 'oncall', 'the ARN of an SNS topic'],
    ['chatTopicArn', 'chat', 'the ARN of the SNS topic that Amazon Q Developer reads'],
    ['chatTopicKeyArn', TOPIC, 'the ARN of the KMS key that encrypts that topic'],
    ['topicArn', [TOPIC, `${TOPIC}2`], 'one value'],
    ['topicArn', TOPIC.replace(REGION, 'us-east-1'), `a topic in ${REGION}`],
    ['topicKeyArn', 'alias/aws/sns', 'the ARN of the KMS key'],
    ['stackName', 'my stack', 'letters, digits and hyphens'],
    ['timeZone', 'Berlin', 'a time zone such as Europe/Berlin'],
    ['owner', 'x'.repeat(33), 'whom to call, in at most 32 characters'],
    ['owner', 7, 'whom to call'],
    ['runbook', 'wiki.example.com', 'an https address'],
    ['notify', 'all', 'identified, suspected'],
    ['minimumErrors', '0', 'a whole number from 1'],
    ['minimumErrors', 'few', 'a whole number from 1'],
    ['minimumErrors', true, 'a whole number from 1'],
    ['errorPercent', '-1', 'a number from 0 to 100'],
    ['errorPercent', '100.1', 'a number from 0 to 100'],
    ['errorPercent', '5%', 'a number from 0 to 100'],
    ['datapointsToAlarm', '4', 'a whole number from 1 to 3'],
    ['evaluationPeriods', '1441', 'a whole number from 1 to 1440'],
    ['reservedConcurrency', '0', 'a whole number from 1'],
    ['retentionDays', '31', '14, 30, 60'],
  ])('-c %s=%s', (name, value, expected) => {
    expect(() => settings({ [name]: value })).toThrow(InvalidContext);
    expect(() => settings({ [name]: value })).toThrow(`-c ${name}: expected `);
    expect(() => settings({ [name]: value })).toThrow(expected);
  });
});

test('knows the outcomes that the function knows', () => {
  expect(NOTICES).toEqual(NOTICES_OF_THE_FUNCTION);
});

describe('a name that is no setting', () => {
  const given = (...names: string[]) => settingsIn((name) => ({ loadBalancer: WEB })[name], names);

  test.each([
    ['timezone', 'did you mean timeZone?'],
    ['emails', 'did you mean email?'],
    ['loadbalancer', 'did you mean loadBalancer?'],
    ['colour', 'expected loadBalancer, everyLoadBalancer'],
  ])('%s is refused: %s', (name, hint) => {
    expect(() => given('loadBalancer', name)).toThrow(`-c ${name}: there is no such setting: ${hint}`);
  });

  test("may be the CDK's own", () => {
    const own = ['aws:cdk:bundling-stacks', '@aws-cdk/core:x', 'availability-zones:account=1', 'cli-telemetry'];
    expect(() => given('loadBalancer', ...own)).not.toThrow();
  });
});

const ALARM = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:web-5xx`;

describe('what is triaged may be', () => {
  test.each<[what: string, context: Readonly<Record<string, unknown>>, is: object]>([
    ['an alarm', { alarm: ALARM }, { alarmArns: [ALARM], account: ACCOUNT, region: REGION }],
    ['what alarms publish', { alarmTopicArn: TOPIC }, { alarmTopicArns: [TOPIC], account: ACCOUNT, region: REGION }],
    [
      'every load balancer of an account',
      { everyLoadBalancer: 'true', account: '111122223333', region: 'us-west-2' },
      { everyLoadBalancer: true, account: '111122223333', region: 'us-west-2' },
    ],
    ['all of it', { loadBalancer: WEB, alarm: ALARM, everyLoadBalancer: true }, { region: REGION }],
  ])('%s', (_, context, is) => {
    expect(settings({ loadBalancer: undefined, ...context })).toMatchObject(is);
  });

  test('nothing: refused, with all the ways', () => {
    expect(() => settings({ loadBalancer: undefined })).toThrow('-c alarm=<arn>');
  });

  test('in one place alone', () => {
    const elsewhere = ALARM.replace(REGION, 'us-east-1');
    expect(() => settings({ alarm: elsewhere })).toThrow(`-c alarm: expected alarms and load balancers of one account`);
  });
});

test('reads the ways to people, and how the function runs', () => {
  const uuid = '00000000-1111-2222-3333-444444444444';
  expect(
    settings({
      ...{ sms: '+4915123456789', slack: 'T0123456789/C0123456789', teams: `${uuid}/${uuid}/19:x@thread.tacv2` },
      ...{ fallbackTopicArn: TOPIC, idleTimeoutSeconds: '60', lowTraffic: 'true', tracing: 'true' },
      ...{ memorySize: '1024', timeoutSeconds: '90', logLevel: 'ERROR' },
      permissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    }),
  ).toMatchObject({
    phones: ['+4915123456789'],
    slack: { workspaceId: 'T0123456789', channelId: 'C0123456789' },
    teams: { tenantId: uuid, teamId: uuid, channelId: '19:x@thread.tacv2' },
    ...{ fallbackTopicArn: TOPIC, lowTraffic: true, tracing: true, memorySize: 1024, logLevel: 'ERROR' },
  });
});

test.each([
  [{ slack: 'T0123456789' }, '-c slack: expected <workspace id>/<channel id>'],
  [{ everyLoadBalancer: 'yes' }, '-c everyLoadBalancer: expected true or false, found "yes"'],
  [{ memorySize: 128 }, '-c memorySize: expected a whole number from 512 to 10240'],
  [{ timeoutSeconds: 3 }, '-c timeoutSeconds: expected a whole number from 30 to 900'],
  [{ logLevel: 'debug' }, '-c logLevel: expected INFO or ERROR'],
  [{ sms: '0151' }, '-c sms: expected phone numbers'],
  [{ alarm: 'web-5xx' }, '-c alarm: expected ARNs of CloudWatch alarms'],
])('refuses %j', (context, says) => {
  expect(() => settings(context)).toThrow(says);
});

test('docs/settings.md has a row for each setting, and for no other', () => {
  const rows = readFileSync('docs/settings.md', 'utf8').matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm);
  const told = [...rows].flatMap(([, names = '']) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(told.toSorted()).toEqual([...NAMES].toSorted());
});
