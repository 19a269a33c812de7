import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { asFailed } from '../../lambda/diagnose/failed-diagnosis.ts';
import { isWorthTelling } from '../../lambda/diagnose/recovery.ts';
import { snapshotDiagnosis } from '../../lambda/entry/cli/snapshot-diagnosis.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { Values } from '../../lambda/incident/evidence.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { renderSms } from '../../lambda/render/sms.ts';
import { verdictLine } from '../../lambda/render/verdict-line.ts';
import {
  always,
  aRuleTo,
  aSnapshot,
  between,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  ingress,
  metrics,
  NOW,
  newest,
  partly,
  securityGroup,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../support/a-snapshot.ts';

const trigger = {
  kind: 'alarm',
  at: NOW,
  alarmName: 'web-5xx',
  state: 'OK',
  previousState: 'ALARM',
  previousStateAt: '2026-03-10T14:18:00Z',
} as const;

const failing = (errors: Values, requests: Values = always(120)) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: errors,
    HTTPCode_ELB_5XX_Count: errors,
    TargetConnectionErrorCount: errors,
    RequestCount: requests,
  }),
});
const closed: Ill = {
  targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  securityGroups: [
    securityGroup('sg-alb', []),
    securityGroup('sg-app', [ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' })]),
  ],
};
const none = (minutes: number): Values => Array.from({ length: minutes }, () => null);
const followUp = (ill: Ill): Diagnosis => diagnose(aSnapshot({ trigger, ...ill }), CAUSES);
const read = (diagnosis: Diagnosis): string => renderEmail(diagnosis).replace(/\s+/g, ' ');

/** What no message may say while requests fail, or nobody asks. */
const ALL_CLEAR = /recovered|errors stopped|\bended\b|over since|To prevent it/i;

describe('an alarm that is OK while nothing is over is told as it stands', () => {
  test.each<[string, Ill, string]>([
    [
      'all of three requests a minute fail',
      {
        ...closed,
        ...failing(newest(900, 900, 900, ...Array(9).fill(3)), newest(...Array(20).fill(900), ...Array(9).fill(3))),
      },
      'The alarm is OK, but the errors are not over, or not for long enough to tell.',
    ],
    [
      'nobody asks any more',
      { ...closed, ...failing(newest(...Array(12).fill(118), ...none(6)), newest(...Array(30).fill(118), ...none(6))) },
      'The alarm is OK, but that is for lack of requests: nothing shows that the fault is gone.',
    ],
    [
      'the next burst is due',
      failing(newest(...[0, 1, 2, 3].flatMap(() => [40, 40, ...none(10)]))),
      'The alarm is OK, but errors came 4 times, about every 12 min, the last time at 14:18 UTC: they may come back.',
    ],
    [
      'the metrics could not be read',
      { loadBalancerMetrics: denied('cloudwatch:GetMetricData') },
      'The alarm is OK, but whether requests fail could not be seen.',
    ],
  ])('%s', (_, ill, lead) => {
    const diagnosis = followUp(ill);
    expect(diagnosis.kind).toBe('triage');
    expect(read(diagnosis)).toContain(lead);
    expect(`${read(diagnosis)} ${renderSms(diagnosis)} ${JSON.stringify(diagnosis.timeline)}`).not.toMatch(ALL_CLEAR);
  });

  test('requests are answered, but none of the group whose fault stands', () => {
    const other = groupMetrics({
      [TG]: { RequestCount: between(180, 8, 100), 'UnHealthyHostCount.max': between(14, 0, 2) },
      [groupArn('api')]: { RequestCount: always(20) },
    });
    const diagnosis = followUp({ ...closed, ...failing(between(14, 8, 100)), targetGroupMetrics: other });
    expect(diagnosis).toMatchObject({
      kind: 'triage',
      episode: { end: null, unasked: { since: '2026-03-10T14:22:00Z', targetGroups: [TG] } },
    });
    expect(read(diagnosis)).toContain('no request has been sent to web since 14:22 UTC.');
    expect(read(diagnosis)).toMatch(
      / failed \(5\d\d\) from 14:\d\d to 14:22 UTC.* none has been sent to what is broken since\./,
    );
    expect(read(diagnosis)).not.toMatch(ALL_CLEAR);
  });

  test.each<[string, Ill]>([
    ['as its group fails open', { targetGroupMetrics: groupMetrics({ [TG]: { RequestCount: always(100) } }) }],
    ['whoever is asked', { targetGroupMetrics: groupMetrics({ [TG]: { RequestCount: between(180, 8, 100) } }) }],
    ['and nobody saw who is asked', { targetGroupMetrics: denied('cloudwatch:GetMetricData') }],
  ])('no request fails any more, though no target is healthy: %s', (_, ill) => {
    const diagnosis = followUp({ ...closed, ...failing(between(14, 8, 100)), ...ill });
    expect(diagnosis).toMatchObject({ kind: 'triage', episode: { end: null, unmended: { targetGroups: [TG] } } });
    const lead = 'the fault stands: no request has failed since 14:22 UTC, but health checks do.';
    expect(read(diagnosis)).toContain(`The alarm is OK, but ${lead}`);
    expect(`${read(diagnosis)} ${renderSms(diagnosis)}`).not.toMatch(ALL_CLEAR);
  });

  test('errors are over where one of its targets is healthy again', () => {
    const targetHealth = [unhealthy('i-1', 'Target.Timeout'), target('i-2')];
    expect(followUp({ ...closed, ...failing(between(14, 8, 100)), targetHealth }).kind).toBe('recovered');
  });

  test('redirects that the load balancer answers itself say nothing of targets', () => {
    const app = between(180, 14, 200);
    const ill = {
      ...closed,
      loadBalancerMetrics: metrics({
        RequestCount: always(260).map((_, minute) => (minute < 166 ? 260 : 60)),
        HTTPCode_Target_2XX_Count: between(180, 45, 200),
        HTTPCode_ELB_504_Count: between(45, 14, 200),
        HTTPCode_ELB_5XX_Count: between(45, 14, 200),
        TargetConnectionErrorCount: between(45, 14, 200),
      }),
      targetGroupMetrics: groupMetrics({ [TG]: { RequestCount: app } }),
      windowSeconds: 3600,
    };
    const diagnosis = followUp(ill);
    expect(diagnosis).toMatchObject({
      kind: 'triage',
      episode: { end: null, unasked: { since: '2026-03-10T14:16:00Z' } },
    });
    expect(read(diagnosis)).not.toMatch(ALL_CLEAR);
  });

  test('what is left of an outage that fills what was read is no end of it', () => {
    const errors = always(1000).map((_, minute) => (minute < 20 ? 0 : minute < 168 ? 1000 : 50));
    const diagnosis = followUp({ ...failing(errors, always(1000)), targetHealth: [target('i-1'), target('i-2')] });
    expect(diagnosis).toMatchObject({ kind: 'triage', episode: { end: null, onset: '2026-03-10T11:50:00Z' } });
    expect(read(diagnosis)).not.toMatch(ALL_CLEAR);
  });

  test.each<[string, Ill]>([
    [
      'fail their checks, whatever the cause',
      { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] },
    ],
    ['are registered any more', { targetHealth: [] }],
  ])('targets that were well before %s: nothing has ended', (_, ill) => {
    const group = { RequestCount: always(120), 'HealthyHostCount.min': between(180, 14, 2) };
    const diagnosis = followUp({
      ...failing(between(14, 8, 60)),
      targetGroupMetrics: groupMetrics({ [TG]: group }),
      ...ill,
    });
    expect(diagnosis.kind).toBe('triage');
    expect(`${read(diagnosis)} ${renderSms(diagnosis)}`).not.toMatch(ALL_CLEAR);
  });

  test('a group that no rule sends requests to any more is left behind, and no fault of now', () => {
    const green = groupArn('green');
    const group = { RequestCount: between(180, 8, 120), 'HealthyHostCount.min': between(180, 14, 2) };
    const diagnosis = followUp({
      ...failing(between(14, 8, 100)),
      targetGroups: [targetGroup('green'), targetGroup()],
      listenerRules: aRuleTo(green),
      targetHealth: [target('i-3', { targetGroup: green }), unhealthy('i-1', 'Target.FailedHealthChecks')],
      targetGroupMetrics: groupMetrics({ [TG]: group, [green]: { RequestCount: between(8, 0, 120) } }),
    });
    expect(diagnosis.kind).toBe('recovered');
  });

  test('nor is a pause as long as those that its rest came with', () => {
    const rest = (minute: number): number => (minute % 4 === 0 ? 24 : 0);
    const errors = always(600).map((_, minute) => (minute < 140 ? 0 : minute < 160 ? 600 : rest(minute)));
    expect(followUp(failing(errors, always(600))).kind).toBe('triage');
  });

  test('counts of errors that were read in part end nothing', () => {
    const { loadBalancerMetrics } = failing(between(30, 25, 117));
    const gap = { why: 'partial', detail: 'PartialData', ids: ['HTTPCode_ELB_504_Count'] } as const;
    const diagnosis = followUp({ ...closed, loadBalancerMetrics: partly(loadBalancerMetrics, gap) });
    expect(diagnosis).toMatchObject({ kind: 'triage', episode: { end: null } });
    expect(read(diagnosis)).not.toMatch(ALL_CLEAR);
  });
});

test('errors that stopped while requests were answered are a recovery, with how long it lasted', () => {
  const diagnosis = followUp({ ...failing(between(14, 5, 100)) });
  expect(diagnosis).toMatchObject({
    kind: 'recovered',
    durationSeconds: 720,
    episode: { end: '2026-03-10T14:25:00Z' },
  });
  expect(read(diagnosis)).toContain('Recovered after 12 min in alarm; over since 14:25 UTC.');
  // The errors' own time, which is not that of the alarm.
  expect(verdictLine(diagnosis)).toMatch(/: recovered after 9 min(,|$)/);
});

test('when the alarm changed is not told as when errors ended that nobody saw', () => {
  const diagnosis = followUp({});
  expect(diagnosis).toMatchObject({ kind: 'recovered', episode: null });
  expect(read(diagnosis)).toContain('The alarm is OK after 12 min in alarm.');
  expect(read(diagnosis)).not.toMatch(/over since|Recovered/);
  expect(verdictLine(diagnosis)).toMatch(/: recovered after 12 min in alarm$/);
});

test.each([
  ['no error was ever seen', {}, false],
  ['metrics were denied', { loadBalancerMetrics: denied('cloudwatch:GetMetricData') }, false],
  ['there were errors', failing(between(14, 5, 100)), true],
])('an alarm that was just made and is OK is worth a message where %s', (_, ill, worth) => {
  const made = { ...trigger, previousState: 'INSUFFICIENT_DATA' };
  expect(isWorthTelling(followUp({ ...ill, trigger: made }))).toBe(worth);
});

test('an alarm that is OK is told of no check that fails, and of no lack of requests, where neither is so', () => {
  const ill = {
    loadBalancerMetrics: metrics({ RequestCount: always(120) }),
    targetGroupMetrics: groupMetrics({
      [TG]: { 'UnHealthyHostCount.max': between(14, 12, 1).map((value) => value ?? 0), RequestCount: always(120) },
    }),
  };
  const diagnosis = followUp(ill);
  expect(diagnosis.kind).toBe('recovered');
  const mail = renderEmail(diagnosis).replace(/\s+/g, ' ');
  expect(mail).toContain('Recovered after 12 min in alarm; no target has failed its health checks since 14:18 UTC. ');
  expect(mail).not.toMatch(/no request was counted|targets fail their health checks/);
  expect(renderSms(diagnosis)).not.toMatch(/Targets fail /);
});

test.each<[string, Partial<typeof trigger> | { state: string }, Diagnosis['kind']]>([
  ['its OK', {}, 'recovered'],
  ['its ALARM', { state: 'ALARM' }, 'triage'],
])('the judgement itself tells what the alarm sent for: %s', (_, change, kind) => {
  const diagnosis = diagnose(
    aSnapshot({ ...failing(between(14, 5, 100)), trigger: { ...trigger, ...change } }),
    CAUSES,
  );
  expect(diagnosis.kind).toBe(kind);
  expect('supersedes' in diagnosis).toBe(kind === 'recovered');
});

test('what turns out to be unreadable supersedes nothing, and lasted no time that is known', () => {
  const failed = asFailed(followUp(failing(between(14, 5, 100))), 'denied');
  expect(failed.kind).toBe('failed');
  expect(Object.keys(failed)).not.toEqual(expect.arrayContaining(['supersedes']));
  expect(Object.keys(failed)).not.toEqual(expect.arrayContaining(['durationSeconds']));
});

test('a saved snapshot is told at a shell as the mail tells it', () => {
  const snapshot = aSnapshot({ trigger, ...failing(between(14, 5, 100)) });
  expect(snapshotDiagnosis(snapshot)).toEqual(diagnose(snapshot, CAUSES));
  expect(verdictLine(snapshotDiagnosis(snapshot))).toMatch(/: recovered after 9 min/);
});
