import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/wrong-upstream/health-check-port-mismatch/cause.ts';
import {
  denied,
  groupArn,
  groupMetrics,
  ingress,
  lately,
  metrics,
  partly,
  securityGroup,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const group = targetGroup('web');
const onPort9000 = [targetGroup('web', { healthCheck: { ...group.healthCheck, port: '9000' } })];
const fails = (id: string, reason = 'Target.FailedHealthChecks') => unhealthy(id, reason, { healthCheckPort: 9000 });
const passes = (id: string) => target(id, { healthCheckPort: 9000 });
const alb = securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]);
const open = (...ports: number[]) => ({
  securityGroups: [
    alb,
    securityGroup(
      'sg-app',
      ports.map((port) => ingress('tcp', port, port, { group: 'sg-alb' })),
    ),
  ],
});
/** Of 1,000 requests so many were answered, and so many connections failed. */
const traffic = (answered: number, failedConnections = 0) => ({
  targetGroupMetrics: groupMetrics({
    [TG]: {
      RequestCount: lately(10, 100),
      HTTPCode_Target_2XX_Count: lately(10, answered / 10),
      TargetConnectionErrorCount: lately(10, failedConnections / 10),
    },
  }),
});
const errors = (code: '502' | '503' | '504') => ({
  loadBalancerMetrics: metrics({
    [`HTTPCode_ELB_${code}_Count`]: lately(10, 20),
    HTTPCode_ELB_5XX_Count: lately(10, 20),
  }),
});
const checks = {
  targetGroups: onPort9000,
  targetHealth: [fails('i-1'), fails('i-2')],
  ...errors('503'),
  ...open(8080, 9000),
};
const silent = { ...checks, targetHealth: [fails('i-1', 'Target.Timeout'), fails('i-2', 'Target.Timeout')] };
const requests = {
  targetGroups: onPort9000,
  targetHealth: [passes('i-1'), passes('i-2')],
  ...errors('502'),
  ...open(8080, 9000),
};

test.each([
  ['the network is closed on the checked port only', { ...silent, ...open(8080) }, 'found decisive'],
  [
    'closed by our evaluation, but the check was refused: packets get there',
    { ...checks, ...open(8080) },
    'found circumstantial',
  ],
  ['the network is closed on both ports', { ...silent, ...open(22) }, 'found circumstantial'],
  ['the network is open on both ports', silent, 'found circumstantial'],
  ['all checks fail, nine in ten requests are answered', { ...checks, ...traffic(900) }, 'found strong'],
  ['all checks fail, fewer requests are answered', { ...checks, ...traffic(890) }, 'found circumstantial'],
  [
    'half of the checks fail, all requests are answered',
    { ...checks, targetHealth: [fails('i-1'), passes('i-2')], ...traffic(1000) },
    'found circumstantial',
  ],
  [
    'all checks fail, and the whole load balancer answers',
    { ...checks, loadBalancerMetrics: metrics({ HTTPCode_Target_2XX_Count: lately(30, 120) }) },
    'found strong',
  ],
  [
    'the checks are answered with a wrong code',
    { ...checks, targetHealth: [fails('i-1', 'Target.ResponseCodeMismatch')] },
    'ruled-out',
  ],
  ['checks pass, every connection for a request is refused', { ...requests, ...traffic(0, 1000) }, 'found strong'],
  ['one in ten requests is answered', { ...requests, ...traffic(100, 900) }, 'found strong'],
  ['more than that', { ...requests, ...traffic(110, 890) }, 'found circumstantial'],
  ['half of the failed requests are failed connections', { ...requests, ...traffic(0, 500) }, 'found strong'],
  ['fewer: they fail in another way', { ...requests, ...traffic(0, 490) }, 'found circumstantial'],
  ['requests fail, and every connection is made: the application hangs', { ...requests, ...traffic(0) }, 'ruled-out'],
  ['the network is closed for requests only', { ...requests, ...open(9000), ...traffic(500, 500) }, 'found decisive'],
  ['the ports differ, and all is well', { ...requests, ...traffic(1000) }, 'ruled-out'],
  ['the ports are the same', { targetHealth: [unhealthy('i-1', 'Target.Timeout')] }, 'not-applicable'],
  [
    'the same by a number',
    { targetGroups: [targetGroup('web', { healthCheck: { ...group.healthCheck, port: '8080' } })] },
    'not-applicable',
  ],
  ['the group gets no requests', { ...checks, listenerRules: [] }, 'not-applicable'],
  ['health denied', { ...checks, targetHealth: denied() }, 'undetermined'],
  [
    'the health of another group was not read',
    {
      ...checks,
      ...traffic(1000),
      targetHealth: partly(checks.targetHealth, { why: 'throttled', detail: 'x', ids: [groupArn('api')] }),
    },
    'found strong',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which port fails and which works, and checks the one that works', () => {
  expect(readable(cause, { ...checks, ...traffic(1000) })).toMatchInlineSnapshot(`
    "Health checks of web go to port \`9000\`, which fails; requests go to \`8080\` [strong]
      because  2 of 2 targets fail on \`9000\`: \`Target.FailedHealthChecks\`   [targetHealth]
      because  targets answered 1,000 of 1,000 requests on \`8080\`   [targetGroupMetrics]
      because  the health check's port is set to \`9000\`   [targetGroups]
      fix      let health checks go to the port that requests go to
               aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port traffic-port --region us-east-1
         undo  aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port 9000 --region us-east-1
      look     see who changed the health check, and when
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyTargetGroup --start-time 2026-03-09T14:00:00Z --region us-east-1"
  `);
});

test('says that checks on another port are blind, and changes nothing', () => {
  expect(readable(cause, { ...requests, ...traffic(0, 1000) })).toMatchInlineSnapshot(`
    "Targets of web pass their checks on \`9000\`; on \`8080\` connections fail [strong]
      because  2 targets healthy by checks on \`9000\`, which say nothing of \`8080\`   [targetHealth]
      because  1,000 failed connections; 1,000 of 1,000 requests got no answer from a target   [targetGroupMetrics]
      fix      start what should listen on \`8080\`, or send requests to the port that works"
  `);
});

test('checks the traffic port in the protocol that is spoken there', () => {
  const tls = [targetGroup('web', { protocol: 'HTTPS', healthCheck: { ...group.healthCheck, port: '9000' } })];
  expect(readable(cause, { ...checks, ...traffic(1000), targetGroups: tls })).toMatch(
    /--health-check-port traffic-port --health-check-protocol HTTPS .*\n.*undo .*--health-check-port 9000 --health-check-protocol HTTP /,
  );
});

test('explains 502s only where targets come and go', () => {
  const draining = { ...checks, ...errors('502'), ...traffic(980) };
  expect(readable(cause, draining)).toContain('[circumstantial]');
  const targetHealth = [...checks.targetHealth, target('i-3', { state: 'draining', healthCheckPort: 9000 })];
  expect(readable(cause, { ...draining, targetHealth })).toContain('[strong]');
});
