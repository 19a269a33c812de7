import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/load-balancer/waf-failing/cause.ts';
import type { ListenerRule, WebAcl } from '../../../lambda/incident/evidence.ts';
import { unseen } from '../../../lambda/incident/observed.ts';
import { always, aRuleTo, denied, type Ill, LB, lately, metrics, partly, TG } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';
import { accessLog, logged } from '../../support/logs.ts';

const edge: WebAcl = {
  arn: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/1234',
  name: 'edge',
  blocksWith5xx: [],
};
const acl = { webAcl: edge };
const before = (action: ListenerRule['actions'][number]) => ({
  listenerRules: [
    {
      arn: `${LB}/rule-10`,
      listenerArn: `${LB}/listener-80`,
      priority: 10,
      actions: [action],
      conditions: ['path is /x'],
    },
    ...aRuleTo(TG),
  ],
});
const errors = (more = {}) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_500_Count: lately(9, 40),
    HTTPCode_ELB_5XX_Count: lately(9, 40),
    ...more,
  }),
});
const failOpen = (value: string) => ({ loadBalancerAttributes: { 'waf.fail_open.enabled': value } });

test.each<[string, Ill, string]>([
  ['500s and a web ACL', { ...errors(), ...acl }, 'found circumstantial'],
  ['fail-open off', { ...errors(), ...acl, ...failOpen('false') }, 'found circumstantial'],
  ['fail-open on', { ...errors(), ...acl, ...failOpen('true') }, 'ruled-out'],
  ['no web ACL', { ...errors() }, 'ruled-out'],
  [
    'no web ACL, and rules that were read in part: nothing in them matters',
    { ...errors(), listenerRules: partly(aRuleTo(TG), { why: 'throttled', detail: 'slow down', ids: ['listener'] }) },
    'ruled-out',
  ],
  ['whether there is a web ACL is denied', { ...errors(), webAcl: denied('wafv2:GetWebACL') }, 'undetermined'],
  [
    'nobody asked for one, there being no 500',
    {
      loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) }),
      webAcl: unseen('not-asked', 'the load balancer itself answered no 500'),
    },
    'ruled-out',
  ],
  [
    '500s of the targets only',
    { loadBalancerMetrics: metrics({ HTTPCode_Target_5XX_Count: lately(9, 40) }), ...acl },
    'ruled-out',
  ],
  [
    'a rule authenticates users',
    { ...errors(), ...acl, ...before({ type: 'other', name: 'authenticate-oidc' }) },
    'undetermined',
  ],
  ['a rule redirects', { ...errors(), ...acl, ...before({ type: 'other', name: 'redirect' }) }, 'found circumstantial'],
  [
    'half of the 500s may be fixed responses',
    {
      ...errors({ HTTP_Fixed_Response_Count: lately(9, 20) }),
      ...acl,
      ...before({ type: 'fixed-response', statusCode: '500' }),
    },
    'ruled-out',
  ],
  [
    'fewer than half of them',
    {
      ...errors({ HTTP_Fixed_Response_Count: lately(9, 19) }),
      ...acl,
      ...before({ type: 'fixed-response', statusCode: '500' }),
    },
    'found circumstantial',
  ],
  [
    'fixed responses of another code',
    {
      ...errors({ HTTP_Fixed_Response_Count: lately(9, 40) }),
      ...acl,
      ...before({ type: 'fixed-response', statusCode: '404' }),
    },
    'found circumstantial',
  ],
  [
    'target optimizer, whose failures are 500 as well',
    { ...errors({ TargetControlActiveChannelCount: always(2) }), ...acl },
    'undetermined',
  ],
  ['the metrics are denied', { ...acl, loadBalancerMetrics: denied('cloudwatch:GetMetricData') }, 'undetermined'],
  ['the rules are denied', { ...errors(), ...acl, listenerRules: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('is told as one of several, with what proves it', () => {
  expect(readable(cause, { ...errors(), ...acl, ...failOpen('false') })).toMatchInlineSnapshot(`
    "AWS WAF may fail to evaluate requests for web ACL edge, so the load balancer answers \`500\` [circumstantial]
      because  360 requests answered \`500\` by the load balancer itself since 14:21   [loadBalancerMetrics]
      because  web ACL edge is associated with the load balancer   [webAcl]
      because  \`waf.fail_open.enabled\` is \`false\`   [loadBalancerAttributes]
      because  no rule authenticates requests, the other reason for a load balancer to answer \`500\`   [listenerRules]
      look     read the access log, if it is on: \`waf-failed\` in \`actions_executed\`, or \`WAF…\` in \`error_reason\`, proves it
      fix      let requests pass unfiltered while AWS WAF fails, if the owner of the web ACL agrees
               aws elbv2 modify-load-balancer-attributes --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --attributes Key=waf.fail_open.enabled,Value=true --region us-east-1
         undo  aws elbv2 modify-load-balancer-attributes --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --attributes Key=waf.fail_open.enabled,Value=false --region us-east-1
      look     see whether the web ACL was changed before the errors, and by whom
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=UpdateWebACL --start-time 2026-03-10T13:21:00Z --region us-east-1"
  `);
});

test('tells of a web ACL that answers 500 to what it blocks', () => {
  const onPurpose = { ...edge, blocksWith5xx: [{ rule: 'maintenance', statusCode: '500' }] };
  expect(readable(cause, { ...errors(), webAcl: onPurpose })).toContain(
    '`maintenance` answers `500` to blocked requests',
  );
  const other = { ...edge, blocksWith5xx: [{ rule: 'maintenance', statusCode: '503' }] };
  expect(readable(cause, { ...errors(), webAcl: other })).not.toContain('maintenance');
});

test.each<[string, Record<string, string>, string]>([
  ['off', { 'access_logs.s3.enabled': 'false', 'access_logs.s3.bucket': '' }, 'turn the access log on'],
  ['on', { 'access_logs.s3.enabled': 'true', 'access_logs.s3.bucket': 'logs' }, 'read the access log in bucket `logs`'],
  ['not known to be on', {}, 'read the access log, if it is on'],
])('tells how to prove it where the access log is %s', (_, logs, expected) => {
  expect(readable(cause, { ...errors(), ...acl, loadBalancerAttributes: logs })).toContain(expected);
});

describe('by the access log', () => {
  const failed = logged({ code: 500, address: null, aMinute: 40, actions: 'waf-failed', times: [-1, -1, -1] });
  const login = logged({ code: 500, address: null, aMinute: 40, reason: 'AuthTokenEpRequestTimeout' });
  const beforeLogin = before({ type: 'other', name: 'authenticate-oidc' });

  test.each<[string, Parameters<typeof accessLog>[0], Ill, string]>([
    ['all failed so', [failed], {}, 'found decisive'],
    ['all failed so, beside a rule that authenticates', [failed], beforeLogin, 'found decisive'],
    ['all failed otherwise', [login], {}, 'ruled-out'],
    ['half failed so', [failed, login], {}, 'found circumstantial'],
    [
      'a few of many',
      [{ ...failed, ...logged({ minutes: [1, 0], aMinute: 6 }), code: 500, ending: 'waf-failed' }],
      {},
      'found circumstantial',
    ],
  ])('%s', (_, lines, more, expected) => {
    expect(outcome(cause, { ...errors(), ...acl, ...more, accessLog: accessLog(lines) })).toBe(expected);
  });

  test('says that it fails, and asks for no more proof', () => {
    const told = readable(cause, { ...errors(), ...acl, ...beforeLogin, accessLog: accessLog([failed]) });
    expect(told).toContain('AWS WAF fails to evaluate requests for web ACL edge');
    expect(told).toContain('100 % ended so: AWS WAF could not be asked');
    expect(told).not.toMatch(/may fail|no rule authenticates|read the access log/);
  });
});
