import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answeredBy,
  comesBackAt,
  decide,
  NOTHING_SAID,
  READING_MS,
  TURN_MS,
  turnAt,
} from '../../lambda/conversation/index.ts';
import type { Heard } from '../../lambda/conversation/talk.ts';
import type { Request } from '../../lambda/incident/question.ts';
import { plusSeconds } from '../../lambda/semantics/time/minutes.ts';

const NOW = '2026-03-10T14:30:05Z';

describe('the turns of an account', () => {
  /** As the table shares it out: from now, or from where it is shared out already. */
  function granted(gaps: readonly number[]): readonly { readonly asked: number; readonly turn: number }[] {
    let [now, sharedUntil] = [0, 0];
    return gaps.map((gap) => {
      now += gap;
      sharedUntil = Math.max(sharedUntil, now) + TURN_MS;
      return { asked: now, turn: turnAt(sharedUntil, now) };
    });
  }

  test('come in the order in which they were asked for, never before that, and never more than the account bears', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 * TURN_MS }), { minLength: 1, maxLength: 300 }), (gaps) => {
        const all = granted(gaps);
        for (const [index, { asked, turn }] of all.entries()) {
          expect(turn).toBeGreaterThanOrEqual(asked);
          expect(turn).toBeGreaterThanOrEqual(all[index - 1]?.turn ?? 0);
          const within = all.slice(index).filter((one) => one.turn - turn < 10 * TURN_MS);
          expect(within.length).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  test.each([
    [1, 0],
    [2, 1],
    [200, 199],
  ])('of %i at once, the last waits %i turns', (many, turns) => {
    expect(granted(Array.from({ length: many }, () => 0)).at(-1)?.turn).toBe(turns * TURN_MS);
  });

  test('whoever finds another reading comes back once that one has read', () => {
    expect(comesBackAt(READING_MS, 0)).toBeGreaterThan(0);
    expect(comesBackAt(READING_MS + 40_000, 0)).toBeGreaterThan(40_000);
    expect(comesBackAt(READING_MS + 40_000, 0)).toBeLessThan(50_000);
  });
});

describe('what was read for one alarm answers another', () => {
  const heard: Heard = {
    now: NOW,
    readAt: NOW,
    by: 'alarm',
    isOk: false,
    at: '2026-03-10T14:30:00Z',
    fault: {
      id: 'f',
      fingerprint: 'f',
      cause: 'nothing-listening',
      sureness: 'identified',
      says: 's',
      incidentId: 'i',
    },
    over: false,
    undetermined: [],
    awaitsMore: false,
  };
  const RULES = { coolDownSeconds: 3600, looksAgain: true };
  const after = (changed: Partial<Heard> = {}) => decide(NOTHING_SAID, { ...heard, ...changed }, RULES).after;
  const asked = (trigger: Partial<Request['trigger']> = {}): Request => ({
    about: { by: 'arn', arn: 'arn' },
    at: null,
    windowSeconds: 1800,
    trigger: {
      kind: 'alarm',
      state: 'ALARM',
      at: '2026-03-10T14:30:02Z',
      metrics: ['HTTPCode_ELB_5XX_Count'],
      ...trigger,
    },
  });

  test('that went off before AWS was read, on errors: it is counted', () => {
    const decision = answeredBy(after(), asked(), '2026-03-10T14:30:20Z');
    expect(decision?.say).toBeNull();
    expect(decision?.why).toBe('what was read at 2026-03-10T14:30:05Z answers it (went off 2 times)');
    expect(decision?.after.faults).toMatchObject([{ seen: 2, lastAlarm: '2026-03-10T14:30:02Z' }]);
  });

  test.each<[string, Partial<Heard>, Partial<Request['trigger']>]>([
    ['that went off after it', {}, { at: '2026-03-10T14:30:06Z' }],
    ['of which nobody knows when it went off', {}, { at: null }],
    ['that is OK', {}, { state: 'OK' }],
    ['on something else', {}, { metrics: ['TargetResponseTime'] }],
    ['of which nothing tells what it counts', {}, { metrics: [] }],
    ['where it is a second look', {}, { kind: 'second-look' }],
    ['where nothing could be triaged', { fault: { ...heard.fault, sureness: 'failed', cause: null } }, {}],
    ['where there was no outage', { fault: { ...heard.fault, sureness: 'quiet', cause: null }, harmless: 'one' }, {}],
    ['where it was over', { over: true }, {}],
    ['where nobody was told for maintenance', { hushed: { why: 'maintenance' } }, {}],
  ])('but not one %s', (_, changed, trigger) => {
    expect(answeredBy(after(changed), asked(trigger), '2026-03-10T14:30:20Z')).toBeUndefined();
  });

  test('nor one within another hour, or after what was read later', () => {
    expect(answeredBy(after(), asked(), '2026-03-10T15:30:05Z')).toBeUndefined();
    const later = decide(after(), { ...heard, readAt: plusSeconds(NOW, 300), isOk: true, over: true }, RULES).after;
    expect(answeredBy(later, asked(), '2026-03-10T14:36:00Z')).toBeUndefined();
  });
});
