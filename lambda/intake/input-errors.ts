import { beginningOf } from '../incident/short-text.ts';

/** A value a person gave that cannot be what it should be. The message says what was expected and what was found. */
export class InvalidInput extends Error {
  override readonly name: string = 'InvalidInput';
}

/** An event of none of the accepted forms. Refused, so that Lambda's retries and the dead-letter queue keep it. */
export class UnreadableEvent extends Error {
  override readonly name: string = 'UnreadableEvent';
}

const FORMS = [
  'a CloudWatch alarm action (alarmData)',
  "an alarm's SNS message (Records[].Sns.Message)",
  'an EventBridge "CloudWatch Alarm State Change" (detail)',
  'or by hand {"loadBalancer": "<name, ARN or DNS name>"} or {"alarmName": "<name or ARN>"}',
].join(', ');

export function unreadable(found: string): UnreadableEvent {
  return new UnreadableEvent(`Cannot read this event. Expected ${FORMS}. Found ${found}.`);
}

/** What something is, without repeating it: an event may be long, and may hold what a log should not. */
export function shape(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty string' : `the text ${shortened(value)}`;
  if (typeof value !== 'object') return `the ${typeof value} ${shortened(String(value))}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  const rest = keys.length > 8 ? ` and ${keys.length - 8} more` : '';
  return `an object with ${keys.slice(0, 8).map(shortened).join(', ')}${rest}`;
}

export function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${beginningOf(text, 60)}…` : text);
}
