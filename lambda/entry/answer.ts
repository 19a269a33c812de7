import { asRecovered, isWorthTelling } from '../diagnose/recovery.ts';
import type { Diagnosis, Report } from '../incident/diagnosis.ts';
import type { Request } from '../incident/question.ts';
import { DEFAULT_WINDOW_SECONDS, type Intake, readEvent, UnreadableEvent } from '../intake/index.ts';
import { renderJson } from '../render/json.ts';
import { type Message, toMessage } from '../render/message.ts';
import { failedRequest } from './failed-request.ts';
import { type FunctionSettings, InvalidSetting, type Notice } from './function-settings.ts';
import { zoneAt } from './zone.ts';

/** What answering takes from outside: AWS, SNS, the clock of the invocation, the log. */
export interface Services {
  readonly settings: FunctionSettings;
  triage(request: Request, budgetMs: number): Promise<Diagnosis>;
  /** Returns the message's id. */
  publish(message: Message, topicArn: string, diagnosis: Diagnosis): Promise<string>;
  remainingMs(): number;
  log(level: 'info' | 'warn' | 'error', message: string, facts: Readonly<Record<string, unknown>>): void;
}

export interface Ignored {
  readonly ignored: string;
}
export type Answer = Report | Ignored;

/** Left for rendering, publishing and answering once AWS has been read. */
const PUBLISHING_MS = 3000;
const COLLECTING_MS_AT_MOST = 25_000;
const COLLECTING_MS_AT_LEAST = 1000;

/**
 * Answers everything an event asks, one after the other. What cannot be read and what SNS refuses throws, once all else
 * is answered, so that Lambda tries again and the dead-letter queue keeps the event.
 */
export async function answer(event: unknown, services: Services): Promise<Answer | readonly Answer[]> {
  const intakes = readEvent(event);
  const answers: Answer[] = [];
  const errors: unknown[] = [];
  for (const [index, intake] of intakes.entries()) {
    try {
      answers.push(await answerTo(intake, services, intakes.length - index));
    } catch (error) {
      services.log('error', 'not answered', { error });
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  const [only] = answers;
  return answers.length === 1 && only !== undefined ? only : answers;
}

async function answerTo(intake: Intake, services: Services, left: number): Promise<Answer> {
  if (intake.do === 'refuse') throw new UnreadableEvent(intake.why);
  if (intake.do === 'ignore') {
    services.log('info', 'ignored', { why: intake.why });
    return { ignored: intake.why };
  }
  const diagnosis = await diagnosed(intake, services, left);
  const outcome = intake.publish ? await told(diagnosis, intake, services) : { notPublished: 'not asked to' };
  services.log('info', 'triaged', { ...summaryOf(diagnosis), ...outcome });
  return renderJson(diagnosis);
}

type Answerable = Extract<Intake, { publish: boolean }>;

/** Whatever breaks: an alarm is answered, at the least with why there is no better answer. */
async function diagnosed(intake: Answerable, services: Services, left: number): Promise<Diagnosis> {
  if (intake.do === 'fail') return failedRequest(requestOf(intake), intake.why, { about: placeOf(intake) });
  const share = (services.remainingMs() - PUBLISHING_MS * left) / left;
  const budgetMs = Math.max(COLLECTING_MS_AT_LEAST, Math.min(COLLECTING_MS_AT_MOST, share));
  try {
    const diagnosis = await inTime(services.triage(intake.request, budgetMs), budgetMs + 1000);
    return intake.do === 'follow-up' ? asRecovered(diagnosis) : diagnosis;
  } catch (error) {
    return brokenOff(intake, error, services);
  }
}

function brokenOff(intake: Answerable, error: unknown, { log }: Services): Diagnosis {
  log('error', 'broken off', { error });
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failedRequest(requestOf(intake), `alb-triage broke off, a defect of its own (${why})`);
}

async function told(diagnosis: Diagnosis, intake: Answerable, services: Services) {
  const { topicArn, notify } = services.settings;
  if (!isWorthTelling(diagnosis)) return { notPublished: 'OK after INSUFFICIENT_DATA, and no error was seen' };
  if (!notify.has(noticeOf(diagnosis))) return { notPublished: 'TRIAGE_NOTIFY leaves it out' };
  if (topicArn === undefined) {
    services.log('error', 'report without a topic', { report: renderJson(diagnosis) });
    throw new InvalidSetting('TRIAGE_TOPIC_ARN: expected the ARN of the topic to publish to, found nothing');
  }
  return { messageId: await services.publish(messageOf(diagnosis, intake, services), topicArn, diagnosis) };
}

function messageOf(diagnosis: Diagnosis, intake: Answerable, services: Services): Message {
  const { timeZone } = services.settings;
  const options = timeZone === undefined ? {} : { zone: zoneAt(timeZone, diagnosis.window.to) };
  try {
    return toMessage(diagnosis, options);
  } catch (error) {
    return toMessage(brokenOff(intake, error, services), options);
  }
}

function noticeOf({ kind, verdict }: Diagnosis): Notice {
  return kind === 'recovered' || kind === 'failed' ? kind : verdict.status;
}

function requestOf(intake: Answerable): Request {
  if (intake.do !== 'fail') return intake.request;
  const { trigger } = intake;
  return { about: { by: 'alarm', alarms: [] }, at: trigger.at, windowSeconds: DEFAULT_WINDOW_SECONDS, trigger };
}

function placeOf({ region, accountId }: Extract<Intake, { do: 'fail' }>) {
  return { ...(region === null ? {} : { region }), ...(accountId === null ? {} : { accountId }) };
}

function summaryOf({ kind, verdict, incidentKey, trigger, coverage, error, cost }: Diagnosis) {
  const { status, cause } = verdict;
  return { kind, status, cause, incidentKey, alarmName: trigger.alarmName, error, coverage, cost };
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer after ${Math.round(ms / 1000)} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
