import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/application/lambda-target-not-invokable/cause.ts';
import {
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  newest,
  partly,
  TG,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';
import { aFunction, behindLambda, FUNCTION, lambdaTarget, permission } from '../../support/lambda.ts';

const errors = metrics({ HTTPCode_ELB_502_Count: lately(9, 100), HTTPCode_ELB_5XX_Count: lately(9, 100) });
const failing = (ill: Ill) => behindLambda({ loadBalancerMetrics: errors, ...ill });
const withPolicy = (...policy: ReturnType<typeof permission>[]) =>
  failing({ lambdaFunctions: [aFunction({ policy })] });
const withCondition = (operator: string, key: string, ...values: string[]) =>
  withPolicy(permission({ conditions: [{ operator, key, values }] }));
const inState = (state: string) => failing({ lambdaFunctions: [aFunction({}, { state })] });
const gone = aFunction({ gone: true, configuration: null, policy: null, reservedConcurrency: null });
const otherGroup = { type: 'forward' as const, to: [{ targetGroup: groupArn('api'), weight: 1 }] };

test.each<[what: string, ill: Ill, expected: string]>([
  ['the function is gone', failing({ lambdaFunctions: [gone] }), 'found decisive'],
  ['it is gone, and nobody noticed yet', behindLambda({ lambdaFunctions: [gone] }), 'found circumstantial'],
  ['nobody was ever allowed', withPolicy(), 'found decisive'],
  ['another group is allowed', withCondition('ArnLike', 'AWS:SourceArn', groupArn('old')), 'found decisive'],
  [
    'any group of the account is',
    withCondition('ArnLike', 'aws:SourceArn', 'arn:aws:elasticloadbalancing:*'),
    'ruled-out',
  ],
  ['the account is allowed', withCondition('StringEquals', 'AWS:SourceAccount', '123456789012'), 'ruled-out'],
  ['another account is', withCondition('StringEquals', 'AWS:SourceAccount', '210987654321'), 'found decisive'],
  ['a condition nobody can judge', withCondition('IpAddress', 'aws:SourceIp', '10.0.0.0/8'), 'undetermined'],
  [
    'only an API gateway is allowed',
    withPolicy(permission({ principals: ['apigateway.amazonaws.com'] })),
    'found decisive',
  ],
  ['everybody is', withPolicy(permission({ principals: ['*'], actions: ['lambda:*'] })), 'ruled-out'],
  ['only to read it', withPolicy(permission({ actions: ['lambda:GetFunction'] })), 'found decisive'],
  ['denied besides', withPolicy(permission(), permission({ id: 'no', effect: 'Deny' })), 'found decisive'],
  [
    'the alias is registered, the function is allowed',
    failing({
      targetHealth: [lambdaTarget(`${FUNCTION}:live`)],
      lambdaFunctions: [aFunction({ arn: `${FUNCTION}:live` })],
    }),
    'found decisive',
  ],
  ['Failed', inState('Failed'), 'found decisive'],
  ['Pending', inState('Pending'), 'found decisive'],
  ['Active', inState('Active'), 'ruled-out'],
  ['a state of tomorrow', inState('Hibernating'), 'ruled-out'],
  [
    'the group still answers',
    { ...withPolicy(), targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: lately(5, 1) } }) },
    'found circumstantial',
  ],
  [
    'since three minutes ago, and the group answered until then',
    failing({
      loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(3, 100), HTTPCode_ELB_5XX_Count: lately(3, 100) }),
      targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: newest(9, 9, 9, 9, 4, 0, 0) } }),
      lambdaFunctions: [gone],
    }),
    'found decisive',
  ],
  [
    'the group answered before',
    { ...withPolicy(), targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: lately(180, 0) } }) },
    'found decisive',
  ],
  [
    'its policy was not seen',
    failing({
      lambdaFunctions: partly([aFunction({ policy: null })], { why: 'denied', detail: 'no', ids: [FUNCTION] }),
    }),
    'undetermined',
  ],
  [
    'gone, as far as was seen',
    failing({ lambdaFunctions: partly([gone], { why: 'denied', detail: 'no', ids: ['another'] }) }),
    'found decisive',
  ],
  ['functions denied', failing({ lambdaFunctions: denied('lambda:GetFunctionConfiguration') }), 'undetermined'],
  ['no function behind it', {}, 'not-applicable'],
  [
    'no rule sends to it',
    {
      ...withPolicy(),
      listenerRules: [{ arn: 'r', listenerArn: 'l', priority: null, actions: [otherGroup], conditions: [] }],
    },
    'not-applicable',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('gives the permission that is missing, and how to take it back', () => {
  expect(readable(cause, withPolicy())).toMatchInlineSnapshot(`
    "The load balancer may not invoke api: its policy does not allow target group web [decisive]
      because  no statement of its resource policy allows \`elasticloadbalancing.amazonaws.com\` for this target group   [lambdaFunctions]
      because  900 requests answered \`502\` since 14:21   [loadBalancerMetrics]
      fix      allow the load balancer to invoke api for target group web
               aws lambda add-permission --function-name arn:aws:lambda:us-east-1:123456789012:function:api --statement-id alb-web --action lambda:InvokeFunction --principal elasticloadbalancing.amazonaws.com --source-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --region us-east-1
         undo  aws lambda remove-permission --function-name arn:aws:lambda:us-east-1:123456789012:function:api --statement-id alb-web --region us-east-1
      look     see who changed the function, its alias or its permission in the hour before
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-10T13:21:00Z --end-time 2026-03-10T14:22:00Z --max-items 50 --region us-east-1"
  `);
});

const registered = (id: string, reservedConcurrency: 'none' | null) =>
  failing({ targetHealth: [lambdaTarget(id)], lambdaFunctions: [{ ...gone, arn: id, reservedConcurrency }] });

test.each([
  ['an alias', 'live', 'none' as const, 'The alias `live` of api behind target group web does not exist'],
  ['a version', '12', 'none' as const, 'The version `12` of api behind target group web does not exist'],
  ['the function, for all that was seen', 'live', null, 'The function api:live behind target group web does not exist'],
])('says that what is gone is %s', (_, qualifier, reserved, says) => {
  expect(readable(cause, registered(`${FUNCTION}:${qualifier}`, reserved))).toContain(says);
});

test('says whom the policy admits instead', () => {
  const ill = withCondition('ArnLike', 'AWS:SourceArn', groupArn('old'));
  expect(readable(cause, ill)).toContain('allows `elasticloadbalancing.amazonaws.com` only for old');
});

test('gives an alias that is gone back its permission, too', () => {
  expect(readable(cause, registered(`${FUNCTION}:live`, 'none'))).toMatchInlineSnapshot(`
    "The alias \`live\` of api behind target group web does not exist [decisive]
      because  the function api exists, but has no alias \`live\`   [lambdaFunctions]
      because  900 requests answered \`502\` since 14:21   [loadBalancerMetrics]
      look1/3  list the versions of api
               aws lambda list-versions-by-function --function-name arn:aws:lambda:us-east-1:123456789012:function:api --query Versions[].[Version,LastModified] --output text --region us-east-1
      fix 2/3  create the alias \`live\` of api again, on the version that worked: \`aws lambda create-alias\` with its number as \`--function-version\`
      fix 3/3  allow the load balancer to invoke api for target group web
               aws lambda add-permission --function-name arn:aws:lambda:us-east-1:123456789012:function:api --qualifier live --statement-id alb-web --action lambda:InvokeFunction --principal elasticloadbalancing.amazonaws.com --source-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --region us-east-1
         undo  aws lambda remove-permission --function-name arn:aws:lambda:us-east-1:123456789012:function:api --qualifier live --statement-id alb-web --region us-east-1
      look     see who changed the function, its alias or its permission in the hour before
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-10T13:21:00Z --end-time 2026-03-10T14:22:00Z --max-items 50 --region us-east-1"
  `);
});

test.each([
  ['The image with the digest sha256:5f0c was deleted from its repository.', 'its image was deleted'],
  ['The function is inactive since it was not invoked for weeks.', 'it cannot be invoked'],
])('says what ended a function where AWS does: %s', (stateReason, says) => {
  const lambdaFunctions = [aFunction({}, { state: 'Inactive', stateReason })];
  expect(readable(cause, failing({ lambdaFunctions }))).toContain(says);
});
