import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openAws } from '../../lambda/collect/aws.ts';
import { accessLog } from '../../lambda/collect/logs/access-log.ts';
import { logPlaces } from '../../lambda/collect/logs/log-places.ts';
import { schedule } from '../../lambda/collect/scheduler.ts';
import type { LogPlace } from '../../lambda/incident/evidence.ts';
import type { Observed } from '../../lambda/incident/observed.ts';
import { aSnapshot } from '../support/a-snapshot.ts';

/**
 * Each operation that logs take, with each way in which a call can go wrong, over the wire; and lines that strangers write.
 * As part of `npm test`, a third of the ways; all of them by `npm run test:faults`.
 */

const inTurn = <T>(all: readonly T[]): readonly T[] =>
  process.env.FAULTS === 'all' ? all : all.filter((_, n) => n % 3 === 0);

const DIMENSION = 'app/web/50dc6c495c0c9188';
const KEY = `alb/AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/03/10/123456789012_elasticloadbalancing_us-east-1_app.web.50dc6c495c0c9188_20260310T1430Z_10.0.0.10_a.log.gz`;
const BUCKET: LogPlace = {
  ...{ log: 'access', kind: 'bucket', place: 's3://web-logs/alb', said: 'attribute', format: 'text' },
  ...{ accountId: null, lacks: [] },
};
const GROUP: LogPlace = { ...BUCKET, kind: 'logGroup', place: 'web', said: 'delivery', format: 'json' };

const line = (path: string, agent = 'curl', code = 502) =>
  `http 2026-03-10T14:26:00.002Z ${DIMENSION} 203.0.113.7:4000 10.0.10.11:8080 -1 -1 -1 ${code} - 34 272 "GET http://a.example:80${path} HTTP/1.1" "${agent}" - - arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1 "Root=1" "-" "-" 0 2026-03-10T14:26:00.000Z "forward" "-" "-" "-" "-" "-" "-" TID_1 "-" "-" "-" 10.0.0.10`;

type Answer = (response: ServerResponse) => unknown;

const LISTED = `<ListBucketResult><KeyCount>1</KeyCount><IsTruncated>false</IsTruncated><Contents><Key>${KEY}</Key><Size>100</Size><LastModified>2026-03-10T14:31:00.000Z</LastModified></Contents></ListBucketResult>`;
const rows = [
  [
    {
      field: '@message',
      value: JSON.stringify({ time: '2026-03-10T14:26:00Z', elb: DIMENSION, elb_status_code: 502 }),
    },
  ],
];

const WELL: Readonly<Record<string, Answer>> = {
  's3:ListBucket': (response) => response.end(LISTED),
  's3:GetObject': (response) => response.end(gzipSync(`${line('/export')}\n`)),
  'logs:DescribeDeliverySources': (response) =>
    response.end(
      JSON.stringify({ deliverySources: [{ name: 's', resourceArns: [LB_ARN], logType: 'ALB_ACCESS_LOGS' }] }),
    ),
  'logs:DescribeDeliveries': (response) =>
    response.end(
      JSON.stringify({
        deliveries: [{ id: '1', deliverySourceName: 's', deliveryDestinationArn: 'a:delivery-destination:d' }],
      }),
    ),
  'logs:GetDeliveryDestination': (response) =>
    response.end(
      JSON.stringify({
        deliveryDestination: {
          name: 'd',
          outputFormat: 'json',
          deliveryDestinationConfiguration: { destinationResourceArn: 'arn:aws:logs:us-east-1:1:log-group:web' },
        },
      }),
    ),
  'logs:StartQuery': (response) => response.end('{"queryId":"1"}'),
  'logs:GetQueryResults': (response) => response.end(JSON.stringify({ status: 'Complete', results: rows })),
};
const LB_ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';

function actionOf({ headers, url = '' }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return `logs:${String(target).split('.')[1]}`;
  return url.includes('list-type=2') ? 's3:ListBucket' : 's3:GetObject';
}

// What is compiled here when it is first asked for is no part of anybody's budget.
beforeAll(async () => {
  await Promise.all([
    import('../../lambda/collect/services/sdk/s3.ts'),
    import('../../lambda/collect/services/sdk/cloudwatch-logs.ts'),
    import('../../lambda/collect/logs/read-log.ts'),
    import('../../lambda/collect/logs/find-places.ts'),
  ]);
});

let stop: () => void = () => {};
afterEach(() => {
  stop();
  vi.unstubAllEnvs();
});

async function serving(ill: Readonly<Record<string, Answer>>): Promise<void> {
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('Date', 'Tue, 10 Mar 2026 14:40:00 GMT');
    const action = actionOf(request);
    if (action.startsWith('logs:')) response.setHeader('Content-Type', 'application/x-amz-json-1.1');
    (ill[action] ?? WELL[action])?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
}

let region = 0;

async function collected(collector: typeof accessLog | typeof logPlaces, place: LogPlace = BUCKET) {
  region += 1;
  const aws = openAws({ region: `faults-${region}`, budgetMs: 3_000 });
  const { question, evidence } = aSnapshot({ logPlaces: { places: [place], off: [] } });
  const begun = performance.now();
  const { evidence: read } = await schedule(
    [collector].map((one) => ({
      ...one,
      after: [],
      collect: (_question, _earlier, there) =>
        one.collect({ ...question, beyond: { logs: { places: [] } } }, evidence, there),
    })),
    question,
    aws,
  );
  // Nobody waits longer for what only adds.
  expect(performance.now() - begun).toBeLessThan(2_900);
  return read[collector.key] as Observed<never>;
}

const denied = '<Error><Code>AccessDenied</Code><Message>no</Message></Error>';
const WAYS: readonly (readonly [name: string, answer: (action: string) => Answer])[] = [
  [
    'denied',
    (action) => (response) =>
      response
        .writeHead(action.startsWith('s3') ? 403 : 400)
        .end(action.startsWith('s3') ? denied : '{"__type":"AccessDeniedException","message":"no"}'),
  ],
  [
    'throttled',
    (action) => (response) =>
      response
        .writeHead(action.startsWith('s3') ? 503 : 400)
        .end(action.startsWith('s3') ? '<Error><Code>SlowDown</Code></Error>' : '{"__type":"ThrottlingException"}'),
  ],
  ['error', () => (response) => response.writeHead(500).end()],
  ['reset', () => (response) => response.socket?.destroy()],
  ['hang', () => () => {}],
  ['empty', () => (response) => response.end()],
  ['html', () => (response) => response.end('<html><body>Please log in</body></html>')],
  ['malformed', () => (response) => response.end('{"results": [[')],
];

const READS = [
  ['s3:ListBucket', BUCKET],
  ['s3:GetObject', BUCKET],
  ['logs:StartQuery', GROUP],
  ['logs:GetQueryResults', GROUP],
] as const;
const CASES = READS.flatMap(([action, place]) =>
  WAYS.map(([name, answer]) => ({ action, name, place, answer: answer(action) })),
);

test.each([BUCKET, GROUP])('well, a line is read', async (place) => {
  await serving({});
  expect(await collected(accessLog, place)).toMatchObject({ seen: true, value: { reading: { lines: 1 } } });
});

test.each(inTurn(CASES))('$action $name', async ({ action, place, answer }) => {
  await serving({ [action]: answer });
  const observed = await collected(accessLog, place);
  // Neither a line, nor the claim that there is none.
  const gaps = observed.seen ? observed.gaps : [observed];
  expect(gaps.length).toBeGreaterThan(0);
  if (observed.seen) expect(observed).toMatchObject({ value: { reading: { lines: 0 } } });
  expect(JSON.stringify(observed)).not.toMatch(/a defect of this program|Please log in/);
});

const PLACES = ['logs:DescribeDeliverySources', 'logs:DescribeDeliveries', 'logs:GetDeliveryDestination'];

const FINDING = PLACES.flatMap((action) =>
  WAYS.filter(([name]) => name !== 'hang').map(([name, answer]) => ({ action, name, answer: answer(action) })),
);

test.each(inTurn(FINDING))('$action $name', async ({ action, answer }) => {
  await serving({ [action]: answer });
  const observed = await collected(logPlaces);
  expect(observed.seen ? observed.gaps.length : 1).toBeGreaterThan(0);
  expect(JSON.stringify(observed)).not.toContain('a defect of this program');
});

test('a body that comes drop by drop, or never ends, is left in time', async () => {
  const endless: Answer = (response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(10, 'a')), 50);
    response.on('close', () => clearInterval(timer));
  };
  await serving({ 's3:GetObject': endless });
  expect(await collected(accessLog)).toMatchObject({
    seen: true,
    value: { reading: { lines: 0, intervals: [{ files: { read: 0, of: 1 } }] } },
  });
});

test('a small file that unpacks to a large one takes no memory', async () => {
  const bomb = gzipSync(Buffer.alloc(300_000_000, 'a'));
  await serving({ 's3:GetObject': (response) => response.end(bomb) });
  const before = process.memoryUsage().rss;
  expect(await collected(accessLog)).toMatchObject({ value: { reading: { lines: 0 } } });
  expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
});

test('what strangers write is counted, and never told', async () => {
  const agents = ['<script>alert(1)</script>', 'evilcmd', '\u001b[2J', 'x'.repeat(64_000), '\\"', '\\\\'];
  const paths = [
    '/<img src=x>',
    '/$(evilcmd)',
    '/`evilcmd`',
    '/a?token=evilcmd',
    '/%0aevilcmd',
    '/../../etc',
    `/${'evilcmd'.repeat(9000)}`,
  ];
  const lines = [...agents.map((agent) => line('/export', agent)), ...paths.map((path) => line(path))];
  const broken = ['evil "', '<b>evilcmd</b> evilcmd', '\u0000\u0001', `{"elb_status_code": "evilcmd"}`];
  await serving({ 's3:GetObject': (response) => response.end(gzipSync([...lines, ...broken].join('\n'))) });
  const observed = await collected(accessLog);
  expect(observed).toMatchObject({ value: { reading: { lines: lines.length, unreadable: { lines: broken.length } } } });
  expect(JSON.stringify(observed)).not.toMatch(/evilcmd|script|img|\[2J|203\.0\.113\.7|token|\\u00/);
});
