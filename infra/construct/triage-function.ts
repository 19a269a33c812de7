import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { publishStatements, readStatements } from './permissions.ts';

const BUNDLE = join(import.meta.dirname, '../../dist/lambda');

export interface TriageFunctionProps {
  readonly topic: ITopic;
  readonly chatTopic?: ITopic | undefined;
  readonly timeZone?: string | undefined;
  readonly accountName?: string | undefined;
  readonly notify?: readonly string[] | undefined;
  readonly reservedConcurrency?: number | undefined;
  readonly logRetention?: RetentionDays | undefined;
  readonly bundle?: string | undefined;
}

export interface TriageFunction {
  readonly function: LambdaFunction;
  readonly deadLetterQueue: Queue;
}

/** The function, with its role, its log and the queue of what it could not answer. */
export function triageFunction(scope: Construct, props: TriageFunctionProps): TriageFunction {
  const { topic, reservedConcurrency, bundle = BUNDLE } = props;
  if (!existsSync(join(bundle, 'index.cjs'))) throw new Error(`${bundle}/index.cjs is missing: npm run build makes it`);

  const logGroup = new LogGroup(scope, 'Log', {
    retention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const deadLetterQueue = new Queue(scope, 'Unanswered', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  const made = new LambdaFunction(scope, 'Function', {
    description: 'Why a load balancer answers 5xx: reads AWS, judges, publishes one message',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(bundle),
    role: roleOf(scope, [topic, ...(props.chatTopic === undefined ? [] : [props.chatTopic])], logGroup),
    logGroup,
    // The least that comes with a whole vCPU: below it a cold start is bound by computing, not by AWS's answers.
    memorySize: 1769,
    timeout: Duration.seconds(60),
    environment: environmentOf(props),
    // After an hour nobody waits for the cause any more, and AWS would show another state.
    maxEventAge: Duration.hours(1),
    retryAttempts: 2,
    deadLetterQueue,
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
  });
  return { function: made, deadLetterQueue };
}

/** A role of its own: the one that the CDK would make may write to every log group of the account. */
function roleOf(scope: Construct, topics: readonly ITopic[], { logGroupArn }: LogGroup): Role {
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const reading = readStatements();
  const writing = new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroupArn],
  });
  for (const statement of [...reading, ...topics.flatMap(publishStatements), writing]) role.addToPolicy(statement);
  Validations.of(role).acknowledge(
    ...reading
      .flatMap(({ resources }) => resources)
      .map((resource) => ({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason: 'Reads only. These actions take no narrower resource, or those of an incident are not known before.',
      })),
  );
  return role;
}

function environmentOf({
  topic,
  chatTopic,
  timeZone,
  accountName,
  notify,
}: TriageFunctionProps): Record<string, string> {
  return {
    TRIAGE_TOPIC_ARN: topic.topicArn,
    ...(chatTopic === undefined ? {} : { TRIAGE_CHAT_TOPIC_ARN: chatTopic.topicArn }),
    ...(timeZone === undefined ? {} : { TRIAGE_TIME_ZONE: timeZone }),
    ...(accountName === undefined ? {} : { TRIAGE_ACCOUNT_NAME: accountName }),
    ...(notify === undefined ? {} : { TRIAGE_NOTIFY: notify.join(',') }),
  };
}
