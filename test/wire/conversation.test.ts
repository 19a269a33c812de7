import { createRequire } from 'node:module';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../lambda/incident/diagnosis.ts';
import { type Moto, startMoto } from './moto.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { type Network, type Service, stageAt } from './stage.ts';

/** The bundle with a table and a queue: what is remembered from event to event, and what comes back to it. */
const BUNDLE = new URL('../../dist/lambda/index.cjs', import.meta.url);
const TABLE = 'alb-triage';

let moto: Moto;
let recorder: Recorder;
let stage: ReturnType<typeof stageAt>;
let network: Network;
let dynamodb: DynamoDBClient;
let sqs: SQSClient;
let looks: string;
let names = 0;
let handler: (event: unknown, invocation: object) => Promise<Report & { ignored?: string }>;

beforeAll(async () => {
  moto = await startMoto();
  recorder = await startRecorder(moto.url);
  stage = stageAt(moto.url);
  network = await stage.network();
  const { topicArn } = await stage.topic('triage');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: recorder.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'wire',
    AWS_SECRET_ACCESS_KEY: 'wire',
    TRIAGE_TOPIC_ARN: topicArn,
    TRIAGE_TABLE: TABLE,
    LOG_LEVEL: 'SILENT',
  });
  const config = { endpoint: moto.url, region: 'eu-central-1' };
  dynamodb = new DynamoDBClient(config);
  sqs = new SQSClient(config);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: TABLE, TimeToLiveSpecification }));
  looks = (await sqs.send(new CreateQueueCommand({ QueueName: 'looks' }))).QueueUrl ?? '';
  // The SDK asks where the queue's address says.
  process.env.TRIAGE_QUEUE_URL = `${recorder.url}${new URL(looks).pathname}`;
  handler = createRequire(import.meta.url)(BUNDLE.pathname).handler;
});

afterAll(async () => {
  recorder?.stop();
  await moto?.stop();
});

beforeEach(() => {
  recorder.forget();
  process.env.TRIAGE_TABLE = TABLE;
});

/** Another each time. */
function next(what: string): string {
  names += 1;
  return `${what}-${names}`;
}

const invoke = (event: unknown, requestId = next('r')) =>
  handler(event, { awsRequestId: requestId, getRemainingTimeInMillis: () => 30_000 });

function alarm(loadBalancer: string, alarmName = 'shop-5xx') {
  const timestamp = new Date().toISOString().replace('Z', '+0000');
  const dimensions = { LoadBalancer: loadBalancer.replace(/.*:loadbalancer\//, '') };
  const metric = { namespace: 'AWS/ApplicationELB', name: 'HTTPCode_ELB_5XX_Count', dimensions };
  return {
    source: 'aws.cloudwatch',
    alarmArn: `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${alarmName}`,
    accountId: '123456789012',
    time: timestamp,
    region: 'eu-central-1',
    alarmData: {
      alarmName,
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
      configuration: { metrics: [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Sum' }, returnData: true }] },
    },
  };
}

const published = () => recorder.asked('Publish').length;
const keyOf = (arn: string) => `123456789012/eu-central-1/${arn.replace(/.*:loadbalancer\//, '')}`;

async function item(arn: string) {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: TABLE, Key: { pk: { S: keyOf(arn) } } }));
  const { talk, claim } = JSON.parse(Item?.state?.S ?? '{}');
  return { talk, claim, version: Number(Item?.version?.N), expiresAt: Number(Item?.expiresAt?.N) };
}

async function stopped(name: string): Promise<Service> {
  const shop = await stage.service(name, network);
  const instances = await stage.instances(1, network);
  await stage.register(shop.targetGroup, instances);
  await stage.stop(instances);
  return shop;
}

describe('with a table', () => {
  let shop: Service;
  beforeAll(async () => {
    shop = await stopped('shop');
  });

  test('one fault is one message, whatever tells it how often; all are counted', async () => {
    const report = await invoke(alarm(shop.loadBalancer));
    expect(report).toMatchObject({ kind: 'triage', verdict: { cause: 'instance-not-running' } });
    await invoke(alarm(shop.loadBalancer));
    await invoke(alarm(shop.loadBalancer, 'shop-share'));
    expect(published()).toBe(1);
    const { talk, claim, expiresAt } = await item(shop.loadBalancer);
    expect(talk.faults).toMatchObject([{ cause: 'instance-not-running', seen: 3, incidentId: report.incidentId }]);
    expect(claim).toBeUndefined();
    expect(expiresAt * 1000).toBeGreaterThan(Date.now() + 30 * 86_400_000);
  });

  test('of three ways at the same time, one reads and tells it; the others come back and are answered by that', async () => {
    const other = await stopped('three-ways');
    const event = alarm(other.loadBalancer);
    await Promise.all([1, 2, 3].map(() => invoke(event)));
    expect(published()).toBe(1);
    const back = recorder
      .sent('SendMessage')
      .map(({ MessageBody }) => JSON.parse(MessageBody))
      .filter((body) => body['alb-triage'] === 'turn');
    expect(back).toHaveLength(2);
    recorder.forget();
    for (const body of back) {
      const { ignored } = await invoke(inQueue({ ...body, due: new Date().toISOString() }));
      expect(ignored).toMatch(/^what was read at .* answers it/);
    }
    expect(recorder.asked('DescribeLoadBalancers')).toEqual([]);
    expect((await item(other.loadBalancer)).talk.faults[0].seen).toBe(3);
  });

  test('what the topic refused is told by the next try, and by nobody before', async () => {
    const other = await stopped('refused');
    recorder.refuse('Publish', 403, 'AuthorizationError');
    await expect(invoke(alarm(other.loadBalancer), 'r-once')).rejects.toThrow('Allow sns:Publish');
    expect((await item(other.loadBalancer)).talk.faults).toEqual([]);
    recorder.forget();
    await invoke(alarm(other.loadBalancer), 'r-once');
    expect(published()).toBe(1);
  });

  test('asks the table once for its turn, once for that of the account, and three times for what was and is said', async () => {
    const other = await stopped('calls');
    await invoke(alarm(other.loadBalancer));
    expect(recorder.sent('GetItem').length + recorder.sent('UpdateItem').length).toBeLessThanOrEqual(5);
  });

  test('a person who asks by hand is always answered', async () => {
    await invoke({ loadBalancer: shop.loadBalancer, publish: true });
    expect(published()).toBe(1);
  });
});

describe('told all the same', () => {
  test.each([
    ['a table that is not there', () => Object.assign(process.env, { TRIAGE_TABLE: 'gone' })],
    ['a table that may not be read', () => recorder.refuse('GetItem', 400, 'AccessDeniedException')],
    ['a table that does not answer', () => recorder.hang('GetItem')],
    ['a table that does not answer what is written', () => recorder.hang('UpdateItem')],
    ['a table that may not be written', () => recorder.refuse('UpdateItem', 400, 'AccessDeniedException')],
  ])('with %s', async (_, spoil) => {
    const other = await stopped(next('spoilt'));
    spoil();
    let report = await invoke(alarm(other.loadBalancer));
    if (report.ignored === 'the table did not answer: it comes back') {
      const [body] = recorder.sent('SendMessage').map(({ MessageBody }) => JSON.parse(MessageBody));
      report = await invoke(inQueue({ ...body, due: new Date().toISOString() }));
    }
    expect(report).toMatchObject({ kind: 'triage', verdict: { cause: 'instance-not-running' } });
    expect(published()).toBe(1);
  });
});

describe('a second look', () => {
  test('is asked for eight minutes later, with what was said; sent on until then', async () => {
    const other = await stopped('looked-at');
    await invoke(alarm(other.loadBalancer));
    const body = recorder.sent('SendMessage').at(-1);
    expect(body.DelaySeconds).toBeGreaterThan(470);
    expect(body.DelaySeconds).toBeLessThanOrEqual(480);
    const message = JSON.parse(body.MessageBody);
    expect(message).toMatchObject({ 'alb-triage': 'second-look', loadBalancer: other.loadBalancer });
    recorder.forget();
    expect(await invoke(inQueue(message))).toEqual({ ignored: 'its time has not come' });
    expect(recorder.sent('SendMessage')).toHaveLength(1);
  });

  test.each(['with the table', 'without'])('%s, says nothing where nothing changed', async (which) => {
    const other = await stopped(next('unchanged'));
    if (which === 'without') delete process.env.TRIAGE_TABLE;
    await invoke(alarm(other.loadBalancer));
    const message = JSON.parse(recorder.sent('SendMessage').at(-1).MessageBody);
    recorder.forget();
    const report = await invoke(inQueue({ ...message, due: new Date().toISOString() }));
    expect(report).toMatchObject({ trigger: { kind: 'second-look' }, verdict: { cause: 'instance-not-running' } });
    expect(published()).toBe(0);
  });

  test('tells what is new since the first', async () => {
    const other = await stage.service('new-since', network);
    await invoke(alarm(other.loadBalancer));
    const message = JSON.parse(recorder.sent('SendMessage').at(-1).MessageBody);
    const instances = await stage.instances(1, network);
    await stage.register(other.targetGroup, instances);
    await stage.stop(instances);
    recorder.forget();
    const report = await invoke(inQueue({ ...message, due: new Date().toISOString() }));
    expect(report).toMatchObject({ kind: 'update', changed: 'new', verdict: { cause: 'instance-not-running' } });
    expect(report.supersedes).toContain('no-registered-targets');
    expect(report.incidentId).toBe(message.talk.faults[0].incidentId);
    expect(published()).toBe(1);
  });

  test('waits in the queue that is named', async () => {
    const AttributeNames = ['ApproximateNumberOfMessagesDelayed'] as const;
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: looks, AttributeNames: [...AttributeNames] }),
    );
    expect(Number(Attributes?.ApproximateNumberOfMessagesDelayed)).toBeGreaterThan(0);
  });
});

const inQueue = (body: object) => ({
  Records: [{ eventSource: 'aws:sqs', messageId: 'm', body: JSON.stringify(body) }],
});
