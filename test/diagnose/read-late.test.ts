import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { plusSeconds } from '../../lambda/semantics/time/minutes.ts';
import {
  aSnapshot,
  between,
  denied,
  groupMetrics,
  type Ill,
  ingress,
  lately,
  metrics,
  NOW,
  partly,
  securityGroup,
  unhealthy,
} from '../support/a-snapshot.ts';

/** An incident that ends at NOW, and AWS read so many seconds later. */
const readAfter = (seconds: number, ill: Ill = {}): Diagnosis =>
  diagnose(aSnapshot({ at: NOW, readAt: plusSeconds(NOW, seconds), ...ill }), CAUSES);
const mail = (diagnosis: Diagnosis): string => renderEmail(diagnosis).replace(/\n(?=[a-z])/g, ' ');

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const failing = {
  loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(20, 60), HTTPCode_ELB_5XX_Count: lately(20, 60) }),
};
const timingOut = {
  loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(20, 60), HTTPCode_ELB_5XX_Count: lately(20, 60) }),
};
const unread = { loadBalancerMetrics: metrics({ RequestCount: between(180, 180, 0) }) };
const LOOK_UP =
  /AWS shows states only as they are now; see what was changed then:\s+aws cloudtrail lookup-events --start-time (\S+) --end-time (\S+) /;

describe('what to do next, of what AWS was read too late for', () => {
  test('the changes of the hour before the errors are looked up', () => {
    const told = mail(readAfter(10 * HOUR, failing));
    expect(LOOK_UP.exec(told)?.slice(1)).toEqual(['2026-03-10T13:10:00Z', '2026-03-10T14:11:00Z']);
    expect(told).not.toContain('AWS shows nothing more');
  });

  test('without errors that were seen, those of the window and the hour before', () => {
    const told = mail(readAfter(10 * HOUR, unread));
    expect(LOOK_UP.exec(told)?.slice(1)).toEqual(['2026-03-10T13:00:00Z', '2026-03-10T14:30:00Z']);
    expect(told).not.toContain('save what AWS shows then');
  });

  test.each([
    ['as long as CloudTrail keeps them', 89 * DAY, true],
    ['no longer than that', 91 * DAY, false],
  ])('%s', (_, seconds, isKept) => {
    const told = mail(readAfter(seconds, unread));
    expect(LOOK_UP.test(told)).toBe(isKept);
    expect(told.includes('Access logs in S3, if they were on then, may show it.')).toBe(!isKept);
    expect(told).not.toContain('--save');
  });

  test('read in time, the log of the application is what is left', () => {
    const told = mail(readAfter(5 * MINUTE, failing));
    expect(told).not.toMatch(LOOK_UP);
  });
});

test.each([
  ['30 minutes', 1800, /--at 2026-03-10T14:30:00Z --region/],
  ['3 hours', 3 * HOUR, /--at 2026-03-10T14:30:00Z --since 3h --region/],
  ['45 minutes', 45 * MINUTE, /--at 2026-03-10T14:30:00Z --since 45m --region/],
])('to ask again is to ask about the same window: %s', (_, windowSeconds, expected) => {
  const told = mail(readAfter(0, { windowSeconds, loadBalancerMetrics: denied('cloudwatch:GetMetricData') }));
  expect(told).toMatch(expected);
});

describe('what was seen of each step is what was seen of then', () => {
  test('read in time, state is of then', () => {
    expect(readAfter(10 * MINUTE, failing).coverage.steps).toMatchObject({ connectivity: 'seen', network: 'seen' });
  });

  test('read too late, it is not, and metrics are', () => {
    expect(readAfter(10 * MINUTE + 1, failing).coverage.steps).toMatchObject({
      ...{ connectivity: 'partly', configuration: 'partly', network: 'not' },
    });
  });

  test('metrics without a minute of it are nothing seen, nor is an event history that is gone', () => {
    const byId = { targetGroupMetrics: groupMetrics({}), zoneMetrics: groupMetrics({}) };
    const gone = partly([], { why: 'not-asked', detail: 'gone' });
    expect(readAfter(647 * DAY, { ...unread, ...byId, changes: gone, failedCalls: gone }).coverage.steps).toMatchObject(
      {
        ...{ connectivity: 'not', configuration: 'not', network: 'not' },
      },
    );
  });
});

describe('a fault of now, for a moment of which nothing was seen', () => {
  const closed: Ill = {
    targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.Timeout')),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', []),
    ],
  };

  test('is possible, and nothing is to be changed for it', () => {
    const diagnosis = readAfter(38 * HOUR, { ...closed, ...unread });
    expect(diagnosis.verdict.status).toBe('inconclusive');
    expect(diagnosis.findings.flatMap(({ fixes }) => fixes.filter(({ changes }) => changes))).toEqual([]);
    const told = mail(diagnosis);
    expect(told).toMatch(/, \d possible, from the state as read now/);
    expect(told).not.toMatch(/\d found|changes AWS/);
  });

  test('is found, and to be fixed, where it was read in time', () => {
    const diagnosis = readAfter(5 * MINUTE, { ...closed, ...timingOut });
    expect(diagnosis.findings.flatMap(({ fixes }) => fixes.filter(({ changes }) => changes))).not.toEqual([]);
    expect(mail(diagnosis)).not.toContain('from the state as read now');
  });
});
