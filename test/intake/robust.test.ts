import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Intake, readEvent, UnreadableEvent } from '../../lambda/intake/index.ts';

const EVENTS = new URL('../events/', import.meta.url);
const ALL = readdirSync(EVENTS).map((file) => JSON.parse(readFileSync(new URL(file, EVENTS), 'utf8')));

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]));
  return [path, ...below];
}

function withValueAt(event: unknown, [key, ...rest]: Path, junk: unknown): unknown {
  if (key === undefined) return junk;
  const copy = structuredClone(event) as Record<string | number, unknown>;
  copy[key] = withValueAt(copy[key], rest, junk);
  return copy;
}

function readOrRefused(event: unknown): readonly Intake[] | UnreadableEvent {
  try {
    return readEvent(event);
  } catch (error) {
    if (error instanceof UnreadableEvent) return error;
    throw error;
  }
}

const JUNK = [undefined, null, 0, '', 'junk', [], {}, [null], { a: { b: [] } }, true];

test('an event with any one value spoilt is read or refused, never a crash', () => {
  for (const event of ALL) {
    for (const path of pathsIn(event)) for (const junk of JUNK) readOrRefused(withValueAt(event, path, junk));
  }
});

test('anything at all is read or refused, never a crash', () => {
  fc.assert(fc.property(fc.jsonValue(), (event) => void readOrRefused(event)));
  fc.assert(fc.property(fc.jsonValue(), (alarmData) => void readOrRefused({ alarmData })));
  fc.assert(fc.property(fc.json(), (Message) => void readOrRefused({ Records: [{ Sns: { Message } }] })));
});

test('whatever AWS leaves out of an alarm in ALARM, it is answered as long as it has a name', () => {
  const direct = ALL.filter(({ alarmData }) => alarmData?.state?.value === 'ALARM');
  expect(direct.length).toBeGreaterThan(10);
  for (const event of direct) {
    for (const path of pathsIn(event.alarmData).filter(([key]) => key !== undefined && key !== 'alarmName')) {
      for (const junk of JUNK) {
        const read = readEvent({ ...event, alarmData: withValueAt(event.alarmData, path, junk) });
        expect(['triage', 'fail'], `${path.join('.')} = ${JSON.stringify(junk)}`).toContain(read[0]?.do);
      }
    }
  }
});
