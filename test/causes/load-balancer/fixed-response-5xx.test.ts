import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/load-balancer/fixed-response-5xx/cause.ts';
import type { ListenerRule, Values } from '../../../lambda/incident/evidence.ts';
import { always, denied, type Ill, LB, lately, metrics, newest, TG } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const forward: ListenerRule = {
  arn: `${LB}/rule-default`,
  listenerArn: `${LB}/listener-80`,
  priority: null,
  actions: [{ type: 'forward', to: [{ targetGroup: TG, weight: 1 }] }],
  conditions: [],
};
const fixed = (statusCode: string, priority: number | null = 10): ListenerRule => ({
  ...forward,
  arn: `${LB}/rule-${priority}`,
  priority,
  actions: [{ type: 'fixed-response', statusCode }],
  conditions: priority === null ? [] : ['path is /maintenance*'],
});
const rules = (...given: ListenerRule[]) => ({ listenerRules: [...given, forward] });
const errors = (responses: Values | null, more = {}) => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_503_Count: lately(9, 50),
    HTTPCode_ELB_5XX_Count: lately(9, 50),
    ...(responses === null ? {} : { HTTP_Fixed_Response_Count: responses }),
    ...more,
  }),
});
const total = (perMinute: number) => ({ HTTPCode_ELB_503_Count: [], HTTPCode_ELB_5XX_Count: lately(9, perMinute) });

test.each<[string, Ill, string]>([
  ['as many fixed responses as 503s', { ...rules(fixed('503')), ...errors(lately(9, 50)) }, 'found strong'],
  ['half as many', { ...rules(fixed('503')), ...errors(lately(9, 25)) }, 'found strong'],
  ['fewer than half as many', { ...rules(fixed('503')), ...errors(lately(9, 24)) }, 'found circumstantial'],
  ['twice as many', { ...rules(fixed('503')), ...errors(lately(9, 100)) }, 'found strong'],
  [
    'more than twice as many: they are not counted as errors',
    { ...rules(fixed('503')), ...errors(lately(9, 101)) },
    'found circumstantial',
  ],
  ['as many, but in other minutes', { ...rules(fixed('503')), ...errors(newest(450)) }, 'found circumstantial'],
  [
    'fixed responses before the errors only',
    { ...rules(fixed('503')), ...errors([...always(50).slice(0, 160), ...Array(20).fill(null)]) },
    'ruled-out',
  ],
  [
    'no fixed response, as on every load balancer with an idle maintenance rule',
    { ...rules(fixed('503')), ...errors(null) },
    'ruled-out',
  ],
  ['fewer than a tenth as many', { ...rules(fixed('503')), ...errors(lately(9, 4)) }, 'ruled-out'],
  ['a tenth as many', { ...rules(fixed('503')), ...errors(lately(9, 5)) }, 'found circumstantial'],
  ['errors of another code', { ...rules(fixed('502'), fixed('404', 20)), ...errors(lately(9, 50)) }, 'ruled-out'],
  ['the default rule', { listenerRules: [fixed('503', null)], ...errors(lately(9, 50)) }, 'found strong'],
  [
    'a code without a metric of its own',
    { ...rules(fixed('599')), ...errors(lately(9, 50), total(50)) },
    'found strong',
  ],
  [
    'a default 404 that answers as much as ever',
    { ...rules(fixed('503'), fixed('404', 20)), ...errors(always(60)) },
    'ruled-out',
  ],
  [
    'a default 404 as ever, and as many on top as there are errors',
    {
      ...rules(fixed('503'), fixed('404', 20)),
      ...errors([...always(60).slice(0, 171), ...Array(9).fill(110)]),
    },
    'found strong',
  ],
  [
    'the same with nothing known of before',
    {
      ...rules(fixed('503'), fixed('404', 20)),
      loadBalancerMetrics: metrics({
        RequestCount: lately(9, 120),
        HTTPCode_ELB_503_Count: lately(9, 50),
        HTTPCode_ELB_5XX_Count: lately(9, 50),
        HTTP_Fixed_Response_Count: lately(9, 50),
      }),
    },
    'found circumstantial',
  ],
  [
    'fixed responses that AWS does not count as errors',
    { ...rules(fixed('503')), loadBalancerMetrics: metrics({ HTTP_Fixed_Response_Count: lately(9, 50) }) },
    'found circumstantial',
  ],
  ['a fixed 404', { ...rules(fixed('404')), ...errors(lately(9, 50)) }, 'ruled-out'],
  ['no such rule', errors(lately(9, 50)), 'ruled-out'],
  ['rules denied', { listenerRules: denied(), ...errors(lately(9, 50)) }, 'undetermined'],
  ['metrics denied', { ...rules(fixed('503')), loadBalancerMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('names the rule and its condition', () => {
  expect(readable(cause, { ...rules(fixed('503')), ...errors(lately(9, 50)) })).toMatchInlineSnapshot(`
    "Rule 10 of port \`80\` (\`path is /maintenance*\`) answers \`503\` on purpose [strong]
      because  450 fixed responses since 14:21, against 450 requests answered \`503\` by the load balancer, in the same minutes   [loadBalancerMetrics]
      because  rule 10 of port \`80\` (\`path is /maintenance*\`): fixed response \`503\`   [listenerRules]
      fix      if the rule is not meant to answer now, make it forward to web, as the rules after it do; first note its fixed response, which this overwrites (\`aws elbv2 describe-rules\`)
               aws elbv2 modify-rule --rule-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188/rule-10 --actions Type=forward,TargetGroupArn=arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --region us-east-1
      look     see whether \`ModifyRule\` was called before the errors, and by whom
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyRule --start-time 2026-03-10T13:21:00Z --region us-east-1
      look     see whether \`CreateRule\` was called before the errors, and by whom
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateRule --start-time 2026-03-10T13:21:00Z --region us-east-1"
  `);
});

test('calls a default rule that', () => {
  expect(readable(cause, { listenerRules: [fixed('503', null)], ...errors(lately(9, 50)) })).toMatch(
    /^The default rule of port `80` answers `503` on purpose \[strong\]/,
  );
});

describe('what a load balancer controller writes for want of a backend', () => {
  const gone = (priority: number, body = 'Backend service does not exist', statusCode = '503'): ListenerRule => ({
    ...fixed(statusCode, priority),
    actions: [{ type: 'fixed-response', statusCode, body }],
    conditions: ['path is /cart*'],
  });
  const kept = { tags: { [LB]: { 'elbv2.k8s.aws/cluster': 'green', 'ingress.k8s.aws/stack': 'shop/front' } } };
  const all = (...given: ListenerRule[]): Ill => ({ ...rules(...given), ...errors(lately(9, 50)), ...kept });

  test.each<[string, Ill, string]>([
    ['a Service that is gone', all(gone(10)), 'found decisive'],
    ['an action that is gone', all(gone(10, 'Backend action does not exist')), 'found decisive'],
    ['two Services that are', all(gone(10), gone(20)), 'found decisive'],
    ['one Service, beside a maintenance page', all(gone(10), fixed('503', 20)), 'found strong'],
    [
      'the same words on a load balancer that no controller made',
      { ...all(gone(10)), tags: { [LB]: {} } },
      'found strong',
    ],
    ['tags unseen', { ...all(gone(10)), tags: denied() }, 'found decisive'],
    ['another code', all(gone(10, 'Backend service does not exist', '502')), 'found circumstantial'],
    ['other words', all(gone(10, 'Back at noon')), 'found strong'],
    ['a word that every object of JavaScript has', all(gone(10, 'constructor')), 'found strong'],
    ['fewer fixed responses than errors', { ...all(gone(10)), ...errors(lately(9, 24)) }, 'found circumstantial'],
    ['no fixed response', { ...all(gone(10)), ...errors(null) }, 'ruled-out'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('says which is gone, and does not say that it is meant', () => {
    const said = readable(cause, all(gone(10)));
    expect(said).toMatchInlineSnapshot(`
      "The Kubernetes Service that rule 10 of port \`80\` (\`path is /cart*\`) of ingress front (namespace shop) names does not exist [decisive]
        because  450 fixed responses since 14:21, against 450 requests answered \`503\` by the load balancer, in the same minutes   [loadBalancerMetrics]
        because  rule 10 of port \`80\` (\`path is /cart*\`): fixed response \`503\`   [listenerRules]
        because  the answer is \`Backend service does not exist\`: the load balancer controller writes it for an ingress that names a Service that does not exist   [listenerRules]
        fix      create the Service again, or name the right one in ingress front: the controller then forwards to its pods
        look     see which Service ingress front names, and what the controller says
                 kubectl describe ingress front --namespace shop
        look     see which Services there are in namespace shop
                 kubectl get services --namespace shop
        look     see whether \`ModifyRule\` was called before the errors, and by whom
                 aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=ModifyRule --start-time 2026-03-10T13:21:00Z --region us-east-1
        look     see whether \`CreateRule\` was called before the errors, and by whom
                 aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateRule --start-time 2026-03-10T13:21:00Z --region us-east-1"
    `);
    expect(said).not.toMatch(/on purpose|not meant to answer/);
  });

  test('where a group of ingresses shares the load balancer, none is named', () => {
    const tags = { [LB]: { 'elbv2.k8s.aws/cluster': 'green', 'ingress.k8s.aws/stack': 'edge' } };
    const said = readable(cause, { ...all(gone(10)), tags });
    expect(said).toContain('get ingress --all-namespaces');
    expect(said).not.toMatch(/ingress edge|namespace edge/);
  });
});
