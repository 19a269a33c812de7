import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { encryptedBy, type History, historyOf, historyStatements, takeLooks } from './history.ts';
import { logPlaceOf, logStatements } from './logs.ts';
import { keyStatement, publishStatements, readStatements } from './permissions.ts';
import type { AlbTriageProps } from './props.ts';

/**
 * Answers of a thousand targets are garbage as soon as they are read. Left to itself, the young generation of the heap grows
 * until most of them are still there at once: a third more memory, and no faster.
 */
export const RUNTIME_OPTIONS = '--max-semi-space-size=8';

const BUNDLE = join(import.meta.dirname, '../../dist/lambda');

/** What of the construct's props is about the function, and where it publishes. */
export type TriageFunctionProps = Omit<AlbTriageProps, 'topic'> & { readonly topic: ITopic };

export interface TriageFunction {
  readonly function: LambdaFunction;
  readonly deadLetterQueue: Queue;
  readonly history: History;
}

/** The function, with its role, its log and the queue of what it could not answer. */
export function triageFunction(scope: Construct, props: TriageFunctionProps): TriageFunction {
  const { bundle = BUNDLE, encryptionKey, removalPolicy = RemovalPolicy.DESTROY } = props;
  if (!existsSync(join(bundle, 'index.cjs'))) throw new Error(`${bundle}/index.cjs is missing: npm run build makes it`);

  const logGroup = new LogGroup(scope, 'Log', {
    retention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy,
  });
  const deadLetterQueue = new Queue(scope, 'Unanswered', {
    ...encryptedBy(encryptionKey),
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy,
  });
  const timeout = props.timeout ?? Duration.seconds(60);
  const history = historyOf(scope, { ...props, timeout, deadLetterQueue });
  const made = new LambdaFunction(scope, 'Function', {
    description: 'Why a load balancer answers 5xx: reads AWS, judges, publishes one message',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundle),
    role: roleOf(scope, props, logGroup, history),
    logGroup,
    // The least that comes with a whole vCPU: below it a cold start is bound by computing, not by AWS's answers.
    memorySize: props.memorySize ?? 1769,
    timeout,
    tracing: props.tracing === true ? Tracing.ACTIVE : Tracing.DISABLED,
    environment: environmentOf(props, history),
    ...(encryptionKey === undefined ? {} : { environmentEncryption: encryptionKey }),
    ...networkOf(props),
    // After an hour nobody waits for the cause any more, and AWS would show another state.
    maxEventAge: Duration.hours(1),
    retryAttempts: 2,
    deadLetterQueue,
    // It waits by sending itself on, a quarter of an hour at a time: until maintenance ends, or for four looks at most.
    recursiveLoop: RecursiveLoop.ALLOW,
    ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
  });
  takeLooks(scope, made, history.looks, props.reservedConcurrency);
  return { function: made, deadLetterQueue, history };
}

function networkOf({ vpc, vpcSubnets, securityGroups }: TriageFunctionProps) {
  if (vpc === undefined) return {};
  return {
    vpc,
    ...(vpcSubnets === undefined ? {} : { vpcSubnets }),
    ...(securityGroups === undefined ? {} : { securityGroups: [...securityGroups] }),
  };
}

/** Where it may publish. */
function topicsOf({ topic, chatTopic, fallbackTopic }: TriageFunctionProps): readonly ITopic[] {
  return [topic, chatTopic, fallbackTopic].filter((one) => one !== undefined);
}

/** What Lambda does with the function's role to put it into a network. */
const IN_A_NETWORK = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * A role of its own: the one that the CDK would make may write to every log group of the account. One that is given is
 * granted the same, as far as the CDK may change it.
 */
function roleOf(scope: Construct, props: TriageFunctionProps, { logGroupArn }: LogGroup, history: History): IRole {
  const { permissionsBoundary, vpc, encryptionKey } = props;
  const role =
    props.role ??
    new Role(scope, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    });
  const reading = [...readStatements(), ...logStatements(props.logs)];
  const writing = new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });
  const publishing = topicsOf(props).flatMap(publishStatements);
  const running = [
    writing,
    ...historyStatements(history, encryptionKey),
    ...(vpc === undefined ? [] : [new PolicyStatement({ actions: [...IN_A_NETWORK], resources: ['*'] })]),
    // The queues and the table are encrypted with it, and so is the environment.
    ...(encryptionKey === undefined ? [] : [keyStatement(encryptionKey)]),
  ];
  for (const statement of [...reading, ...publishing, ...running]) role.addToPrincipalPolicy(statement);
  Validations.of(role).acknowledge(
    ...reading
      .flatMap(({ resources }) => resources)
      // A key that is made in the app is one resource, and has no name yet.
      .filter((resource) => !Token.isUnresolved(resource))
      .map((resource) => ({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason: 'Reads only. These actions take no narrower resource, or those of an incident are not known before.',
      })),
  );
  return role;
}

function environmentOf(props: TriageFunctionProps, { table, looks }: History): Record<string, string> {
  const { topic, chatTopic, fallbackTopic, timeZone, accountName, owner, runbook, notify, logs = [], logLevel } = props;
  const variables = {
    NODE_OPTIONS: RUNTIME_OPTIONS,
    TRIAGE_TOPIC_ARN: topic.topicArn,
    TRIAGE_CHAT_TOPIC_ARN: chatTopic?.topicArn,
    TRIAGE_FALLBACK_TOPIC_ARN: fallbackTopic?.topicArn,
    TRIAGE_TIME_ZONE: timeZone,
    TRIAGE_ACCOUNT_NAME: accountName,
    TRIAGE_OWNER: owner,
    TRIAGE_RUNBOOK: runbook,
    TRIAGE_NOTIFY: notify?.join(','),
    TRIAGE_LOGS: logs.length === 0 ? undefined : logs.map(logPlaceOf).join(','),
    TRIAGE_TABLE: table?.tableName,
    TRIAGE_QUEUE_URL: looks.queueUrl,
    LOG_LEVEL: logLevel,
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
