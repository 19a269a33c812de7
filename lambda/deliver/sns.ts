import { createHash } from 'node:crypto';
import { PublishCommand, type PublishCommandInput, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import type { ChatCard } from '../render/chat.ts';
import type { Message } from '../render/message.ts';

/** SNS did not take the message. The text says what to do about it. */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
}

/** What a FIFO topic orders by and knows repetitions from. */
export interface Conversation {
  readonly incidentKey: string;
  readonly fingerprint: string;
  readonly at: string;
}

/** The IAM actions that publishing takes, the last two where the topic is encrypted with a key of one's own. */
export const PUBLISH_ACTIONS = ['sns:Publish', 'kms:GenerateDataKey', 'kms:Decrypt'] as const;

/** Publishes once for every kind of subscriber, and returns the message's id. */
export async function publish(
  message: Message,
  topicArn: string,
  conversation: Conversation,
  options: { readonly profile?: string } = {},
): Promise<string> {
  const bodies = {
    Subject: message.subject,
    Message: JSON.stringify(message.bodies),
    MessageStructure: 'json',
    MessageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
  };
  return sent(bodies, topicArn, conversation, options.profile);
}

/** Publishes the card as all there is of the message: whoever reads the topic reads nothing else. */
export async function publishCard(card: ChatCard, topicArn: string, conversation: Conversation): Promise<string> {
  return sent({ Message: JSON.stringify(card) }, topicArn, conversation);
}

/**
 * What is not answered may have been sent: to ask again would send it twice. So the answer is waited for. The SDK asks again
 * where SNS refused, or the connection broke, as those do that idled: better twice than never.
 */
const ANSWERED_WITHIN_MS = 20_000;
const UNKNOWN = 'whether it took the message is not known';

async function sent(
  input: PublishCommandInput,
  topicArn: string,
  conversation: Conversation,
  profile?: string,
): Promise<string> {
  const command = new PublishCommand({
    ...input,
    TopicArn: topicArn,
    ...(topicArn.endsWith('.fifo') ? fifoIds(conversation) : {}),
  });
  const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
  try {
    const { MessageId } = await client(topicArn, profile).send(command, { abortSignal: signal });
    if (!MessageId) throw new PublishRefused(noAnswer(topicArn));
    return MessageId;
  } catch (error) {
    const late = `SNS did not answer for ${topicArn} within ${ANSWERED_WITHIN_MS / 1000} s: ${UNKNOWN}`;
    throw new PublishRefused(signal.aborted ? late : explanationOf(error, topicArn), { cause: error });
  }
}

function fifoIds({ incidentKey, fingerprint, at }: Conversation) {
  return { MessageGroupId: digest(incidentKey), MessageDeduplicationId: digest(`${fingerprint} ${at}`) };
}

/** Both ids hold at most 128 characters, and no letter beyond ASCII. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const clients = new Map<string, SNSClient>();

/** A topic is only reached in its own region. Clients live on between invocations. */
function client(topicArn: string, profile: string | undefined): SNSClient {
  const [, , service, region] = topicArn.split(':');
  if (service !== 'sns' || !region) throw new PublishRefused(`${JSON.stringify(topicArn)} is not the ARN of a topic`);
  const key = `${region} ${profile ?? ''}`;
  const known = clients.get(key);
  if (known !== undefined) return known;
  const config: SNSClientConfig = {
    region,
    maxAttempts: 4,
    // Nothing of the SDK's reaches stderr.
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    requestHandler: { connectionTimeout: 2000 },
    ...(profile === undefined ? {} : { profile }),
  };
  const made = new SNSClient(config);
  clients.set(key, made);
  return made;
}

/** A proxy's page is no receipt, whatever its status says. */
function noAnswer(topicArn: string): string {
  return `What came back for ${topicArn} is no answer of SNS: ${UNKNOWN}`;
}

function explanationOf(error: unknown, topicArn: string): string {
  if (error instanceof PublishRefused) return error.message;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  const { code: nodeCode, status } = wireOf(error);
  // The SDK calls each of these TimeoutError.
  if (nodeCode === 'ECONNRESET' || nodeCode === 'EPIPE')
    return `The connection to SNS broke for ${topicArn}: ${UNKNOWN}`;
  if (nodeCode === 'ETIMEDOUT' || name === 'TimeoutError') return `SNS cannot be reached for ${topicArn} (${message})`;
  if (status !== undefined && status < 400) return noAnswer(topicArn);
  const code = name.replace(/Exception$/, '');
  // Of an answer without a body, the SDK says no more.
  if (code === 'Unknown') return `SNS did not take the message for ${topicArn}: HTTP ${status}`;
  const said = `SNS did not take the message for ${topicArn}: ${code}`;
  if (code === 'KMSAccessDenied') {
    return `${said}. The topic is encrypted: allow kms:GenerateDataKey and kms:Decrypt on its key (${message})`;
  }
  // Disabled, deleted, throttled: no permission helps.
  if (code.startsWith('KMS')) return `${said}. The topic is encrypted, and its key was of no use (${message})`;
  if (/^(AuthorizationError|AccessDenied)/.test(code)) return `${said}. Allow sns:Publish on this topic (${message})`;
  if (code === 'NotFound') return `${said}. There is no such topic in its region`;
  return `${said} (${message})`;
}

/** Node's code and the status of the answer, where the error has them. */
function wireOf(error: unknown): { readonly code?: string; readonly status?: number | undefined } {
  // The cast: the SDK's errors have these fields, and others may lack them.
  const { code, $metadata } = Object(error) as {
    readonly code?: string;
    readonly $metadata?: { httpStatusCode?: number };
  };
  return { ...(code === undefined ? {} : { code }), status: $metadata?.httpStatusCode };
}
