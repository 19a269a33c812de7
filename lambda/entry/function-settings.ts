import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Beyond } from '../incident/question.ts';
import { InvalidInput, parseLogPlaces } from '../intake/index.ts';
import { clip } from '../render/printable.ts';

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
  const beyond = beyondIn(env);
  return {
    topicArn: env.TRIAGE_TOPIC_ARN?.trim() || undefined,
    chatTopicArn: env.TRIAGE_CHAT_TOPIC_ARN?.trim() || undefined,
    fallbackTopicArn: env.TRIAGE_FALLBACK_TOPIC_ARN?.trim() || undefined,
    timeZone: zone.is,
    notify: notices.is,
    accountName: env.TRIAGE_ACCOUNT_NAME?.trim() || undefined,
    beyond: beyond.is,
    table: env.TRIAGE_TABLE?.trim() || undefined,
    queueUrl: env.TRIAGE_QUEUE_URL?.trim() || undefined,
    mistakes: [zone.mistake, notices.mistake, beyond.mistake].filter((one) => one !== undefined),
  };
}

/** Whoever reads the messages can mend it, and nobody reads the log of what works. */
export function withMistakes(diagnosis: Diagnosis, { mistakes }: FunctionSettings): Diagnosis {
  return mistakes.length === 0 ? diagnosis : { ...diagnosis, settings: mistakes };
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
