import type { Reference } from '../incident/question.ts';
import { DEFAULT_WINDOW_SECONDS } from '../incident/window.ts';
import { parseDuration } from './duration.ts';
import { InvalidInput, shape, UnreadableEvent } from './input-errors.ts';
import type { Intake } from './intake.ts';
import { parseMoment } from './moment.ts';
import { parseReference } from './reference.ts';

type Fields = Readonly<Record<string, unknown>>;

/** `{"loadBalancer": "web"}` or `{"alarmName": "web-5xx"}` with, at will, `at`, `since` and `publish`. */
export function requestByHand(event: Fields): Intake {
  const unsaid = event.since === undefined || event.since === null;
  const alarmName = event.loadBalancer === undefined ? nameIn(event, 'alarmName', (text) => text.trim()) : undefined;
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
  return event.loadBalancer !== undefined || event.alarmName !== undefined;
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
