import { describe, expect, test } from 'vitest';
import malformed from '../../../lambda/causes/application/malformed-response/cause.ts';
import keepalive from '../../../lambda/causes/backend-timeout/keepalive-shorter-than-idle-timeout/cause.ts';
import late from '../../../lambda/causes/backend-timeout/slower-than-idle-timeout/cause.ts';
import type { Cause } from '../../../lambda/causes/cause.ts';
import type { Snapshot } from '../../../lambda/incident/snapshot.ts';
import { countedErrors } from '../../../lambda/semantics/errors/errors.ts';
import { loggedEndings } from '../../../lambda/semantics/logs/logged-endings.ts';
import { denied, type Ill, lately, metrics, TG } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';
import { accessLog, logged } from '../../support/logs.ts';

const of502: Ill = {
  loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(9, 10), HTTPCode_ELB_5XX_Count: lately(9, 10) }),
};
const of504: Ill = {
  loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(9, 10), HTTPCode_ELB_5XX_Count: lately(9, 10) }),
};
const bad = logged({ code: 502, times: [0.001, 0.02, 0], lasted: 0.02 });
const raced = logged({ code: 502, times: [0.001, 0.003, -1], lasted: 0.004 });
const refused = logged({ code: 502, times: [-1, -1, -1], lasted: 0.002 });
const silent = logged({ code: 504, times: [0.001, -1, -1], lasted: 60 });
const dropped = logged({ code: 504, times: [-1, -1, -1], lasted: 10 });

const answered = logged();
const ofOthers = logged({ address: '10.0.10.12' });

describe('a cause by which requests end in a way of its own', () => {
  test.each<[string, Cause, Ill, Parameters<typeof accessLog>[0], string]>([
    ['an answer that is none', malformed, of502, [bad], 'found decisive'],
    ['other ends', malformed, of502, [refused], 'ruled-out'],
    ['some of both', malformed, of502, [bad, raced], 'not-applicable'],
    ['an idle connection that was closed', keepalive, of502, [raced, answered], 'found decisive'],
    ['answers that are none', keepalive, of502, [bad, answered], 'ruled-out'],
    ['no answer in time', late, of504, [silent, answered], 'found decisive'],
    ['connections that were not made', late, of504, [dropped, answered], 'ruled-out'],
  ])('%s: %s', (_, cause, ill, lines, expected) => {
    expect(outcome(cause, { ...ill, accessLog: accessLog(lines) })).toBe(expected);
  });

  const fewOf = (like: Parameters<typeof logged>[0]) => logged({ ...like, minutes: [2, 0], aMinute: 3 });
  const many: Ill = {
    loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(10, 900), HTTPCode_ELB_5XX_Count: lately(10, 900) }),
  };

  test.each<[string, Cause, Ill, Parameters<typeof accessLog>[0]]>([
    ['six lines of nine thousand', malformed, many, [fewOf({ code: 502, times: [0.001, 0.02, 0], lasted: 0.02 })]],
    ['six lines of nine thousand', keepalive, many, [fewOf({ code: 502, times: [0.001, 0.003, -1] }), answered]],
    ['a target that answers nothing besides', keepalive, of502, [raced]],
    ['other targets that answer', keepalive, of502, [raced, ofOthers]],
    ['an hour-old answer', keepalive, of502, [raced, logged({ minutes: [70, 60] })]],
    ['a wait of 12 s', late, of504, [logged({ code: 504, times: [0.001, -1, -1], lasted: 12 }), answered]],
    ['a wait of 200 s', late, of504, [logged({ code: 504, times: [0.001, -1, -1], lasted: 200 }), answered]],
    ['a target that answers nothing besides', late, of504, [silent]],
  ])('is not proven by %s', (_, cause, ill, lines) => {
    const asEver = outcome(cause, ill);
    expect(asEver).not.toBe('found decisive');
    expect(outcome(cause, { ...ill, accessLog: accessLog(lines) })).toBe(asEver);
  });

  test.each<[string, Cause]>([
    ['malformed-response', malformed],
    ['keepalive-shorter-than-idle-timeout', keepalive],
  ])('%s is not ruled out by a few lines of many', (_, cause) => {
    const other = fewOf({ code: 502, times: [-1, -1, -1], lasted: 0.002 });
    expect(outcome(cause, { ...many, accessLog: accessLog([other]) })).toBe(outcome(cause, many));
  });

  test.each<[string, Cause, Ill]>([
    ['malformed-response', malformed, of502],
    ['keepalive-shorter-than-idle-timeout', keepalive, of502],
    ['slower-than-idle-timeout', late, of504],
  ])('%s is judged as ever where the log was refused, or holds too few', (_, cause, ill) => {
    const asEver = readable(cause, ill);
    expect(readable(cause, { ...ill, accessLog: denied('s3:GetObject') })).toBe(asEver);
    const few = logged({ code: 502, times: [0.001, 0.003, -1], minutes: [2, 0], aMinute: 2 });
    expect(readable(cause, { ...ill, accessLog: accessLog([few]) })).toBe(asEver);
  });

  test('says what the log has, and hedges no more', () => {
    const told = readable(keepalive, { ...of502, accessLog: accessLog([raced, answered]) });
    expect(told).toContain('Targets of web close idle connections before the load balancer does');
    expect(told).toMatch(/of 100 requests answered `502` in the access log, 100 % ended so: the target closed/);
    expect(told).not.toMatch(/seem to|may close|look the same/);
  });
});

describe('the endings of one code', () => {
  const errors = (values: Parameters<typeof metrics>[0], from = '2026-03-10T14:15:00Z') =>
    countedErrors(metrics(values) as never, {
      from,
      to: '2026-03-10T14:30:00Z',
    } satisfies Snapshot['question']['window']);
  const ninety = errors({ HTTPCode_ELB_502_Count: lately(9, 10), HTTPCode_ELB_5XX_Count: lately(9, 10) });
  const thousands = errors({ HTTPCode_ELB_502_Count: lately(10, 900), HTTPCode_ELB_5XX_Count: lately(10, 900) });

  test('are those of these groups, and of no group', () => {
    const elsewhere = logged({ code: 502, times: [-1, -1, -1], lasted: 0.002, targetGroup: `${TG}-other` });
    const found = loggedEndings(accessLog([raced, elsewhere]), '502', [TG], ninety);
    expect(found?.logged).toBe(100);
    expect(found?.share(({ ending }) => ending === 'closed-at-once')).toBe(1);
    expect(loggedEndings(accessLog([raced]), '504', [TG], ninety)).toBeNull();
  });

  test.each([
    ['all of them', [10, 0], 9, ninety, true],
    ['half of them', [5, 0], 9, ninety, true],
    ['less than half', [4, 0], 9, ninety, false],
    ['a sample over all minutes', [10, 0], 10, thousands, true],
    ['a sample too small', [10, 0], 9, thousands, false],
    ['a sample of few of the minutes', [4, 0], 30, thousands, false],
  ] as const)('tell of the rest: %s', (_, minutes, aMinute, counted, expected) => {
    const lines = [logged({ code: 502, times: [0.001, 0.003, -1], minutes, aMinute })];
    expect(loggedEndings(accessLog(lines), '502', [TG], counted)?.isTelling).toBe(expected);
  });
});
