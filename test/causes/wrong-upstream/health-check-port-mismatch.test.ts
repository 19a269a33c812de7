import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/wrong-upstream/health-check-port-mismatch/cause.ts';
import { plusSeconds } from '../../../lambda/semantics/time/minutes.ts';
import {
  afterLevel,
  always,
  change,
  denied,
  ecsService,
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
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { foundFirst, outcome, readable } from '../../support/judged.ts';

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
      because  both targets fail on \`9000\`: \`Target.FailedHealthChecks\`   [targetHealth]
      because  targets answered 1,000 of 1,000 requests on \`8080\`   [targetGroupMetrics]
      because  the health check's port is set to \`9000\`   [targetGroups]
      fix      send health checks to the port that requests use
               aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port traffic-port --region us-east-1
         undo  aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port 9000 --region us-east-1
      look     see who changed the health check, and when
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyTargetGroup --start-time 2026-03-09T14:00:00Z --region us-east-1"
  `);
});

test('says that checks on another port are blind, and changes nothing', () => {
  expect(readable(cause, { ...requests, ...traffic(0, 1000) })).toMatchInlineSnapshot(`
    "Targets of web pass their checks on \`9000\`; on \`8080\` connections fail [strong]
      because  2 targets healthy by checks on \`9000\`, which show nothing about \`8080\`   [targetHealth]
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

// --- a port that no container maps

const ip = '10.0.10.21';
const definition = (...ports: number[]) => ({
  arn: 'web:7',
  memory: null,
  containers: [
    { name: 'app', essential: true, memory: null, stopTimeout: null, ports: ports.slice(0, 1) },
    { name: 'sidecar', essential: false, memory: null, stopTimeout: null, ports: ports.slice(1) },
  ],
});
/** One task whose check is refused on 9000 while requests go to 8080; so many of 1,000 are answered. */
const awsvpc = (ports: number[], answered = 600, ill = {}) => ({
  ...checks,
  targetHealth: [fails(ip)],
  ecsServices: [ecsService()],
  ecsTasks: [task('a', { addresses: [ip] })],
  ecsTaskDefinitions: [definition(...ports)],
  ...traffic(answered),
  ...ill,
});
const bridge = (hostPorts: number[], ports: number[]) => ({
  ...awsvpc(ports),
  targetHealth: [unhealthy('i-1', 'Target.FailedHealthChecks', { port: 32771, healthCheckPort: 9000 })],
  ecsTasks: [task('a', { instanceId: 'i-1', hostPorts })],
});

test.each([
  ['no container maps the checked port', awsvpc([8080]), 'found strong'],
  ['two containers, and neither does', awsvpc([8080, 8125]), 'found strong'],
  ['half of the requests are answered', awsvpc([8080], 500), 'found strong'],
  ['fewer are: the application fails, too', awsvpc([8080], 490), 'found circumstantial'],
  ['another container maps it', awsvpc([8080, 9000]), 'found circumstantial'],
  ['they map neither port', awsvpc([3000]), 'found circumstantial'],
  ['no port is mapped at all', awsvpc([]), 'found circumstantial'],
  [
    'the checks are dropped, not refused',
    awsvpc([8080], 600, { targetHealth: [fails(ip, 'Target.Timeout')] }),
    'found circumstantial',
  ],
  ['the task is not known', awsvpc([8080], 600, { ecsTasks: [] }), 'found circumstantial'],
  ['definitions were denied', awsvpc([8080], 600, { ecsTaskDefinitions: denied() }), 'found circumstantial'],
  ['on a host: the task has another host port only', bridge([32771], [9000]), 'found strong'],
  ['on a host: the checked port is one of its own', bridge([32771, 9000], [8080, 9000]), 'found circumstantial'],
])('refused where %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

/** On instances, of which nobody knows what they open; one is being replaced. */
const neverPassed = (healthy: number, answered: number, ...more: ReturnType<typeof target>[]) => ({
  ...checks,
  targetHealth: [...checks.targetHealth, ...more],
  targetGroupMetrics: groupMetrics({
    [TG]: {
      'HealthyHostCount.min': always(healthy),
      RequestCount: lately(10, 100),
      HTTPCode_Target_2XX_Count: lately(10, answered),
    },
  }),
});
const draining = target('i-3', { state: 'draining', healthCheckPort: 9000 });
test.each([
  ['no target was ever healthy, and some are replaced', neverPassed(0, 50, draining), 'found strong'],
  ['fewer than half of the requests are answered', neverPassed(0, 49, draining), 'found circumstantial'],
  ['none is replaced: what the others fail of is not known', neverPassed(0, 50), 'found circumstantial'],
  ['some were healthy: the checked port has worked', neverPassed(1, 50, draining), 'found circumstantial'],
])('refused, half of the requests fail, and %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('names the ports that the tasks map, and checks the one that gets the requests', () => {
  expect(readable(cause, awsvpc([8080, 8125], 840))).toMatchInlineSnapshot(`
    "Health checks of web go to port \`9000\`, which fails; requests go to \`8080\` [strong]
      because  the only target fails on \`9000\`: \`Target.FailedHealthChecks\`   [targetHealth]
      because  targets answered 840 of 1,000 requests on \`8080\`   [targetGroupMetrics]
      because  no container of these tasks maps \`9000\`; they map \`8080\` and \`8125\`   [ecsTaskDefinitions]
      because  the health check's port is set to \`9000\`   [targetGroups]
      fix      send health checks to the port that requests use
               aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port traffic-port --region us-east-1
         undo  aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port 9000 --region us-east-1
      look     see who changed the health check, and when
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyTargetGroup --start-time 2026-03-09T14:00:00Z --region us-east-1"
  `);
});

/** Stopped again and again for its checks; the one that came instead is not judged yet. */
const stopped = (id: string, at: string, arn = TG, ill = {}) =>
  task(id, {
    startedAt: plusSeconds(at, -300),
    status: 'STOPPED',
    addresses: ['10.0.10.99'],
    stoppingAt: at,
    stoppedAt: at,
    stopCode: 'ServiceSchedulerInitiated',
    stoppedReason: `Task failed ELB health checks in (target-group ${arn})`,
    ...ill,
  });
const called = (id: string, at: string, reason: string) => ({
  at,
  message: `(service web) (task ${id}) (port 8080) is unhealthy in (target-group ${TG}) due to (reason ${reason}).`,
});
const healthyUntil = (minutes: number) =>
  groupMetrics({
    [TG]: {
      'HealthyHostCount.min': always(1).map((value, minute) => (minute < 180 - minutes ? value : 0)),
      RequestCount: lately(30, 100),
      HTTPCode_Target_2XX_Count: lately(30, 60),
    },
  });
const loop = (ill = {}) => ({
  ...awsvpc([8080]),
  targetGroups: [targetGroup('web', { targetType: 'ip', healthCheck: { ...group.healthCheck, port: '9000' } })],
  targetHealth: [target(ip, { state: 'initial', healthCheckPort: 9000 })],
  ecsTasks: [stopped('a', '2026-03-10T14:12:00Z'), stopped('b', '2026-03-10T14:21:00Z')],
  targetGroupMetrics: groupMetrics({
    [TG]: {
      'HealthyHostCount.min': always(0),
      RequestCount: lately(10, 100),
      HTTPCode_Target_2XX_Count: lately(10, 60),
    },
  }),
  ...ill,
});
const healthyOnce = groupMetrics({
  [TG]: {
    'HealthyHostCount.min': [...always(0).slice(1), 1],
    RequestCount: lately(10, 100),
    HTTPCode_Target_2XX_Count: lately(10, 60),
  },
});

test.each([
  ['two stopped for their checks', loop(), 'found strong'],
  ['no target is there at all', loop({ targetHealth: [] }), 'found strong'],
  [
    'one stopped: it may have been slow',
    loop({ ecsTasks: [stopped('a', '2026-03-10T14:12:00Z')] }),
    'found circumstantial',
  ],
  [
    'one stopped that had served for long',
    loop({ ecsTasks: [stopped('a', '2026-03-10T14:12:00Z', TG, { startedAt: '2026-03-10T13:51:59Z' })] }),
    'found strong',
  ],
  [
    'one stopped that had run for twenty minutes: it may have been slow',
    loop({ ecsTasks: [stopped('a', '2026-03-10T14:12:00Z', TG, { startedAt: '2026-03-10T13:52:00Z' })] }),
    'found circumstantial',
  ],
  ['a target was healthy since', loop({ targetGroupMetrics: healthyOnce }), 'found circumstantial'],
  ['targets were healthy before', loop({ targetGroupMetrics: healthyUntil(20) }), 'found strong'],
  [
    'their checks were answered, with another code',
    loop({
      ecsServices: [
        ecsService({
          events: [
            called('b', '2026-03-10T14:20:30Z', 'Health checks failed with these codes: [404]'),
            called('a', '2026-03-10T14:11:30Z', 'Health checks failed with these codes: [404]'),
          ],
        }),
      ],
    }),
    'ruled-out',
  ],
  [
    'stopped for the checks of another group',
    loop({ ecsTasks: ['a', 'b'].map((id) => stopped(id, '2026-03-10T14:12:00Z', groupArn('api'))) }),
    'ruled-out',
  ],
  ['the checked port is mapped', loop({ ecsTaskDefinitions: [definition(8080, 9000)] }), 'ruled-out'],
  ['a target is healthy now', loop({ targetHealth: [passes(ip)] }), 'ruled-out'],
  ['on instances a port of the container is none of the host', loop({ targetGroups: onPort9000 }), 'ruled-out'],
  ['no target, and nothing was stopped', loop({ targetHealth: [], ecsTasks: [] }), 'not-applicable'],
])('between two tasks: %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

// --- a port on which something else answers

const answered = (codes: string, port = 8080) =>
  ['i-1', 'i-2'].map((id) =>
    unhealthy(id, 'Target.ResponseCodeMismatch', {
      port: 8443,
      healthCheckPort: port,
      description: `Health checks failed with these codes: [${codes}]`,
    }),
  );
const foreign = (healthCheck: object, ill: object = {}) => ({
  ...errors('503'),
  targetGroups: [
    targetGroup('web', {
      protocol: 'HTTPS',
      port: 8443,
      healthCheck: { ...group.healthCheck, protocol: 'HTTP', port: '8080', ...healthCheck },
    }),
  ],
  targetHealth: answered('400'),
  targetGroupMetrics: groupMetrics({
    [TG]: {
      'HealthyHostCount.min': always(0),
      RequestCount: always(100),
      HTTPCode_Target_2XX_Count: always(90),
    },
  }),
  ...ill,
});
const plain = (healthCheck: object, ill: object = {}) => ({
  ...foreign(healthCheck, ill),
  targetGroups: [
    targetGroup('web', { port: 8443, healthCheck: { ...group.healthCheck, port: '8080', ...healthCheck } }),
  ],
});

test.each([
  ['400 to plain HTTP, beside requests by HTTPS', foreign({}), 'found strong'],
  [
    '400 on a port where TLS is customary',
    plain({ port: '443' }, { targetHealth: answered('400', 443) }),
    'found strong',
  ],
  ['400, and requests are plain HTTP, too: often the Host', plain({}), 'ruled-out'],
  // Another protocol on another port: whatever answers there, it is not what serves.
  ['404', foreign({}, { targetHealth: answered('404') }), 'found strong'],
  [
    '404, and requests are plain HTTP, too: the page, and not the port',
    plain({}, { targetHealth: answered('404') }),
    'ruled-out',
  ],
  ['401', foreign({}, { targetHealth: answered('401') }), 'found strong'],
  ['301: what sends plain HTTP on to HTTPS', foreign({}, { targetHealth: answered('301') }), 'found strong'],
  ['301, and requests are plain HTTP, too', plain({}, { targetHealth: answered('301') }), 'ruled-out'],
  ['400 and 404', foreign({}, { targetHealth: answered('400, 404') }), 'found strong'],
  ['503', foreign({}, { targetHealth: answered('503') }), 'found strong'],
  [
    '503, and requests are plain HTTP, too: it says itself that it is ill',
    plain({}, { targetHealth: answered('503') }),
    'ruled-out',
  ],
  ['400 by TLS, beside plain requests', plain({ protocol: 'HTTPS' }), 'found strong'],
  ['400 to HTTPS', foreign({ protocol: 'HTTPS' }), 'ruled-out'],
  [
    'requests fail as well',
    foreign(
      {},
      {
        targetGroupMetrics: groupMetrics({
          [TG]: { 'HealthyHostCount.min': always(0), RequestCount: always(100), HTTPCode_Target_2XX_Count: always(89) },
        }),
      },
    ),
    'ruled-out',
  ],
  ['a target was healthy there before', foreign({}, { targetGroupMetrics: healthyOnce }), 'ruled-out'],
  ['nobody saw whether one was', foreign({}, { targetGroupMetrics: denied() }), 'undetermined'],
  ['one of two is healthy', foreign({}, { targetHealth: [...answered('400').slice(1), passes('i-1')] }), 'ruled-out'],
])('checks answered %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test.each([
  ['HTTP', 'in plain HTTP', foreign({}, { targetHealth: answered('404') }), 'HTTPS'],
  ['HTTPS', 'over TLS', plain({ protocol: 'HTTPS' }, { targetHealth: answered('404') }), 'HTTP'],
])('checks by %s are sent to where requests go, as these speak', (_, said, ill, speaks) => {
  const told = readable(cause, ill);
  expect(told).toContain(`go to port \`8080\` ${said} and get \`404\`; requests go to \`8443\` and are answered`);
  expect(told).toContain(`--health-check-port traffic-port --health-check-protocol ${speaks}`);
  expect(told).not.toMatch(/Host|ALLOWED_HOSTS|health-check-path/);
});

describe('checks that were sent elsewhere in the hours that were read', () => {
  const set = (at: string, name = 'healthCheckPort') =>
    change({ is: 'settings', of: TG, set: { [name]: '8080' } }, { at, event: 'ModifyTargetGroup', resources: [TG] });
  /** Healthy until so many minutes ago. */
  const until = (minutes: number, ...changes: readonly ReturnType<typeof set>[]) =>
    foreign(
      {},
      {
        changes,
        targetGroupMetrics: groupMetrics({
          [TG]: {
            'HealthyHostCount.min': afterLevel(2, ...Array(minutes).fill(0)),
            RequestCount: always(100),
            HTTPCode_Target_2XX_Count: always(95),
          },
        }),
      },
    );
  test.each<[string, object, string]>([
    ['and none passed since', until(9, set('2026-03-10T14:20:00Z')), 'found strong'],
    ['and one passed long after', until(9, set('2026-03-10T13:20:00Z')), 'ruled-out'],
    ['and nobody did', until(9), 'ruled-out'],
    ['and it was another setting', until(9, set('2026-03-10T14:20:00Z', 'healthCheckPath')), 'ruled-out'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });
});

test('changes port and protocol of the check, neither its path nor its matcher', () => {
  const said = readable(cause, foreign({}));
  expect(said).toMatchInlineSnapshot(`
    "Health checks of web go to port \`8080\` in plain HTTP and get \`400\`; requests go to \`8443\` and are answered [strong]
      because  both targets fail on \`8080\`: Health checks failed with these codes: [400]   [targetHealth]
      because  targets answered 2,700 of 3,000 requests on \`8443\`, by \`HTTPS\`   [targetGroupMetrics]
      because  the health check is set to \`HTTP\` on port \`8080\`   [targetGroups]
      fix      send health checks to the port that requests use
               aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port traffic-port --health-check-protocol HTTPS --region us-east-1
         undo  aws elbv2 modify-target-group --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --health-check-port 8080 --health-check-protocol HTTP --region us-east-1
      look     see who changed the health check, and when
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyTargetGroup --start-time 2026-03-09T14:00:00Z --region us-east-1"
  `);
  expect(said).not.toMatch(/matcher|--health-check-path/);
});

test('stands above the code that such checks get', () => {
  expect(foundFirst(foreign({}))).toBe('health-check-port-mismatch');
});
