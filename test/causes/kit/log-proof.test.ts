import { describe, expect, test } from 'vitest';
import malformed from '../../../lambda/causes/application/malformed-response/cause.ts';
import keepalive from '../../../lambda/causes/backend-timeout/keepalive-shorter-than-idle-timeout/cause.ts';
import late from '../../../lambda/causes/backend-timeout/slower-than-idle-timeout/cause.ts';
import type { Cause } from '../../../lambda/causes/cause.ts';
import { loggedEndings } from '../../../lambda/semantics/logs/failures.ts';
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

describe('a cause by which requests end in a way of its own', () => {
  test.each<[string, Cause, Ill, Parameters<typeof accessLog>[0], string]>([
    ['an answer that is none', malformed, of502, [bad], 'found decisive'],
    ['other ends', malformed, of502, [refused], 'ruled-out'],
    ['some of both', malformed, of502, [bad, raced], 'not-applicable'],
    ['an idle connection that was closed', keepalive, of502, [raced], 'found decisive'],
    ['answers that are none', keepalive, of502, [bad], 'ruled-out'],
    ['no answer in time', late, of504, [silent], 'found decisive'],
    ['connections that were not made', late, of504, [dropped], 'ruled-out'],
  ])('%s: %s', (_, cause, ill, lines, expected) => {
    expect(outcome(cause, { ...ill, accessLog: accessLog(lines) })).toBe(expected);
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
    const told = readable(keepalive, { ...of502, accessLog: accessLog([raced]) });
    expect(told).toContain('Targets of web close idle connections before the load balancer does');
    expect(told).toMatch(/of 90 logged requests answered `502`, 100 % ended so: the target closed the connection/);
    expect(told).not.toMatch(/seem to|may close|look the same/);
  });
});

describe('the endings of one code', () => {
  const minutes = { grid: accessLog([]).grid, span: { first: 0, last: 179 } };

  test('are those of these groups, and of no group', () => {
    const elsewhere = logged({ code: 502, times: [-1, -1, -1], lasted: 0.002, targetGroup: `${TG}-other` });
    const found = loggedEndings(accessLog([raced, elsewhere]), 502, [TG], minutes);
    expect(found?.requests).toBe(100);
    expect(found?.share('closed-at-once')).toBe(1);
    expect(loggedEndings(accessLog([raced]), 504, [TG], minutes)).toBeNull();
  });

  test('are of the same minutes, whatever grid they were counted on', () => {
    const later = { grid: { from: '2026-03-10T14:00:00Z' }, span: { first: 20, last: 24 } };
    expect(loggedEndings(accessLog([raced]), 502, [TG], later)?.requests).toBe(50);
  });
});
