import { createRequire } from 'node:module';
import { ACCOUNT, anAccount, REGION } from './account.ts';
import { openAccount } from './storm-account.ts';
import { startStub } from './stub.ts';

/**
 * `npm run bench:storm`: so many alarms at once, of so many load balancers, answered by the deployed bundle in up to a
 * hundred handlers, in real time. The stub keeps the buckets that AWS keeps for an account; a customer asks Elastic Load
 * Balancing once a second beside it.
 */
const BUNDLE = new URL('../../dist/lambda/index.cjs', import.meta.url).pathname;
const LATENCY_MS = 30;
const HANDLERS = 100;
/** As the construct sets it for the queue. */
const FROM_QUEUE = 10;

interface Reply {
  readonly ignored?: string;
  readonly verdict?: { readonly status: string };
  readonly undetermined?: readonly { readonly missing: readonly { readonly why: string }[] }[];
}
type Handler = (event: unknown, invocation: object) => Promise<Reply>;

/** An instance of its own, with its own limits and clients, as Lambda starts one. */
function freshHandler(): Handler {
  const require = createRequire(import.meta.url);
  for (const file of Object.keys(require.cache))
    if (file.endsWith('/dist/lambda/index.cjs')) delete require.cache[file];
  return require(BUNDLE).handler;
}

function alarmOf(loadBalancer: number, alarmName: string, at = new Date()) {
  const timestamp = at.toISOString().replace('Z', '+0000');
  const dimensions = { LoadBalancer: `app/web-${loadBalancer}/0123456789abcdef` };
  const metric = { namespace: 'AWS/ApplicationELB', name: 'HTTPCode_ELB_5XX_Count', dimensions };
  return {
    source: 'aws.cloudwatch',
    alarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${alarmName}`,
    accountId: ACCOUNT,
    time: timestamp,
    region: REGION,
    alarmData: {
      alarmName,
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
      configuration: { metrics: [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Sum' }, returnData: true }] },
    },
  };
}

async function storm(events: number, loadBalancers: number): Promise<void> {
  const account = await openAccount();
  const size = { targets: 20, groups: 1, containers: false, trail: 'quiet' } as const;
  const stub = await startStub(size, LATENCY_MS, {
    answers: () => account.answers(anAccount(size)),
    fault: ({ action }) => (account.take(action) ? undefined : 'throttled'),
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: stub.url,
    AWS_ENDPOINT_URL_DYNAMODB: account.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    TRIAGE_TOPIC_ARN: `arn:aws:sns:${REGION}:${ACCOUNT}:triage`,
    TRIAGE_TABLE: 'alb-triage',
    TRIAGE_QUEUE_URL: `${account.url}/${ACCOUNT}/looks`,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'SILENT',
  });

  // All in one process: what each loads must not be waited for by the others.
  const free = Array.from({ length: HANDLERS }, freshHandler);
  const waiting: (() => void)[] = [];
  const statuses = new Map<string, number>();
  const answered = new Map<string, number>();
  let [throttled, invocations, fromQueue, refused] = [0, 0, 0, 0];
  // What is loaded only once is loaded here.
  await free[0]?.(alarmOf(loadBalancers, 'before'), { awsRequestId: 'before', getRemainingTimeInMillis: () => 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  account.messages().clear();
  const started = performance.now();

  async function invoke(name: string, event: unknown): Promise<void> {
    if (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const handler = free.pop() ?? freshHandler();
    invocations += 1;
    const invocation = { awsRequestId: `storm-${invocations}`, getRemainingTimeInMillis: () => 60_000 };
    const reply = await handler(event, invocation).catch((error): Reply => {
      process.stderr.write(`${error}\n`);
      return { verdict: { status: 'not answered' } };
    });
    free.push(handler);
    waiting.shift()?.();
    if (reply.ignored?.endsWith('it comes back') || reply.ignored === 'its time has not come') return;
    answered.set(name, (performance.now() - started) / 1000);
    const status = reply.ignored === undefined ? (reply.verdict?.status ?? 'none') : 'answered by another';
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    const missing = (reply.undetermined ?? []).flatMap((one) => one.missing);
    if (missing.some(({ why }) => why === 'throttled')) throttled += 1;
  }

  const customer = setInterval(() => {
    if (!account.take('elasticloadbalancing:DescribeLoadBalancers')) refused += 1;
  }, 1000);
  const queue = setInterval(() => {
    while (fromQueue < FROM_QUEUE) {
      const body = account.nextMessage();
      if (body === undefined) return;
      fromQueue += 1;
      const event = { Records: [{ eventSource: 'aws:sqs', messageId: 'm', body: JSON.stringify(body) }] };
      void invoke(body.intake.request.trigger.alarmName, event).finally(() => {
        fromQueue -= 1;
      });
    }
  }, 50);
  const names = Array.from({ length: events }, (_, n) => `web-${n % loadBalancers}-alarm-${n}`);
  const at = new Date();
  const direct = names.map(async (name, n) => {
    // Delivered within ten seconds: here all share two processors, in Lambda each has its own.
    await new Promise((resolve) => setTimeout(resolve, (n / events) * 10_000));
    await invoke(name, alarmOf(n % loadBalancers, name, at));
  });
  await Promise.all(direct);
  while (answered.size < events && performance.now() - started < 900_000) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  clearInterval(customer);
  clearInterval(queue);

  const times = [...answered.values()].sort((a, b) => a - b);
  const after = (share: number) => `${(times[Math.ceil(times.length * share) - 1] ?? Number.NaN).toFixed(1)} s`;
  const told = [...account.messages().values()];
  const lines = [
    `${events} alarms of ${loadBalancers} load balancers: answered ${times.length}, half after ${after(0.5)}, all after ${after(1)}`,
    `  ${[...statuses].map(([status, many]) => `${status} ${many}`).join(', ')}; for throttling something unseen in ${throttled}`,
    `  messages: ${told.reduce((sum, many) => sum + many, 0)}, of one load balancer ${Math.min(...told)} to ${Math.max(...told)}; ${invocations} invocations`,
    `  buckets: ELB at least ${account.lowest('elasticloadbalancing').toFixed(0)} of 40, throttled ${account.throttled('elasticloadbalancing')}; CloudTrail throttled ${account.throttled('cloudtrail')}; the customer ${refused}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  stub.stop();
  account.stop();
}

const [only] = process.argv.slice(2);
for (const loadBalancers of [20, 200]) {
  if (only === undefined || Number(only) === loadBalancers) await storm(200, loadBalancers);
}
process.exit();
