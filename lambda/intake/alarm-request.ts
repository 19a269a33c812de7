import type { Trigger } from '../incident/question.ts';
import { alarmWindow } from '../incident/window.ts';
import type { Alarm } from './alarm.ts';
import { referencesOf } from './alarm-references.ts';
import { type Evaluation, evaluationOf } from './evaluation.ts';
import type { Intake } from './intake.ts';

/** What to do about an alarm; one request for each load balancer it watches. */
export function intakesOf(alarm: Alarm, publish: boolean): readonly Intake[] {
  const { state } = alarm;
  if (state.value === 'INSUFFICIENT_DATA') {
    return [{ do: 'ignore', why: `alarm ${alarm.name} is in INSUFFICIENT_DATA: nothing is known to be wrong` }];
  }
  if (isMuted(alarm)) return [{ do: 'ignore', why: `alarm ${alarm.name} is muted by an alarm mute rule` }];

  const period = Math.max(0, ...alarm.metrics.map((metric) => metric.period)) || 60;
  const evidence = evaluationOf(state, period);
  const trigger = triggerOf(alarm, evidence);
  const about = referencesOf(alarm, evidence.triggeringAlarms);
  const over = state.value === 'OK';
  if (about.found) {
    const windowSeconds = windowOf(alarm, evidence);
    return about.references.map((reference) => ({
      do: over ? 'follow-up' : 'triage',
      request: { about: reference, at: state.at ?? null, windowSeconds, widens: true, trigger },
      publish,
    }));
  }
  const why = `alarm ${alarm.name} names no Application Load Balancer: ${about.why}`;
  if (over) return [{ do: 'ignore', why }];
  return [{ do: 'fail', why, trigger, region: alarm.region ?? null, accountId: alarm.accountId ?? null, publish }];
}

function triggerOf(alarm: Alarm, { datapoints }: Evaluation): Trigger {
  const { arn, description, state, previous, metrics } = alarm;
  const contributor = Object.entries(alarm.contributor).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    kind: 'alarm',
    at: state.at ?? null,
    alarmName: alarm.name,
    ...(arn === undefined ? {} : { alarmArn: arn }),
    ...(description === undefined ? {} : { alarmDescription: description }),
    state: state.value,
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    ...(previous === undefined ? {} : { previousState: previous.value }),
    ...(previous?.at === undefined ? {} : { previousStateAt: previous.at }),
    ...(contributor.length === 0 ? {} : { contributor: Object.fromEntries(contributor) }),
    ...(metrics.length === 0 ? {} : { metrics: namesOf(metrics) }),
    ...(datapoints.length === 0 ? {} : { datapoints }),
  };
}

/** Those of load balancers first. */
function namesOf(metrics: Alarm['metrics']): string[] {
  const own = metrics.filter(({ namespace }) => namespace === 'AWS/ApplicationELB');
  return [...new Set([...own, ...metrics].map(({ name }) => name))];
}

/** All that the alarm looked at and what led to it; of an alarm that is over, the whole time it lasted. */
function windowOf({ state, previous, evaluatedSeconds }: Alarm, { seconds }: Evaluation): number {
  const lasted =
    state.value === 'OK' && previous?.value === 'ALARM' && previous.at !== undefined && state.at !== undefined
      ? (Date.parse(state.at) - Date.parse(previous.at)) / 1000
      : 0;
  return alarmWindow(Math.max(evaluatedSeconds, seconds, lasted));
}

/** Mute rules hold back an alarm's actions, but EventBridge still hears of it. */
function isMuted({ muted, state: { at } }: Alarm): boolean {
  if (muted === undefined) return false;
  if (at === undefined) return true;
  return (muted.from === undefined || muted.from <= at) && (muted.to === undefined || at <= muted.to);
}
