import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { CloudWatchLogsClient, GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { accessLog } from '../../../lambda/collect/logs/access-log.ts';
import type { LogPlace, LogPlaces } from '../../../lambda/incident/evidence.ts';
import { denied, type Ill } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, read, refusal } from '../support.ts';

const s3 = mockClient(S3Client);
const logs = mockClient(CloudWatchLogsClient);
beforeEach(() => {
  s3.reset();
  logs.reset();
  s3.on(ListObjectsV2Command).resolves({ Contents: [], KeyCount: 0 });
});

const DIMENSION = 'app/web/50dc6c495c0c9188';
const PREFIX = 'alb/AWSLogs/123456789012/elasticloadbalancing/us-east-1/';
const FILE = `${PREFIX}2026/03/10/123456789012_elasticloadbalancing_us-east-1_app.web.50dc6c495c0c9188_`;

const place = (ill: Partial<LogPlace> = {}): LogPlace => ({
  ...{ log: 'access', kind: 'bucket', place: 's3://web-logs/alb', said: 'attribute', format: 'text' },
  ...{ accountId: null, lacks: [] },
  ...ill,
});
const at = (...places: LogPlace[]): LogPlaces => ({ places, off: [] });

const line = (time: string, code = 502) =>
  `http 2026-03-10T${time}.002Z ${DIMENSION} 203.0.113.1:4000 10.0.10.11:8080 -1 -1 -1 ${code} - 34 272 "GET http://a.example:80/export HTTP/1.1" "curl" - - arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1 "Root=1" "-" "-" 0 2026-03-10T${time}.000Z "forward" "-" "-" "-" "-" "-" "-" TID_1 "-" "-" "-" 10.0.0.10`;

function holds(
  files: Readonly<
    Record<string, { readonly lines: readonly string[]; readonly bytes?: number; readonly plain?: true }>
  >,
) {
  const keys = Object.entries(files);
  s3.on(ListObjectsV2Command).callsFake(({ Prefix = '' }) => {
    const Contents = keys
      .filter(([key]) => key.startsWith(Prefix))
      .map(([Key, { bytes = 100 }]) => ({ Key, Size: bytes }));
    return { Contents, KeyCount: Contents.length };
  });
  for (const [Key, { lines, plain }] of keys) {
    const text = Buffer.from(`${lines.join('\n')}\n`);
    // The cast: what the SDK mixes into a stream is not used.
    const body = () => Readable.from([plain ? text : gzipSync(text)]) as never;
    s3.on(GetObjectCommand, { Key }).callsFake(() => ({ Body: body() }));
  }
}

const log = (ill: Ill) => read(accessLog, ill).catch((error: unknown) => error);

describe('of a bucket', () => {
  test('the files of these minutes are read, unpacked or not, and counted', async () => {
    holds({
      [`${FILE}20260310T1430Z_10.0.0.10_a.log.gz`]: { lines: [line('14:26:00'), line('14:27:00')] },
      [`${FILE}20260310T1425Z_10.0.0.10_b.log.gz`]: { lines: [line('14:21:00')], plain: true },
      [`${FILE}20260310T0900Z_10.0.0.10_c.log.gz`]: { lines: [line('08:58:00')] },
      [`${FILE.replace('app.web', 'app.other')}20260310T1430Z_10.0.0.10_d.log.gz`]: { lines: [line('14:26:00')] },
    });
    expect(await log({ logPlaces: at(place()) })).toMatchObject({
      seen: true,
      value: {
        requests: [{ code: 502, count: 3, path: '/export' }],
        reading: {
          ...{
            places: ['s3://web-logs/alb'],
            lines: 3,
            share: 1,
            from: '2026-03-10T13:40:00Z',
            to: '2026-03-10T14:30:00Z',
          },
          intervals: [
            { to: '2026-03-10T14:25:00Z', files: { read: 1, of: 1 } },
            { to: '2026-03-10T14:30:00Z', files: { read: 1, of: 1 }, bytes: { read: 100, of: 100 } },
          ],
        },
      },
      gaps: [],
    });
    expect(s3.commandCalls(GetObjectCommand)).toHaveLength(2);
  });

  test('beyond the budget a file of each interval stands for the others, and the share is told', async () => {
    const names = ['1420', '1425', '1430'].flatMap((end) => ['a', 'b', 'c'].map((node) => ({ end, node })));
    holds(
      Object.fromEntries(
        names.map(({ end, node }) => [
          `${FILE}20260310T${end}Z_10.0.0.1_${node}.log.gz`,
          { lines: [line('14:18:00')], bytes: 3_000_000 },
        ]),
      ),
    );
    expect(await log({ logPlaces: at(place()) })).toMatchObject({
      value: {
        reading: {
          share: 0.4444,
          intervals: [{ files: { read: 1, of: 3 } }, { files: { read: 1, of: 3 } }, { files: { read: 2, of: 3 } }],
        },
      },
    });
  });

  test('at midnight the last files of a day are in the folder of the next one', async () => {
    const next = FILE.replace('2026/03/10', '2026/03/11');
    holds({ [`${next}20260310T2355Z_10.0.0.1_a.log.gz`]: { lines: [line('23:52:00')] } });
    const late = { at: '2026-03-10T23:59:00Z', logPlaces: at(place()) };
    expect(await log(late)).toMatchObject({ value: { reading: { lines: 1 } } });
  });

  test('no file yet is no proof of anything', async () => {
    expect(await log({ logPlaces: at(place()) })).toMatchObject({
      seen: true,
      value: { reading: { lines: 0, intervals: [] } },
      gaps: [{ why: 'partial', detail: expect.stringContaining('holds no line of these minutes yet') }],
    });
  });

  test.each([
    [accessDenied, { why: 'denied', action: 's3:ListBucket' }, 'alb-triage policy --with logs=s3://web-logs/alb'],
    [refusal('NoSuchBucket', '', 404), { why: 'failed' }, 'there is no bucket web-logs'],
    [refusal('PermanentRedirect', '', 301), { why: 'failed' }, 'is in another Region'],
  ])('%s is told as what it is', async (error, is, says) => {
    s3.on(ListObjectsV2Command).rejects(error);
    expect(await log({ logPlaces: at(place()) })).toMatchObject({
      seen: false,
      ...is,
      detail: expect.stringContaining(says),
    });
  });

  test('a file that breaks off is a gap, and what was read of it counts', async () => {
    holds({ [`${FILE}20260310T1430Z_10.0.0.10_a.log.gz`]: { lines: [line('14:26:00')] } });
    const random = (n: number) =>
      line(`14:26:${String(n % 60).padStart(2, '0')}`).replace('Root=1', `Root=${Math.sin(n)}`);
    const whole = gzipSync(Array.from({ length: 5000 }, (_, n) => random(n)).join('\n'));
    s3.on(GetObjectCommand).callsFake(() => ({ Body: Readable.from([whole.subarray(0, whole.length / 2)]) }));
    const observed = await log({ logPlaces: at(place()) });
    expect(observed).toMatchObject({
      value: { reading: { intervals: [{ files: { read: 0, of: 1 } }] } },
      gaps: [{ why: 'failed', detail: expect.stringContaining('_a.log.gz cannot be read to its end') }],
    });
    expect(observed).toHaveProperty(
      'value.reading.lines',
      expect.toSatisfy((lines: number) => lines > 1000 && lines < 5000),
    );
  });

  test('one that may not be read is denied, and no other is asked for', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const files = names.map((node) => [`${FILE}20260310T1430Z_10.0.0.1_${node}.log.gz`, { lines: [] }]);
    holds(Object.fromEntries(files));
    s3.on(GetObjectCommand).rejects(accessDenied);
    expect(await log({ logPlaces: at(place()) })).toMatchObject({ seen: false, why: 'denied', action: 's3:GetObject' });
    expect(s3.commandCalls(GetObjectCommand).length).toBeLessThan(5);
  });
});

describe('where nobody here reads', () => {
  test.each<[Partial<LogPlace>, string]>([
    [{ kind: 'stream', place: 'arn:aws:firehose:x' }, 'only buckets and log groups are'],
    [{ format: 'parquet' }, 'as Parquet'],
    [{ format: 'raw' }, 'in raw form'],
    [
      { place: 'arn:aws:logs:us-east-1:9:delivery-destination:x', accountId: '999999999999' },
      'in account 999999999999',
    ],
  ])('%j', async (ill, says) => {
    expect(await log({ logPlaces: at(place(ill)) })).toMatchObject({
      seen: false,
      why: 'not-asked',
      detail: expect.stringContaining(says),
    });
    expect(s3.calls()).toHaveLength(0);
  });

  test('off is told with what turns it on', async () => {
    expect(await log({ logPlaces: { places: [], off: ['access'] } })).toMatchObject({
      why: 'not-asked',
      detail: expect.stringContaining('Key=access_logs.s3.enabled,Value=true'),
    });
  });

  test('unknown is not off', async () => {
    expect(await log({ logPlaces: denied('logs:DescribeDeliverySources') })).toMatchObject({ why: 'denied' });
  });
});

describe('of a log group', () => {
  const group = place({ kind: 'logGroup', place: '/aws/vendedlogs/web', said: 'delivery', format: 'plain' });
  const row = (fields: Readonly<Record<string, string>>) =>
    Object.entries(fields).map(([field, value]) => ({ field, value }));
  const answers = (queries: readonly object[]) => {
    for (const [n, answer] of queries.entries())
      logs.on(GetQueryResultsCommand, { queryId: String(n) }).resolves(answer);
    let started = 0;
    logs.on(StartQueryCommand).callsFake(() => ({ queryId: String(started++) }));
  };

  test('failures are read, and the rest is counted', async () => {
    const counted = row({
      ...{
        elb_status_code: '200',
        target_status_code: '200',
        target_port: '10.0.10.11:8080',
        minute: '2026-03-10 14:20:00.000',
      },
      ...{ target_group_arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1', requests: '120' },
    });
    answers([
      {
        status: 'Complete',
        results: [row({ '@message': line('14:20:01'), '@ptr': 'x' })],
        statistics: { recordsMatched: 4, bytesScanned: 70 },
      },
      { status: 'Complete', results: [counted], statistics: { bytesScanned: 30 } },
    ]);
    expect(await log({ logPlaces: at(group) })).toMatchObject({
      value: {
        requests: [
          { code: 502, count: 1, path: '/export' },
          { code: 200, count: 120, path: '(others)', address: '10.0.10.11', lasted: null, ending: 'answered' },
        ],
        reading: { places: ['/aws/vendedlogs/web'], lines: 121, share: 0.25, intervals: [{ bytes: { read: 100 } }] },
      },
    });
    // Seconds, not milliseconds.
    expect(logs.commandCalls(StartQueryCommand)[0]?.args[0].input).toMatchObject({
      startTime: 1773150000,
      endTime: 1773153060,
    });
  });

  test('refused, or gone', async () => {
    logs.on(StartQueryCommand).rejects(accessDenied);
    expect(await log({ logPlaces: at(group) })).toMatchObject({ why: 'denied', action: 'logs:StartQuery' });
    logs.on(StartQueryCommand).rejects(refusal('ResourceNotFoundException', 'no such group'));
    expect(await log({ logPlaces: at(group) })).toMatchObject({
      why: 'failed',
      detail: expect.stringContaining('/aws/vendedlogs/web'),
    });
  });

  test('an empty group gives way to the bucket', async () => {
    answers([
      { status: 'Complete', results: [] },
      { status: 'Complete', results: [] },
    ]);
    holds({ [`${FILE}20260310T1430Z_10.0.0.10_a.log.gz`]: { lines: [line('14:26:00')] } });
    expect(await log({ logPlaces: at(group, place()) })).toMatchObject({
      value: { reading: { places: ['s3://web-logs/alb'], lines: 1 } },
    });
  });
});

describe('of a bucket that CloudWatch delivers to', () => {
  const name = '123456789012_elasticloadbalancing_us-east-1_app.web.50dc6c495c0c9188_20260310T1430Z_10.0.0.10_a.log.gz';
  const vended = place({ said: 'delivery', format: 'json', place: 's3://lake/alb' });
  const json = JSON.stringify({
    ...{ time: '2026-03-10T14:26:00.002Z', request_creation_time: '2026-03-10T14:26:00Z', elb: DIMENSION },
    ...{ elb_status_code: 504, target_port: '10.0.10.11:8080', request_processing_time: 0.001 },
  });

  test.each<[string, Partial<LogPlace>]>([
    ['alb/us-east-1/2026/03/10/', {}],
    ['AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/03/10/', { place: 's3://lake' }],
    ['alb/logs/123456789012/2026/14/', { suffixPath: '/logs/{account-id}/{yyyy}/{HH}/' }],
    // Of a path that AWS gives by itself nothing is said in its documentation.
    ['alb/us-east-1/2026/03/10/', { suffixPath: 'AWSLogs/{account-id}/CloudFront/' }],
    ['alb/region=us-east-1/year=2026/month=03/day=10/', { hive: true }],
  ])('%s %j', async (folder, ill) => {
    holds({ [`${folder}${name}`]: { lines: [json] }, [`${folder}conn_log_${name}`]: { lines: ['{"a": 1}'] } });
    expect(await log({ logPlaces: at({ ...vended, ...ill }) })).toMatchObject({
      value: { reading: { lines: 1, unreadable: { lines: 0 } }, requests: [{ code: 504, ending: 'silent' }] },
    });
  });
});
