import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/tls-mismatch/protocol-version-mismatch/cause.ts';
import {
  always,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

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
  ['targets are healthy', { ...speaks('HTTP2'), ...with464 }, 'ruled-out'],
  [
    'one target is healthy',
    { ...speaks('HTTP2'), ...with464, targetHealth: [target('i-1'), unhealthy('i-2', 'Target.FailedHealthChecks')] },
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
    "web speaks \`HTTP2\` to targets that do not seem to [strong]
      because  the protocol version of web is \`HTTP2\`   [targetGroups]
      because  540 requests answered \`502\` since 14:21, on connections that were made   [loadBalancerMetrics]
      because  its 2 targets all fail the health checks: \`Target.FailedHealthChecks\`   [targetHealth]
      because  540 requests answered 4xx by the load balancer itself from 14:21 on: \`464\` would be among those   [loadBalancerMetrics]
      look     see since when requests go to this group
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyRule --start-time 2026-03-09T14:21:00Z --region us-east-1
      fix      forward to a target group of protocol version HTTP1, or make the targets speak HTTP/2: the version of a group cannot be changed"
  `);
});
