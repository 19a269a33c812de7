import type { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT, within } from './within.ts';

/** SQS holds a message back for no longer. */
const DELAY_AT_MOST = 900;
const SENT_WITHIN_MS = 2000;

const sdk = () => import('./sdk/sqs.ts');

const clients = new Map<string, Promise<SQSClient>>();

/** To send second looks, and to be handed them. */
export const LOOK_ACTIONS: readonly string[] = [
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
  'sqs:SendMessage',
];

/** Comes back as an event after so many seconds, or as late as a queue can: then it is to be sent on. */
export async function sendLater(queueUrl: string, body: object, seconds: number): Promise<void> {
  const known = clients.get(queueUrl);
  const made = known ?? sdk().then(({ SQSClient }) => new SQSClient({ ...CLIENT, md5: false, ...regionIn(queueUrl) }));
  clients.set(queueUrl, made);
  made.catch(() => clients.delete(queueUrl));
  const [client, { SendMessageCommand }] = await Promise.all([made, sdk()]);
  const DelaySeconds = Math.max(0, Math.min(DELAY_AT_MOST, Math.ceil(seconds)));
  const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(body), DelaySeconds });
  await within((abortSignal) => client.send(command, { abortSignal }), SENT_WITHIN_MS);
}

function regionIn(queueUrl: string): { readonly region?: string } {
  const region = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1];
  return region === undefined ? {} : { region };
}
