import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Threshold, WatchedLoadBalancer } from './alarms.ts';

export interface AlbTriageProps {
  /** Application Load Balancers, created or imported; one of which only the ARN is known is `{ loadBalancerArn }`. */
  readonly loadBalancers: readonly WatchedLoadBalancer[];
  /**
   * Where the reports go. A key that encrypts it must admit the function and CloudWatch's alarms.
   * @default - a new topic, encrypted with a key of its own
   */
  readonly topic?: ITopic | undefined;
  /**
   * Where Amazon Q Developer reads, if it has a topic of its own: the card for Slack or Teams is then all that is sent there.
   * @default - the card goes to the topic of the reports, for its subscribers by https
   */
  readonly chatTopic?: ITopic | undefined;
  /** @default - 5 errors and 5 % of all requests in a minute, in 2 of 3 minutes */
  readonly threshold?: Partial<Threshold> | undefined;
  /**
   * Shown in the messages beside UTC, such as `Europe/Berlin`.
   * @default - UTC alone
   */
  readonly timeZone?: string | undefined;
  /**
   * What people call this account: told in the messages, with its id.
   * @default - its id alone
   */
  readonly accountName?: string | undefined;
  /**
   * Which outcomes are sent, of identified, suspected, inconclusive, quiet, recovered and failed.
   * @default - all
   */
  readonly notify?: readonly string[] | undefined;
  /** @default - none is reserved: a small account has none to give away */
  readonly reservedConcurrency?: number | undefined;
  /** @default - one month */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * The folder of the built function.
   * @default - dist/lambda
   */
  readonly bundle?: string | undefined;
}
