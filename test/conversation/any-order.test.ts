import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COOL_DOWN_SECONDS, type Decision, decide, type Heard, NOTHING_SAID } from '../../lambda/conversation/index.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import { plusSeconds, secondsBetween } from '../../lambda/semantics/time/minutes.ts';

const RULES = { coolDownSeconds: COOL_DOWN_SECONDS, looksAgain: true };
const CAUSES: readonly (CauseId | null)[] = ['nothing-listening', 'target-returns-5xx', 'cpu-saturated', null];
const BEGIN = '2026-03-10T10:00:00Z';

/** What may happen next: after how long, what AWS shows of which fault, and who asks. */
const event = fc.record({
  after: fc.oneof(
    fc.integer({ min: 0, max: 90 }),
    fc.integer({ min: 0, max: 1500 }),
    fc.integer({ min: 0, max: 9000 }),
  ),
  late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 600 })),
  cause: fc.constantFrom(...CAUSES),
  sureness: fc.constantFrom('identified', 'suspected', 'failed', 'quiet'),
  state: fc.constantFrom('ALARM', 'ALARM', 'OK', 'look'),
  over: fc.boolean(),
  hushed: fc.integer({ min: 0, max: 9 }),
  harmless: fc.integer({ min: 0, max: 9 }),
  undetermined: fc.boolean(),
  awaitsMore: fc.boolean(),
});
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

function heardOf(one: Event, now: string): Heard {
  const { cause, state } = one;
  const sureness = cause === null ? (one.sureness === 'failed' ? 'failed' : 'inconclusive') : one.sureness;
  const isNone = sureness === 'failed' || sureness === 'quiet';
  const id = sureness === 'failed' ? 'lb/failed' : `lb/${cause ?? 'none'}`;
  return {
    now,
    readAt: now,
    by: state === 'look' ? 'second-look' : 'alarm',
    isOk: state === 'OK',
    at: state === 'look' ? now : plusSeconds(now, -one.late),
    fault: { id, fingerprint: id, cause: isNone ? null : cause, sureness, says: id, incidentId: 'i' },
    over: one.over,
    ...(one.hushed === 0 ? { hushed: { why: 'muted' } } : {}),
    ...(one.harmless === 0 && isNone ? { harmless: 'one bad request' } : {}),
    undetermined: one.undetermined ? ['nothing-listening'] : [],
    awaitsMore: one.awaitsMore,
  };
}

interface Played {
  readonly heard: Heard;
  readonly decision: Decision;
}

function played(events: readonly Event[]): readonly Played[] {
  let [talk, now] = [NOTHING_SAID, BEGIN];
  return events.map((one) => {
    now = plusSeconds(now, one.after);
    const heard = heardOf(one, now);
    const decision = decide(talk, heard, RULES);
    // As the table and the queue keep it.
    talk = JSON.parse(JSON.stringify(decision.after));
    return { heard, decision };
  });
}

const saidOf = (all: readonly Played[]) =>
  all.flatMap(({ heard, decision: { say } }) => (say === null ? [] : [{ at: heard.now, say }]));
/** The conversation, a line an event. */
function lines(all: readonly Played[]): string {
  const line = ({ heard, decision: { say, why } }: Played) =>
    [heard.now, heard.at, heard.by, heard.isOk, heard.over, heard.fault.id, heard.fault.sureness, say?.kind, why].join(
      ' ',
    );
  return ['', ...all.map(line)].join('\n');
}
const within = (seconds: number, from: string, to: string) => secondsBetween(from, to) < seconds;
const RUNS = { numRuns: 1500 };
const EVENTS = fc.array(event, { maxLength: 60, size: 'max' });

describe('in any order of events', () => {
  test('no distinct fault is silent: whoever hears of it as going on has been told within the cool-down', () => {
    fc.assert(
      fc.property(EVENTS, (events) => {
        const all = played(events);
        for (const [index, { heard }] of all.entries()) {
          const { fault, isOk, over, hushed, harmless, by, now } = heard;
          const goesOn = by === 'alarm' && !isOk && !over && hushed === undefined && harmless === undefined;
          // An alarm of before the end that is known, come late, is of what is over.
          const isLate = all
            .slice(0, index)
            .some((one) => one.heard.over && secondsBetween(heard.at, one.heard.at) > 0);
          if (!goesOn || (fault.cause === null && fault.sureness !== 'failed') || isLate) continue;
          const told = saidOf(all.slice(0, index + 1)).filter(({ say }) => say.fault.id === fault.id);
          const isTold = told.some(({ at }) => within(COOL_DOWN_SECONDS, at, now));
          if (!isTold) throw new Error(lines(all.slice(0, index + 1)));
        }
      }),
      RUNS,
    );
  });

  test('no fault is told twice as new within its cool-down', () => {
    fc.assert(
      fc.property(EVENTS, (events) => {
        const said = saidOf(played(events));
        for (const [index, { at, say }] of said.entries()) {
          if (say.because !== 'first' && say.changed !== 'new') continue;
          const before = said.slice(0, index).filter((one) => one.say.fault.id === say.fault.id);
          expect(before.filter((one) => within(COOL_DOWN_SECONDS, one.at, at))).toEqual([]);
        }
      }),
      RUNS,
    );
  });

  test('never more than three messages an hour for one fault', () => {
    fc.assert(
      fc.property(EVENTS, (events) => {
        const said = saidOf(played(events));
        for (const { at, say } of said) {
          const same = said.filter((one) => one.say.fault.id === say.fault.id);
          expect(same.filter((one) => secondsBetween(one.at, at) >= 0 && within(3600, one.at, at)).length).toBeLessThan(
            4,
          );
        }
      }),
      RUNS,
    );
  });

  test('an update and a recovery name what they supersede, and silence has a reason', () => {
    fc.assert(
      fc.property(EVENTS, (events) => {
        for (const { decision } of played(events)) {
          expect(decision.why).not.toBe('');
          if (decision.say?.kind === 'update')
            expect([decision.say.before, decision.say.changed]).not.toContain(undefined);
        }
      }),
      RUNS,
    );
  });

  test('at most four looks an incident, and what is kept is small', () => {
    fc.assert(
      fc.property(EVENTS, (events) => {
        for (const { decision } of played(events)) {
          // What is asked for is the next one: none after the fourth.
          const { due = null, count = 0 } = decision.after.look ?? {};
          if (count >= 4) expect(due).toBeNull();
          expect(JSON.stringify(decision.after).length).toBeLessThan(40_000);
        }
      }),
      RUNS,
    );
  });
});

describe('of events that tell nothing new', () => {
  const once: Event = {
    after: 0,
    late: 0,
    cause: 'nothing-listening',
    sureness: 'identified',
    state: 'ALARM',
    over: false,
    hushed: 1,
    harmless: 1,
    undetermined: false,
    awaitsMore: false,
  };
  test.each([1, 2, 12, 200])('%i make one message', (times) => {
    const all = played(Array.from({ length: times }, () => ({ ...once, after: 5 })));
    expect(saidOf(all).map(({ say }) => say.kind)).toEqual(['triage']);
    expect(all.at(-1)?.decision.after.faults[0]?.seen).toBe(times);
  });

  test.each([
    [3599, 1],
    [3600, 2],
  ])('after %i seconds, %i messages', (after, messages) => {
    expect(saidOf(played([once, { ...once, after }]))).toHaveLength(messages);
  });
});
