import { type Conversation, publish, publishCard } from '../deliver/sns.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Request } from '../incident/question.ts';
import type { Message } from '../render/message.ts';
import { clip } from '../render/printable.ts';
import { brokenOff } from './failed-diagnosis.ts';
import { type FunctionSettings, withSettings } from './function-settings.ts';
import type { Words } from './load-judgement.ts';
import type { Log } from './log.ts';
import { zoneOf } from './zone.ts';

/**
 * To the topic and, where chat has one of its own, there. Neither waits for the other. Only what the topic refuses is tried
 * again by Lambda: to repeat all mails for the sake of a card would be worse than the lack of it, which the log tells.
 */
export async function send(
  diagnosis: Diagnosis,
  request: Request,
  settings: FunctionSettings & { readonly topicArn: string },
  log: Log,
  words: Words,
): Promise<{ readonly told: Diagnosis; readonly messageId: string; readonly cardId?: string }> {
  const { topicArn, chatTopicArn } = settings;
  const { incidentKey, fingerprint, kind, trigger, collectedAt } = diagnosis;
  const conversation = { incidentKey, fingerprint: `${fingerprint} ${kind}`, at: trigger.at ?? collectedAt };
  const { told, message, card } = messagesOf(diagnosis, request, settings, log, words);
  const [ofMessage, ofCard] = await Promise.allSettled([
    publish(message, topicArn, conversation).catch((error) =>
      byTheOtherWay(error, message, conversation, settings, log),
    ),
    chatTopicArn === undefined ? undefined : publishCard(card, chatTopicArn, conversation),
  ]);
  if (ofCard.status === 'rejected') log.error('card not published', { error: ofCard.reason });
  if (ofMessage.status === 'rejected') throw ofMessage.reason;
  const cardId = ofCard.status === 'fulfilled' ? ofCard.value : undefined;
  return { told, messageId: ofMessage.value, ...(cardId === undefined ? {} : { cardId }) };
}

/** What the topic does not take is heard of by another, where there is one; its first line says why it came there. */
async function byTheOtherWay(
  error: unknown,
  message: Message,
  conversation: Conversation,
  { fallbackTopicArn }: FunctionSettings,
  log: Log,
): Promise<string> {
  if (fallbackTopicArn === undefined) throw error;
  log.error('topic refused, fallback topic asked', { error });
  try {
    return await publish(withReason(message, error), fallbackTopicArn, conversation);
  } catch (other) {
    log.error('fallback topic refused', { error: other });
    throw error;
  }
}

function withReason(message: Message, error: unknown): Message {
  const why = clip(error instanceof Error ? error.message : String(error), 400);
  const note = `You get this by the fallback topic. ${/[.!?]$/.test(why) ? why : `${why}.`}`;
  const { email, ...bodies } = message.bodies;
  return { ...message, bodies: { ...bodies, email: `${note}\n\n${email}` } };
}

/** A diagnosis that cannot be rendered is told like a triage that broke off. */
function messagesOf(
  diagnosis: Diagnosis,
  request: Request,
  settings: FunctionSettings,
  log: Log,
  { toMessage, chatCard }: Words,
) {
  const options = { ...zoneOf(diagnosis, settings), withoutCard: settings.chatTopicArn !== undefined };
  const rendered = (told: Diagnosis) => ({ told, message: toMessage(told, options), card: chatCard(told, options) });
  try {
    return rendered(diagnosis);
  } catch (error) {
    return rendered(withSettings(brokenOff(request, error, log), settings));
  }
}
