import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/tls-mismatch/tls-handshake-failing/cause.ts';
import {
  always,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  LB,
  lately,
  metrics,
  newest,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const https = (protocol: 'HTTP' | 'HTTPS', matcher = '200') => {
  const group = targetGroup('web', { protocol: 'HTTPS' });
  return { targetGroups: [{ ...group, healthCheck: { ...group.healthCheck, protocol, matcher } }] };
};
const failing = { targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.FailedHealthChecks')) };
const errors = (handshakes: number | null, more = {}) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_502_Count: lately(9, 40),
    HTTPCode_ELB_5XX_Count: lately(9, 40),
    ...(handshakes === null ? {} : { TargetTLSNegotiationErrorCount: lately(9, handshakes) }),
    ...more,
  }),
});

test.each<[string, Ill, string]>([
  ['as many failed handshakes as errors', { ...https('HTTPS'), ...failing, ...errors(40) }, 'found strong'],
  ['half as many', { ...https('HTTPS'), ...failing, ...errors(20) }, 'found strong'],
  ['fewer than half as many', { ...https('HTTPS'), ...failing, ...errors(19) }, 'found circumstantial'],
  [
    'counted by target group only',
    {
      ...https('HTTPS'),
      ...failing,
      ...errors(null),
      targetGroupMetrics: groupMetrics({ [TG]: { TargetTLSNegotiationErrorCount: lately(9, 40) } }),
    },
    'found strong',
  ],
  ['health checks in plain HTTP pass on that port', { ...https('HTTP'), ...errors(40) }, 'found decisive'],
  ['they pass, but would with a 400 as well', { ...https('HTTP', '200-499'), ...errors(40) }, 'found strong'],
  [
    'they pass on another port',
    {
      ...https('HTTP'),
      ...errors(40),
      targetHealth: [target('i-1', { healthCheckPort: 8081 })],
    },
    'found strong',
  ],
  [
    'health checks time out: the targets are slow',
    { ...https('HTTPS'), ...errors(40), targetHealth: [unhealthy('i-1', 'Target.Timeout')] },
    'found circumstantial',
  ],
  ['health checks over TLS pass on that port', { ...https('HTTPS'), ...errors(40) }, 'found circumstantial'],
  [
    'handshakes that failed all the time',
    {
      ...https('HTTPS'),
      ...failing,
      ...errors(null, { TargetTLSNegotiationErrorCount: always(20) }),
    },
    'ruled-out',
  ],
  ['no handshake failed', { ...https('HTTPS'), ...failing, ...errors(null) }, 'ruled-out'],
  ['no errors', https('HTTPS'), 'ruled-out'],
  ['the group speaks plain HTTP', errors(40), 'not-applicable'],
  ['health denied', { ...https('HTTPS'), ...errors(40), targetHealth: denied() }, 'found strong'],
  ['metrics denied', { ...https('HTTPS'), loadBalancerMetrics: denied() }, 'undetermined'],
  ['groups denied', { ...errors(40), targetGroups: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('dates the failures, so that the engine can tell cause from effect', () => {
  const late = errors(null, { TargetTLSNegotiationErrorCount: newest(40, 40) });
  expect(readable(cause, { ...https('HTTPS'), ...failing, ...late })).toMatch(
    /\[circumstantial\] since 2026-03-10T14:28/,
  );
});

test('names the group whose handshakes fail, and not the others', () => {
  const ill = {
    ...errors(40),
    targetGroups: [targetGroup('web', { protocol: 'HTTPS' }), targetGroup('api', { protocol: 'HTTPS' })],
    targetGroupMetrics: groupMetrics({ [groupArn('api')]: { TargetTLSNegotiationErrorCount: lately(9, 40) } }),
  };
  expect(readable(cause, ill)).toMatch(/^Targets of api do not complete/);
});

test('says what the load balancer offers to targets, and blames no certificate', () => {
  const listeners = [
    { arn: `${LB}/listener-443`, port: 443, protocol: 'HTTPS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
  ];
  const said = readable(cause, { ...https('HTTP'), ...errors(40), listeners });
  expect(said).not.toContain('certificate');
  expect(said).toMatchInlineSnapshot(`
    "web speaks HTTPS to port \`8080\`, which answers in plain HTTP [decisive] since 2026-03-10T14:21:00Z
      because  360 TLS handshakes with targets failed from 14:21 on, against 360 requests answered \`502\` or \`504\`   [loadBalancerMetrics]
      because  health checks in plain HTTP pass on port \`8080\` of i-1 and i-2   [targetHealth]
      because  the load balancer offers targets \`ELBSecurityPolicy-TLS13-1-0-2021-06\`   [listeners]
      fix      make the targets of web speak TLS on that port, or forward to a new target group of protocol HTTP: the protocol of a group cannot be changed"
  `);
});
