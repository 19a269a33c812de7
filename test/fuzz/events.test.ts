import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failedRequest } from '../../lambda/entry/failed-diagnosis.ts';
import { PLAIN_WORDS } from '../../lambda/entry/plain-words.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { type Intake, readEvent, UnreadableEvent } from '../../lambda/intake/index.ts';
import { toMessage } from '../../lambda/render/message.ts';
import { hostileText, MONOTONE, processorMs, runs } from './runs.ts';
import { expectHarmless } from './told.ts';

const EVENTS = new URL('../events/', import.meta.url);
const ALL = readdirSync(EVENTS).map((file) => JSON.parse(readFileSync(new URL(file, EVENTS), 'utf8')));

/** With some of its texts in other words, those of the JSON within it among them. */
function reworded(value: unknown, words: () => string | undefined): unknown {
  if (typeof value === 'string') {
    const inner = /^\s*\{/.test(value) ? JSON.parse(value) : undefined;
    return inner === undefined ? (words() ?? value) : JSON.stringify(reworded(inner, words));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => reworded(item, words));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reworded(item, words)]));
}

const events = fc
  .tuple(fc.constantFrom(...ALL), fc.infiniteStream(fc.option(hostileText, { nil: undefined, freq: 4 })))
  .map(([event, stream]) => reworded(event, () => stream.next().value));

function readOrRefused(event: unknown): readonly Intake[] {
  try {
    return readEvent(event);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    expect(error.message).not.toMatch(/undefined|\[object/);
    return [];
  }
}

/** As what could not be triaged: the words of the event are all that there is to tell. */
function answered(intake: Intake): Diagnosis | undefined {
  if (intake.do === 'ignore' || intake.do === 'refuse') return undefined;
  const about = { by: 'alarm', alarms: [] } as const;
  const request =
    intake.do === 'fail'
      ? { about, at: intake.trigger.at, windowSeconds: 1800, trigger: intake.trigger }
      : intake.request;
  const why = intake.do === 'fail' ? intake.why : 'AWS did not answer';
  const place = intake.do === 'fail' && intake.region !== null ? { region: intake.region } : {};
  return failedRequest(request, why, { about: place });
}

function expectAnswered(intake: Intake): void {
  const diagnosis = answered(intake);
  if (diagnosis === undefined) return;
  expectHarmless(diagnosis);
  const { subject, bodies } = PLAIN_WORDS.toMessage(diagnosis);
  expect(subject).toMatch(/^[\x20-\x7e]{1,78}$/);
  expect(bodies.email).not.toMatch(/[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/u);
  expect(Buffer.byteLength(JSON.stringify(bodies))).toBeLessThan(262_144);
}

test('whatever an event is made of, it is refused in words, or what is told of it does no harm', () => {
  fc.assert(
    fc.property(events, (event) => {
      for (const intake of readOrRefused(event)) expectAnswered(intake);
    }),
    runs(100, 30_000),
  );
});

test('a quarter of a megabyte of the same is read in a second', () => {
  for (const text of MONOTONE) {
    for (const event of ALL.filter((_, index) => index % 6 === 0)) {
      const began = processorMs();
      for (const intake of readOrRefused(reworded(event, () => text))) {
        const diagnosis = answered(intake);
        if (diagnosis !== undefined) toMessage(diagnosis);
      }
      expect(processorMs() - began, text.slice(0, 10)).toBeLessThan(SECOND);
    }
  }
});

/** On a machine that does other things, too. */
const SECOND = 3_000;
