import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { type Moto, startMoto } from './moto.ts';
import { type Service, stageAt } from './stage.ts';

/** Logs where they really are: objects and groups of an emulated AWS, read by the command line as it is installed. */
const PROGRAM = new URL('../../dist/cli/alb-triage.mjs', import.meta.url).pathname;
const REGION = 'eu-central-1';
const ACCOUNT = '123456789012';
const MINUTE = 60_000;

let moto: Moto;
let shop: Service;
let dimension: string;
/** Five minutes on the clock's grid, that are over. */
const end = Math.floor((Date.now() - 6 * MINUTE) / (5 * MINUTE)) * 5 * MINUTE;

beforeAll(async () => {
  moto = await startMoto();
  const stage = stageAt(moto.url, REGION);
  shop = await stage.service('shop', await stage.network());
  dimension = shop.loadBalancer.slice(shop.loadBalancer.indexOf('app/'));
});
afterAll(() => moto?.stop());

const config = () => ({
  ...{ endpoint: moto.url, region: REGION, forcePathStyle: true },
  credentials: { accessKeyId: 'wire', secretAccessKey: 'wire' },
});

const iso = (at: number) => new Date(at).toISOString();
const line = (n: number, code: number) =>
  `http ${iso(end - MINUTE + n * 10 + 2)} ${dimension} 203.0.113.9:${4000 + n} 10.0.0.7:8080 ${code === 502 ? '-1 -1 -1 502 -' : '0.000 0.012 0.000 200 200'} 34 272 "GET http://a.example:80/orders/${n} HTTP/1.1" "curl" - - ${shop.targetGroup} "Root=1" "-" "-" 0 ${iso(end - MINUTE + n * 10)} "forward" "-" "-" "10.0.0.7:8080" "-" "-" "-" TID_1 "-" "-" "-" 10.0.0.10`;
const LINES = (): string[] => Array.from({ length: 300 }, (_, n) => line(n, n % 3 === 0 ? 502 : 200));

async function evidence(...argv: string[]): Promise<Snapshot['evidence']> {
  const file = join(mkdtempSync(join(tmpdir(), 'alb-triage-')), 'snapshot.json');
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    AWS_ENDPOINT_URL: moto.url,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'wire',
    AWS_SECRET_ACCESS_KEY: 'wire',
  };
  await promisify(execFile)(process.execPath, [PROGRAM, 'shop', '--save', file, ...argv], { env });
  return JSON.parse(readFileSync(file, 'utf8')).evidence;
}

test('nothing of logs is asked for unless somebody asks', async () => {
  expect((await evidence()).accessLog).toMatchObject({ seen: false, why: 'not-asked', source: [] });
});

test('off, they are told to be off', async () => {
  const { accessLog } = await evidence('--with', 'logs');
  expect(accessLog).toMatchObject({ why: 'not-asked', detail: expect.stringContaining('access logs are off') });
});

test('a bucket of the attributes', async () => {
  const s3 = new S3Client(config());
  await s3.send(
    new CreateBucketCommand({ Bucket: 'web-logs', CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const [day = '', time = ''] = iso(end).split('T');
  const stamp = `${day.replaceAll('-', '')}T${time.slice(0, 5).replace(':', '')}Z`;
  const Key = `alb/AWSLogs/${ACCOUNT}/elasticloadbalancing/${REGION}/${day.replaceAll('-', '/')}/${ACCOUNT}_elasticloadbalancing_${REGION}_${dimension.replaceAll('/', '.')}_${stamp}_10.0.0.10_abc.log.gz`;
  await s3.send(new PutObjectCommand({ Bucket: 'web-logs', Key, Body: gzipSync(`${LINES().join('\n')}\n`) }));
  const attributes = { enabled: 'true', bucket: 'web-logs', prefix: 'alb' };
  await new ElasticLoadBalancingV2Client(config()).send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: shop.loadBalancer,
      Attributes: Object.entries(attributes).map(([name, Value]) => ({ Key: `access_logs.s3.${name}`, Value })),
    }),
  );
  const { accessLog, connectionLog } = await evidence('--with', 'logs');
  expect(accessLog).toMatchObject({
    seen: true,
    value: {
      reading: { places: ['s3://web-logs/alb'], lines: 300, share: 1, intervals: [{ files: { read: 1, of: 1 } }] },
      requests: [
        { code: 502, ending: 'connection-failed', count: 100, path: '/orders/{number}', address: '10.0.0.7' },
        { code: 200, ending: 'answered', count: 200, targetGroup: shop.targetGroup },
      ],
    },
    source: [{ action: 's3:ListBucket' }, { action: 's3:GetObject', calls: 1 }],
  });
  expect(connectionLog).toMatchObject({ seen: false, why: 'not-asked' });
  expect(JSON.stringify(accessLog)).not.toContain('203.0.113.9');
});

/** The emulator has no deliveries of load balancers. */
test('a log group that somebody names', async () => {
  const logs = new CloudWatchLogsClient(config());
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/vendedlogs/web' }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: '/aws/vendedlogs/web', logStreamName: 's' }));
  const failed = LINES().filter((_, n) => n % 3 === 0);
  await logs.send(
    new PutLogEventsCommand({
      ...{ logGroupName: '/aws/vendedlogs/web', logStreamName: 's' },
      logEvents: failed.map((message, n) => ({ message, timestamp: end - MINUTE + n * 30 })),
    }),
  );
  const { logPlaces, accessLog } = await evidence('--with', 'logs=/aws/vendedlogs/web');
  expect(logPlaces).toMatchObject({
    value: { places: expect.arrayContaining([expect.objectContaining({ said: 'setting' })]) },
  });
  expect(accessLog).toMatchObject({
    value: {
      reading: { places: ['/aws/vendedlogs/web'], lines: 100 },
      requests: [{ code: 502, count: 100, path: '/orders/{number}' }],
    },
  });
});

test('a bucket that is not there', async () => {
  const { accessLog } = await evidence('--with', 'logs=s3://nowhere-at-all');
  // The next place has them.
  expect(accessLog).toMatchObject({
    seen: true,
    gaps: [{ why: 'failed', detail: expect.stringContaining('nowhere-at-all') }],
  });
});
