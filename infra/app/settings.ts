import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { listed, meant } from '../../lambda/intake/nearest.ts';
import { isRunbook, RUNBOOK } from '../../lambda/intake/runbook.ts';
import { DEFAULT_THRESHOLD, type Threshold } from '../construct/alarms.ts';
import type { SlackChannel, TeamsChannel } from '../construct/chat.ts';
import { ACCOUNT_NAME, DAYS, isTimeZone, LOG_LEVELS, NOTICES, OWNER, OWNERS, TIME_ZONE } from '../construct/checks.ts';
import { LOG_PLACES, type LogSource, logSourceAt } from '../construct/logs.ts';
import type { AlbTriageProps } from '../construct/props.ts';
import { type Context, flagIn, InvalidContext, listIn, numberIn, textIn, UnknownContext, wholeIn } from './context.ts';
import { TOPIC, type Triaged, triagedIn } from './scope.ts';

/** What `cdk deploy -c name=value` can say. */
export interface Settings extends Triaged {
  readonly stackName: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly topicArn: string | undefined;
  readonly topicKeyArn: string | undefined;
  readonly chatTopicArn: string | undefined;
  readonly chatTopicKeyArn: string | undefined;
  readonly fallbackTopicArn: string | undefined;
  readonly fallbackTopicKeyArn: string | undefined;
  readonly slack: SlackChannel | undefined;
  readonly teams: TeamsChannel | undefined;
  readonly lowTraffic: boolean;
  readonly unhealthyHosts: boolean;
  readonly idleTimeout: Duration | undefined;
  readonly threshold: Threshold;
  readonly timeZone: string | undefined;
  readonly accountName: string | undefined;
  readonly owner: string | undefined;
  readonly runbook: string | undefined;
  readonly notify: readonly string[] | undefined;
  readonly logs: readonly LogSource[] | undefined;
  readonly reservedConcurrency: number | undefined;
  readonly memorySize: number | undefined;
  readonly timeout: Duration | undefined;
  readonly logRetention: RetentionDays | undefined;
  readonly logLevel: AlbTriageProps['logLevel'];
  readonly dashboard: boolean;
  readonly tracing: boolean;
  readonly history: boolean;
  readonly permissionsBoundaryArn: string | undefined;
}

const ANY = /^/;
const KEY = /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/;
const POLICY = /^arn:[\w-]+:iam::(\d{12}|aws):policy\/\S+$/;
const PHONE = /^\+\d{5,15}$/;
const EMAIL = /^[^\s@,]+@[^\s@,]+$/;
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** `given`: the names of all that is in the context. */
export function settingsIn(context: Context, given: readonly string[] = []): Settings {
  refuseUnknown(given);
  const triaged = triagedIn(context);
  const { region } = triaged;
  const seconds = (name: string, from: number, to: number): Duration | undefined => {
    const value = wholeIn(context, name, from, to);
    return value === undefined ? undefined : Duration.seconds(value);
  };
  return {
    ...triaged,
    stackName: textIn(context, 'stackName', STACK_NAME, 'letters, digits and hyphens') ?? 'AlbTriage',
    emails: listIn(context, 'email', EMAIL, 'addresses such as oncall@example.com'),
    phones: listIn(context, 'sms', PHONE, 'phone numbers such as +4915123456789'),
    topicArn: topicIn(context, 'topicArn', region),
    topicKeyArn: textIn(context, 'topicKeyArn', KEY, 'the ARN of the KMS key that encrypts the topic'),
    chatTopicArn: textIn(context, 'chatTopicArn', TOPIC, 'the ARN of the SNS topic that Amazon Q Developer reads'),
    chatTopicKeyArn: textIn(context, 'chatTopicKeyArn', KEY, 'the ARN of the KMS key that encrypts that topic'),
    fallbackTopicArn: topicIn(context, 'fallbackTopicArn', region),
    fallbackTopicKeyArn: textIn(context, 'fallbackTopicKeyArn', KEY, 'the ARN of the KMS key that encrypts that topic'),
    ...chatIn(context),
    lowTraffic: flagIn(context, 'lowTraffic'),
    unhealthyHosts: flagIn(context, 'unhealthyHosts'),
    idleTimeout: seconds('idleTimeoutSeconds', 1, 4000),
    threshold: thresholdIn(context),
    timeZone: timeZoneIn(context),
    accountName: textIn(context, 'accountName', ACCOUNT_NAME, 'a name of at most 40 characters, such as prod'),
    owner: wordsIn(context, 'owner', (text) => OWNER.test(text), OWNERS),
    runbook: wordsIn(context, 'runbook', isRunbook, RUNBOOK),
    notify: noticesIn(context),
    logs: logsIn(context),
    reservedConcurrency: wholeIn(context, 'reservedConcurrency', 1, 1000),
    memorySize: wholeIn(context, 'memorySize', 512, 10_240),
    timeout: seconds('timeoutSeconds', 30, 900),
    logLevel: logLevelIn(context),
    dashboard: flagIn(context, 'dashboard'),
    tracing: flagIn(context, 'tracing'),
    history: flagIn(context, 'history', true),
    permissionsBoundaryArn: textIn(context, 'permissionsBoundaryArn', POLICY, 'the ARN of an IAM policy'),
    logRetention: numberIn(
      context,
      'retentionDays',
      `a number of days that CloudWatch Logs knows: ${DAYS.join(', ')}`,
      (days) => DAYS.includes(days),
    ),
  };
}

function chatIn(context: Context): Pick<Settings, 'slack' | 'teams'> {
  const [workspaceId, slackChannelId] = partsIn(context, 'slack', 2, '<workspace id>/<channel id>');
  const [tenantId, teamId, teamsChannelId] = partsIn(context, 'teams', 3, '<tenant id>/<team id>/<channel id>');
  return {
    slack:
      workspaceId === undefined || slackChannelId === undefined
        ? undefined
        : { workspaceId, channelId: slackChannelId },
    teams:
      tenantId === undefined || teamId === undefined || teamsChannelId === undefined
        ? undefined
        : { tenantId, teamId, channelId: teamsChannelId },
  };
}

function partsIn(context: Context, name: string, many: number, expected: string): readonly string[] {
  const form = new RegExp(`^[^/\\s]+(/[^/\\s]+){${many - 1}}$`);
  return textIn(context, name, form, expected)?.split('/') ?? [];
}

function logLevelIn(context: Context): AlbTriageProps['logLevel'] {
  const level = textIn(context, 'logLevel', new RegExp(`^(${LOG_LEVELS.join('|')})$`), LOG_LEVELS.join(' or '));
  return LOG_LEVELS.find((one) => one === level);
}

function topicIn(context: Context, name: string, region: string): string | undefined {
  const arn = textIn(context, name, TOPIC, 'the ARN of an SNS topic');
  if (arn === undefined || TOPIC.exec(arn)?.[1] === region) return arn;
  throw new InvalidContext(name, `a topic in ${region}, where the alarms are`, arn);
}

function thresholdIn(context: Context): Threshold {
  const usual = DEFAULT_THRESHOLD;
  // CloudWatch evaluates alarms over more than a day once an hour.
  const evaluationPeriods = wholeIn(context, 'evaluationPeriods', 1, 1440) ?? usual.evaluationPeriods;
  return {
    evaluationPeriods,
    datapointsToAlarm:
      wholeIn(context, 'datapointsToAlarm', 1, evaluationPeriods) ??
      Math.min(usual.datapointsToAlarm, evaluationPeriods),
    minimumErrors: wholeIn(context, 'minimumErrors', 1, 1_000_000) ?? usual.minimumErrors,
    errorPercent:
      numberIn(context, 'errorPercent', 'a number from 0 to 100', (percent) => percent >= 0 && percent <= 100) ??
      usual.errorPercent,
  };
}

function timeZoneIn(context: Context): string | undefined {
  const timeZone = textIn(context, 'timeZone', ANY, 'a time zone');
  if (timeZone === undefined || isTimeZone(timeZone)) return timeZone;
  throw new InvalidContext('timeZone', TIME_ZONE, timeZone);
}

/** A comma is part of it: it is no list. */
function wordsIn(
  context: Context,
  name: string,
  fits: (text: string) => boolean,
  expected: string,
): string | undefined {
  const text = context(name);
  if (text === undefined || text === '') return undefined;
  if (typeof text !== 'string' || !fits(text)) throw new InvalidContext(name, expected, text);
  return text;
}

function noticesIn(context: Context): readonly string[] | undefined {
  const notices = listIn(context, 'notify', new RegExp(`^(${NOTICES.join('|')})$`), `a list of ${NOTICES.join(', ')}`);
  return notices.length === 0 ? undefined : notices;
}

/** A bare `true` says nothing of where they are. */
function logsIn(context: Context): readonly LogSource[] | undefined {
  const places = listIn(context, 'logs', ANY, LOG_PLACES);
  const wrong = places.find((place) => logSourceAt(place) === undefined);
  if (wrong !== undefined) throw new InvalidContext('logs', LOG_PLACES, wrong);
  return places.length === 0 ? undefined : places.flatMap((place) => logSourceAt(place) ?? []);
}

export const NAMES = [
  ...['loadBalancer', 'everyLoadBalancer', 'alarm', 'alarmTopicArn', 'account', 'region', 'stackName'],
  ...['email', 'sms', 'topicArn', 'topicKeyArn', 'fallbackTopicArn', 'fallbackTopicKeyArn'],
  ...['chatTopicArn', 'chatTopicKeyArn', 'slack', 'teams'],
  ...['minimumErrors', 'errorPercent', 'datapointsToAlarm', 'evaluationPeriods'],
  ...['lowTraffic', 'unhealthyHosts', 'idleTimeoutSeconds'],
  ...['timeZone', 'accountName', 'owner', 'runbook', 'notify', 'logs', 'logLevel', 'retentionDays'],
  ...[
    'memorySize',
    'timeoutSeconds',
    'reservedConcurrency',
    'dashboard',
    'tracing',
    'history',
    'permissionsBoundaryArn',
  ],
];
/** What the CDK keeps there for itself has such a mark in its name, or is one of these. */
const OF_THE_CDK = /[:@/]|^(acknowledged-issue-numbers|cli-telemetry)$/;

/** What is misspelt would be left out without a word, and something else deployed. */
function refuseUnknown(given: readonly string[]): void {
  const unknown = given.find((name) => !NAMES.includes(name) && !OF_THE_CDK.test(name));
  if (unknown === undefined) return;
  throw new UnknownContext(unknown, meant(unknown, NAMES) ?? `expected ${listed(NAMES, 'or')}`);
}
