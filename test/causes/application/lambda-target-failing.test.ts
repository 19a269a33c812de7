import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/application/lambda-target-failing/cause.ts';
import { always, denied, groupMetrics, type Ill, lately, metrics, partly, TG } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';
import { aFunction, behindLambda, FUNCTION, lambdaMetrics, lambdaTarget } from '../../support/lambda.ts';

const errors = (perMinute = 100) =>
  metrics({ HTTPCode_ELB_502_Count: lately(9, perMinute), HTTPCode_ELB_5XX_Count: lately(9, perMinute) });
const userErrors = (perMinute: number) =>
  groupMetrics({ [TG]: { RequestCount: always(120), LambdaUserError: lately(9, perMinute) } });
type Counts = Parameters<typeof lambdaMetrics>[0];
const running = { Invocations: always(120), Errors: always(0), Throttles: always(0) };
const failing = (counts: Counts, ill: Ill = {}) =>
  behindLambda({
    loadBalancerMetrics: errors(),
    targetGroupMetrics: userErrors(100),
    lambdaMetrics: lambdaMetrics({ ...running, ...counts }),
    ...ill,
  });
const byLoadBalancerOnly = { targetGroupMetrics: groupMetrics({}) };
const codes = (code: '502' | '504', perMinute = 100) =>
  metrics({ [`HTTPCode_ELB_${code}_Count`]: lately(9, perMinute), HTTPCode_ELB_5XX_Count: lately(9, perMinute) });
const internal = (perMinute: number, ill: Ill = {}) =>
  failing(
    {},
    {
      loadBalancerMetrics: codes('504'),
      targetGroupMetrics: groupMetrics({
        [TG]: { RequestCount: always(120), LambdaInternalError: lately(9, perMinute) },
      }),
      ...ill,
    },
  );
const odd = (ill: Ill = {}) => failing({}, ill);

test.each<[what: string, ill: Ill, expected: string]>([
  ['AWS Lambda fails half of the requests answered 504', internal(50), 'found strong'],
  ['less than half', internal(49), 'found circumstantial'],
  ['504s, and AWS Lambda fails none', internal(0), 'ruled-out'],
  [
    'as many as ever',
    internal(0, {
      targetGroupMetrics: groupMetrics({ [TG]: { RequestCount: always(120), LambdaInternalError: always(2) } }),
    }),
    'ruled-out',
  ],
  ['502s that AWS Lambda makes', internal(100, { loadBalancerMetrics: codes('502') }), 'found strong'],
  ['504s, and the counts by group denied', internal(50, { targetGroupMetrics: denied() }), 'undetermined'],
  ['throttled', failing({ Throttles: lately(9, 100) }), 'found decisive'],
  ['half of the errors are throttles', failing({ Throttles: lately(9, 50) }), 'found decisive'],
  ['less than half are', failing({ Throttles: lately(9, 49) }), 'found circumstantial'],
  ['it throws', failing({ Errors: lately(9, 100) }), 'found decisive'],
  [
    'it throws, and CloudWatch has nothing by group',
    failing({ Errors: lately(9, 100) }, byLoadBalancerOnly),
    'found decisive',
  ],
  [
    'it throws as often as ever, for others',
    failing({ Errors: always(5) }, { targetGroupMetrics: userErrors(0) }),
    'ruled-out',
  ],
  [
    'the group counts few of the 502s',
    failing({ Errors: lately(9, 100) }, { targetGroupMetrics: userErrors(49) }),
    'found circumstantial',
  ],
  [
    'the group counts half of them',
    failing({ Errors: lately(9, 100) }, { targetGroupMetrics: userErrors(50) }),
    'found decisive',
  ],
  ['the group counts none', failing({ Errors: lately(9, 100) }, { targetGroupMetrics: userErrors(0) }), 'ruled-out'],
  ['runs, no error: the shape of the answer', odd(), 'found strong'],
  ['the same, function unread', odd({ lambdaFunctions: denied('lambda:GetPolicy') }), 'found circumstantial'],
  ['the same, nothing by group', odd(byLoadBalancerOnly), 'found circumstantial'],
  ['the same, one invocation for two requests', failing({ Invocations: always(60) }), 'found strong'],
  ['the same, fewer', failing({ Invocations: always(59) }), 'found circumstantial'],
  ['the same, but it may not be invoked', odd({ lambdaFunctions: [aFunction({ policy: [] })] }), 'ruled-out'],
  ['never invoked', odd({ lambdaMetrics: lambdaMetrics({}) }), 'undetermined'],
  ['healthy', behindLambda({ lambdaMetrics: lambdaMetrics(running) }), 'ruled-out'],
  [
    'it throws for others, no 502',
    behindLambda({ lambdaMetrics: lambdaMetrics({ ...running, Errors: lately(9, 50) }) }),
    'ruled-out',
  ],
  ['metrics denied', failing({}, { lambdaMetrics: denied('cloudwatch:GetMetricData') }), 'undetermined'],
  [
    'its metrics in part',
    failing(
      { Errors: lately(9, 100) },
      {
        lambdaMetrics: partly(lambdaMetrics({ ...running, Errors: lately(9, 100) }), {
          why: 'failed',
          detail: 'x',
          ids: [FUNCTION],
        }),
      },
    ),
    'found circumstantial',
  ],
  ['no function behind it', {}, 'not-applicable'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test.each([
  [9_900, /reaches its timeout of 10 s/],
  [9_899, /fails/],
])('a longest run of %d ms of 10 s', (longest, says) => {
  expect(readable(cause, failing({ Errors: lately(9, 100), 'Duration.max': lately(9, longest) }))).toMatch(says);
});

test.each([
  ['the default of three seconds', {}, 3, /fix {2,}give api 10 s .* \(3 s is the default/],
  ['more than that', {}, 20, /fix {2,}give api 40 s until what it waits for is fast again\n/],
  ['the most there is', {}, 900, /^(?!.*give api)/s],
  ['that of a version, which nobody can change', { arn: `${FUNCTION}:live` }, 3, /^(?!.*give api)/s],
])('gives runs that are cut off more time than %s', (_, of, timeoutSeconds, expected) => {
  const found = aFunction(of, { timeoutSeconds });
  const ill = failing(
    { Errors: lately(9, 100), 'Duration.max': lately(9, timeoutSeconds * 1000) },
    { targetHealth: [lambdaTarget(found.arn)], lambdaFunctions: [found] },
  );
  expect(readable(cause, ill)).toMatch(expected);
});

test('says how many runs at once are reserved', () => {
  const lambdaFunctions = [aFunction({ reservedConcurrency: 5 })];
  expect(readable(cause, failing({ Throttles: lately(9, 100) }, { lambdaFunctions }))).toContain(
    'is throttled at its reserved concurrency of 5',
  );
});

test('says that its reserved concurrency is 0, and how to lift that', () => {
  const ill = failing({ Throttles: lately(9, 100) }, { lambdaFunctions: [aFunction({ reservedConcurrency: 0 })] });
  expect(readable(cause, ill)).toMatchInlineSnapshot(`
    "The function api behind target group web is switched off: its reserved concurrency is 0 [decisive] since 2026-03-10T14:21:00Z
      because  900 throttled invocations (\`Throttles\`) since 14:21, beside 1,080 invocations, against 900 requests answered \`502\`   [lambdaMetrics]
      because  its reserved concurrency is 0   [lambdaFunctions]
      because  900 errors (\`LambdaUserError\`) of web, against 900 requests answered \`502\`   [targetGroupMetrics]
      fix      let api run again, unless it was switched off on purpose
               aws lambda delete-function-concurrency --function-name arn:aws:lambda:us-east-1:123456789012:function:api --region us-east-1
         undo  aws lambda put-function-concurrency --function-name arn:aws:lambda:us-east-1:123456789012:function:api --reserved-concurrent-executions 0 --region us-east-1
      look     see what was deployed or changed in the hour before
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-10T13:21:00Z --end-time 2026-03-10T14:22:00Z --max-items 50 --region us-east-1"
  `);
});

test('says what was deployed shortly before, and where the log is', () => {
  const lambdaFunctions = [aFunction({}, { modifiedAt: '2026-03-10T14:19:00Z' })];
  expect(readable(cause, failing({ Errors: lately(9, 100) }, { lambdaFunctions }))).toMatchInlineSnapshot(`
    "The function api behind target group web fails: 83 % of its invocations end in an error [decisive] since 2026-03-10T14:21:00Z
      because  900 errors of the function (its metric \`Errors\`) since 14:21, among 1,080 invocations, against 900 requests answered \`502\`   [lambdaMetrics]
      because  the function was last modified at 14:19, shortly before   [lambdaFunctions]
      because  900 errors (\`LambdaUserError\`) of web, against 900 requests answered \`502\`   [targetGroupMetrics]
      fix      deploy the code of api that worked before
      look     list the versions of api
               aws lambda list-versions-by-function --function-name arn:aws:lambda:us-east-1:123456789012:function:api --query Versions[].[Version,LastModified] --output text --region us-east-1
      look     read the log of api from the first error on
               aws logs filter-log-events --log-group-name /aws/lambda/api --start-time 1773152460000 --filter-pattern ?ERROR ?Error ?Exception --max-items 50 --region us-east-1
      look     see what was deployed or changed in the hour before
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-10T13:21:00Z --end-time 2026-03-10T14:22:00Z --max-items 50 --region us-east-1"
  `);
});

test('tells what fails within AWS Lambda, and that it is on its side', () => {
  expect(readable(cause, internal(100))).toMatchInlineSnapshot(`
    "AWS Lambda itself fails to run api behind web [strong] since 2026-03-10T14:21:00Z
      because  900 requests answered \`502\` or \`504\` since 14:21   [loadBalancerMetrics]
      because  900 errors (\`LambdaInternalError\`) of web since 14:21; the function's own errors would be \`LambdaUserError\`   [targetGroupMetrics]
      look     check the AWS Health Dashboard for AWS Lambda in this Region: the fault is on AWS's side; until it ends, forward requests to another target group if there is one"
  `);
});

test('a function that is throttled shows how many ran at a time', () => {
  const ill = failing({ Throttles: lately(9, 100), 'ConcurrentExecutions.max': lately(9, 25) });
  expect(readable(cause, ill)).toContain('at most 25 ran at the same time in those minutes');
});

test('goes back to another version first where an alias fails since a release, and reads the log first where nothing was released', () => {
  const id = `${FUNCTION}:live`;
  const asOf = (modifiedAt: string) =>
    readable(
      cause,
      failing(
        { Errors: lately(9, 100) },
        { targetHealth: [lambdaTarget(id)], lambdaFunctions: [aFunction({ arn: id }, { modifiedAt })] },
      ),
    );
  const [released, old] = [asOf('2026-03-10T14:19:00Z'), asOf('2026-03-09T14:19:00Z')];
  expect(released).toContain('fix 2/2  point `live` of api back at the version that worked');
  expect(released.indexOf('point `live`')).toBeLessThan(released.indexOf('read the log'));
  expect(old.indexOf('read the log')).toBeLessThan(old.indexOf('point `live`'));
});
