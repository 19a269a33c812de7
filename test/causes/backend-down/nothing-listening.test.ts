import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/nothing-listening/cause.ts';
import wrongTargetPort from '../../../lambda/causes/wrong-upstream/wrong-target-port/cause.ts';
import {
  aRuleTo,
  between,
  denied,
  ecsService,
  groupArn,
  groupMetrics,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  newest,
  partly,
  securityGroup,
  TG,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { applicationCheck, bothChecked } from '../../support/application-status.ts';
import { ago, FAILED_CHECKS, inTasks, unscheduled } from '../../support/containers.ts';
import { outcome, readable } from '../../support/judged.ts';

const refuses = (id: string, ill = {}) => unhealthy(id, 'Target.FailedHealthChecks', ill);
const errors = (connections: number, more = {}) =>
  metrics({
    HTTPCode_ELB_502_Count: lately(9, 100),
    HTTPCode_ELB_5XX_Count: lately(9, 100),
    ...(connections === 0 ? {} : { TargetConnectionErrorCount: lately(9, connections) }),
    ...more,
  });
const down = { targetHealth: [refuses('i-1'), refuses('i-2')], loadBalancerMetrics: errors(100) };
const launched = (launchedAt: string) => ({
  ...down,
  instances: ['i-1', 'i-2'].map((id) => instance(id, { launchedAt })),
});
const address = '10.0.10.21';
const onAddress = (holder: object, healthyBefore: number) => ({
  ...down,
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: [refuses(address)],
  targetInterfaces: [
    {
      id: 'eni-1',
      description: 'Primary network interface',
      subnetId: 'subnet-app-a',
      vpcId: 'vpc-1',
      zone: 'us-east-1a',
      addresses: [address],
      prefixes: [],
      securityGroupIds: ['sg-app'],
      instanceId: 'i-1',
      tags: {},
      ...holder,
    },
  ],
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': between(60, 9, healthyBefore) } }),
});
const api = groupArn('api');
const ranSince = (startedAt: string) => [task('t', { addresses: [address], startedAt })];
const two = {
  targetGroups: [targetGroup('web'), targetGroup('api')],
  listenerRules: denied('elasticloadbalancing:DescribeRules'),
};

test.each([
  ['all signs agree', down, 'found strong'],
  ['one of two targets', { ...down, targetHealth: [refuses('i-1'), target('i-2')] }, 'found strong'],
  ['half of the 502s are failed connections', { ...down, loadBalancerMetrics: errors(50) }, 'found strong'],
  ['less than half', { ...down, loadBalancerMetrics: errors(49) }, 'found circumstantial'],
  [
    'an instance that runs for just longer than its start-up may take',
    launched('2026-03-10T14:19:59Z'),
    'found strong',
  ],
  ['an instance that may still be starting', launched('2026-03-10T14:20:00Z'), 'found circumstantial'],
  ['the address of an instance, and as many were healthy before', onAddress({}, 1), 'found strong'],
  ['fewer were healthy before', onAddress({}, 0), 'found circumstantial'],
  ['the address of an ECS task', onAddress({ instanceId: null }, 1), 'found circumstantial'],
  [
    'a task that has run for long',
    { ...onAddress({ instanceId: null }, 1), ecsTasks: ranSince(ago(11)) },
    'found strong',
  ],
  ['a task that may still be starting', { ...onAddress({}, 1), ecsTasks: ranSince(ago(10)) }, 'found circumstantial'],
  ['the address of a pod', onAddress({ description: 'aws-K8S-i-1' }, 1), 'found circumstantial'],
  [
    'more than one request in fifty is answered 504: those were not refused',
    { ...down, loadBalancerMetrics: errors(100, { HTTPCode_ELB_504_Count: newest(19) }) },
    'found circumstantial',
  ],
  [
    'a stray 504 among them',
    { ...down, loadBalancerMetrics: errors(100, { HTTPCode_ELB_504_Count: newest(18) }) },
    'found strong',
  ],
  [
    'TLS handshakes fail',
    { ...down, loadBalancerMetrics: errors(100, { TargetTLSNegotiationErrorCount: newest(1) }) },
    'found circumstantial',
  ],
  ['the path could not be seen', { ...down, securityGroups: denied() }, 'found circumstantial'],
  [
    'by our evaluation the path is closed',
    { ...down, securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [])] },
    'found circumstantial',
  ],
  [
    'no request was refused, while others serve',
    { targetHealth: [refuses('i-1'), target('i-2')] },
    'found circumstantial',
  ],
  ['every target fails, and every connection is made', { ...down, loadBalancerMetrics: errors(0) }, 'ruled-out'],
  [
    'every target fails, and nobody asked anything of them lately',
    { ...down, loadBalancerMetrics: metrics({ RequestCount: between(180, 10, 5) }) },
    'found circumstantial',
  ],
  [
    'requests go to another group, which refuses nothing here',
    {
      ...two,
      ...down,
      targetGroupMetrics: groupMetrics({
        [TG]: { RequestCount: lately(60, 50), HTTPCode_Target_2XX_Count: lately(60, 50) },
        [api]: { RequestCount: lately(60, 100), TargetConnectionErrorCount: lately(9, 100) },
      }),
    },
    'ruled-out',
  ],
  ['two groups, and AWS told nothing by group', { ...two, ...down }, 'found circumstantial'],
  ['refused then, healthy now', { loadBalancerMetrics: errors(100) }, 'found circumstantial'],
  [
    'refused and dropped then: something else',
    {
      loadBalancerMetrics: errors(100, { HTTPCode_ELB_504_Count: newest(19) }),
    },
    'ruled-out',
  ],
  ['502s without a failed connection', { loadBalancerMetrics: errors(0) }, 'ruled-out'],
  [
    'the health check has a port of its own, and requests fail there',
    {
      targetHealth: [target('i-1', { healthCheckPort: 9000 })],
      loadBalancerMetrics: errors(49),
    },
    'undetermined',
  ],
  [
    'the check that fails is on another port than requests',
    { targetHealth: [refuses('i-1', { healthCheckPort: 9000 })] },
    'ruled-out',
  ],
  ['health checks time out', { targetHealth: [unhealthy('i-1', 'Target.Timeout')] }, 'ruled-out'],
  ['all targets are healthy', {}, 'ruled-out'],
  [
    'a Lambda function',
    {
      targetGroups: [targetGroup('web', { targetType: 'lambda', port: null })],
      targetHealth: [target('arn:aws:lambda:us-east-1:123456789012:function:web', { port: null })],
    },
    'not-applicable',
  ],
  ['health denied', { targetHealth: denied() }, 'undetermined'],
  [
    'the metric of failed TLS handshakes could not be read',
    {
      ...down,
      loadBalancerMetrics: partly(errors(100), {
        why: 'failed',
        detail: 'not read',
        ids: ['TargetTLSNegotiationErrorCount'],
      }),
    },
    'found circumstantial',
  ],
  [
    'a metric that it does not rest on could not be read',
    { ...down, loadBalancerMetrics: partly(errors(100), { why: 'failed', detail: 'not read', ids: ['ConsumedLCUs'] }) },
    'found strong',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which port of which targets, and that the network is not to blame', () => {
  expect(readable(cause, down)).toMatchInlineSnapshot(`
    "Nothing listens on port \`8080\` of i-1 and i-2 [strong]
      because  2 targets of web: \`Target.FailedHealthChecks\` on the very port that requests go to   [targetHealth]
      because  900 connections failed, for 900 requests answered \`502\`, none \`504\`: refused at once, not dropped   [loadBalancerMetrics]
      because  security groups and network ACLs are open to the targets   [securityGroups]
      fix      start what should listen on \`8080\`, on 0.0.0.0 and not only on 127.0.0.1
      fix      reboot i-1 and i-2, with everything else that runs there: only what starts with the system comes back, nothing that is started by hand
               aws ec2 reboot-instances --instance-ids i-1 i-2 --region us-east-1
      look     find out why nothing listens: read the application's log, and the last lines of the host's
               aws ec2 get-console-output --instance-id i-1 --output text --region us-east-1"
  `);
});

test('says what makes it uncertain', () => {
  expect(readable(cause, { ...launched('2026-03-10T14:25:00Z'), securityGroups: denied() })).toContain(
    'not certain: that the network is open and whether they were ever healthy',
  );
});

test('tells of refusals that are over, without a target to name', () => {
  expect(readable(cause, { loadBalancerMetrics: errors(100) })).toMatchInlineSnapshot(`
    "Targets of web refused connections [circumstantial]
      because  900 connections failed, for 900 requests answered \`502\`, none \`504\`: refused at once, not dropped   [loadBalancerMetrics]
      because  no target refuses its health checks now: the targets were restarted or replaced since   [targetHealth]
      look     find out why nothing listened then: read the application's log of these minutes"
  `);
});

test('says of checks on another port that they do not tell', () => {
  const targetHealth = [refuses('i-1', { healthCheckPort: 9000 })];
  const said = readable(cause, { targetHealth, loadBalancerMetrics: errors(100) });
  expect(said).toContain('so they do not show whether requests are refused now');
  expect(said).not.toContain('no target refuses its health checks');
});

describe('why nothing listens', () => {
  /** `read`: from 11:30 on. */
  const first = (launchedAt: string, healthy: number | null) => ({
    ...launched(launchedAt),
    targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': lately(20, healthy) } }),
  });
  test.each([
    ['launched in the hours that were read, never healthy', first('2026-03-10T14:05:00Z', 0), true],
    ['launched before them: this is not its first start', first('2026-03-10T11:29:59Z', 0), false],
    ['healthy once', first('2026-03-10T14:05:00Z', 1), false],
    ['nobody saw whether one was healthy', first('2026-03-10T14:05:00Z', null), false],
    ['instances denied', { ...first('2026-03-10T14:05:00Z', 0), instances: denied() }, false],
  ])('%s', (_, ill, isFirst) => {
    const said = readable(cause, ill);
    expect(said.includes('see in the console output how the first start went (user data, cloud-init)')).toBe(isFirst);
    expect(said.includes('find out why nothing listens')).toBe(!isFirst);
    expect(said).not.toMatch(/process ended|why it ended/);
  });
});

describe("EC2's own check of the application", () => {
  const unsure = { ...down, securityGroups: denied(), ...bothChecked(applicationCheck('ConnectionRefused')) };
  const hangs = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')] };

  test.each<[string, Ill, string]>([
    [
      'is refused on the traffic port',
      { ...down, ...bothChecked(applicationCheck('ConnectionRefused')) },
      'found decisive',
    ],
    ['is refused, and the path is unseen', unsure, 'found decisive'],
    [
      'is refused, and the load balancer checks another port',
      {
        ...unsure,
        targetHealth: ['i-1', 'i-2'].map((id) => refuses(id, { healthCheckPort: 9000 })),
      },
      'found decisive',
    ],
    [
      'is refused on one of two',
      { ...unsure, applicationStatus: bothChecked(applicationCheck('ConnectionRefused')).applicationStatus.slice(1) },
      'found circumstantial',
    ],
    [
      'is refused on another port',
      { ...unsure, ...bothChecked(applicationCheck('ConnectionRefused', { port: 9000 })) },
      'found circumstantial',
    ],
    [
      'is refused on a port that was not seen',
      { ...unsure, ...bothChecked(applicationCheck('ConnectionRefused', { port: null })) },
      'found circumstantial',
    ],
    [
      'is refused by what may still be starting',
      { ...launched('2026-03-10T14:20:00Z'), ...bothChecked(applicationCheck('ConnectionRefused')) },
      'found circumstantial',
    ],
    [
      'has no result yet',
      { ...unsure, ...bothChecked(applicationCheck('ConnectionRefused', { status: 'initializing' })) },
      'found circumstantial',
    ],
    [
      'gets an answer',
      { ...down, ...bothChecked(applicationCheck('ResponseCodeMatched', { statusCode: 200 })) },
      'found circumstantial',
    ],
    ['ends in a reset', { ...down, ...bothChecked(applicationCheck('ConnectionReset')) }, 'found strong'],
    [
      'is refused, but the targets are healthy',
      { loadBalancerMetrics: errors(0), ...bothChecked(applicationCheck('ConnectionRefused')) },
      'ruled-out',
    ],
    [
      'times out, as the health checks do',
      { ...hangs, loadBalancerMetrics: errors(0), ...bothChecked(applicationCheck('ConnectionTimeout')) },
      'ruled-out',
    ],
    ['could not be read', { ...down, applicationStatus: denied() }, 'found strong'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('is told, and dates the fault two minutes before it was sure', () => {
    expect(readable(cause, unsure)).toMatchInlineSnapshot(`
      "Nothing listens on port \`8080\` of i-1 and i-2 [decisive] since 2026-03-10T14:20:00Z
        because  2 targets of web: \`Target.FailedHealthChecks\`   [targetHealth]
        because  EC2's own check of i-1 on port \`8080\` (\`/\`): \`ConnectionRefused\` since 14:22   [applicationStatus]
        because  EC2's own check of i-2 on port \`8080\` (\`/\`): \`ConnectionRefused\` since 14:22   [applicationStatus]
        because  900 connections failed, for 900 requests answered \`502\`, none \`504\`: refused at once, not dropped   [loadBalancerMetrics]
        because  EC2's own checks failed from about 14:20 on: it reports that after 2 failed checks in a row, a minute apart   [applicationStatus]
        fix      start what should listen on \`8080\`, on 0.0.0.0 and not only on 127.0.0.1
        fix      reboot i-1 and i-2, with everything else that runs there: only what starts with the system comes back, nothing that is started by hand
                 aws ec2 reboot-instances --instance-ids i-1 i-2 --region us-east-1
        look     find out why nothing listens: read the application's log, and the last lines of the host's
                 aws ec2 get-console-output --instance-id i-1 --output text --region us-east-1"
    `);
  });

  test('is dated by its metric where AWS gives it no time', () => {
    const failed = { StatusCheckFailed_Application: [...between(180, 8, 0).slice(0, 172), ...lately(8, 1).slice(172)] };
    const ill = { ...down, ...bothChecked(applicationCheck('ConnectionRefused', { since: null })) };
    expect(readable(cause, { ...ill, instanceMetrics: instanceMetrics({ 'i-1': failed }) })).toContain(
      'since 2026-03-10T14:20:00Z',
    );
    expect(readable(cause, ill)).not.toContain('[decisive] since');
  });
});

describe('where no target refuses its checks now', () => {
  const [web, green] = [TG, groupArn('green')];
  const over = { HTTPCode_ELB_502_Count: between(20, 10, 50), HTTPCode_ELB_5XX_Count: between(20, 10, 50) };
  const switched = (sent: number): Ill => ({
    loadBalancerMetrics: errors(0, { ...over, TargetConnectionErrorCount: between(20, 10, 50) }),
    targetGroups: [targetGroup('web'), targetGroup('green')],
    listenerRules: aRuleTo(web, green),
    targetHealth: [target('i-1'), target('i-2', { targetGroup: green })],
    targetGroupMetrics: groupMetrics({
      [web]: { RequestCount: between(180, 5, 100) },
      [green]: { RequestCount: between(sent, 0, 50) },
    }),
  });

  test('a group that got its first request after the last error is not suspected', () => {
    const told = readable(cause, switched(5));
    expect(told).toContain('Targets of web refused connections');
    expect(told).not.toContain('green');
    expect(readable(cause, switched(15))).toContain('Targets of green and web refused connections');
  });

  test('those that ECS took away for it are told of by none that is there', () => {
    const stop = (reason: string) => ({
      ...inTasks,
      loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) }),
      ecsServices: [
        ecsService({
          events: [
            {
              at: ago(8.5),
              message: `(service web) (task 1) (port 8080) is unhealthy in (target-group ${TG}) due to (reason ${reason}).`,
            },
          ],
        }),
      ],
      ecsTasks: [unscheduled('1', 8, FAILED_CHECKS)],
    });
    expect(outcome(cause, stop('Health checks failed'))).toBe('undetermined');
    expect(outcome(cause, stop('Request timed out'))).toBe('ruled-out');
    expect(outcome(wrongTargetPort, stop('Health checks failed'))).toBe('undetermined');
    expect(outcome(wrongTargetPort, stop('Request timed out'))).toBe('undetermined');
    const answered = stop('Health checks failed with these codes: [404]');
    expect(outcome(wrongTargetPort, answered)).toBe('ruled-out');
  });
});
