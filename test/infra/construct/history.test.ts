import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, test } from 'vitest';
import { AlbTriage } from '../../../infra/construct/alb-triage.ts';
import { LOOK_ACTIONS } from '../../../lambda/memory/queue.ts';
import { TABLE_ACTIONS } from '../../../lambda/memory/table.ts';
import { aBundle, aStack, deployed, statementsOf } from '../a-stack.ts';

const bundle = aBundle();
const plain = deployed({ bundle });
const without = deployed({ bundle, history: false });

const TABLE = Match.stringLikeRegexp('^History');
const LOOKS = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Looks'), 'Arn'] };

describe('the table', () => {
  test('is made as the function writes it, and named to it', () => {
    plain.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
    plain.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TRIAGE_TABLE: { Ref: TABLE } } },
    });
    const [statement] = statementsOf(plain).filter(({ Action }) => [Action].flat().includes('dynamodb:GetItem'));
    expect(statement).toMatchObject({
      Action: TABLE_ACTIONS,
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^History/), 'Arn'] },
    });
  });

  test('is encrypted with the key that is given', () => {
    const stack = aStack();
    deployed({ bundle, encryptionKey: new Key(stack, 'Key') }, stack).hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
    });
  });

  test('can be left out: nothing names it then, and the second looks stay', () => {
    without.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(JSON.stringify(without.toJSON())).not.toMatch(/TRIAGE_TABLE|dynamodb/);
    without.resourceCountIs('AWS::Lambda::EventSourceMapping', 1);
    expect(new AlbTriage(aStack(), 'Default', { bundle, history: false }).table).toBeUndefined();
    expect(new AlbTriage(aStack(), 'Default', { bundle }).table).toBeDefined();
  });
});

describe('the queue of second looks', () => {
  test("is the function's own, one message at a time; what fails three times is kept as the rest is", () => {
    plain.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 360,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Unanswered'), 'Arn'] },
        maxReceiveCount: 3,
      },
    });
    plain.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: LOOKS,
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    plain.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TRIAGE_QUEUE_URL: { Ref: Match.stringLikeRegexp('^Looks') } } },
    });
    const [statement] = statementsOf(plain).filter(({ Action }) => [Action].flat().includes('sqs:ReceiveMessage'));
    expect(statement?.Action).toEqual(LOOK_ACTIONS);
  });

  test('waits six times as long as the function may take, and takes no more at once than there are turns', () => {
    const given = deployed({ bundle, timeout: Duration.minutes(5), reservedConcurrency: 4 });
    given.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 1800 });
    given.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 4 } });
    const one = deployed({ bundle, reservedConcurrency: 1 });
    one.hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: 2 } });
  });
});
