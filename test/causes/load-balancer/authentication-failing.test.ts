import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/load-balancer/authentication-failing/cause.ts';
import type { ListenerRule } from '../../../lambda/incident/evidence.ts';
import {
  always,
  aRuleTo,
  aSnapshot,
  denied,
  type Ill,
  ingress,
  LB,
  lately,
  metrics,
  securityGroup,
  TG,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';
import { accessLog, logged } from '../../support/logs.ts';

const step = (name: string, conditions = ['path is /app/*']): ListenerRule => ({
  arn: `${LB}/rule-10`,
  listenerArn: `${LB}/listener-80`,
  priority: 10,
  actions: [
    { type: 'other', name, hosts: ['login.example.com'] },
    { type: 'forward', to: [{ targetGroup: TG, weight: 1 }] },
  ],
  conditions,
});
const rules = (...given: ListenerRule[]) => ({ listenerRules: [...given, ...aRuleTo(TG)] });
const fixed = (statusCode: string, path: string): ListenerRule => ({
  ...step('', [`path is ${path}`]),
  arn: `${LB}/rule-5`,
  priority: 5,
  actions: [{ type: 'fixed-response', statusCode }],
});
const errors500 = (more = {}) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_500_Count: lately(9, 40),
    HTTPCode_ELB_5XX_Count: lately(9, 40),
    ...more,
  }),
});
const oidc = rules(step('authenticate-oidc'));

const NOW_AND_THEN = always(0).map((_, minute) => (minute % 9 === 0 ? 1 : 0));

test.each<[string, Ill, string]>([
  ['as many authentication errors as 500s', { ...oidc, ...errors500({ ELBAuthError: lately(9, 40) }) }, 'found strong'],
  ['half as many', { ...oidc, ...errors500({ ELBAuthError: lately(9, 20) }) }, 'found strong'],
  [
    'a login that fails now and then, as ever, beside an outage',
    {
      ...oidc,
      loadBalancerMetrics: metrics({
        HTTPCode_ELB_500_Count: NOW_AND_THEN,
        HTTPCode_ELB_504_Count: lately(9, 60),
        HTTPCode_ELB_5XX_Count: lately(9, 60),
        ELBAuthError: NOW_AND_THEN,
      }),
    },
    'ruled-out',
  ],
  ['fewer than half as many', { ...oidc, ...errors500({ ELBAuthError: lately(9, 19) }) }, 'found circumstantial'],
  ['three times as many', { ...oidc, ...errors500({ ELBAuthFailure: lately(9, 120) }) }, 'found strong'],
  ['more than that', { ...oidc, ...errors500({ ELBAuthFailure: lately(9, 121) }) }, 'found circumstantial'],
  [
    'two counts together',
    { ...oidc, ...errors500({ ELBAuthError: lately(9, 10), ELBAuthFailure: lately(9, 10) }) },
    'found strong',
  ],
  [
    'users with too many claims',
    { ...oidc, ...errors500({ ELBAuthUserClaimsSizeExceeded: lately(9, 40) }) },
    'found strong',
  ],
  ['logins that fail all the time', { ...oidc, ...errors500({ ELBAuthFailure: always(40) }) }, 'found circumstantial'],
  [
    '561, which only the total holds',
    { ...oidc, loadBalancerMetrics: metrics({ HTTPCode_ELB_5XX_Count: lately(9, 40), ELBAuthFailure: lately(9, 40) }) },
    'found strong',
  ],
  ['500s alone', { ...oidc, ...errors500() }, 'found circumstantial'],
  [
    'token validation, which has no such count',
    { ...rules(step('jwt-validation')), ...errors500() },
    'found circumstantial',
  ],
  [
    'Cognito',
    { ...rules(step('authenticate-cognito')), ...errors500({ ELBAuthError: lately(9, 40) }) },
    'found strong',
  ],
  [
    '500s that a rule answers on purpose',
    {
      ...rules(step('authenticate-oidc'), fixed('500', '/closed')),
      ...errors500({ HTTP_Fixed_Response_Count: lately(9, 40) }),
    },
    'ruled-out',
  ],
  [
    'a maintenance page of another code',
    {
      ...rules(step('authenticate-oidc'), fixed('503', '/closed')),
      ...errors500({ HTTP_Fixed_Response_Count: lately(9, 40) }),
    },
    'found circumstantial',
  ],
  [
    'a redirect instead of a step',
    { ...rules(step('redirect')), ...errors500({ ELBAuthError: lately(9, 40) }) },
    'ruled-out',
  ],
  [
    'a step that no request gets to',
    { ...rules(step('authenticate-oidc'), fixed('404', '/*')), ...errors500() },
    'ruled-out',
  ],
  ['no step', errors500(), 'ruled-out'],
  [
    'errors of another code',
    {
      ...oidc,
      loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) }),
    },
    'ruled-out',
  ],
  [
    'failed logins without errors',
    { ...oidc, loadBalancerMetrics: metrics({ ELBAuthFailure: lately(9, 40) }) },
    'ruled-out',
  ],
  ['rules denied', { listenerRules: denied(), ...errors500() }, 'undetermined'],
  ['metrics denied', { ...oidc, loadBalancerMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

const failing = { ...oidc, ...errors500({ ELBAuthError: lately(9, 40) }) };
const out = (...egress: ReturnType<typeof ingress>[]): Ill => ({
  ...failing,
  securityGroups: [securityGroup('sg-alb', [], egress)],
});

test.each<[string, Ill, boolean]>([
  ['nothing goes out', out(), true],
  ['only the port of the targets', out(ingress('tcp', 8080, 8080, { cidr: '0.0.0.0/0' })), true],
  ['443 within the VPC', out(ingress('tcp', 443, 443, { cidr: '10.0.0.0/16' })), true],
  ['443 to a group', out(ingress('tcp', 443, 443, { group: 'sg-app' })), true],
  ['443 to a public block', out(ingress('tcp', 443, 443, { cidr: '203.0.113.0/24' })), false],
  ['443 to a prefix list', out({ ...ingress('tcp', 443, 443, {}), prefixListIds: ['pl-1'] }), false],
  ['all', failing, false],
  ['its group was not seen', { ...failing, securityGroups: [] }, false],
])('the way out, security groups: %s', (_, ill, closed) => {
  expect(readable(cause, ill).includes('no outbound traffic to the internet')).toBe(closed);
});

test.each<[string, string, string[], boolean]>([
  ['an internal one in private subnets', 'internal', ['subnet-app-a'], true],
  ['an internal one whose subnets only have an internet gateway', 'internal', ['subnet-public-a'], true],
  ['one on the internet', 'internet-facing', ['subnet-public-a'], false],
])('the way out, routes: %s', (_, scheme, subnets, closed) => {
  const observed = aSnapshot().evidence.loadBalancer;
  if (!observed.seen) throw new Error('the healthy snapshot has a load balancer');
  const zones = subnets.map((subnetId) => ({ zone: 'us-east-1a', subnetId }));
  const loadBalancer = { ...observed.value, scheme, zones };
  expect(readable(cause, { ...failing, loadBalancer }).includes('no route leads')).toBe(closed);
});

test('names the provider, and the way to it that is closed', () => {
  expect(readable(cause, out())).toMatchInlineSnapshot(`
    "Authentication with \`login.example.com\` fails: sg-alb allows no outbound traffic to it [strong] since 2026-03-10T14:21:00Z
      because  360 requests answered \`500\` since 14:21   [loadBalancerMetrics]
      because  \`ELBAuthError\`: 360 from 14:21 on   [loadBalancerMetrics]
      because  1 rule with \`authenticate-oidc\`, which asks \`login.example.com\`   [listenerRules]
      because  sg-alb of the load balancer allows no outbound traffic to the internet on TCP \`443\`   [securityGroups]
      fix      allow outbound TCP \`443\` to the addresses of \`login.example.com\` in sg-alb
      look     see whether \`login.example.com\` answers at all, from outside
               curl -sSI --max-time 5 https://login.example.com/
      look     read \`error_reason\` in the access log, if it is on: it names the step that failed
      look     see whether \`ModifyRule\` was called before the errors, and by whom
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyRule --start-time 2026-03-10T13:21:00Z --region us-east-1"
  `);
});

describe('by the access log', () => {
  const login = logged({ code: 500, address: null, aMinute: 40, reason: 'AuthTokenEpRequestTimeout' });
  const at561 = logged({ code: 561, address: null, aMinute: 40, reason: 'AuthUserinfoEpRequestFailed' });
  const waf = logged({ code: 500, address: null, aMinute: 40, actions: 'waf-failed', times: [-1, -1, -1] });
  const total = { loadBalancerMetrics: metrics({ HTTPCode_ELB_5XX_Count: lately(9, 40) }) };

  test.each<[string, Ill, Parameters<typeof accessLog>[0], string]>([
    ['all failed so', errors500(), [login], 'found decisive'],
    ['561s that failed so', total, [at561], 'found decisive'],
    ['all failed otherwise', errors500(), [waf], 'ruled-out'],
    ['half failed so', errors500(), [login, waf], 'found circumstantial'],
    [
      'a few of many',
      errors500(),
      [logged({ code: 500, address: null, minutes: [1, 0], aMinute: 6, reason: 'AuthX' })],
      'found circumstantial',
    ],
  ])('%s', (_, ill, lines, expected) => {
    expect(outcome(cause, { ...oidc, ...ill, accessLog: accessLog(lines) })).toBe(expected);
  });

  test('calls 561 no name of ours', () => {
    const told = readable(cause, { ...oidc, ...total, accessLog: accessLog([at561]) });
    expect(told).toContain(
      'requests answered with another 5xx in the access log, 100 % ended so: authentication failed',
    );
    expect(told).not.toContain('other5xx');
  });

  test('says that it fails, and what not to look for any more', () => {
    const told = readable(cause, { ...oidc, ...errors500(), accessLog: accessLog([login]) });
    expect(told).toContain('Authentication with `login.example.com` fails');
    expect(told).not.toContain('read `error_reason`');
  });
});
