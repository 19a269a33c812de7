import { type Diagnosis, UNKNOWN } from '../incident/diagnosis.ts';
import { withShortTexts } from '../incident/short-text.ts';
import { ascii, cut } from '../render/ascii.ts';
import type { ChatCard } from '../render/chat.ts';
import { asString, renderJson } from '../render/json.ts';
import type { Message, MessageOptions } from '../render/message.ts';
import { printable } from '../render/printable.ts';

function renderOneLine(diagnosis: Diagnosis): string {
  const { accountName, accountId, region } = diagnosis.loadBalancer;
  const place = [accountName ?? accountId, region].filter((one) => one !== null).join('/');
  return `${whatHappened(diagnosis)}${place === '' ? '' : ` - ${printable(place)}`}`;
}

function whatHappened({ loadBalancer: { name }, trigger }: Diagnosis): string {
  const known = name === UNKNOWN && trigger.alarmName !== undefined ? `alarm ${trigger.alarmName}` : name;
  return printable(`${known}: could not be triaged`);
}

function renderTerminal(diagnosis: Diagnosis): string {
  const { verdict, trigger, loadBalancer, window, links } = diagnosis;
  const known = [
    ['Alarm', trigger.alarmName],
    ['Load balancer', loadBalancer.arn ?? loadBalancer.name],
    ['Time', `${window.from} to ${window.to}`],
    ...links.map(({ title, url }) => [title, url]),
  ];
  const facts = known.flatMap(([label, value]) => (value == null ? [] : printable(`${label}: ${value}`)));
  return [
    `${printable(asString(verdict.headline))}.`,
    'Nothing was judged. Where this comes again, deploy alb-triage again: a part of it is missing or broken.',
    facts.join('\n'),
  ].join('\n\n');
}

/** All bodies share what one message may hold, and nothing here shortens them. */
const LONGEST = 1_000;

function toMessage(whole: Diagnosis, { withoutCard }: MessageOptions = {}): Message {
  const diagnosis = withShortTexts(whole, LONGEST);
  const { loadBalancer, verdict } = diagnosis;
  const subject = cut(ascii(renderOneLine(diagnosis)).trim(), 78);
  const words = renderTerminal(diagnosis);
  const report = JSON.stringify(renderJson(diagnosis));
  const card = JSON.stringify(chatCard(diagnosis));
  const bodies = { default: report, email: words, 'email-json': words, application: words, sms: cut(subject, 140) };
  return {
    subject,
    bodies: { ...bodies, ...(withoutCard ? {} : { https: card }) },
    attributes: {
      status: 'failed',
      cause: verdict.cause ?? 'none',
      category: 'none',
      strength: 'none',
      loadBalancer: cut(printable(loadBalancer.name), 256) || 'none',
      accountId: loadBalancer.accountId ?? 'none',
      region: loadBalancer.region ?? 'none',
    },
  };
}

function chatCard(diagnosis: Diagnosis): ChatCard {
  const { incidentId, incidentKey, kind, collectedAt, verdict } = diagnosis;
  return {
    version: '1.0',
    source: 'custom',
    id: `${incidentId}-${kind}-${collectedAt}`,
    content: {
      textType: 'client-markdown',
      title: cut(renderOneLine(diagnosis), 250),
      description: cut(ascii(printable(asString(verdict.headline))).replace(/[*_~`<>[\]]/g, ' '), 250),
      nextSteps: [],
      keywords: [],
    },
    metadata: {
      threadId: printable(incidentKey),
      summary: cut(whatHappened(diagnosis), 250),
      additionalContext: { kind, status: verdict.status, incidentId },
    },
  };
}

/**
 * The few words of a triage that failed, where the part that judges and tells could not be loaded: whoever is on call still
 * hears of it. By the same names as there.
 */
export const PLAIN_WORDS = { isWorthTelling: () => true, renderOneLine, renderTerminal, toMessage, chatCard };
