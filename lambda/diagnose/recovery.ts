import type { Diagnosis } from '../incident/diagnosis.ts';
import { totalErrors } from '../semantics/errors/episode.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';

/**
 * The follow-up of an alarm that is OK: the same judgement, said of something past. An alarm is OK as well where no request
 * comes any more, or so few that their number is below its threshold: what is not over is told as it stands.
 */
export function asRecovered(diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.kind === 'failed' || !isOver(diagnosis)) return diagnosis;
  const { at, previousState, previousStateAt } = diagnosis.trigger;
  const lasted =
    previousState === 'ALARM' && previousStateAt !== undefined && at !== null
      ? secondsBetween(previousStateAt, at)
      : undefined;
  return {
    ...diagnosis,
    kind: 'recovered',
    supersedes: diagnosis.fingerprint,
    ...(lasted === undefined ? {} : { durationSeconds: Math.max(0, Math.round(lasted)) }),
  };
}

/** The last request that failed was followed by others that were answered; or none failed, where that was seen. */
export function isOver({ episode, symptoms }: Diagnosis): boolean {
  if (episode?.of === 'errors') return episode.end !== null;
  const answered = (symptoms.requests ?? 0) > 0;
  return totalErrors(symptoms) !== null && (episode === null || episode.end !== null || answered);
}

/**
 * Whether there was anything to recover from. Every alarm that is created goes from INSUFFICIENT_DATA to OK, and each
 * deployment of a stack would send a message.
 */
export function isWorthTelling({ kind, trigger, episode }: Diagnosis): boolean {
  const { state, previousState } = trigger;
  return kind === 'failed' || state !== 'OK' || previousState !== 'INSUFFICIENT_DATA' || episode !== null;
}
