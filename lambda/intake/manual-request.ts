import type { Reference } from '../incident/question.ts';
import { DEFAULT_WINDOW_SECONDS } from '../incident/window.ts';
import { parseDuration } from './duration.ts';
import { InvalidInput, shape, shortened, UnreadableEvent } from './input-errors.ts';
import type { Intake } from './intake.ts';
import { parseMoment } from './moment.ts';
import { listed, meant } from './nearest.ts';
import { parseReference } from './reference.ts';

type Fields = Readonly<Record<string, unknown>>;

/** `{"loadBalancer": "web"}` or `{"alarmName": "web-5xx"}` with, at will, `at`, `since` and `publish`. */
export function requestByHand(event: Fields): Intake {
  refuseUnknown(event);
  const unsaid = event.since === undefined || event.since === null;
  if (isGiven(event.loadBalancer) && isGiven(event.alarmName)) {
    throw new UnreadableEvent('Cannot read this event: expected loadBalancer or alarmName, found both.');
  }
  const alarmName = isGiven(event.alarmName) ? nameIn(event, 'alarmName', (text) => text.trim()) : undefined;
  return {
    do: 'triage',
    request: {
      about: alarmName === undefined ? nameIn(event, 'loadBalancer', parseReference) : byAlarm(alarmName),
      at: event.at === undefined || event.at === null ? null : read(event, 'at', parseMoment),
      windowSeconds: unsaid ? DEFAULT_WINDOW_SECONDS : read(event, 'since', parseDuration),
      ...(unsaid ? { widens: true } : {}),
      trigger: { kind: 'manual', at: null, ...(alarmName === undefined ? {} : { alarmName }) },
    },
    publish: publishIn(event) ?? false,
  };
}

export function isByHand(event: Fields): boolean {
  return isGiven(event.loadBalancer) || isGiven(event.alarmName);
}

const KEYS = ['loadBalancer', 'alarmName', 'at', 'since', 'publish'] as const;

/** What is misspelt would be left out without a word, and another question answered. */
function refuseUnknown(event: Fields): void {
  const unknown = Object.keys(event).find((key) => !KEYS.some((known) => known === key));
  if (unknown === undefined) return;
  throw noSuchKey(unknown, meant(unknown, KEYS) ?? `expected ${listed(KEYS, 'or')}`);
}

function noSuchKey(key: string, hint: string): UnreadableEvent {
  return new UnreadableEvent(`Cannot read this event: there is no key ${shortened(key)}, ${hint}`);
}

/** Of an event that names nothing, the key by which it was meant to: `loadbalancer`. */
export function misspeltByHand(event: Fields): UnreadableEvent | undefined {
  for (const key of Object.keys(event)) {
    const hint = meant(key, ['loadBalancer', 'alarmName']);
    if (hint !== undefined) return noSuchKey(key, hint);
  }
  return undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Whether to publish, where the event says so. */
function publishIn(event: Fields): boolean | undefined {
  const { publish } = event;
  if (publish === undefined || publish === null) return undefined;
  if (typeof publish === 'boolean') return publish;
  throw new UnreadableEvent(`Cannot read publish: expected true or false, found ${shape(publish)}.`);
}

function byAlarm(alarm: string): Reference {
  return { by: 'alarm', alarms: [alarm] };
}

function nameIn<T>(event: Fields, field: string, reader: (text: string) => T): T {
  return read(event, field, (value) => {
    if (typeof value === 'string' && value.trim() !== '') return reader(value);
    throw new InvalidInput(`expected a name, found ${shape(value)}`);
  });
}

function read<T>(event: Fields, field: string, reader: (value: unknown) => T): T {
  try {
    return reader(event[field]);
  } catch (error) {
    if (error instanceof InvalidInput) throw new UnreadableEvent(`Cannot read ${field}: ${error.message}.`);
    throw error;
  }
}
