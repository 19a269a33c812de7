import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { CAUSES } from '../causes/index.ts';
import { collect, locate, openAws } from '../collect/index.ts';
import { publish } from '../deliver/sns.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { asRecovered, isWorthTelling } from '../diagnose/recovery.ts';
import type { Diagnosis, Report } from '../incident/diagnosis.ts';
import type { Request } from '../incident/question.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { DEFAULT_WINDOW_SECONDS } from '../incident/window.ts';
import { type Intake, readEvent, regionOf, UnreadableEvent } from '../intake/index.ts';
import { renderJson } from '../render/json.ts';
import { type Message, toMessage } from '../render/message.ts';
import { isFuture } from '../semantics/time/future.ts';
import { failedIfUnseen, failedRequest, notLocated } from './failed-diagnosis.ts';
import { type FunctionSettings, functionSettings, InvalidSetting } from './function-settings.ts';
import { VERSION } from './version.ts';
import { zoneAt } from './zone.ts';

export interface Ignored {
  readonly ignored: string;
}
export type Reply = Report | Ignored;

/** Left for rendering, publishing and answering once AWS has been read. */
const PUBLISHING_MS = 3000;
const COLLECTING_MS_AT_MOST = 25_000;
const COLLECTING_MS_AT_LEAST = 1000;

const logger = new Logger({ serviceName: 'alb-triage' });

/**
 * What Lambda calls, with an alarm's event or with a request by hand. Answers everything an event asks, one after the
 * other. What cannot be read and what SNS refuses throws, once all else is answered, so that Lambda tries again and the
 * dead-letter queue keeps the event.
 */
export async function handler(event: unknown, context: Invocation): Promise<Reply | readonly Reply[]> {
  const log = openLog(context);
  const settings = functionSettings(process.env);
  const intakes = readEvent(event);
  const replies: Reply[] = [];
  const errors: unknown[] = [];
  for (const [index, intake] of intakes.entries()) {
    try {
      const left = intakes.length - index;
      replies.push(await answer(intake, settings, () => budgetFor(left, context), log));
    } catch (error) {
      log('error', 'not answered', { error });
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  const [only] = replies;
  return replies.length === 1 && only !== undefined ? only : replies;
}

/** The whole road, from what an alarm asks to SNS. Whatever breaks on it, the alarm is answered: at the least with why. */
async function answer(intake: Intake, settings: FunctionSettings, budget: () => number, log: Log): Promise<Reply> {
  if (intake.do === 'refuse') throw new UnreadableEvent(intake.why);
  if (intake.do === 'ignore') {
    log('info', 'ignored', { why: intake.why });
    return { ignored: intake.why };
  }

  const { accountName } = settings;
  const request = { ...requestOf(intake), ...(accountName === undefined ? {} : { accountName }) };
  let diagnosis: Diagnosis;
  try {
    if (intake.do === 'fail') {
      diagnosis = failedRequest(request, intake.why, { about: placeOf(intake) });
    } else {
      const budgetMs = budget();
      diagnosis = await inTime(budgetMs + 1000, async () => {
        const aws = openAws({ budgetMs, region: regionOf(request.about) ?? undefined });
        const located = await locate(request, aws);
        if (!located.found) return notLocated(request, located.failure);
        const snapshot = await collect(located.question, aws, VERSION);
        refuseFuture(request, snapshot);
        return failedIfUnseen(diagnose(snapshot, CAUSES), snapshot);
      });
      if (intake.do === 'follow-up') diagnosis = asRecovered(diagnosis);
    }
  } catch (error) {
    if (error instanceof UnreadableEvent) throw error;
    diagnosis = brokenOff(request, error, log);
  }

  const notPublished = intake.publish ? withheldBecause(diagnosis, settings) : 'not asked to';
  if (notPublished !== undefined) {
    log('info', 'triaged', { ...summaryOf(diagnosis), notPublished });
    return renderJson(diagnosis);
  }
  const { topicArn } = settings;
  if (topicArn === undefined) {
    log('error', 'report without a topic', { report: renderJson(diagnosis) });
    throw new InvalidSetting('TRIAGE_TOPIC_ARN: expected the ARN of the topic to publish to, found nothing');
  }
  const { incidentKey, fingerprint, kind, trigger, collectedAt } = diagnosis;
  const messageId = await publish(messageOf(diagnosis, request, settings, log), topicArn, {
    incidentKey,
    fingerprint: `${fingerprint} ${kind}`,
    at: trigger.at ?? collectedAt,
  });
  log('info', 'triaged', { ...summaryOf(diagnosis), messageId });
  return renderJson(diagnosis);
}

/** What a person wrote can be written again; an alarm is answered, whatever its clock says. */
function refuseFuture({ at, trigger }: Request, { collectedAt }: Snapshot): void {
  if (at === null || trigger.kind !== 'manual' || !isFuture(at, collectedAt)) return;
  throw new UnreadableEvent(`Cannot read at: ${at} is in the future: it is ${collectedAt} by AWS's clock.`);
}

type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;
type Log = (level: 'info' | 'error', message: string, facts: Readonly<Record<string, unknown>>) => void;

function openLog({ awsRequestId }: Invocation): Log {
  const started = performance.now();
  logger.appendKeys({ requestId: awsRequestId });
  return (level, message, facts) =>
    logger[level](message, { ...facts, durationMs: Math.round(performance.now() - started) });
}

/** For collecting: what is left of the invocation is shared by all that is still to be answered. */
function budgetFor(left: number, context: Invocation): number {
  const share = (context.getRemainingTimeInMillis() - PUBLISHING_MS * left) / left;
  return Math.max(COLLECTING_MS_AT_LEAST, Math.min(COLLECTING_MS_AT_MOST, share));
}

async function inTime<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer after ${Math.round(ms / 1000)} s`)), ms);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function brokenOff(request: Request, error: unknown, log: Log): Diagnosis {
  log('error', 'broken off', { error });
  const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return failedRequest(request, `alb-triage broke off, a defect of its own (${why})`);
}

/** Why nobody is to hear of it; `undefined` where somebody is. */
function withheldBecause(diagnosis: Diagnosis, { notify }: FunctionSettings): string | undefined {
  if (!isWorthTelling(diagnosis)) return 'OK after INSUFFICIENT_DATA, and no error was seen';
  const { kind, verdict } = diagnosis;
  const notice = kind === 'recovered' || kind === 'failed' ? kind : verdict.status;
  return notify.has(notice) ? undefined : 'TRIAGE_NOTIFY leaves it out';
}

/** A diagnosis that cannot be rendered is told like a triage that broke off. */
function messageOf(diagnosis: Diagnosis, request: Request, { timeZone }: FunctionSettings, log: Log): Message {
  const options = timeZone === undefined ? {} : { zone: zoneAt(timeZone, diagnosis.window.to) };
  try {
    return toMessage(diagnosis, options);
  } catch (error) {
    return toMessage(brokenOff(request, error, log), options);
  }
}

type Fail = Extract<Intake, { do: 'fail' }>;

function requestOf(intake: Exclude<Intake, { do: 'refuse' | 'ignore' }>): Request {
  if (intake.do !== 'fail') return intake.request;
  const { trigger } = intake;
  return { about: { by: 'alarm', alarms: [] }, at: trigger.at, windowSeconds: DEFAULT_WINDOW_SECONDS, trigger };
}

function placeOf({ region, accountId }: Fail) {
  return { ...(region === null ? {} : { region }), ...(accountId === null ? {} : { accountId }) };
}

function summaryOf({ kind, verdict, incidentKey, trigger, coverage, error, cost }: Diagnosis) {
  const { status, cause } = verdict;
  return { kind, status, cause, incidentKey, alarmName: trigger.alarmName, error, coverage, cost };
}
