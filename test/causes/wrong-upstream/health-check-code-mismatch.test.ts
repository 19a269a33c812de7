import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/wrong-upstream/health-check-code-mismatch/cause.ts';
import {
  afterLevel,
  always,
  denied,
  ecsService,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  partly,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { applicationCheck, bothChecked } from '../../support/application-status.ts';
import { ago, FAILED_CHECKS, unscheduled } from '../../support/containers.ts';
import { outcome, readable } from '../../support/judged.ts';

const answers = (...codes: number[]) => [
  unhealthy('i-1', 'Target.ResponseCodeMismatch', {
    description: `Health checks failed with these codes: [${codes.join(', ')}]`,
  }),
  unhealthy('i-2', 'Target.ResponseCodeMismatch', {
    description: `Health checks failed with these codes: [${codes.join(', ')}]`,
  }),
];
/** Beside two that are healthy. */
const beside = (failing: number) => [...answers(404).slice(0, failing), target('i-3'), target('i-4')];
const errors = (code: '502' | '503' | '504') =>
  metrics({ [`HTTPCode_ELB_${code}_Count`]: lately(9, 20), HTTPCode_ELB_5XX_Count: lately(9, 20) });
const target5xx = metrics({ HTTPCode_Target_5XX_Count: lately(9, 20) });

test.each([
  ['404, and requests get 502', { targetHealth: answers(404), loadBalancerMetrics: errors('502') }, 'found decisive'],
  ['404, and requests get 503', { targetHealth: answers(404), loadBalancerMetrics: errors('503') }, 'found decisive'],
  ['404, while requests succeed', { targetHealth: answers(404) }, 'found circumstantial'],
  [
    '404, while the application answers 5xx: it does not explain them',
    { targetHealth: answers(404), loadBalancerMetrics: target5xx },
    'found circumstantial',
  ],
  [
    '503, while the application answers 5xx',
    { targetHealth: answers(503), loadBalancerMetrics: target5xx },
    'found decisive',
  ],
  ['499 is no 5xx', { targetHealth: answers(499), loadBalancerMetrics: target5xx }, 'found circumstantial'],
  ['500 is one', { targetHealth: answers(500), loadBalancerMetrics: target5xx }, 'found decisive'],
  [
    '404, and requests get 504: something else',
    { targetHealth: answers(404), loadBalancerMetrics: errors('504') },
    'found circumstantial',
  ],
  ['404 from two of four', { targetHealth: beside(2), loadBalancerMetrics: errors('502') }, 'found decisive'],
  [
    '404 from one of three, since nobody knows when',
    { targetHealth: beside(1), loadBalancerMetrics: errors('502') },
    'found circumstantial',
  ],
  [
    '404 from one of three, since the errors began',
    {
      targetHealth: beside(1),
      loadBalancerMetrics: errors('502'),
      targetGroupMetrics: groupMetrics({ [TG]: { 'UnHealthyHostCount.max': lately(9, 1) } }),
    },
    'found decisive',
  ],
  ['404, metrics unseen', { targetHealth: answers(404), loadBalancerMetrics: denied() }, 'found circumstantial'],
  [
    '404, and the 502s are refused connections',
    {
      targetHealth: answers(404),
      loadBalancerMetrics: metrics({
        HTTPCode_ELB_502_Count: lately(9, 20),
        HTTPCode_ELB_5XX_Count: lately(9, 20),
        TargetConnectionErrorCount: lately(9, 20),
      }),
    },
    'found circumstantial',
  ],
  [
    'one of three answers 500, while the application answers 5xx',
    {
      targetHealth: [
        unhealthy('i-1', 'Target.ResponseCodeMismatch', {
          description: 'Health checks failed with these codes: [500]',
        }),
        target('i-2'),
        target('i-3'),
      ],
      loadBalancerMetrics: target5xx,
    },
    'found circumstantial',
  ],
  ['health checks time out', { targetHealth: [unhealthy('i-1', 'Target.Timeout')] }, 'ruled-out'],
  ['all targets are healthy', {}, 'ruled-out'],
  ['health was denied', { targetHealth: denied() }, 'undetermined'],
  [
    'one group could not be read',
    { targetHealth: partly([target('i-1')], { why: 'timed-out', detail: 'x', ids: ['tg-2'] }) },
    'undetermined',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says what is asked, what comes back, and what that suggests', () => {
  expect(readable(cause, { targetHealth: answers(404), loadBalancerMetrics: errors('502') })).toMatchInlineSnapshot(`
    "The health check of web expects \`200\` from \`/health\` and gets \`404\` from every target [decisive]
      because  i-1: \`Target.ResponseCodeMismatch\`, "Health checks failed with these codes: [404]"; the same for 1 more target   [targetHealth]
      because  its matcher accepts only \`200\`   [targetGroups]
      because  \`404\`: nothing is at this path: the page moved, or another application answers on this port   [targetHealth]
      because  all targets fail alike, so all of them get requests: the errors fit targets that are replaced or restarted for failing this check   [targetHealth]
      fix      make the application answer \`/health\` with \`200\` again, or point the health check at the path where it does (\`aws elbv2 modify-target-group --health-check-path\`)
      look     look on a target what it answers, and why; the health check sends the target's address as Host
               aws ssm start-session --target i-1 --region us-east-1
      look     see who changed the health check, and when
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyTargetGroup --start-time 2026-03-09T14:00:00Z --region us-east-1"
  `);
});

test.each([
  [301, 'a redirect'],
  [400, 'Host header'],
  [401, 'login'],
  [500, 'dependency'],
  [502, 'proxy on the target'],
])('tells what %i suggests', (code, suggests) => {
  expect(readable(cause, { targetHealth: answers(code) })).toContain(suggests);
});

test.each([
  [301, 'without a redirect (exempt it from a redirect to HTTPS'],
  [308, 'exempt it from a redirect to HTTPS'],
  [400, "accept `/health` with the target's own address as Host"],
  [401, 'without a login'],
  [403, "to the load balancer's subnets"],
  [404, 'point the health check at the path where it does'],
  [405, 'make `/health` accept GET'],
  [418, 'point the health check at the path where it does'],
  [503, 'fix what the health endpoint `/health` reports'],
])('says first what mends %i', (code, first) => {
  const says = readable(cause, { targetHealth: answers(code) });
  expect(says.split('\n').find((line) => /^ {2}(look|fix)/.test(line))).toContain(first);
});

describe('400 of a check that speaks another protocol than requests', () => {
  const checked = (protocol: string, port: string): Ill => ({
    targetGroups: [targetGroup('web', { healthCheck: { ...targetGroup('web').healthCheck, protocol, port } })],
    targetHealth: answers(400).map((one) => ({
      ...one,
      healthCheckPort: port === 'traffic-port' ? 8080 : Number(port),
    })),
  });
  test.each([
    ['on another port: it is to go to that of the requests', checked('HTTPS', '9443'), true],
    ['on the same port: the Host header, perhaps', checked('HTTPS', 'traffic-port'), false],
    ['no: the same protocol on another port', checked('HTTP', '9080'), false],
  ])('%s', (_, ill, isElsewhere) => {
    const told = readable(cause, ill);
    expect(told.includes('send health checks to the port that requests use')).toBe(isElsewhere);
    expect(told.includes('--health-check-port traffic-port --health-check-protocol HTTP')).toBe(isElsewhere);
    expect(/Host|ALLOWED_HOSTS/.test(told)).toBe(!isElsewhere);
  });
});

const OTHER = TG.replace('/web/', '/other/');
const twoGroups = (more: Ill = {}, health: Parameters<typeof targetGroup>[1] = {}): Ill => ({
  targetGroups: [
    targetGroup('web'),
    targetGroup('other', { arn: OTHER, healthCheck: { ...targetGroup('other').healthCheck, path: '/up' }, ...health }),
  ],
  targetHealth: [...answers(404), target('i-1', { targetGroup: OTHER }), target('i-2', { targetGroup: OTHER })],
  ...more,
});
const AT_UP = `aws elbv2 modify-target-group --target-group-arn ${TG} --health-check-path /up `;

test('names the path at which the same targets pass the check of another group', () => {
  const told = readable(cause, twoGroups());
  expect(told.split('\n').find((line) => /^ {2}(look|fix)/.test(line))).toContain('`/up`, where the same targets pass');
  expect(told).toContain(AT_UP);
  expect(told).toContain(`undo  aws elbv2 modify-target-group --target-group-arn ${TG} --health-check-path /health `);
});

test.each<[string, Ill]>([
  ['not all of them pass there', twoGroups({ targetHealth: [...answers(404), target('i-1', { targetGroup: OTHER })] })],
  [
    'they pass there on another port',
    twoGroups({
      targetHealth: [
        ...answers(404),
        target('i-1', { targetGroup: OTHER, port: 81 }),
        target('i-2', { targetGroup: OTHER, port: 81 }),
      ],
    }),
  ],
  [
    'they pass there with other codes',
    twoGroups({}, { healthCheck: { ...targetGroup('other').healthCheck, path: '/up', matcher: '200-399' } }),
  ],
])('names no path where %s', (_, ill) => {
  expect(readable(cause, ill)).not.toContain('--health-check-path /up');
});

test('never offers to widen the matcher', () => {
  expect(readable(cause, { targetHealth: answers(404) })).not.toMatch(/--matcher/);
});

test("tells what EC2's own check gets", () => {
  const ill = bothChecked(applicationCheck('ResponseCodeMismatch', { statusCode: 503 }));
  expect(readable(cause, { targetHealth: answers(503), ...ill })).toContain(
    "EC2's own check of i-1 on port `8080` (`/`): `ResponseCodeMismatch` `503` since 14:22",
  );
});

test.each([
  ['all targets fail, and requests get 502', { targetHealth: answers(404), loadBalancerMetrics: errors('502') }, true],
  ['some targets fail', { targetHealth: beside(2), loadBalancerMetrics: errors('502') }, false],
  ['requests fail as the checks do', { targetHealth: answers(503), loadBalancerMetrics: target5xx }, false],
  ['no request fails', { targetHealth: answers(404) }, false],
])('where %s, a check that fails open needs something else to make errors: %s', (_, ill, said) => {
  expect(readable(cause, ill).includes('replaced or restarted for failing this check')).toBe(said);
});

// --- targets that are gone: what took their place tells nothing of them

const replaced = (reason: string, ill = {}) => ({
  targetHealth: [target('10.0.11.9', { state: 'initial', reason: 'Elb.InitialHealthChecking' })],
  loadBalancerMetrics: errors('503'),
  ecsServices: [
    ecsService({
      events: [
        {
          at: ago(3),
          message: `(service web) (task a) (port 8080) is unhealthy in (target-group ${TG}) due to (reason ${reason})`,
        },
      ],
    }),
  ],
  ecsTasks: [unscheduled('a', 2, FAILED_CHECKS)],
  ...ill,
});

test.each([
  ['for a code', replaced('Health checks failed with these codes: [503]'), 'found strong'],
  [
    'for a code, while no request fails that it explains',
    replaced('Health checks failed with these codes: [404]', { loadBalancerMetrics: errors('504') }),
    'found circumstantial',
  ],
  ['for silence', replaced('Request timed out'), 'ruled-out'],
  [
    'for a code, and what took its place fails, too: told as of now',
    replaced('Health checks failed with these codes: [503]', { targetHealth: answers(503) }),
    'found decisive',
  ],
])('replaced %s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

/** Replaced at 14:28, and errors in so many of the newest minutes, with healthy targets beside it until then, or not. */
const spare = (minutes: number, beside: number): Ill => ({
  ...replaced('Health checks failed with these codes: [404]'),
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_503_Count: lately(minutes, 40),
    HTTPCode_ELB_5XX_Count: lately(minutes, 40),
  }),
  targetGroupMetrics: groupMetrics({
    [TG]: { 'HealthyHostCount.min': afterLevel(2, ...Array(7 - minutes).fill(beside), ...Array(minutes).fill(0)) },
  }),
});
test.each([
  [
    'before any error, and as many as before were healthy until then',
    { ...spare(3, 2), ecsTasks: [unscheduled('a', 5, FAILED_CHECKS)] },
    false,
  ],
  [
    'before any error, but fewer were healthy',
    { ...spare(3, 1), ecsTasks: [unscheduled('a', 5, FAILED_CHECKS)] },
    true,
  ],
  ['as errors began', spare(3, 2), true],
  ['among them', spare(7, 2), true],
])('replaced %s', (_, ill, isMissed) => {
  const told = readable(cause, ill);
  expect(told).toContain(isMissed ? '[strong]' : '[circumstantial]');
  expect(told.includes('apart from them, as many targets as before stayed healthy until errors began')).toBe(!isMissed);
});

test('a target that is gone is told in the words of then', () => {
  const told = readable(cause, replaced('Health checks failed with these codes: [503]'));
  expect(told).toContain('The health check of web got `503` from 1 target, and ECS replaced it for that [strong]');
  expect(told).toContain('a: "Health checks failed with these codes: [503]"');
});

/** Since 13:40 the targets that fail are replaced every six minutes, for two of them. */
const replacedSince = (healthyMeanwhile: number | null) =>
  groupMetrics({
    [TG]: {
      'UnHealthyHostCount.max': always(0).map((_, minute) => (minute < 130 ? 0 : minute % 6 < 2 ? 0 : 2)),
      'HealthyHostCount.min': always(0).map((_, minute) => (minute < 130 ? 2 : minute % 6 < 2 ? healthyMeanwhile : 0)),
    },
  });
/** Two checks of 30 s apart fail until a target is called unhealthy: the first of them is told. */
test.each([
  ['no target is healthy while they are replaced', replacedSince(0), '2026-03-10T13:39:30Z'],
  ['as many as ever are healthy between', replacedSince(2), '2026-03-10T14:25:30Z'],
  ['how many are healthy between was not sent', replacedSince(null), '2026-03-10T14:25:30Z'],
])('is not dated by its youngest target: %s', (_, targetGroupMetrics, since) => {
  const ill = { targetHealth: answers(404), loadBalancerMetrics: errors('503'), targetGroupMetrics };
  expect(readable(cause, ill)).toContain(`since ${since}`);
});

test.each([
  [15, '2026-03-10T13:59:30Z'],
  [16, '2026-03-10T14:20:30Z'],
])('%i minutes may pass until the next one is called unhealthy', (gap, since) => {
  const failing = [...lately(9, 2)].map((value, minute) =>
    minute < 171 - gap ? (minute >= 150 ? 2 : 0) : (value ?? 0),
  );
  const until = failing.map((value, minute) => (minute >= 171 - gap && minute < 171 ? 0 : value));
  const targetGroupMetrics = groupMetrics({
    [TG]: {
      'UnHealthyHostCount.max': until,
      'HealthyHostCount.min': until.map((_, minute) => (minute < 150 ? 2 : 0)),
    },
  });
  const ill = { targetHealth: answers(404), loadBalancerMetrics: errors('503'), targetGroupMetrics };
  expect(readable(cause, ill)).toContain(`since ${since}`);
});

test.each([
  [1, 'gets `404` from its target ['],
  [2, 'gets `404` from every target ['],
])('of %i targets, of which all fail', (many, says) => {
  expect(readable(cause, { targetHealth: answers(404).slice(0, many), loadBalancerMetrics: errors('502') })).toContain(
    says,
  );
});
