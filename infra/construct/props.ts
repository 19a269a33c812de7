import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic, ITopicSubscription } from 'aws-cdk-lib/aws-sns';
import type { Threshold, WatchedLoadBalancer } from './alarms.ts';
import type { SlackChannel, TeamsChannel } from './chat.ts';
import type { LogSource } from './logs.ts';
import type { MoreAlarms } from './more-alarms.ts';

/** What a load balancer is watched by. */
export interface WatchOptions extends MoreAlarms {
  /** @default - 5 errors and 5 % of all requests in a minute, in 2 of 3 minutes */
  readonly threshold?: Partial<Threshold> | undefined;
}

/** An alarm that exists: of this app, imported, or known by its ARN alone. */
export interface ExistingAlarm {
  readonly alarmArn: string;
}

/**
 * What is triaged, who hears of it, and how the function runs. One of `loadBalancers`, `alarms`, `alarmTopics` and
 * `everyLoadBalancer` is usual; without any, `watch()` and `alarmAction` say later what is triaged.
 */
export interface AlbTriageProps extends WatchOptions {
  /**
   * Application Load Balancers to make alarms for, created or imported; one of which only the ARN is known is
   * `{ loadBalancerArn }`. `watch()` adds one with a threshold of its own.
   * @default - none
   */
  readonly loadBalancers?: readonly WatchedLoadBalancer[] | undefined;
  /**
   * Every Application Load Balancer of the account and Region, those to come among them, by one alarm a metric: 100 at once
   * at most, of the 500 with the most errors; CloudWatch bills each metric that it analyses. Only `minimumErrors` and the
   * minutes of the threshold count: a query knows no share.
   * @default false
   */
  readonly everyLoadBalancer?: boolean | undefined;
  /**
   * Alarms that exist, of this account and Region, whatever their names: what they watch must be of a load balancer. One of
   * this app gets the function as its action; an imported one, which the app cannot change, is answered by an EventBridge
   * rule: while such an alarm is muted, the rule still tells.
   * @default - none
   */
  readonly alarms?: readonly ExistingAlarm[] | undefined;
  /**
   * Topics to which alarms publish already: each message of an alarm is triaged. A key that encrypts such a topic is its
   * owner's concern.
   * @default - none
   */
  readonly alarmTopics?: readonly ITopic[] | undefined;

  /**
   * Where the reports go. A key that encrypts it must admit the function and CloudWatch's alarms: the one that AWS manages,
   * `alias/aws/sns`, admits no alarm, and is refused.
   * @default - a new topic, encrypted with a key of its own
   */
  readonly topic?: ITopic | undefined;
  /**
   * Who gets the reports: e-mail, SMS, https, SQS, Lambda, as of `aws-sns-subscriptions`, with filter policies on `status`,
   * `cause`, `category`, `strength`, `loadBalancer`, `accountId` and `region`.
   * @default - nobody
   */
  readonly subscriptions?: readonly ITopicSubscription[] | undefined;
  /**
   * Where a report goes that the topic does not take, and where the alarms on alb-triage itself are told, too.
   * @default - nowhere: Lambda tries again, then the event is kept in the queue
   */
  readonly fallbackTopic?: ITopic | undefined;
  /**
   * Where Amazon Q Developer reads, if it has a topic of its own: the card for Slack or Teams is then all that is sent there.
   * @default - a new topic where `slack` or `teams` is given; else the card goes to the reports' https subscribers
   */
  readonly chatTopic?: ITopic | undefined;
  /**
   * A Slack channel, in a workspace that Amazon Q Developer was authorised for in the console.
   * @default - none
   */
  readonly slack?: SlackChannel | undefined;
  /**
   * A channel of Microsoft Teams, in a team that Amazon Q Developer was authorised for in the console.
   * @default - none
   */
  readonly teams?: TeamsChannel | undefined;

  /**
   * Shown in the messages beside UTC, such as `Europe/Berlin`.
   * @default - UTC alone
   */
  readonly timeZone?: string | undefined;
  /**
   * What people call this account: told in the messages, with its id. At most 40 characters.
   * @default - its id alone
   */
  readonly accountName?: string | undefined;
  /**
   * Whom to call: told in the messages where no tag of the load balancer or the alarm says (owner, team, oncall, contact,
   * slack-channel). At most 32 characters.
   * @default - what the tags say
   */
  readonly owner?: string | undefined;
  /**
   * What to read first, an https address: told in the messages where neither a tag `runbook` nor the alarm's description says.
   * At most 200 characters.
   * @default - what the tags or the alarm's description say
   */
  readonly runbook?: string | undefined;
  /**
   * Which outcomes are sent, of identified, suspected, inconclusive, quiet, recovered and failed.
   * @default - all
   */
  readonly notify?: readonly string[] | undefined;
  /**
   * Where the load balancers write access, connection or health check logs: what they tell is read, too.
   * @default - none is read
   */
  readonly logs?: readonly LogSource[] | undefined;

  /**
   * A table of what was said of each load balancer, for 35 days: so that one fault is one message, with updates and its end.
   * Without it each event is told by itself.
   * @default true
   */
  readonly history?: boolean | undefined;

  /**
   * A role for the function, which Lambda may assume. It is granted what it takes, as the CDK grants; imported with
   * `mutable: false` it is left as it is, and must allow what `alb-triage policy` prints, to publish and to log.
   * @default - a new one, with the least that it takes
   */
  readonly role?: IRole | undefined;
  /**
   * Of the roles that are made here: of the function, and of Slack and Teams.
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy | undefined;
  /**
   * From there AWS's services must be reachable: by a NAT gateway, or by endpoints.
   * @default - none: the function needs no network of one's own
   */
  readonly vpc?: IVpc | undefined;
  /**
   * Where in `vpc` the function is.
   * @default - its private subnets
   */
  readonly vpcSubnets?: SubnetSelection | undefined;
  /**
   * Of the function in `vpc`: it needs no way in, and out only to AWS's services.
   * @default - a new one, in `vpc`
   */
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
  /**
   * Encrypts the topic that is made, the queues, the table, and the function's environment. An imported key is left as it is:
   * its policy must admit SNS, SQS and CloudWatch.
   * @default - a new key for the topic; AWS's own for the rest
   */
  readonly encryptionKey?: IKey | undefined;
  /**
   * So many triages at once at most, and at least as many for the function alone.
   * @default - none is reserved: a small account has none to give away
   */
  readonly reservedConcurrency?: number | undefined;
  /**
   * In MB, from 512 to 10,240.
   * @default 1769, the least that comes with a whole vCPU
   */
  readonly memorySize?: number | undefined;
  /**
   * From 30 s to 15 minutes.
   * @default Duration.seconds(60)
   */
  readonly timeout?: Duration | undefined;
  /**
   * How long the function's log is kept.
   * @default - one month
   */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * `INFO`: a line for each triage. `ERROR`: only what failed.
   * @default 'INFO'
   */
  readonly logLevel?: 'INFO' | 'ERROR' | undefined;
  /**
   * Traces by AWS X-Ray.
   * @default false
   */
  readonly tracing?: boolean | undefined;
  /**
   * On all that is made here.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /**
   * Of the log, the table, and the queue with what could not be answered.
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /**
   * A dashboard of the load balancers that are watched: requests, errors by who answered, response time beside the idle
   * timeout, targets, failed connections. CloudWatch bills 3 USD a month for each beyond the third of an account.
   * @default false
   */
  readonly dashboard?: boolean | undefined;
  /**
   * Outputs of the stack: the topic, the function's name and ARN, the queue of what was not answered, the names of the alarms
   * that are made.
   * @default true
   */
  readonly outputs?: boolean | undefined;
  /**
   * The folder of the built function.
   * @default - the one that comes with the package
   */
  readonly bundle?: string | undefined;
}
