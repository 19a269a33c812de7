/**
 * One fresh process of the deployed bundle, as Lambda would start it: `node invocation.cjs <bundle> <invocations>`. Answers
 * with how long each invocation took and how much memory all of it, in JSON.
 */
const [, , bundle, invocations] = process.argv;
const { handler } = require(bundle);

const event = () => {
  const timestamp = new Date().toISOString().replace('Z', '+0000');
  const dimensions = { LoadBalancer: 'app/web/0123456789abcdef' };
  const metric = { namespace: 'AWS/ApplicationELB', name: 'HTTPCode_ELB_5XX_Count', dimensions };
  const metrics = [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Sum' }, returnData: true }];
  return {
    source: 'aws.cloudwatch',
    alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-5xx',
    accountId: '123456789012',
    time: timestamp,
    region: 'us-east-1',
    alarmData: {
      alarmName: 'web-5xx',
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
      configuration: { metrics },
    },
  };
};

async function run() {
  const took = [];
  let answer;
  for (let n = 0; n < Number(invocations); n += 1) {
    const started = performance.now();
    answer = await handler(event(), { awsRequestId: `bench-${n}`, getRemainingTimeInMillis: () => 60_000 });
    took.push(performance.now() - started);
  }
  const { cause, status } = answer.verdict;
  const { criticalPath, apiCalls } = answer.cost;
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(JSON.stringify({ took, peakMegabytes, cause, status, criticalPath, apiCalls }));
}

run().catch((error) => {
  // Not the stack: Node would show the line of the bundle, a megabyte.
  process.stderr.write(`${error.name}: ${error.message}\n`);
  process.exitCode = 1;
});
