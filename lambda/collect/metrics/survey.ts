import { LOAD_BALANCER_METRICS, type LoadBalancerMetric, type Survey } from '../../incident/evidence/metrics.ts';
import { type Observed, seen, unseen } from '../../incident/observed.ts';
import type { Question, Window } from '../../incident/question.ts';
import { QUIET_ERRORS } from '../../semantics/errors/episode.ts';
import { countsErrors } from '../../semantics/errors/error-alarm.ts';
import { surveyedErrors } from '../../semantics/errors/survey.ts';
import { surveyRecurrence } from '../../semantics/errors/survey-recurrence.ts';
import { earliest, latest, plusSeconds, secondsBetween } from '../../semantics/time/minutes.ts';
import type { Aws } from '../aws.ts';
import { CallFailed } from '../errors.ts';
import { getMetricData } from '../services/cloudwatch.ts';
import { gridBefore, readSlots, slotsBetween } from './metric-data.ts';
import { keptPeriod, MINUTE_SECONDS, minutesLost } from './retention.ts';

/** What is judged minute by minute, in seconds: the rest of the three hours that are read is what was before. */
const JUDGED = 2 * 3600;
/** Minutes are read of windows of a day and what an alarm adds to it; of longer ones, five minutes together. */
const BY_MINUTE = 25 * 3600;
/** A window of fewer datapoints than this would be told with what was before and after it. */
const DATAPOINTS_AT_LEAST = 10;
/** Nothing else can be read before it: better without it than late. */
const DEADLINE_MS = 5_000;

/** What tells how many requests there were and how many failed, and that the load balancer reported at all. */
const SURVEYED = [
  'RequestCount',
  'HTTPCode_ELB_4XX_Count',
  'HTTPCode_ELB_5XX_Count',
  'HTTPCode_ELB_500_Count',
  'HTTPCode_ELB_502_Count',
  'HTTPCode_ELB_503_Count',
  'HTTPCode_ELB_504_Count',
  'HTTPCode_Target_2XX_Count',
  'HTTPCode_Target_3XX_Count',
  'HTTPCode_Target_4XX_Count',
  'HTTPCode_Target_5XX_Count',
  'ActiveConnectionCount',
  'ConsumedLCUs',
] as const satisfies readonly LoadBalancerMetric[];

/** The whole of a window that the minutes cannot hold; `null` where they can. Read once in a session. */
export async function surveyOf(
  { subject, at, window, asked = window }: Question,
  aws: Aws,
): Promise<Observed<Survey> | null> {
  const long = secondsBetween(asked.from, asked.to) > JUDGED;
  const lost = minutesLost(keptPeriod(gridBefore(at).from, aws.readAt())) !== undefined;
  return long || lost ? aws.once('survey', () => readSurvey(asked, subject.dimension, aws)) : null;
}

async function readSurvey(window: Window, dimension: string, aws: Aws): Promise<Observed<Survey>> {
  const plan = () => periodFor(window, aws);
  const period = plan();
  const read = await readAt(period, window, dimension, aws);
  // As for minutes: only an answer tells AWS's time.
  return plan() === period ? read : readAt(plan(), window, dimension, aws);
}

function periodFor(window: Window, aws: Aws): number | null {
  const first = earliest([window.from, gridBefore(window.to).from]) ?? window.from;
  const kept = keptPeriod(first, aws.readAt());
  const long = secondsBetween(window.from, window.to) > BY_MINUTE;
  return kept === MINUTE_SECONDS && long ? 5 * MINUTE_SECONDS : kept;
}

async function readAt(period: number | null, window: Window, dimension: string, aws: Aws): Promise<Observed<Survey>> {
  if (period === null) return unseen('not-asked', minutesLost(null) ?? '');
  if (secondsBetween(window.from, window.to) < DATAPOINTS_AT_LEAST * period) {
    const hours = (DATAPOINTS_AT_LEAST * period) / 3600;
    const detail = `${minutesLost(period)}, and a window of less than ${hours} hours cannot be told from them: ask for ${hours} hours or more`;
    return unseen('not-asked', detail);
  }
  const series = SURVEYED.map((name) => {
    const [metric, stat] = LOAD_BALANCER_METRICS[name];
    return { id: name, name, namespace: 'AWS/ApplicationELB', metric, stat, dimensions: { LoadBalancer: dimension } };
  });
  try {
    const { items, gaps, slots } = await readSlots(
      series,
      slotsBetween(window.from, window.to, period),
      aws.within(DEADLINE_MS),
    );
    const [gap] = gaps;
    // A part of it would be told as the whole.
    if (gap !== undefined) return unseen(gap.why === 'partial' ? 'failed' : gap.why, gap.detail, gap.action);
    const values = Object.fromEntries(items.map((item) => [item.name, item.values]));
    return seen({ from: slots.from, seconds: period, slots: slots.count, values });
  } catch (error) {
    if (error instanceof CallFailed) return unseen(error.why, error.message, getMetricData.action);
    throw error;
  }
}

/** So long after the errors, that they have ended can be seen. */
const QUIET = 30 * 60;
/** Errors that ended more lately than this are seen, with what was before, from the moment asked about. */
const LATELY = 90 * 60;

/** Where a long window is judged: at the end of its last errors or, where there are none or they are new, at its own end. */
export function judgedQuestion(question: Question, survey: Observed<Survey> | null): Question {
  const { at, window, trigger } = question;
  if (secondsBetween(window.from, window.to) <= JUDGED) return question;
  const runs = survey?.seen ? surveyedErrors(survey.value) : [];
  // Single bad requests are no incident, and the state of now is worth more.
  const last = runs.reduce((sum, { errors }) => sum + errors, 0) > QUIET_ERRORS ? runs.at(-1) : undefined;
  // What goes on at the moment is something else, where an alarm of something else tells of it.
  const elsewhere = trigger.state === 'ALARM' && countsErrors(trigger) === false;
  // What comes back is not past: what is read now tells of it, as long as the minutes hold the last of it.
  const returns = survey?.seen && last !== undefined && surveyRecurrence(survey.value, last.from, last.to) !== null;
  const past = last !== undefined && !elsewhere && secondsBetween(last.to, at) > (returns ? JUDGED : LATELY);
  const judged = past ? plusSeconds(last.to, QUIET) : at;
  const from = latest([window.from, plusSeconds(judged, -JUDGED)]) ?? window.from;
  return {
    ...question,
    at: judged,
    window: { from, to: judged },
    asked: survey?.seen ? asRead(survey.value, window) : window,
  };
}

/** Of an hour that reaches beyond the window nobody knows what fell into the window: all of it is told, and so is the window. */
function asRead({ from, seconds, slots }: Survey, window: Window): Window {
  return seconds < HOUR ? window : { from, to: plusSeconds(from, slots * seconds) };
}

const HOUR = 3600;
