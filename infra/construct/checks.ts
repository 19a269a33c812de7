import { type Duration, Stack, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnTopic, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { isRunbook, RUNBOOK } from '../../lambda/intake/runbook.ts';
import { DEFAULT_THRESHOLD, type WatchedLoadBalancer } from './alarms.ts';
import { refuseOtherKinds, refuseOtherOptions } from './kinds.ts';
import { refuseElsewhere } from './places.ts';
import type { AlbTriageProps, WatchOptions } from './props.ts';
import { Refusal, refuse } from './refusal.ts';

/** As TRIAGE_NOTIFY takes them. */
export const NOTICES = ['identified', 'suspected', 'inconclusive', 'quiet', 'recovered', 'failed'];
export const LOAD_BALANCER = /^arn:[\w-]+:elasticloadbalancing:([\w-]+):(\d{12}):loadbalancer\/app\/[\w-]+\/\w+$/;
export const ACCOUNT_NAME = /^\S(.{0,38}\S)?$/u;
export const OWNER = /^\S(.{0,30}\S)?$/u;
export const OWNERS = 'whom to call, in at most 32 characters, such as platform or #shop-oncall';
export const TIME_ZONE = 'a time zone such as Europe/Berlin';
export const DAYS: readonly number[] = Object.values(RetentionDays).filter((days) => typeof days === 'number');

export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

interface Check {
  readonly of: string;
  readonly value: unknown;
  readonly expected: string;
  readonly fits: (value: never) => boolean;
}

export const ALARM = /^arn:[\w-]+:cloudwatch:[\w-]+:\d{12}:alarm:.{1,255}$/;
export const LOG_LEVELS = ['INFO', 'ERROR'] as const;

/**
 * What a construct is given is deployed as it is, and shows only when an alarm goes off: so it is checked at synth. What is
 * known only when it is deployed (a token) is taken at its word.
 */
export function checkProps(scope: Construct, props: AlbTriageProps): void {
  refuseOtherKinds(props);
  const { loadBalancers = [], alarms = [], timeZone, accountName, notify, reservedConcurrency, logRetention } = props;
  refuseWrong([
    ...loadBalancers.map(loadBalancerCheck),
    ...alarms.map(({ alarmArn }) => ({
      ...{ of: 'alarms', value: alarmArn, expected: 'the ARN of a CloudWatch alarm' },
      fits: (arn: string) => ALARM.test(arn),
    })),
    ...watchChecks(props),
    { of: 'timeZone', value: timeZone, expected: TIME_ZONE, fits: isTimeZone },
    {
      ...{ of: 'accountName', value: accountName, expected: 'a name of at most 40 characters, such as prod' },
      fits: (name: string) => ACCOUNT_NAME.test(name),
    },
    { of: 'owner', value: props.owner, expected: OWNERS, fits: (owner: string) => OWNER.test(owner) },
    { of: 'runbook', value: props.runbook, expected: RUNBOOK, fits: isRunbook },
    {
      ...{ of: 'notify', value: notify, expected: `one or more of ${NOTICES.join(', ')}` },
      fits: (notices: readonly string[]) => notices.length > 0 && notices.every((one) => NOTICES.includes(one)),
    },
    whole('reservedConcurrency', reservedConcurrency, 1, 1000),
    whole('memorySize', props.memorySize, 512, 10_240),
    whole('timeout, in seconds', secondsOf(props.timeout), 30, 900),
    {
      ...{ of: 'logRetention', value: logRetention, expected: `a number of days that CloudWatch Logs knows` },
      fits: (days: number) => DAYS.includes(days),
    },
    {
      ...{ of: 'logLevel', value: props.logLevel, expected: `one of ${LOG_LEVELS.join(', ')}` },
      fits: (level: string) => LOG_LEVELS.some((one) => one === level),
    },
    ...chatChecks(props),
  ]);
  refuseThere(scope, props);
  for (const [name, topic] of topicsOf(props)) refuseKeyOfAws(name, topic);
  refuseSameTopic(props);
  refuseWrongTags(props.tags);
  refuseLonely(props);
}

/** The same of one load balancer that is added later. */
export function checkWatch(scope: Construct, loadBalancer: WatchedLoadBalancer, options: WatchOptions): void {
  refuseOtherOptions(loadBalancer, options);
  refuseWrong([loadBalancerCheck(loadBalancer), ...watchChecks(options)]);
  refuseElsewhere(scope, 'loadBalancers', loadBalancer, loadBalancer.loadBalancerArn);
}

function refuseThere(scope: Construct, props: AlbTriageProps): void {
  const { loadBalancers = [], alarms = [], role, permissionsBoundary, encryptionKey, vpc } = props;
  for (const one of loadBalancers) refuseElsewhere(scope, 'loadBalancers', one, one.loadBalancerArn);
  for (const one of alarms) refuseElsewhere(scope, 'alarms', one, one.alarmArn);
  for (const [name, topic] of topicsOf(props)) refuseElsewhere(scope, name, topic, topic.topicArn, ['region']);
  if (encryptionKey) refuseElsewhere(scope, 'encryptionKey', encryptionKey, encryptionKey.keyArn, ['region']);
  if (vpc) refuseElsewhere(scope, 'vpc', vpc, vpc.vpcArn);
  if (role) refuseElsewhere(scope, 'role', role, role.roleArn, ['account']);
  const boundary = permissionsBoundary?.managedPolicyArn;
  if (boundary === undefined || boundary.includes(':iam::aws:')) return;
  refuseElsewhere(scope, 'permissionsBoundary', permissionsBoundary, boundary, ['account']);
}

/** Where alarms publish, and may have to. */
function topicsOf({ topic, fallbackTopic, alarmTopics = [] }: AlbTriageProps): readonly (readonly [string, ITopic])[] {
  return [
    ...(topic === undefined ? [] : [['topic', topic] as const]),
    ...(fallbackTopic === undefined ? [] : [['fallbackTopic', fallbackTopic] as const]),
    ...alarmTopics.map((one) => ['alarmTopics', one] as const),
  ];
}

/** Where two are one, each would get what is meant for the other, or nothing more than it has. */
function refuseSameTopic({ topic, fallbackTopic, chatTopic, alarmTopics = [] }: AlbTriageProps): void {
  const given = [topic, fallbackTopic, chatTopic].flatMap((one) => one?.topicArn ?? []);
  if (new Set(given).size < given.length)
    throw new Refusal(
      'AlbTriage, topic, fallbackTopic, chatTopic: expected topics that differ, found one of them twice',
    );
  const fifo = alarmTopics.find((one) => one.fifo);
  if (fifo) refuse('alarmTopics', 'topics that are not FIFO, to which no alarm publishes', fifo.topicArn);
}

/** Of every service whose resources are tagged: the narrowest of their rules. */
const TAG_NAME = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

function refuseWrongTags(tags: AlbTriageProps['tags'] = {}): void {
  const letters = 'letters, digits, spaces and _ . : / = + - @';
  for (const [name, value] of Object.entries(tags)) {
    if (!TAG_NAME.test(name))
      refuse('tags', `names of 1 to 128 ${letters}, that do not begin with aws:, which is AWS's`, name);
    if (!Token.isUnresolved(value) && !TAG_VALUE.test(value)) refuse(`tags.${name}`, `1 to 256 ${letters}`, value);
  }
}

function loadBalancerCheck({ loadBalancerArn }: WatchedLoadBalancer): Check {
  return {
    ...{ of: 'loadBalancers', value: loadBalancerArn, expected: 'the ARN of an Application Load Balancer' },
    fits: (arn: string) => LOAD_BALANCER.test(arn),
  };
}

function watchChecks({ threshold = {}, idleTimeout }: WatchOptions): readonly Check[] {
  const { evaluationPeriods, datapointsToAlarm, minimumErrors, errorPercent } = threshold;
  return [
    whole('threshold.evaluationPeriods', evaluationPeriods, 1, 1440),
    whole(
      'threshold.datapointsToAlarm',
      datapointsToAlarm,
      1,
      evaluationPeriods ?? DEFAULT_THRESHOLD.evaluationPeriods,
    ),
    whole('threshold.minimumErrors', minimumErrors, 1, 1_000_000),
    {
      ...{ of: 'threshold.errorPercent', value: errorPercent, expected: 'a number from 0 to 100' },
      fits: (percent: number) => percent >= 0 && percent <= 100,
    },
    whole('idleTimeout, in seconds', secondsOf(idleTimeout), 1, 4000),
  ];
}

function chatChecks({ slack, teams }: AlbTriageProps): readonly Check[] {
  const id = (of: string, value: unknown, form: RegExp, expected: string): Check => ({
    ...{ of, value, expected },
    fits: (text: string) => form.test(text),
  });
  return [
    id('slack.workspaceId', slack?.workspaceId, /^T[A-Z0-9]{6,}$/, 'the id of a workspace, such as T0123456789'),
    id('slack.channelId', slack?.channelId, /^[CGD][A-Z0-9]{6,}$/, 'the id of a channel, such as C0123456789'),
    id('teams.tenantId', teams?.tenantId, UUID, 'the id of a tenant, a UUID'),
    id('teams.teamId', teams?.teamId, UUID, 'the id of a team, a UUID'),
    id('teams.channelId', teams?.channelId, TEAMS_CHANNEL, 'the id of a channel, such as 19:0123abcd@thread.tacv2'),
  ];
}

/** As people see it, or as its link has it. */
const TEAMS_CHANNEL = /^[\w=+/.,-]{1,128}(:|%3A)[\w=+/.,-]{1,128}(@|%40)[\w=+/.,-]{1,128}$/i;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function whole(of: string, value: unknown, from: number, to: number): Check {
  return {
    ...{ of, value, expected: `a whole number from ${from} to ${to}` },
    fits: (number: number) => Number.isInteger(number) && number >= from && number <= to,
  };
}

/** A part of a second would be refused in the CDK's words. */
function secondsOf(duration: Duration | undefined): number | undefined {
  return duration?.toSeconds({ integral: false });
}

function refuseWrong(checks: readonly Check[]): void {
  const wrong = checks.find(({ value, fits }) => isKnown(value) && !fits(value as never));
  if (wrong !== undefined) refuse(wrong.of, wrong.expected, wrong.value);
}

/** It admits no alarm, and its policy cannot be changed: the messages would be lost without a word. */
function refuseKeyOfAws(name: string, topic: ITopic): void {
  const made = topic.node.defaultChild;
  const keys = [made instanceof CfnTopic ? made.kmsMasterKeyId : undefined, topic.masterKey?.keyArn];
  if (!JSON.stringify(Stack.of(topic).resolve(keys)).includes('alias/aws/sns')) return;
  throw new Refusal(
    `AlbTriage, ${name}: it is encrypted with alias/aws/sns, the key that AWS manages, to which CloudWatch's alarms cannot publish: expected a topic with a key of your own, or none`,
  );
}

/** What only goes with something else would be left out without a word. */
function refuseLonely({ vpc, vpcSubnets, securityGroups, role, permissionsBoundary }: AlbTriageProps): void {
  const lonely =
    vpc === undefined && vpcSubnets !== undefined
      ? 'vpcSubnets: expected with vpc'
      : vpc === undefined && securityGroups !== undefined
        ? 'securityGroups: expected with vpc'
        : role !== undefined && permissionsBoundary !== undefined
          ? 'permissionsBoundary: expected without role, which has its own'
          : undefined;
  if (lonely !== undefined) throw new Refusal(`AlbTriage, ${lonely}`);
}

function isKnown(value: unknown): boolean {
  return value !== undefined && !Token.isUnresolved(value) && !(Array.isArray(value) && value.some(Token.isUnresolved));
}
