import { Match } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, test } from 'vitest';
import { aBundle, aStack, deployed, TOPIC } from '../a-stack.ts';

const stack = aStack();
const template = deployed(
  { bundle: aBundle(), fallbackTopic: Topic.fromTopicArn(stack, 'Fallback', `${TOPIC}-fallback`) },
  stack,
);
const FUNCTION = { Ref: Match.stringLikeRegexp('^Function') };

test.each([
  ['unanswered', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', Match.anyValue()],
  ['errors', 'AWS/Lambda', 'Errors', 'FunctionName', FUNCTION],
  ['throttled', 'AWS/Lambda', 'Throttles', 'FunctionName', FUNCTION],
  ['memory', 'alb-triage', 'MemoryErrors', 'FunctionName', FUNCTION],
])('%s is told to the topic and to the one it falls back to', (suffix, Namespace, MetricName, Name, Value) => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: `AlbTriage-${suffix}`,
    Namespace,
    MetricName,
    Dimensions: [{ Name, Value }],
    Threshold: 1,
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^Topic') }, `${TOPIC}-fallback`],
    OKActions: Match.absent(),
  });
});

test('none of them sets off the function', () => {
  const own = Object.values(template.findResources('AWS::CloudWatch::Alarm')).filter(({ Properties }) =>
    /-(unanswered|errors|throttled|memory)$/.test(Properties.AlarmName),
  );
  expect(own).toHaveLength(4);
  expect(JSON.stringify(own.map(({ Properties }) => Properties.AlarmActions))).not.toContain('Function');
});
