import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/application/malformed-response/cause.ts';
import {
  always,
  aRuleTo,
  between,
  change,
  denied,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  partly,
  TG,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

/** 502s from 14:21 on. */
const errors = (more = {}) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_502_Count: lately(9, 40),
    HTTPCode_ELB_5XX_Count: lately(9, 40),
    ...more,
  }),
});
const released = (createdAt: string | null) => ({
  ecsServices: [ecsService({ deployments: [deployment({ createdAt })] })],
});
const at1415 = released('2026-03-10T14:15:00Z');
const updated = (set: Record<string, string>): Ill => ({
  changes: [change({ is: 'settings', of: 'web', set }, { event: 'UpdateService', resources: ['web', TG] })],
});
const failing = (count: number) =>
  errors({ HTTPCode_ELB_502_Count: between(9, 8, count), HTTPCode_ELB_5XX_Count: between(9, 8, count) });
const gap = { why: 'denied', detail: 'denied' } as const;

test.each<[string, Ill, string]>([
  ['a deployment just before', { ...errors(), ...at1415 }, 'found circumstantial'],
  ['for three requests', { ...failing(3), ...at1415 }, 'found circumstantial'],
  ['for two of them, which may have failed of anything', { ...failing(2), ...at1415 }, 'not-applicable'],
  ['half an hour before', { ...errors(), ...released('2026-03-10T13:51:00Z') }, 'found circumstantial'],
  ['longer before', { ...errors(), ...released('2026-03-10T13:50:59Z') }, 'not-applicable'],
  [
    'within the minute of the first error',
    { ...errors(), ...released('2026-03-10T14:22:00Z') },
    'found circumstantial',
  ],
  ['after it', { ...errors(), ...released('2026-03-10T14:22:01Z') }, 'not-applicable'],
  [
    'the old targets drain',
    { ...errors(), ...at1415, targetHealth: [target('i-1'), target('i-2', { state: 'draining' })] },
    'found circumstantial',
  ],
  ['a deployment without a time', { ...errors(), ...released(null) }, 'not-applicable'],
  [
    'a deployment of a service that is not behind it',
    {
      ...errors(),
      ecsServices: [ecsService({ targetGroups: [], deployments: [deployment({ createdAt: '2026-03-10T14:15:00Z' })] })],
    },
    'not-applicable',
  ],
  ['another task definition', { ...errors(), ...updated({ taskDefinition: 'web:8' }) }, 'found circumstantial'],
  ['another size', { ...errors(), ...updated({ desiredCount: '4' }) }, 'not-applicable'],
  [
    'an instance refresh',
    { ...errors(), changes: [change({ is: 'other' }, { event: 'StartInstanceRefresh', resources: ['web', TG] })] },
    'found circumstantial',
  ],
  [
    'requests routed to the group',
    { ...errors(), changes: [change({ is: 'routing', of: 'rule', to: [{ targetGroup: TG, weight: 1 }] })] },
    'found circumstantial',
  ],
  [
    'requests routed away from it',
    { ...errors(), changes: [change({ is: 'routing', of: 'rule', to: [{ targetGroup: TG, weight: 0 }] })] },
    'not-applicable',
  ],
  ['no release', errors(), 'not-applicable'],
  ['changes denied, and no release seen', { ...errors(), changes: denied() }, 'undetermined'],
  ['changes partly seen, and no release seen', { ...errors(), changes: partly([], gap) }, 'undetermined'],
  ['services denied, and no release seen', { ...errors(), ecsServices: denied() }, 'undetermined'],
  ['changes denied, and a deployment seen', { ...errors(), ...at1415, changes: denied() }, 'found circumstantial'],
  [
    'few failed connections',
    { ...errors({ TargetConnectionErrorCount: lately(8, 4) }), ...at1415 },
    'found circumstantial',
  ],
  [
    'a tenth as many failed connections',
    { ...errors({ TargetConnectionErrorCount: lately(9, 4) }), ...at1415 },
    'ruled-out',
  ],
  ['failed TLS handshakes', { ...errors({ TargetTLSNegotiationErrorCount: lately(9, 40) }), ...at1415 }, 'ruled-out'],
  [
    'a target that fails its checks',
    { ...errors(), ...at1415, targetHealth: [target('i-1'), unhealthy('i-2', 'Target.Timeout')] },
    'ruled-out',
  ],
  [
    'the only target leaves',
    { ...errors(), ...at1415, targetHealth: [target('i-1', { state: 'draining' })] },
    'ruled-out',
  ],
  ['no target', { ...errors(), ...at1415, targetHealth: [] }, 'ruled-out'],
  [
    'a target that failed its checks for a while',
    { ...errors(), ...at1415, targetGroupMetrics: groupMetrics({ [TG]: { 'UnHealthyHostCount.max': lately(5, 1) } }) },
    'ruled-out',
  ],
  [
    'a function behind it',
    { ...errors(), ...at1415, targetGroups: [targetGroup('web', { targetType: 'lambda' })] },
    'not-applicable',
  ],
  [
    'errors of another code',
    { ...at1415, loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(9, 40) }) },
    'ruled-out',
  ],
  ['no errors', at1415, 'ruled-out'],
  ['health denied', { ...errors(), ...at1415, targetHealth: denied() }, 'undetermined'],
  ['metrics denied', { ...at1415, loadBalancerMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says what was released and when, and what would decide', () => {
  expect(readable(cause, { ...errors(), ...at1415 })).toMatchInlineSnapshot(`
    "Targets of web may have sent malformed HTTP responses since a release [circumstantial]
      because  360 requests answered \`502\` since 14:21, with no failed connection or TLS handshake   [loadBalancerMetrics]
      because  2 targets are healthy   [targetHealth]
      because  prod/web began a deployment of web:7 at 14:15   [ecsServices]
      look     read the access log, if it is on, for entries with \`elb_status_code\` 502 and \`target_status_code\` \`-\`: see which targets they name
      fix      roll web back from \`web:7\` to the version before
      look     list the versions: ECS no longer shows which of them ran before
               aws ecs list-task-definitions --family-prefix web --sort DESC --max-items 10 --region us-east-1
      look     see what else changed before the errors
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-10T13:51:00Z --end-time 2026-03-10T14:22:00Z --max-items 50 --region us-east-1"
  `);
});

test('what tells comes before a way back to a version that nobody here knows', () => {
  const told = readable(cause, { ...errors(), ...at1415 });
  expect(told).toMatch(/look {5}read the access log[\s\S]*roll web back from `web:7` to the version before/);
  expect(told).not.toContain('would name a target');
});

test('offers the way back from the release', () => {
  const before = task('old', { startedBy: 'ecs-svc/6', taskDefinition: 'web:6' });
  expect(readable(cause, { ...errors(), ...at1415, ecsTasks: [before] })).toContain(
    'roll web back from `web:7` to `web:6`',
  );
});

test('a group that got its first request when the errors were over has broken none', () => {
  const told = readable(cause, {
    ...errors({ HTTPCode_ELB_502_Count: between(20, 10, 4), HTTPCode_ELB_5XX_Count: between(20, 10, 4) }),
    ...released('2026-03-10T14:05:00Z'),
    targetGroups: [targetGroup('web'), targetGroup('green')],
    listenerRules: aRuleTo(TG, groupArn('green')),
    targetHealth: [target('i-1'), target('i-2', { targetGroup: groupArn('green') })],
    targetGroupMetrics: groupMetrics({
      [TG]: { RequestCount: always(100) },
      [groupArn('green')]: { RequestCount: between(5, 0, 50) },
    }),
  });
  expect(told).toContain('Targets of web may have sent malformed HTTP responses since a release');
  expect(told).not.toContain('green');
});
