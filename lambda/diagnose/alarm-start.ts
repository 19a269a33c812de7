import type { AlarmHistory } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Trigger } from '../incident/question.ts';
import type { Snapshot } from '../incident/snapshot.ts';

/**
 * The same, with when the alarm that is OK went into ALARM. EventBridge and an alarm's own action say it; SNS says only what the
 * state before was, and the alarm's history when that began.
 */
export function withAlarmStart(snapshot: Snapshot): Snapshot {
  const { question, evidence } = snapshot;
  const previousStateAt = alarmStart(question.trigger, ifSeen(evidence.alarmHistory));
  if (previousStateAt === undefined) return snapshot;
  return { ...snapshot, question: { ...question, trigger: { ...question.trigger, previousStateAt } } };
}

function alarmStart({ kind, state, at, previousState, previousStateAt }: Trigger, history: AlarmHistory | undefined) {
  if (kind !== 'alarm' || state !== 'OK' || previousState !== 'ALARM' || previousStateAt !== undefined)
    return undefined;
  return history?.alarmedAt.findLast((alarmed) => at === null || alarmed < at);
}
