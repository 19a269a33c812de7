import {
  ArnFormat,
  Aws,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  type CfnParameterProps,
  CfnResource,
  DefaultStackSynthesizer,
  Fn,
  type IStackSynthesizer,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlbTriage } from '../construct/alb-triage.ts';
import { keyStatement } from '../construct/permissions.ts';
import type { AlbTriageProps } from '../construct/props.ts';
import { reportTopic } from '../construct/report-topic.ts';

/** Stands for the stack's name, which only its deployment knows: what is named after it must differ in each. */
export const STACK_NAME = 'NAME-OF-THE-STACK';

/** The construct with parameters in place of what an app would say, for those who deploy without the CDK. */
export class TemplateStack extends Stack {
  constructor(scope: Construct, props: Pick<AlbTriageProps, 'bundle'>) {
    super(scope, STACK_NAME, {
      description: 'Why does a load balancer answer 5xx? Alarms, and a function that answers them with the root cause',
      synthesizer: notBootstrapped(),
    });
    const loadBalancerArn = parameter(this, 'LoadBalancerArn', {
      description: 'The Application Load Balancer to watch',
      allowedPattern:
        '^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:loadbalancer/app/[A-Za-z0-9-]+/[a-z0-9]+$',
      constraintDescription: 'expected the ARN of an Application Load Balancer',
    });
    const email = optional(this, 'Email', '[^\\s@,]+@[^\\s@,]+', 'An address to subscribe, which SNS asks to confirm');
    const existing = optional(this, 'TopicArn', 'arn:[a-z-]+:sns:.+', 'An SNS topic to use instead of a new one');
    const existingKey = optional(this, 'TopicKeyArn', 'arn:[a-z-]+:kms:.+', 'The key that encrypts that topic');
    const accountName = optional(this, 'AccountName', '\\S(.{0,38}\\S)?', 'What people call the account, such as prod');
    const timeZone = optional(this, 'TimeZone', '[A-Za-z0-9_+/-]+', 'Shown beside UTC, such as Europe/Berlin');
    const s3Bucket = parameter(this, 'CodeBucket', {
      description: 'A bucket in the Region of the stack',
      minLength: 3,
    });
    const s3Key = parameter(this, 'CodeKey', {
      description: 'Where alb-triage.zip is in it: another one for another version, or an update changes nothing',
      minLength: 1,
    });

    // cfn-lint does not know EC2's newest actions, reads empty defaults where a condition leaves them out, and wants said
    // once what waits for what: the CDK says it twice.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3037', 'W1030', 'W3005'] } } };
    Validations.of(this).acknowledge(
      ...['W1001', 'W1030'].map((id) => ({
        id: `CloudFormation-Validate::${id}`,
        reason: 'A topic is named where it is made, else the one that is given: the CDK does not read the condition.',
      })),
    );

    const made = new CfnCondition(this, 'TopicMade', { expression: Fn.conditionEquals(existing, '') });
    const own = ownTopic(this, made);
    const topicArn = Fn.conditionIf(made.logicalId, own.topicArn, existing).toString();
    const topic = Topic.fromTopicArn(this, 'Reports', topicArn);
    const triage = new AlbTriage(this, 'Default', {
      ...props,
      outputs: false,
      loadBalancers: [{ loadBalancerArn }],
      topic,
      accountName: orNothing(accountName, given(this, 'AccountNameGiven', accountName)),
      timeZone: orNothing(timeZone, given(this, 'TimeZoneGiven', timeZone)),
    });
    const { function: triageFunction, deadLetterQueue } = triage;
    for (const code of triageFunction.node.children.filter(CfnFunction.isCfnFunction)) code.code = { s3Bucket, s3Key };

    const { role } = triageFunction;
    if (role !== undefined) {
      const keyArn = Fn.conditionIf(made.logicalId, own.masterKey?.keyArn, existingKey).toString();
      const expression = Fn.conditionOr(made, given(this, 'TopicKeyGiven', existingKey));
      const policy = new Policy(this, 'TopicKeyPolicy', { statements: [keyStatement({ keyArn })], roles: [role] });
      onlyIf(new CfnCondition(this, 'TopicHasKey', { expression }), policy);
    }
    const { EMAIL: protocol } = SubscriptionProtocol;
    const subscription = new Subscription(this, 'EmailSubscription', { topic, protocol, endpoint: email });
    onlyIf(given(this, 'EmailGiven', email), subscription);

    const outputs = [
      ['ReportTopicArn', topicArn, 'Reports are published here'],
      ['FunctionName', triageFunction.functionName, 'Can be tried by hand'],
      ['FunctionArn', triageFunction.functionArn, 'May be the action of any alarm of this account and Region'],
      ['RoleArn', role?.roleArn, 'Of the function: what the key of an existing topic must admit'],
      ['UnansweredQueue', deadLetterQueue.queueName, 'Events that could not be answered are kept here for two weeks'],
    ] as const;
    for (const [name, value, description] of outputs) if (value) new CfnOutput(this, name, { value, description });
  }
}

/** No account need be bootstrapped for it. */
function notBootstrapped(): IStackSynthesizer {
  // The CDK's own types do not allow for exactOptionalPropertyTypes here.
  return new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer;
}

function parameter(stack: Stack, name: string, props: CfnParameterProps): string {
  return new CfnParameter(stack, name, { type: 'String', ...props }).valueAsString;
}

/** May be left out: the empty text is nothing. */
function optional(stack: Stack, name: string, form: string, description: string): string {
  return parameter(stack, name, { default: '', allowedPattern: `^(${form})?$`, description });
}

function given(stack: Stack, name: string, value: string): CfnCondition {
  return new CfnCondition(stack, name, { expression: Fn.conditionNot(Fn.conditionEquals(value, '')) });
}

function orNothing(value: string, { logicalId }: CfnCondition): string {
  return Fn.conditionIf(logicalId, value, Aws.NO_VALUE).toString();
}

/** The construct's own, made only where none is given: the construct itself must be told of one or the other. */
function ownTopic(stack: Stack, made: CfnCondition): ITopic {
  const scope = new Construct(stack, 'Own');
  const alarms = stack.formatArn({
    ...{ service: 'cloudwatch', resource: 'alarm', resourceName: `${STACK_NAME}-*` },
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const topic = reportTopic(scope, alarms);
  onlyIf(made, scope);
  return topic;
}

function onlyIf(condition: CfnCondition, scope: Construct): void {
  for (const one of scope.node.findAll()) if (CfnResource.isCfnResource(one)) one.cfnOptions.condition = condition;
}
