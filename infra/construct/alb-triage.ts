import { ArnFormat, Duration, Names, Stack, Tags } from 'aws-cdk-lib';
import type { Alarm, Dashboard, IAlarmAction, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnPermission, IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEFAULT_THRESHOLD, errorAlarms, type Threshold, type WatchedLoadBalancer, watchedBy } from './alarms.ts';
import { chatChannels } from './chat.ts';
import { checkProps, checkWatch } from './checks.ts';
import { addEveryLoadBalancer, addLoadBalancer, dashboardNamed } from './dashboard.ts';
import { accountAlarms, moreAlarms } from './more-alarms.ts';
import { tellAlarms, tellWhatStands } from './outputs.ts';
import { ownAlarms } from './own-alarms.ts';
import type { AlbTriageProps, WatchOptions } from './props.ts';
import { Refusal } from './refusal.ts';
import { reportTopic } from './report-topic.ts';
import { triageFunction } from './triage-function.ts';
import { alarmActionOf, alarmsMayInvoke, answer, answerExisting, subscribeTo } from './ways-in.ts';

/**
 * Answers alarms on the 5xx of Application Load Balancers with the root cause: a function that reads AWS and publishes one
 * message. It makes alarms, takes those there are, or both. A wrong value is refused when the app is synthesised, in a
 * sentence that says what was expected.
 */
export class AlbTriage extends Construct {
  /** Where the reports go. */
  readonly topic: ITopic;
  readonly function: IFunction;
  /** Keeps for two weeks each event that could not be answered. */
  readonly deadLetterQueue: IQueue;
  /** What was said of each load balancer; `undefined` with `history: false`. */
  readonly table: Table | undefined;
  /** The names of the alarms made here begin like this. */
  readonly alarmNamePrefix: string;
  /**
   * For any alarm of this account and Region, whatever its name: `alarm.addAlarmAction(triage.alarmAction)`, and the same
   * for `addOkAction`, so that the end is told, too.
   */
  readonly alarmAction: IAlarmAction;
  /** What the load balancers that are watched do, where one is asked for. */
  readonly dashboard: Dashboard | undefined;

  readonly #alarms: Alarm[] = [];
  readonly #watched = new Set<string>();
  readonly #usual: AlbTriageProps;

  constructor(scope: Construct, id: string, props: AlbTriageProps = {}) {
    super(scope, id);
    checkProps(this, props);
    this.#usual = props;
    this.alarmNamePrefix = `${Names.uniqueResourceName(this, { separator: '-', allowedSpecialCharacters: '-', maxLength: 128 })}-`;
    this.topic = props.topic ?? reportTopic(this, this.ownAlarmArns(), props.encryptionKey);
    const chatTopic = props.chatTopic ?? this.chatTopic(props);
    const {
      function: made,
      deadLetterQueue,
      history,
    } = triageFunction(this, { ...props, topic: this.topic, chatTopic });
    this.function = made;
    this.deadLetterQueue = deadLetterQueue;
    this.table = history.table;
    const permission: CfnPermission = alarmsMayInvoke(this, made);
    this.alarmAction = alarmActionOf(this, made, permission);

    this.dashboard =
      props.dashboard === true ? dashboardNamed(this, `${this.alarmNamePrefix}load-balancers`) : undefined;
    if (this.dashboard !== undefined && props.everyLoadBalancer === true) addEveryLoadBalancer(this.dashboard);
    for (const subscription of props.subscriptions ?? []) this.topic.addSubscription(subscription);
    if (chatTopic !== undefined) chatChannels(this, chatTopic, props);
    for (const loadBalancer of props.loadBalancers ?? []) this.watch(loadBalancer);
    if (props.everyLoadBalancer) this.keep(accountAlarms(this, this.alarmNamePrefix, thresholdOf(props.threshold)));
    answerExisting(this, props.alarms ?? [], this.alarmAction, made);
    subscribeTo(props.alarmTopics ?? [], made);
    ownAlarms(this, {
      function: made,
      deadLetterQueue,
      unanswered: this.metricUnanswered(),
      namePrefix: this.alarmNamePrefix,
      topics: [this.topic, props.fallbackTopic].filter((one) => one !== undefined),
    });
    if (props.outputs !== false) tellWhatStands(this);
    for (const [key, value] of Object.entries(props.tags ?? {})) Tags.of(this).add(key, value);
  }

  /** All alarms made here on load balancers, in the order they were made. */
  get alarms(): readonly Alarm[] {
    return [...this.#alarms];
  }

  /**
   * Makes alarms for one more load balancer, with thresholds of its own; what is not said is as for the others.
   * @returns those alarms
   */
  watch(loadBalancer: WatchedLoadBalancer, options: WatchOptions = {}): readonly Alarm[] {
    checkWatch(this, loadBalancer, options);
    const { loadBalancerArn } = loadBalancer;
    if (this.#watched.has(loadBalancerArn))
      throw new Refusal(`AlbTriage, loadBalancers: watched twice: ${loadBalancerArn}`);
    this.#watched.add(loadBalancerArn);
    const { threshold, lowTraffic, unhealthyHosts, idleTimeout } = this.#usual;
    const watched = watchedBy(this, loadBalancer);
    const own = thresholdOf({ ...threshold, ...options.threshold });
    if (this.dashboard !== undefined) addLoadBalancer(this.dashboard, watched, options.idleTimeout ?? idleTimeout);
    return this.keep([
      ...errorAlarms(this, watched, this.alarmNamePrefix, own),
      ...moreAlarms(this, watched, this.alarmNamePrefix, {
        lowTraffic: options.lowTraffic ?? lowTraffic,
        unhealthyHosts: options.unhealthyHosts ?? unhealthyHosts,
        idleTimeout: options.idleTimeout ?? idleTimeout,
      }),
    ]);
  }

  /** Lets somebody ask for a triage by hand, and read the answer. */
  grantInvoke(grantee: IGrantable): Grant {
    return this.function.grantInvoke(grantee);
  }

  /** Events that could not be answered, and wait in the queue. */
  metricUnanswered(options: MetricOptions = {}): Metric {
    return this.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
      ...options,
    });
  }

  /** Triages, told or not. */
  metricInvocations(options?: MetricOptions): Metric {
    return this.function.metricInvocations(options);
  }

  /** Triages that failed, and were tried again. */
  metricErrors(options?: MetricOptions): Metric {
    return this.function.metricErrors(options);
  }

  /** How long a triage takes, in milliseconds. */
  metricDuration(options?: MetricOptions): Metric {
    return this.function.metricDuration(options);
  }

  private keep(alarms: readonly Alarm[]): readonly Alarm[] {
    for (const alarm of alarms) answer(alarm, this.alarmAction);
    this.#alarms.push(...alarms);
    if (this.#usual.outputs !== false) tellAlarms(this);
    return alarms;
  }

  /** The card needs no key of one's own: it goes to people at once. Amazon Q Developer reads it by https. */
  private chatTopic({ slack, teams, encryptionKey }: AlbTriageProps): ITopic | undefined {
    if (slack === undefined && teams === undefined) return undefined;
    return new Topic(this, 'ChatTopic', {
      displayName: 'alb-triage, for chat',
      enforceSSL: true,
      ...(encryptionKey === undefined ? {} : { masterKey: encryptionKey }),
    });
  }

  private ownAlarmArns(): string {
    return Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${this.alarmNamePrefix}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** Of fewer minutes than usual, no more are asked for than there are. */
function thresholdOf({ datapointsToAlarm, ...given }: Partial<Threshold> = {}): Threshold {
  const usual = { ...DEFAULT_THRESHOLD, ...given };
  return {
    ...usual,
    datapointsToAlarm: datapointsToAlarm ?? Math.min(usual.datapointsToAlarm, usual.evaluationPeriods),
  };
}
