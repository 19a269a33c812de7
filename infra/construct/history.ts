import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { LOOK_ACTIONS } from '../../lambda/memory/queue.ts';
import { TABLE_ACTIONS } from '../../lambda/memory/table.ts';
import type { AlbTriageProps } from './props.ts';

export interface History {
  /** Of what was said of each load balancer. */
  readonly table: Table | undefined;
  /** Where second looks wait. */
  readonly looks: Queue;
}

type HistoryProps = Pick<AlbTriageProps, 'history' | 'encryptionKey' | 'removalPolicy'> & {
  readonly timeout: Duration;
  readonly deadLetterQueue: Queue;
};

/** What the function remembers, and what it asks of itself. */
export function historyOf(scope: Construct, props: HistoryProps): History {
  const { history = true, encryptionKey, removalPolicy = RemovalPolicy.DESTROY, timeout, deadLetterQueue } = props;
  const looks = new Queue(scope, 'Looks', {
    ...encryptedBy(encryptionKey),
    enforceSSL: true,
    // AWS asks for six times the function's.
    visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 3 },
    removalPolicy,
  });
  if (!history) return { table: undefined, looks };
  const table = new Table(scope, 'History', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    billingMode: BillingMode.PAY_PER_REQUEST,
    ...(encryptionKey === undefined ? {} : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    removalPolicy,
  });
  Validations.of(table).acknowledge({
    id: 'AwsSolutions-DDB3',
    reason: 'What was said is of no use an incident later: where it is lost, a message is sent once too often.',
  });
  return { table, looks };
}

export function encryptedBy(key: AlbTriageProps['encryptionKey']) {
  return key === undefined
    ? { encryption: QueueEncryption.SQS_MANAGED }
    : { encryption: QueueEncryption.KMS, encryptionMasterKey: key };
}

/** What they take, on these and nothing else. */
export function historyStatements(
  { table, looks }: History,
  key: AlbTriageProps['encryptionKey'],
): readonly PolicyStatement[] {
  return [
    new PolicyStatement({ actions: [...LOOK_ACTIONS], resources: [looks.queueArn] }),
    ...(table === undefined ? [] : [new PolicyStatement({ actions: [...TABLE_ACTIONS], resources: [table.tableArn] })]),
    // DynamoDB uses the key for whoever asks.
    ...(table === undefined || key === undefined
      ? []
      : [
          new PolicyStatement({
            actions: ['kms:DescribeKey', 'kms:Encrypt'],
            resources: [key.keyArn],
          }),
        ]),
  ];
}

/** At least 2, as AWS has it; the alarms themselves come beside these. */
const LOOKS_AT_ONCE = 10;

/** One at a time, so that one that fails costs no other its turn. */
export function takeLooks(
  scope: Construct,
  target: IFunction,
  looks: Queue,
  reservedConcurrency = LOOKS_AT_ONCE,
): void {
  new EventSourceMapping(scope, 'LooksTaken', {
    target,
    eventSourceArn: looks.queueArn,
    batchSize: 1,
    maxConcurrency: Math.max(2, Math.min(LOOKS_AT_ONCE, reservedConcurrency)),
  });
}
