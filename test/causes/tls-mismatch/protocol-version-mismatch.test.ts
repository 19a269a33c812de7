import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/tls-mismatch/protocol-version-mismatch/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import {
  always,
  aSnapshot,
  change,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, plain, readable } from '../../support/judged.ts';

const speaks = (protocolVersion: string) => ({ targetGroups: [targetGroup('web', { protocolVersion })] });
const failing = { targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.FailedHealthChecks')) };
const errors = (more = {}) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_502_Count: lately(9, 60),
    HTTPCode_ELB_5XX_Count: lately(9, 60),
    HTTPCode_Target_2XX_Count: [...always(120).slice(0, 171), ...Array(9).fill(null)],
    ...more,
  }),
});
const with464 = errors({ HTTPCode_ELB_4XX_Count: lately(9, 60) });

/** So many of the 120 requests a minute, and answered by nobody else. */
const refused = (minutes: number, perMinute = 40) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_4XX_Count: lately(minutes, perMinute),
    HTTPCode_Target_2XX_Count: always(120),
  }),
});

test.each<[string, Ill, string]>([
  [
    'HTTP2, 502s and 4xx of the load balancer from the onset, all targets fail',
    { ...speaks('HTTP2'), ...failing, ...with464 },
    'found strong',
  ],
  ['GRPC', { ...speaks('GRPC'), ...failing, ...with464 }, 'found strong'],
  ['no 4xx', { ...speaks('HTTP2'), ...failing, ...errors() }, 'found circumstantial'],
  [
    'the same 4xx all the time',
    { ...speaks('HTTP2'), ...failing, ...errors({ HTTPCode_ELB_4XX_Count: always(60) }) },
    'found circumstantial',
  ],
  ['health not seen', { ...speaks('HTTP2'), ...with464, targetHealth: denied() }, 'found circumstantial'],
  [
    'targets time out instead',
    { ...speaks('HTTP2'), ...with464, targetHealth: [unhealthy('i-1', 'Target.Timeout')] },
    'found circumstantial',
  ],
  [
    'targets are healthy: they understand it, clients may not',
    { ...speaks('HTTP2'), ...with464 },
    'found circumstantial',
  ],
  ['targets are healthy, and no 4xx', { ...speaks('HTTP2'), ...errors() }, 'ruled-out'],
  [
    'one target is healthy',
    { ...speaks('HTTP2'), ...errors(), targetHealth: [target('i-1'), unhealthy('i-2', 'Target.FailedHealthChecks')] },
    'ruled-out',
  ],
  [
    'connections are refused',
    { ...speaks('HTTP2'), ...failing, ...errors({ TargetConnectionErrorCount: lately(9, 60) }) },
    'ruled-out',
  ],
  [
    'handshakes fail',
    { ...speaks('HTTP2'), ...failing, ...errors({ TargetTLSNegotiationErrorCount: lately(9, 60) }) },
    'ruled-out',
  ],
  [
    'targets answer more than half',
    { ...speaks('HTTP2'), ...failing, ...errors({ HTTPCode_Target_2XX_Count: always(61) }) },
    'ruled-out',
  ],
  ['HTTP1', { ...failing, ...with464 }, 'not-applicable'],
  [
    'HTTP2 in a group that gets no requests',
    { ...failing, ...with464, targetGroups: [targetGroup(), targetGroup('grpc', { protocolVersion: 'GRPC' })] },
    'not-applicable',
  ],
  ['no 502', speaks('HTTP2'), 'ruled-out'],
  ['no 502, and 4xx of the load balancer', { ...speaks('GRPC'), ...refused(50) }, 'found circumstantial'],
  [
    'the same, and no client can speak HTTP/2',
    { ...speaks('GRPC'), ...refused(50), loadBalancerAttributes: { 'routing.http2.enabled': 'false' } },
    'found strong',
  ],
  [
    'the same, for longer than was read',
    { ...speaks('GRPC'), ...refused(180), loadBalancerAttributes: { 'routing.http2.enabled': 'false' } },
    'ruled-out',
  ],
  ['no 502, and 4xx of the load balancer as ever', { ...speaks('HTTP2'), ...refused(180) }, 'ruled-out'],
  [
    'no 502, and 4xx of the load balancer for longer than anybody knows',
    { ...speaks('HTTP2'), ...refused(170) },
    'ruled-out',
  ],
  ['no 502, and hardly any 4xx', { ...speaks('HTTP2'), ...refused(50, 4) }, 'ruled-out'],
  ['no 502, 4xx, and HTTP1', refused(50), 'not-applicable'],
  ['rules denied', { ...speaks('HTTP2'), ...with464, listenerRules: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('does not take the errors of the load balancer for those of one of two groups', () => {
  const to = ['web', 'grpc'].map((name) => ({ targetGroup: groupArn(name), weight: 1 }));
  const ill: Ill = {
    ...with464,
    targetGroups: [targetGroup(), targetGroup('grpc', { protocolVersion: 'GRPC' })],
    listenerRules: [{ arn: 'r', listenerArn: 'l', priority: null, conditions: [], actions: [{ type: 'forward', to }] }],
    targetHealth: [target('i-1'), unhealthy('i-2', 'Target.FailedHealthChecks', { targetGroup: groupArn('grpc') })],
  };
  expect(outcome(cause, ill)).toBe('found circumstantial');
  const byGroup = groupMetrics({ [groupArn('grpc')]: { RequestCount: lately(9, 540) } });
  expect(outcome(cause, { ...ill, targetGroupMetrics: byGroup })).toBe('found strong');
});

test('says which version, and that 464 hides among the 4xx', () => {
  expect(readable(cause, { ...speaks('HTTP2'), ...failing, ...with464 })).toMatchInlineSnapshot(`
    "web sends \`HTTP2\` to targets that do not seem to support it [strong]
      because  the protocol version of web is \`HTTP2\`   [targetGroups]
      because  540 requests answered \`502\` since 14:21, on connections that were made   [loadBalancerMetrics]
      because  both targets fail the health checks: \`Target.FailedHealthChecks\`   [targetHealth]
      because  540 requests answered 4xx by the load balancer itself from 14:21 on: \`464\` would be among those   [loadBalancerMetrics]
      fix      forward to a target group of protocol version HTTP1, or make the targets speak HTTP/2: the version of a group cannot be changed
      look     see when requests began to go to this group
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyRule --start-time 2026-03-09T14:21:00Z --region us-east-1"
  `);
});

describe('clients that speak another version, and no 502', () => {
  const ill: Ill = {
    ...speaks('GRPC'),
    ...refused(50),
    changes: [
      change(
        { is: 'routing', of: 'listener', to: [{ targetGroup: TG, weight: 1 }] },
        { at: '2026-03-10T13:39:20Z', event: 'ModifyListener', resources: ['listener', TG] },
      ),
    ],
  };

  test('are said to be refused, since when, and who led them there', () => {
    const { verdict, findings } = diagnose(aSnapshot(ill), [cause]);
    expect(verdict).toMatchObject({ status: 'quiet', cause: null });
    expect(plain(verdict.headline)).toBe(
      'No request was answered 5xx in the last 30 min, but the load balancer has answered 25 % of requests with 4xx since 13:40',
    );
    expect(plain(verdict.headline)).not.toContain('does not come from this load balancer');
    expect(findings[0]?.change?.at).toBe('2026-03-10T13:39:20Z');
    expect(readable(cause, ill)).toMatchInlineSnapshot(`
      "The load balancer may refuse clients that do not speak \`GRPC\`, the only protocol that web accepts [circumstantial] since 2026-03-10T13:39:20Z
        because  the protocol version of web is \`GRPC\`: it accepts only gRPC, and the load balancer answers others \`464\`   [targetGroups]
        because  the load balancer itself has answered 25 % of the requests with 4xx since 13:40 (0 % before): \`464\` would be among those   [loadBalancerMetrics]
        fix      ask \`alice\` where the requests went before 13:39, and send them there again
        fix      let a rule send the clients that do not speak \`GRPC\` to a target group of protocol version HTTP1: the version of a group cannot be changed
        look     count \`464\` in the access log, if it is on: it proves this cause"
    `);
  });

  test('stay proven where no 5xx is: it keeps clients out', () => {
    const proven = { ...ill, loadBalancerAttributes: { 'routing.http2.enabled': 'false' } };
    expect(readable(cause, proven)).toMatch(/^The load balancer refuses clients .* \[strong\]/);
  });

  test('are not said to be the cause of any 5xx', () => {
    const both = metrics({
      ...refused(50).loadBalancerMetrics.values,
      HTTPCode_ELB_503_Count: lately(9, 30),
      HTTPCode_ELB_5XX_Count: lately(9, 30),
    });
    const { verdict, findings } = diagnose(aSnapshot({ ...ill, loadBalancerMetrics: both }), [cause]);
    expect(verdict).toMatchObject({ status: 'inconclusive', cause: null });
    expect(findings.map(({ strength }) => strength)).toEqual(['circumstantial']);
  });

  const OLD = groupArn('old');
  const rule = (...to: readonly { targetGroup: string; weight: number }[]) => ({
    listenerRules: [
      {
        arn: 'rule',
        listenerArn: 'listener',
        priority: null,
        conditions: [],
        actions: [{ type: 'forward' as const, to }],
      },
    ],
  });
  const beside = (protocolVersion: string, ...healthy: readonly string[]) => ({
    targetGroups: [targetGroup('web', { protocolVersion: 'GRPC' }), targetGroup('old', { protocolVersion })],
    targetHealth: [target('i-1'), ...healthy.map((id) => target(id, { targetGroup: OLD }))],
  });
  const led = (to: string, clock: string) =>
    change(
      { is: 'routing', of: 'listener', to: [{ targetGroup: to, weight: 1 }] },
      { at: `2026-03-10T${clock}:00Z`, event: 'ModifyListener', resources: ['listener', to] },
    );
  const WAY_BACK = `modify-listener --listener-arn listener --default-actions Type=forward,TargetGroupArn=${OLD}`;

  test.each<[what: string, more: Ill, says: string | null, isLedBack: boolean]>([
    [
      'the trail tells where requests went before',
      {
        ...beside('HTTP1', 'i-1'),
        ...rule({ targetGroup: TG, weight: 1 }),
        changes: [led(OLD, '11:00'), led(TG, '13:39')],
      },
      '; that of old, to which requests went until 13:39, is `HTTP1`',
      true,
    ],
    [
      'that group has no target any more',
      { ...beside('HTTP1'), ...rule({ targetGroup: TG, weight: 1 }), changes: [led(OLD, '11:00'), led(TG, '13:39')] },
      '; that of old, to which requests went until 13:39, is `HTTP1`',
      false,
    ],
    [
      'that group is of the same version',
      {
        ...beside('GRPC', 'i-1'),
        ...rule({ targetGroup: TG, weight: 1 }),
        changes: [led(OLD, '11:00'), led(TG, '13:39')],
      },
      null,
      false,
    ],
    [
      'nobody saw where they went before',
      { ...beside('HTTP1', 'i-1'), ...rule({ targetGroup: TG, weight: 1 }), changes: [led(TG, '13:39')] },
      null,
      false,
    ],
    [
      'the rule still names the group of before',
      {
        ...beside('HTTP1', 'i-1'),
        ...rule({ targetGroup: TG, weight: 1 }, { targetGroup: OLD, weight: 0 }),
        changes: [],
      },
      '; that of old, which the rule names with weight 0, is `HTTP1`',
      false,
    ],
  ])('the way back: %s', (_, more, says, isLedBack) => {
    const told = readable(cause, { ...ill, ...more });
    if (says === null) expect(told).not.toContain('old');
    else expect(told).toContain(says);
    expect(told.includes(WAY_BACK)).toBe(isLedBack);
  });
});
