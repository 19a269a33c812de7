import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incidentIdOf } from '../../lambda/diagnose/incident-id.ts';
import type { Trigger } from '../../lambda/incident/question.ts';

const KEY = '123456789012/us-east-1/app/web/50dc6c495c0c9188';
const WENT_OFF = '2026-03-10T14:24:00Z';
const ONSET = '2026-03-10T14:20:00Z';
const alarm = (more: Partial<Trigger>): Trigger => ({ kind: 'alarm', at: WENT_OFF, state: 'ALARM', ...more });

const inAlarm = incidentIdOf(KEY, alarm({}), ONSET);

test('it is eight characters', () => expect(inAlarm).toMatch(/^[0-9a-f]{8}$/));

test('an alarm and its OK are one incident, whatever the onset is seen to be', () => {
  const recovered = alarm({ at: '2026-03-10T15:06:00Z', state: 'OK', previousStateAt: WENT_OFF });
  expect(incidentIdOf(KEY, recovered, '2026-03-10T14:21:00Z')).toBe(inAlarm);
});

test('an alarm that goes off again is another', () => {
  expect(incidentIdOf(KEY, alarm({ at: '2026-03-10T16:00:00Z' }), ONSET)).not.toBe(inAlarm);
});

test('asked by hand, it is that of the onset, whenever one asks', () => {
  const asked = (at: string) => incidentIdOf(KEY, { kind: 'cli', at }, ONSET);
  expect(asked('2026-03-10T14:30:00Z')).toBe(asked('2026-03-10T14:45:00Z'));
});

test('two incidents hardly ever share one', () => {
  const ids = new Set<string>();
  for (let minute = 0; minute < 10_000; minute += 1) ids.add(incidentIdOf(`${KEY}${minute}`, alarm({}), ONSET));
  expect(ids.size).toBeGreaterThan(9_998);
});

test('any key and moment have one', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (key, onset) =>
      /^[0-9a-f]{8}$/.test(incidentIdOf(key, alarm({ at: null }), onset)),
    ),
  );
});
