/**
 * One fresh process of the deployed bundle, as Lambda would start it: `node invocation.cjs <bundle> <invocations> [<ms between>]`.
 * Answers with how long each invocation took and how much memory all of it, in JSON.
 */
const [, , bundle, invocations, pause = '0'] = process.argv;
const { handler } = require(bundle);
const { alarmEvent } = require('./alarm-event.cjs');

async function run() {
  const took = [];
  let answer;
  for (let n = 0; n < Number(invocations); n += 1) {
    if (n > 0) await new Promise((resolve) => setTimeout(resolve, Number(pause)));
    const started = performance.now();
    answer = await handler(alarmEvent(), { awsRequestId: `bench-${n}`, getRemainingTimeInMillis: () => 60_000 });
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
