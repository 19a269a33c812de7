import type { Context } from 'aws-lambda';
import { type Aws, collect, type LocateFailure, locate, openAws } from '../collect/index.ts';
import type { Diagnosis, Report } from '../incident/diagnosis.ts';
import type { Request, Subject } from '../incident/question.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { DEFAULT_WINDOW_SECONDS } from '../incident/window.ts';
import { type Intake, readEvent, regionOf, UnreadableEvent } from '../intake/index.ts';
import { asString, renderJson } from '../render/json.ts';
import { isFuture } from '../semantics/time/future.ts';
import { brokenOff, failedRequest, notLocated } from './failed-diagnosis.ts';
import { type FunctionSettings, functionSettings, InvalidSetting, withSettings } from './function-settings.ts';
import { loadConversing, notReadBecause, takeTurn } from './load-conversing.ts';
import { loadJudgement, type Words } from './load-judgement.ts';
import { type Log, openLog } from './log.ts';
import { PLAIN_WORDS } from './plain-words.ts';
import { send } from './sending.ts';
import { VERSION } from './version.ts';
import { zoneOf } from './zone.ts';

export interface Ignored {
  readonly ignored: string;
}
/** `text`: of a request by hand, the short report for whoever reads the answer in the console. */
export type Reply = ({ readonly text?: string } & Report) | Ignored;

/** Left for rendering, publishing and answering once AWS has been read. */
const PUBLISHING_MS = 3000;
const COLLECTING_MS_AT_MOST = 25_000;
const COLLECTING_MS_AT_LEAST = 1000;

/**
 * What Lambda calls, with an alarm's event or with a request by hand. Answers everything an event asks, one after the
 * other. What cannot be read and what SNS refuses throws, once all else is answered, so that Lambda tries again and the
 * dead-letter queue keeps the event.
 */
export async function handler(event: unknown, context: Invocation): Promise<Reply | readonly Reply[]> {
  const log = openLog(context.awsRequestId);
  const settings = functionSettings(process.env);
  if (settings.mistakes.length > 0) log.error('settings not understood', { mistakes: settings.mistakes });
  const intakes = readEvent(event);
  const replies: Reply[] = [];
  const errors: unknown[] = [];
  for (const [index, intake] of intakes.entries()) {
    try {
      const left = intakes.length - index;
      replies.push(await answer(intake, settings, () => budgetFor(left, context), log, context.awsRequestId));
    } catch (error) {
      log.error('not answered', { error });
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  const [only] = replies;
  return replies.length === 1 && only !== undefined ? only : replies;
}

/** The whole road, from what an alarm asks to SNS. Whatever breaks on it, the alarm is answered: at the least with why. */
async function answer(
  intake: Intake,
  settings: FunctionSettings,
  budget: () => number,
  log: Log,
  requestId: string,
): Promise<Reply> {
  if (intake.do === 'refuse') throw new UnreadableEvent(intake.why);
  if (intake.do === 'ignore') {
    log.info('ignored', { why: intake.why });
    return { ignored: intake.why };
  }

  const notRead = await notReadBecause(intake, settings, requestId, log);
  if (notRead !== undefined) {
    const { trigger } = requestOf(intake);
    log.info('not read', { why: notRead, alarmName: trigger.alarmName, alarmAt: trigger.at }, { NotRead: 1 });
    return { ignored: notRead };
  }

  const { accountName, beyond } = settings;
  const request = {
    ...requestOf(intake),
    ...(accountName === undefined ? {} : { accountName }),
    ...(beyond === undefined ? {} : { beyond }),
  };
  const judgement = loadJudgement();
  const conversing = loadConversing(intake, settings, requestId, log);
  let diagnosis: Diagnosis;
  try {
    if (intake.do === 'fail') {
      diagnosis = failedRequest(request, intake.why, { about: placeOf(intake), unfound: true });
    } else {
      const budgetMs = budget();
      diagnosis = await inTime(budgetMs + 1000, async () => {
        const aws = openAws({ budgetMs, region: regionOf(request.about) ?? undefined });
        const located = await locate(request, aws);
        if (!located.found) return notLocated(request, await withHint(located.failure, request, aws));
        void conversing?.then((one) => one?.remember(incidentKeyOf(located.question.subject)));
        const snapshot = await collect(located.question, aws, VERSION);
        refuseFuture(request, snapshot);
        return (await judgement).snapshotDiagnosis(snapshot);
      });
    }
  } catch (error) {
    if (error instanceof UnreadableEvent) throw error;
    diagnosis = brokenOff(request, error, log);
  }
  const words = await judgement.catch((error) => {
    log.error('judgement not loaded', { error });
    return PLAIN_WORDS;
  });
  const whole = withSettings(diagnosis, settings);
  const withheld = intake.publish ? withheldBecause(whole, settings, words) : 'not asked to';
  if (withheld !== undefined) return untold(whole, withheld, settings, log, words);
  const turn = await takeTurn(conversing, whole, log);
  const published = turn.quiet === undefined;
  try {
    const reply = published
      ? await tell(turn.diagnosis, request, settings, log, words)
      : untold(turn.diagnosis, turn.quiet, settings, log, words);
    await turn.done(published);
    return reply;
  } catch (error) {
    await turn.done(false);
    throw error;
  }
}

function untold(diagnosis: Diagnosis, notPublished: string, settings: FunctionSettings, log: Log, words: Words): Reply {
  log.info('triaged', { ...summaryOf(diagnosis, words), notPublished }, { ...metricsOf(diagnosis), KeptQuiet: 1 });
  return replyOf(diagnosis, settings, words);
}

/** On the topic, and as the answer. */
async function tell(
  diagnosis: Diagnosis,
  request: Request,
  settings: FunctionSettings,
  log: Log,
  words: Words,
): Promise<Reply> {
  const { topicArn } = settings;
  if (topicArn === undefined) {
    log.error('report without a topic', { report: renderJson(diagnosis) });
    throw new InvalidSetting('TRIAGE_TOPIC_ARN: expected the ARN of the topic to publish to, found nothing');
  }
  const { told, ...ids } = await send(diagnosis, request, { ...settings, topicArn }, log, words);
  log.info('triaged', { ...summaryOf(told, words), ...ids }, { ...metricsOf(diagnosis), Told: 1 });
  return replyOf(told, settings, words);
}

/** As wide as the console shows it. */
const COLUMNS = 80;

function replyOf(diagnosis: Diagnosis, settings: FunctionSettings, { renderTerminal }: Words): Reply {
  const report = renderJson(diagnosis);
  if (diagnosis.trigger.kind !== 'manual') return report;
  const options = { colour: false, width: COLUMNS, withoutOptions: true, ...zoneOf(diagnosis, settings) };
  return { text: renderTerminal(diagnosis, options), ...report };
}

/** A person may have mistyped a name; an alarm names what was there. */
async function withHint(failure: LocateFailure, request: Request, aws: Aws): Promise<LocateFailure> {
  if (request.trigger.kind !== 'manual') return failure;
  const { withWhereElse } = await import('./where-else.ts');
  return withWhereElse(failure, request, aws);
}

/** What a person wrote can be written again; an alarm is answered, whatever its clock says. */
function refuseFuture({ at, trigger }: Request, { collectedAt }: Snapshot): void {
  if (at === null || trigger.kind !== 'manual' || !isFuture(at, collectedAt)) return;
  throw new UnreadableEvent(`Cannot read at: ${at} is in the future: it is ${collectedAt} by AWS's clock.`);
}

type Invocation = Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>;

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

/** Why nobody is to hear of it; `undefined` where somebody is. */
function withheldBecause(
  diagnosis: Diagnosis,
  { notify }: FunctionSettings,
  { isWorthTelling }: Words,
): string | undefined {
  if (!isWorthTelling(diagnosis)) return 'OK after INSUFFICIENT_DATA, and no error was seen';
  const { kind, verdict } = diagnosis;
  const notice = kind === 'recovered' || kind === 'failed' ? kind : verdict.status;
  return notify.has(notice) ? undefined : 'TRIAGE_NOTIFY leaves it out';
}

/** As the diagnosis of it names the conversation. */
function incidentKeyOf({ accountId, region, dimension }: Subject): string {
  return `${accountId}/${region}/${dimension}`;
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

/** One of the last six is 1: what kind of answer it is. */
function metricsOf({ kind, verdict: { status }, undetermined, broken, cost }: Diagnosis) {
  const is = (one: string) => Number(one === (kind === 'failed' || kind === 'recovered' ? kind : status));
  return {
    Triages: 1,
    Duration: cost.durationMs,
    Calls: cost.apiCalls,
    Undetermined: undetermined.length,
    Broken: broken.length,
    Identified: is('identified'),
    Suspected: is('suspected'),
    Inconclusive: is('inconclusive'),
    Quiet: is('quiet'),
    Recovered: is('recovered'),
    Failed: is('failed'),
  };
}

/** `says` is the verdict as people read it, in the subject of the mail and in chat. */
function summaryOf(diagnosis: Diagnosis, { renderOneLine }: Words) {
  const { kind, verdict, incidentKey, incidentId, trigger, coverage, error, cost } = diagnosis;
  const { status, cause, headline } = verdict;
  const says = { says: renderOneLine(diagnosis), headline: asString(headline) };
  return { ...says, kind, status, cause, incidentKey, incidentId, alarmName: trigger.alarmName, error, coverage, cost };
}
