import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Trigger } from '../incident/question.ts';
import type { Time } from '../incident/text.ts';

/**
 * The same eight characters for all that is told of one incident: of an alarm, by when it went into ALARM, which its OK
 * knows as well, to the minute, as the event and the alarm's history may tell it a moment apart; by hand, by the onset.
 */
export function incidentIdOf(incidentKey: string, trigger: Trigger, onset: Time): Diagnosis['incidentId'] {
  const { kind, state, at, previousStateAt } = trigger;
  const wentOff = state === 'OK' ? previousStateAt : at;
  const since = (kind === 'alarm' ? wentOff : null) ?? onset;
  return hash(`${incidentKey} ${since.slice(0, TO_THE_MINUTE)}`);
}

const TO_THE_MINUTE = '2026-03-10T14:24'.length;

/** FNV-1a of the UTF-16 units, its bits mixed as Murmur3 does at the end: 32 bits, no secret, no module of Node. */
function hash(text: string): string {
  let bits = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  }
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
