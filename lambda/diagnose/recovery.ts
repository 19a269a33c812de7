import type { Diagnosis } from '../incident/diagnosis.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';

/** The follow-up of an alarm that is over: the same judgement, said of something past. */
export function asRecovered(diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.kind === 'failed') return diagnosis;
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

/**
 * Whether there was anything to recover from. Every alarm that is created goes from INSUFFICIENT_DATA to OK, and each
 * deployment of a stack would send a message.
 */
export function isWorthTelling({ kind, trigger, episode }: Diagnosis): boolean {
  return kind !== 'recovered' || trigger.previousState !== 'INSUFFICIENT_DATA' || episode !== null;
}
