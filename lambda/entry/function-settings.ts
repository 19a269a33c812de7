import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Beyond } from '../incident/question.ts';
import { InvalidInput, isRunbook, parseLogPlaces, RUNBOOK } from '../intake/index.ts';
import { clip } from '../render/printable.ts';
import { rankOf } from './log.ts';

/** What a message can be about; the sender chooses which are sent. */
export const NOTICE_KINDS = ['identified', 'suspected', 'inconclusive', 'quiet', 'recovered', 'failed'] as const;
export type Notice = (typeof NOTICE_KINDS)[number];

export interface FunctionSettings {
  readonly topicArn: string | undefined;
  /** Where only Amazon Q Developer reads: it gets a message of its own there. */
  readonly chatTopicArn: string | undefined;
  /** Where a message goes that the topic does not take. */
  readonly fallbackTopicArn: string | undefined;
  /** The time zone of those who read the messages, besides UTC. */
  readonly timeZone: string | undefined;
  readonly notify: ReadonlySet<Notice>;
  /** What people call the account. */
  readonly accountName: string | undefined;
  /** Whom to call, and what to read, where no tag says. */
  readonly owner: string | undefined;
  readonly runbook: string | undefined;
  /** Evidence beyond the control plane; `undefined` for none. */
  readonly beyond: Beyond | undefined;
  /** Where conversations are remembered, and where second looks wait; without them each event is told by itself. */
  readonly table: string | undefined;
  readonly queueUrl: string | undefined;
  /** What is set and cannot be read, a sentence each: the default holds in its place. */
  readonly mistakes: readonly string[];
}

/** The function's configuration does not say what it must. The text names the variable and what it takes. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}

/** A typing error must not silence an alarm: what cannot be read is as if it were not set, and each message says so. */
export function functionSettings(env: Readonly<Record<string, string | undefined>>): FunctionSettings {
  const zone = timeZoneIn(env.TRIAGE_TIME_ZONE?.trim());
  const notices = noticesIn(env.TRIAGE_NOTIFY);
  const runbook = runbookIn(env.TRIAGE_RUNBOOK?.trim());
  const beyond = beyondIn(env);
  const chat = topicIn(env, 'TRIAGE_CHAT_TOPIC_ARN', 'chat gets no card of its own');
  const fallback = topicIn(env, 'TRIAGE_FALLBACK_TOPIC_ARN', 'what the topic does not take reaches nobody');
  const level = levelIn(env.LOG_LEVEL);
  return {
    topicArn: env.TRIAGE_TOPIC_ARN?.trim() || undefined,
    chatTopicArn: chat.is,
    fallbackTopicArn: fallback.is,
    timeZone: zone.is,
    notify: notices.is,
    accountName: env.TRIAGE_ACCOUNT_NAME?.trim() || undefined,
    owner: env.TRIAGE_OWNER?.trim() || undefined,
    runbook: runbook.is,
    beyond: beyond.is,
    table: env.TRIAGE_TABLE?.trim() || undefined,
    queueUrl: env.TRIAGE_QUEUE_URL?.trim() || undefined,
    mistakes: [zone, notices, runbook, beyond, chat, fallback, level].flatMap(({ mistake }) => mistake ?? []),
  };
}

/**
 * What the settings say of whom to call, where the tags do not, of a triage that failed, too; and what is wrong with them:
 * whoever reads the messages can mend it, and nobody reads the log of what works.
 */
export function withSettings(diagnosis: Diagnosis, { owner, runbook, mistakes }: FunctionSettings): Diagnosis {
  const usual = { ...(owner === undefined ? {} : { owner }), ...(runbook === undefined ? {} : { runbook }) };
  const told = { ...diagnosis, loadBalancer: { ...usual, ...diagnosis.loadBalancer } };
  return mistakes.length === 0 ? told : { ...told, settings: mistakes };
}

interface Read<T> {
  readonly is: T;
  readonly mistake?: string;
}

function timeZoneIn(name: string | undefined): Read<string | undefined> {
  if (!name) return { is: undefined };
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return { is: name };
  } catch {
    const mistake = `TRIAGE_TIME_ZONE: expected a time zone such as Europe/Berlin, found ${asFound(name)}: times are told in UTC alone`;
    return { is: undefined, mistake };
  }
}

/** Another address would be no link, or be cut: what leads nowhere is not told. */
function runbookIn(address: string | undefined): Read<string | undefined> {
  if (!address) return { is: undefined };
  if (isRunbook(address)) return { is: address };
  return {
    is: undefined,
    mistake: `TRIAGE_RUNBOOK: expected ${RUNBOOK}, found ${asFound(address)}: only a runbook that a tag names is told`,
  };
}

/** Places that cannot be read are none: what nobody allowed is not guessed. */
function beyondIn(env: Readonly<Record<string, string | undefined>>): Read<Beyond | undefined> {
  try {
    const places = parseLogPlaces(env.TRIAGE_LOGS ?? '');
    return { is: places.length === 0 ? undefined : { logs: { places } } };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { is: undefined, mistake: `TRIAGE_LOGS: ${clip(error.message, 200)}: no logs are read` };
  }
}

function topicIn(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  without: string,
): Read<string | undefined> {
  const arn = env[name]?.trim();
  if (!arn) return { is: undefined };
  if (/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(arn)) return { is: arn };
  return { is: undefined, mistake: `${name}: expected the ARN of an SNS topic, found ${asFound(arn)}: ${without}` };
}

function levelIn(name: string | undefined): Partial<Read<never>> {
  if (!name?.trim() || rankOf(name) !== undefined) return {};
  return { mistake: `LOG_LEVEL: expected INFO or ERROR, found ${asFound(name)}: INFO holds` };
}

function noticesIn(list: string | undefined): Read<ReadonlySet<Notice>> {
  const named = (list ?? '').split(',').flatMap((word) => word.trim().toLowerCase() || []);
  const unknown = named.find((word) => !isNotice(word));
  if (unknown !== undefined) {
    const mistake = `TRIAGE_NOTIFY: expected a list of ${NOTICE_KINDS.join(', ')}, found ${asFound(unknown)}: all of them are sent`;
    return { is: new Set(NOTICE_KINDS), mistake };
  }
  return { is: new Set(named.length === 0 ? NOTICE_KINDS : named.filter(isNotice)) };
}

function asFound(word: string): string {
  return JSON.stringify(clip(word, 60));
}

function isNotice(word: string): word is Notice {
  return NOTICE_KINDS.some((notice) => notice === word);
}
