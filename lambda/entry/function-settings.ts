/** What a message can be about; the sender chooses which are sent. */
export const NOTICE_KINDS = ['identified', 'suspected', 'inconclusive', 'quiet', 'recovered', 'failed'] as const;
export type Notice = (typeof NOTICE_KINDS)[number];

export interface FunctionSettings {
  readonly topicArn: string | undefined;
  /** Where only Amazon Q Developer reads: it gets a message of its own there. */
  readonly chatTopicArn: string | undefined;
  /** The time zone of those who read the messages, besides UTC. */
  readonly timeZone: string | undefined;
  readonly notify: ReadonlySet<Notice>;
  /** What people call the account. */
  readonly accountName: string | undefined;
}

/** The function's configuration does not say what it must. The text names the variable and what it takes. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}

export function functionSettings(env: Readonly<Record<string, string | undefined>>): FunctionSettings {
  return {
    topicArn: env.TRIAGE_TOPIC_ARN?.trim() || undefined,
    chatTopicArn: env.TRIAGE_CHAT_TOPIC_ARN?.trim() || undefined,
    timeZone: timeZoneIn(env.TRIAGE_TIME_ZONE?.trim()),
    notify: noticesIn(env.TRIAGE_NOTIFY),
    accountName: env.TRIAGE_ACCOUNT_NAME?.trim() || undefined,
  };
}

function timeZoneIn(name: string | undefined): string | undefined {
  if (!name) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    throw new InvalidSetting(
      `TRIAGE_TIME_ZONE: expected a time zone such as Europe/Berlin, found ${JSON.stringify(name)}`,
    );
  }
}

function noticesIn(list: string | undefined): ReadonlySet<Notice> {
  const named = (list ?? '').split(',').flatMap((word) => word.trim().toLowerCase() || []);
  const unknown = named.find((word) => !isNotice(word));
  if (unknown !== undefined) {
    const expected = NOTICE_KINDS.join(', ');
    throw new InvalidSetting(`TRIAGE_NOTIFY: expected a list of ${expected}, found ${JSON.stringify(unknown)}`);
  }
  return new Set(named.length === 0 ? NOTICE_KINDS : named.filter(isNotice));
}

function isNotice(word: string): word is Notice {
  return NOTICE_KINDS.some((notice) => notice === word);
}
