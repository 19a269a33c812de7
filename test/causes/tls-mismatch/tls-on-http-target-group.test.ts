import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/tls-mismatch/tls-on-http-target-group/cause.ts';
import {
  always,
  denied,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const group = (port: number, checks: 'HTTP' | 'HTTPS' = 'HTTP', matcher = '200') => {
  const plain = targetGroup('web', { port });
  return [{ ...plain, healthCheck: { ...plain.healthCheck, protocol: checks, matcher } }];
};
const on = (port: number) => ({ port, healthCheckPort: port });
const failing = (port: number) => ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.FailedHealthChecks', on(port)));
const healthy = (port: number) => ['i-1', 'i-2'].map((id) => target(id, on(port)));
const closed = (more = {}) =>
  metrics({ HTTPCode_ELB_502_Count: lately(9, 100), HTTPCode_ELB_5XX_Count: lately(9, 100), ...more });
const on443 = { targetGroups: group(443), targetHealth: failing(443), loadBalancerMetrics: closed() };
const proven = { targetGroups: group(9000, 'HTTPS'), targetHealth: healthy(9000), loadBalancerMetrics: closed() };

test.each<[string, Ill, string]>([
  ['port 443, and connections are closed', on443, 'found circumstantial'],
  ['port 8443', { ...on443, targetGroups: group(8443), targetHealth: failing(8443) }, 'found circumstantial'],
  ['port 444', { ...on443, targetGroups: group(444), targetHealth: failing(444) }, 'ruled-out'],
  ['health checks over HTTPS pass on the port of the requests', proven, 'found decisive'],
  [
    'they pass, and requests are answered as well',
    {
      ...proven,
      loadBalancerMetrics: closed({ HTTPCode_Target_2XX_Count: lately(9, 101) }),
    },
    'ruled-out',
  ],
  [
    'they pass, and some requests are answered',
    {
      ...proven,
      loadBalancerMetrics: closed({ HTTPCode_Target_2XX_Count: lately(9, 1) }),
    },
    'found circumstantial',
  ],
  ['they pass, and nothing fails', { ...proven, loadBalancerMetrics: metrics() }, 'ruled-out'],
  ['plain HTTP passes on port 443', { ...on443, targetHealth: healthy(443) }, 'ruled-out'],
  [
    'it passes by a matcher that takes 400',
    { ...on443, targetGroups: group(443, 'HTTP', '200-499'), targetHealth: healthy(443) },
    'found circumstantial',
  ],
  [
    'connections are refused',
    { ...on443, loadBalancerMetrics: closed({ TargetConnectionErrorCount: lately(9, 100) }) },
    'ruled-out',
  ],
  [
    'fewer than half are refused',
    { ...on443, loadBalancerMetrics: closed({ TargetConnectionErrorCount: lately(9, 49) }) },
    'found circumstantial',
  ],
  [
    'health checks on 443 are answered 400',
    {
      ...on443,
      targetHealth: [
        unhealthy('i-1', 'Target.ResponseCodeMismatch', {
          ...on(443),
          description: 'Health checks failed with these codes: [400]',
        }),
      ],
      loadBalancerMetrics: metrics({ HTTPCode_Target_4XX_Count: always(120) }),
    },
    'found circumstantial',
  ],
  [
    'another group answers, this one does not',
    {
      ...proven,
      targetGroupMetrics: groupMetrics({ [TG]: { RequestCount: lately(9, 100) } }),
      loadBalancerMetrics: closed({ HTTPCode_Target_2XX_Count: lately(9, 500) }),
    },
    'found decisive',
  ],
  ['no rule sends to the group', { ...on443, listenerRules: [] }, 'not-applicable'],
  [
    'an HTTPS group',
    { ...on443, targetGroups: [targetGroup('web', { protocol: 'HTTPS', port: 443 })] },
    'not-applicable',
  ],
  ['health denied', { ...on443, targetHealth: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which port, and how that is known', () => {
  expect(readable(cause, proven)).toMatchInlineSnapshot(`
    "web sends plain HTTP to port \`9000\`, which expects TLS [decisive]
      because  the protocol of web is \`HTTP\`   [targetGroups]
      because  health checks over HTTPS pass on that port of i-1 and i-2   [targetHealth]
      because  900 requests answered \`502\` since 14:21, most of them on connections that were made   [loadBalancerMetrics]
      fix      forward to a new target group of protocol HTTPS, or register the targets of web on the port where they speak plain HTTP
      look     see who created or changed the group or its targets
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateTargetGroup --start-time 2026-03-09T14:21:00Z --region us-east-1"
  `);
});
