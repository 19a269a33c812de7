import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { listed, meant } from '../../lambda/intake/nearest.ts';
import { DEFAULT_THRESHOLD, type Threshold } from '../construct/alarms.ts';
import { ACCOUNT_NAME, DAYS, isTimeZone, LOAD_BALANCER, NOTICES, TIME_ZONE } from '../construct/checks.ts';
import { type Context, InvalidContext, listIn, numberIn, textIn, UnknownContext, wholeIn } from './context.ts';

/** What `cdk deploy -c name=value` can say. */
export interface Settings {
  readonly stackName: string;
  /** Of the load balancers, and so of the stack. */
  readonly account: string;
  readonly region: string;
  readonly loadBalancerArns: readonly string[];
  readonly emails: readonly string[];
  readonly topicArn: string | undefined;
  readonly topicKeyArn: string | undefined;
  readonly chatTopicArn: string | undefined;
  readonly chatTopicKeyArn: string | undefined;
  readonly threshold: Threshold;
  readonly timeZone: string | undefined;
  readonly accountName: string | undefined;
  readonly notify: readonly string[] | undefined;
  readonly reservedConcurrency: number | undefined;
  readonly logRetention: RetentionDays | undefined;
}

const ANY = /^/;
const OTHER_LOAD_BALANCER =
  /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:loadbalancer\/(?!app\/)(?:(net|gwy)\/)?[\w-]+/;
const OTHER_KINDS: Readonly<Record<string, string>> = { net: 'Network', gwy: 'Gateway' };
const TOPIC = /^arn:[\w-]+:sns:([\w-]+):\d{12}:[\w-]+$/;
const KEY = /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/;
const EMAIL = /^[^\s@,]+@[^\s@,]+$/;
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** `given`: the names of all that is in the context. */
export function settingsIn(context: Context, given: readonly string[] = []): Settings {
  refuseUnknown(given);
  const { loadBalancerArns, account, region } = loadBalancersIn(context);
  return {
    loadBalancerArns,
    account,
    region,
    stackName: textIn(context, 'stackName', STACK_NAME, 'letters, digits and hyphens') ?? 'AlbTriage',
    emails: listIn(context, 'email', EMAIL, 'addresses such as oncall@example.com'),
    topicArn: topicIn(context, region),
    topicKeyArn: textIn(context, 'topicKeyArn', KEY, 'the ARN of the KMS key that encrypts the topic'),
    chatTopicArn: textIn(context, 'chatTopicArn', TOPIC, 'the ARN of the SNS topic that Amazon Q Developer reads'),
    chatTopicKeyArn: textIn(context, 'chatTopicKeyArn', KEY, 'the ARN of the KMS key that encrypts that topic'),
    threshold: thresholdIn(context),
    timeZone: timeZoneIn(context),
    accountName: textIn(context, 'accountName', ACCOUNT_NAME, 'a name of at most 40 characters, such as prod'),
    notify: noticesIn(context),
    reservedConcurrency: wholeIn(context, 'reservedConcurrency', 1, 1000),
    logRetention: numberIn(
      context,
      'retentionDays',
      `a number of days that CloudWatch Logs knows: ${DAYS.join(', ')}`,
      (days) => DAYS.includes(days),
    ),
  };
}

/** Alarms must be where their load balancers are: so must the stack. */
function loadBalancersIn(context: Context): Pick<Settings, 'loadBalancerArns' | 'account' | 'region'> {
  const expected =
    'the ARN of an Application Load Balancer (arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>), or several with commas between';
  const other = listIn(context, 'loadBalancer', ANY, expected).find((arn) => OTHER_LOAD_BALANCER.test(arn));
  if (other !== undefined) {
    const [, kind] = OTHER_LOAD_BALANCER.exec(other) ?? [];
    throw new InvalidContext(
      'loadBalancer',
      `${expected}, not that of a ${OTHER_KINDS[kind ?? ''] ?? 'Classic'} one`,
      other,
    );
  }
  const loadBalancerArns = listIn(context, 'loadBalancer', LOAD_BALANCER, expected);
  const places = loadBalancerArns.map((arn) => LOAD_BALANCER.exec(arn) ?? []);
  const [, region, account] = places[0] ?? [];
  if (region === undefined || account === undefined) throw new InvalidContext('loadBalancer', expected, undefined);
  const elsewhere = loadBalancerArns.find(
    (_, index) => places[index]?.[1] !== region || places[index]?.[2] !== account,
  );
  if (elsewhere !== undefined) {
    const same = `load balancers of one account and Region (${account}, ${region}): deploy another stack, with -c stackName, for the others`;
    throw new InvalidContext('loadBalancer', same, elsewhere);
  }
  return { loadBalancerArns, account, region };
}

function topicIn(context: Context, region: string): string | undefined {
  const arn = textIn(context, 'topicArn', TOPIC, 'the ARN of an SNS topic');
  if (arn === undefined || TOPIC.exec(arn)?.[1] === region) return arn;
  throw new InvalidContext('topicArn', `a topic in ${region}, where the alarms are`, arn);
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

function noticesIn(context: Context): readonly string[] | undefined {
  const notices = listIn(context, 'notify', new RegExp(`^(${NOTICES.join('|')})$`), `a list of ${NOTICES.join(', ')}`);
  return notices.length === 0 ? undefined : notices;
}

const NAMES = [
  ...['loadBalancer', 'stackName', 'email', 'topicArn', 'topicKeyArn', 'chatTopicArn', 'chatTopicKeyArn'],
  ...['minimumErrors', 'errorPercent', 'datapointsToAlarm', 'evaluationPeriods'],
  ...['timeZone', 'accountName', 'notify', 'reservedConcurrency', 'retentionDays'],
];
/** What the CDK keeps there for itself has such a mark in its name, or is one of these. */
const OF_THE_CDK = /[:@/]|^(acknowledged-issue-numbers|cli-telemetry)$/;

/** What is misspelt would be left out without a word, and something else deployed. */
function refuseUnknown(given: readonly string[]): void {
  const unknown = given.find((name) => !NAMES.includes(name) && !OF_THE_CDK.test(name));
  if (unknown === undefined) return;
  throw new UnknownContext(unknown, meant(unknown, NAMES) ?? `expected ${listed(NAMES, 'or')}`);
}
