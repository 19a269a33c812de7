import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { beforeEach, describe, expect, test } from 'vitest';
import { PublishRefused, publish, publishCard } from '../../lambda/deliver/sns.ts';
import { mockClient } from '../support/mock-client.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:triage';
const CONVERSATION = { incidentKey: '1/eu-central-1/app/web/5', fingerprint: 'f', at: '2026-03-10T14:26:08Z' };
const MESSAGE = {
  subject: 'ALB web: identified instance-not-running',
  bodies: { default: '{"a":1}', email: 'Ünïcode\n', 'email-json': 'e', application: 'a', sms: 's' },
  attributes: { status: 'identified', cause: 'instance-not-running' },
};

const CARD: Parameters<typeof publishCard>[0] = {
  version: '1.0',
  source: 'custom',
  id: 'i',
  content: { textType: 'client-markdown', title: 't', description: 'd', nextSteps: [], keywords: [] },
  metadata: { threadId: 't', summary: 's', additionalContext: {} },
};

const sns = mockClient(SNSClient);
beforeEach(() => {
  sns.reset();
  sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
});

const sent = () => sns.commandCalls(PublishCommand).map(({ args }) => args[0].input);

test('publishes every body at once and returns the id', async () => {
  await expect(publish(MESSAGE, TOPIC, CONVERSATION)).resolves.toBe('m-1');
  expect(sent()).toEqual([
    {
      TopicArn: TOPIC,
      Subject: MESSAGE.subject,
      MessageStructure: 'json',
      Message: JSON.stringify(MESSAGE.bodies),
      MessageAttributes: {
        status: { DataType: 'String', StringValue: 'identified' },
        cause: { DataType: 'String', StringValue: 'instance-not-running' },
      },
    },
  ]);
});

test('publishes a card as all of the message, in the order of its conversation', async () => {
  await expect(publishCard(CARD, TOPIC, CONVERSATION)).resolves.toBe('m-1');
  expect(sent()).toEqual([{ TopicArn: TOPIC, Message: JSON.stringify(CARD) }]);
  sns.on(PublishCommand).rejects(Object.assign(new Error('no'), { name: 'NotFoundException' }));
  await expect(publishCard(CARD, TOPIC, CONVERSATION)).rejects.toThrow(PublishRefused);
});

test('asks SNS in the region of the topic', async () => {
  await publish(MESSAGE, TOPIC.replace('eu-central-1', 'ap-southeast-2'), CONVERSATION);
  const [call] = sns.commandCalls(PublishCommand);
  await expect(call?.client.config.region()).resolves.toBe('ap-southeast-2');
});

describe('on a FIFO topic', () => {
  const published = async (changed: Partial<typeof CONVERSATION>) => {
    sns.resetHistory();
    await publish(MESSAGE, `${TOPIC}.fifo`, { ...CONVERSATION, ...changed });
    return sent()[0];
  };

  test('one load balancer is one group, and the same answer again is the same message', async () => {
    const first = await published({});
    expect(first?.MessageGroupId).toMatch(/^[0-9a-f]{64}$/);
    expect(await published({})).toEqual(first);
  });

  test.each([{ fingerprint: 'g' }, { at: '2026-03-10T14:27:08Z' }])('%j is another message', async (changed) => {
    const first = await published({});
    const second = await published(changed);
    expect(second?.MessageGroupId).toBe(first?.MessageGroupId);
    expect(second?.MessageDeduplicationId).not.toBe(first?.MessageDeduplicationId);
  });
});

test.each<[string, string, RegExp]>([
  [
    'AuthorizationErrorException',
    'not allowed',
    /AuthorizationError\. Allow sns:Publish on this topic \(not allowed\)/,
  ],
  ['AuthorizationError', 'not allowed', /Allow sns:Publish/],
  ['KMSAccessDeniedException', 'no key', /allow kms:GenerateDataKey and kms:Decrypt on its key \(no key\)/],
  ['KMSDisabledException', 'off', /KMSDisabled\. The topic is encrypted, and its key was of no use \(off\)$/],
  ['KMSThrottlingException', 'rate', /and its key was of no use \(rate\)$/],
  ['NotFoundException', 'Topic does not exist', /NotFound\. There is no such topic/],
  ['InvalidParameterException', 'Subject', /InvalidParameter \(Subject\)/],
])('explains %s', async (name, message, explanation) => {
  sns.on(PublishCommand).rejects(Object.assign(new Error(message), { name }));
  const refused = publish(MESSAGE, TOPIC, CONVERSATION);
  await expect(refused).rejects.toThrow(PublishRefused);
  await expect(refused).rejects.toThrow(explanation);
  await expect(refused).rejects.toThrow(TOPIC);
});

test.each([
  ['nothing', {}],
  ['an empty id', { MessageId: '' }],
])('takes an answer for one of SNS only where it names the message: %s', async (_, answer) => {
  sns.on(PublishCommand).resolves(answer);
  const refused = publish(MESSAGE, TOPIC, CONVERSATION);
  await expect(refused).rejects.toThrow(PublishRefused);
  await expect(refused).rejects.toThrow(`What came back for ${TOPIC} is no answer of SNS: whether it took the message`);
});

// The SDK gives all of these one name.
test.each([
  ['ECONNRESET', 'read ECONNRESET', /^The connection to SNS broke for .*: whether it took the message is not known$/],
  ['EPIPE', 'write EPIPE', /^The connection to SNS broke for /],
  ['ETIMEDOUT', 'no connection within 2000 ms', /^SNS cannot be reached for .* \(no connection within 2000 ms\)$/],
])('says what became of the connection: %s', async (code, message, explanation) => {
  sns.on(PublishCommand).rejects(Object.assign(new Error(message), { name: 'TimeoutError', code }));
  await expect(publish(MESSAGE, TOPIC, CONVERSATION)).rejects.toThrow(explanation);
});

test('names an error without a name by its status', async () => {
  const error = Object.assign(new Error('Unknown'), { name: 'Unknown', $metadata: { httpStatusCode: 503 } });
  sns.on(PublishCommand).rejects(error);
  await expect(publish(MESSAGE, TOPIC, CONVERSATION)).rejects.toThrow(
    `did not take the message for ${TOPIC}: HTTP 503`,
  );
});

test.each(['', 'triage', 'arn:aws:sqs:eu-central-1:123456789012:queue'])('refuses %j as a topic', async (topicArn) => {
  await expect(publish(MESSAGE, topicArn, CONVERSATION)).rejects.toThrow('is not the ARN of a topic');
});
