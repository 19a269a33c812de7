import { Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DEFAULT_THRESHOLD } from './alarms.ts';
import type { AlbTriageProps } from './props.ts';

/** As TRIAGE_NOTIFY takes them. */
export const NOTICES = ['identified', 'suspected', 'inconclusive', 'quiet', 'recovered', 'failed'];
export const LOAD_BALANCER = /^arn:[\w-]+:elasticloadbalancing:([\w-]+):(\d{12}):loadbalancer\/app\/[\w-]+\/\w+$/;
export const ACCOUNT_NAME = /^\S(.{0,38}\S)?$/u;
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

/**
 * What a construct is given is deployed as it is, and shows only when an alarm goes off: so it is checked at synth. What is
 * known only when it is deployed (a token) is taken at its word.
 */
export function checkProps(props: AlbTriageProps): void {
  const { loadBalancers, timeZone, accountName, notify, threshold = {}, reservedConcurrency, logRetention } = props;
  const whole = (of: string, value: unknown, from: number, to: number): Check => ({
    ...{ of, value, expected: `a whole number from ${from} to ${to}` },
    fits: (number: number) => Number.isInteger(number) && number >= from && number <= to,
  });
  const checks: readonly Check[] = [
    ...loadBalancers.map(({ loadBalancerArn }) => ({
      ...{ of: 'loadBalancers', value: loadBalancerArn, expected: 'the ARN of an Application Load Balancer' },
      fits: (arn: string) => LOAD_BALANCER.test(arn),
    })),
    { of: 'timeZone', value: timeZone, expected: TIME_ZONE, fits: isTimeZone },
    {
      ...{ of: 'accountName', value: accountName, expected: 'a name of at most 40 characters, such as prod' },
      fits: (name: string) => ACCOUNT_NAME.test(name),
    },
    {
      ...{ of: 'notify', value: notify, expected: `one or more of ${NOTICES.join(', ')}` },
      fits: (notices: readonly string[]) => notices.length > 0 && notices.every((one) => NOTICES.includes(one)),
    },
    whole('threshold.evaluationPeriods', threshold.evaluationPeriods, 1, 1440),
    whole(
      'threshold.datapointsToAlarm',
      threshold.datapointsToAlarm,
      1,
      threshold.evaluationPeriods ?? DEFAULT_THRESHOLD.evaluationPeriods,
    ),
    whole('threshold.minimumErrors', threshold.minimumErrors, 1, 1_000_000),
    {
      ...{ of: 'threshold.errorPercent', value: threshold.errorPercent, expected: 'a number from 0 to 100' },
      fits: (percent: number) => percent >= 0 && percent <= 100,
    },
    whole('reservedConcurrency', reservedConcurrency, 1, 1000),
    {
      ...{ of: 'logRetention', value: logRetention, expected: `a number of days that CloudWatch Logs knows` },
      fits: (days: number) => DAYS.includes(days),
    },
  ];
  const wrong = checks.find(({ value, fits }) => isKnown(value) && !fits(value as never));
  if (wrong === undefined) return;
  throw new Error(`AlbTriage, ${wrong.of}: expected ${wrong.expected}, found ${JSON.stringify(wrong.value)}`);
}

function isKnown(value: unknown): boolean {
  return value !== undefined && !Token.isUnresolved(value) && !(Array.isArray(value) && value.some(Token.isUnresolved));
}
