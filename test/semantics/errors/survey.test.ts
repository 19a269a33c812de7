import { describe, expect, test } from 'vitest';
import type { Survey, Values } from '../../../lambda/incident/evidence.ts';
import { seen } from '../../../lambda/incident/observed.ts';
import { errorEpisode } from '../../../lambda/semantics/errors/episode.ts';
import { surveyedErrors } from '../../../lambda/semantics/errors/survey.ts';
import { wholeEpisode } from '../../../lambda/semantics/errors/whole-episode.ts';
import { lately, metrics } from '../../support/a-snapshot.ts';

type Run = readonly [slots: number, requests: number, errors: number | null];

/** Slot after slot from midnight: so many slots with so many requests and errors each. */
function survey(seconds: number, ...runs: readonly Run[]): Survey {
  const row = (of: (run: Run) => number | null): Values =>
    runs.flatMap((run) => Array.from({ length: run[0] }, () => of(run)));
  const errors = row(([, , failed]) => failed);
  return {
    from: '2026-03-10T00:00:00Z',
    seconds,
    slots: errors.length,
    values: { RequestCount: row(([, asked]) => asked), HTTPCode_ELB_502_Count: errors, HTTPCode_ELB_5XX_Count: errors },
  };
}

const told = (...given: Parameters<typeof survey>) =>
  surveyedErrors(survey(...given)).map(
    ({ from, to, errors, older }) => `${from.slice(11, 16)}-${to.slice(11, 16)} ${errors}${older ? ' or older' : ''}`,
  );

describe('the runs of errors in a long window', () => {
  test.each<[string, number, Run[], string[]]>([
    ['none', 60, [[600, 100, null]], []],
    [
      'one',
      60,
      [
        [60, 100, null],
        [20, 100, 50],
        [60, 100, null],
      ],
      ['01:00-01:20 1000'],
    ],
    [
      'one that the window cuts off',
      60,
      [
        [20, 100, 50],
        [60, 100, null],
      ],
      ['00:00-00:20 1000 or older'],
    ],
    [
      'a pause of 14 minutes',
      60,
      [
        [1, 9, null],
        [5, 100, 50],
        [14, 100, null],
        [5, 100, 50],
      ],
      ['00:01-00:25 500'],
    ],
    [
      'a pause of 15',
      60,
      [
        [1, 9, null],
        [5, 100, 50],
        [15, 100, null],
        [5, 100, 50],
      ],
      ['00:01-00:06 250', '00:21-00:26 250'],
    ],
    [
      'a twentieth of the most',
      60,
      [
        [1, 9, null],
        [5, 1000, 100],
        [30, 1000, null],
        [5, 1000, 5],
      ],
      ['00:01-00:06 500', '00:36-00:41 25'],
    ],
    [
      'less than that',
      60,
      [
        [1, 9, null],
        [5, 1000, 100],
        [30, 1000, null],
        [5, 1000, 4],
      ],
      ['00:01-00:06 500'],
    ],
    [
      'as bad as before, of far fewer requests',
      60,
      [
        [1, 9, null],
        [5, 1000, 1000],
        [30, 10, 10],
      ],
      ['00:01-00:36 5300'],
    ],
    [
      'half as bad',
      60,
      [
        [1, 9, null],
        [5, 1000, 1000],
        [30, 10, 5],
      ],
      ['00:01-00:36 5150'],
    ],
    [
      'less bad',
      60,
      [
        [1, 9, null],
        [5, 1000, 1000],
        [30, 10, 4],
      ],
      ['00:01-00:06 5000'],
    ],
    [
      'five minutes together',
      300,
      [
        [12, 500, null],
        [4, 500, 50],
        [12, 500, null],
      ],
      ['01:00-01:20 200'],
    ],
    [
      'hours',
      3600,
      [
        [2, 500, null],
        [1, 500, 50],
        [2, 500, null],
      ],
      ['02:00-03:00 50'],
    ],
  ])('%s', (_, seconds, runs, expected) => {
    expect(told(seconds, ...runs)).toEqual(expected);
  });
});

describe('an episode that fills the minutes', () => {
  const window = { from: '2026-03-10T12:30:00Z', to: '2026-03-10T14:30:00Z' };
  const of = (minutes: number, of: Survey) => {
    const errors = lately(minutes, 50);
    const value = { ...metrics({ HTTPCode_ELB_502_Count: errors, HTTPCode_ELB_5XX_Count: errors }), survey: of };
    return wholeEpisode(errorEpisode(value, window), seen(value));
  };
  const sinceTen = survey(300, [120, 600, null], [54, 600, 250]);

  test('begins when the survey says, and is as large', () => {
    expect(of(180, sinceTen)).toMatchObject({
      ...{ onset: '2026-03-10T10:00:00Z', older: false, errors: 13_500, errorShare: 13_500 / 32_400 },
      span: { first: 0 },
    });
  });

  test('begins where it was seen to, where it does not fill them', () => {
    expect(of(60, sinceTen)).toMatchObject({ onset: '2026-03-10T13:30:00Z', errors: 3000 });
  });

  test('is no other one of the same day', () => {
    const early = survey(300, [12, 600, null], [12, 600, 250], [150, 600, null]);
    expect(of(180, early)).toMatchObject({ onset: '2026-03-10T11:30:00Z', older: true });
  });
});

describe('errors that come back more rarely than the minutes show', () => {
  const window = { from: '2026-03-10T12:30:00Z', to: '2026-03-10T14:30:00Z' };

  /** A day up to the end of the minutes, with errors for two minutes each that begin so many minutes before it. */
  const burstsOf = (errors: number, seconds: number, ...ago: readonly number[]) => {
    const row = (per: number, length: number, of: (at: number) => number) =>
      Array.from({ length }, (_, slot) =>
        Array.from({ length: per }, (_unused, minute) => of((length - slot) * per - minute)).reduce((a, b) => a + b, 0),
      );
    const failed = (at: number) => (ago.some((each) => each === at || each - 1 === at) ? errors : 0);
    const [minutes, slots] = [180, 86_400 / seconds];
    const named = (values: readonly number[], asked: number) => ({
      RequestCount: values.map(() => asked),
      HTTPCode_Target_2XX_Count: values.map((value) => asked - value),
      HTTPCode_ELB_502_Count: values,
      HTTPCode_ELB_5XX_Count: values,
    });
    const survey = {
      ...{ from: '2026-03-09T14:30:00Z', seconds, slots },
      values: named(row(seconds / 60, slots, failed), (120 * seconds) / 60),
    };
    const value = { ...metrics(named(row(1, minutes, failed), 120)), survey };
    return wholeEpisode(errorEpisode(value, window), seen(value));
  };
  const every = (minutes: number, last: number, times: number) =>
    Array.from({ length: times }, (_, index) => last + index * minutes);

  test.each([
    [60, 55],
    [90, 85],
    [110, 105],
  ])('every %i minutes: not over in the pause', (minutes, last) => {
    expect(burstsOf(50, 60, ...every(minutes, last, 10))).toMatchObject({
      ...{ end: null, trend: 'steady', errors: 1000, older: false },
      recurring: { bursts: 10, everySeconds: minutes * 60 },
    });
  });

  test('over once the next is overdue', () => {
    expect(burstsOf(50, 60, ...every(70, 84, 10))).toMatchObject({ end: null, recurring: { bursts: 10 } });
    expect(burstsOf(50, 60, ...every(70, 86, 10))).toMatchObject({ trend: 'over', errors: 100 });
    expect(burstsOf(50, 60, ...every(70, 86, 10))).not.toHaveProperty('recurring');
  });

  test('three times, at intervals that are alike', () => {
    expect(burstsOf(50, 60, 40, 140, 240)).toMatchObject({ end: null, recurring: { bursts: 3 } });
    expect(burstsOf(50, 60, 40, 140, 254)).toMatchObject({ end: null, recurring: { bursts: 3 } });
    expect(burstsOf(50, 60, 40, 140, 260)).toMatchObject({ trend: 'over' });
    expect(burstsOf(50, 60, 40, 140)).toMatchObject({ trend: 'over' });
  });

  test('single requests more often: a few lie at regular intervals by chance', () => {
    expect(burstsOf(2, 60, ...every(100, 40, 6))).toMatchObject({ end: null, recurring: { bursts: 6 } });
    expect(burstsOf(2, 60, ...every(100, 40, 5))).toMatchObject({ trend: 'over' });
  });

  test('the survey of a longer window dates them by its own slots', () => {
    expect(burstsOf(50, 300, ...every(90, 60, 12))).toMatchObject({ end: null, recurring: { everySeconds: 5400 } });
  });

  test('it may have begun before the window', () => {
    expect(burstsOf(50, 60, ...every(90, 60, 16))).toMatchObject({ end: null, older: true });
  });
});
