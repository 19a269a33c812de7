import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../lambda/incident/diagnosis.ts';
import { type Moto, startMoto } from './moto.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { type Network, type Service, stageAt } from './stage.ts';

/** The bundle as it is deployed, seen from outside: an event goes in, a message comes out. */
const BUNDLE = new URL('../../dist/lambda/index.cjs', import.meta.url);
const context = { awsRequestId: 'wire', getRemainingTimeInMillis: () => 30_000 };

let moto: Moto;
let recorder: Recorder;
let stage: ReturnType<typeof stageAt>;
let network: Network;
let queueUrl: string;
let handler: (event: unknown, invocation: typeof context) => Promise<Report>;

beforeAll(async () => {
  moto = await startMoto();
  recorder = await startRecorder(moto.url);
  stage = stageAt(moto.url);
  network = await stage.network();
  const topic = await stage.topic('triage');
  queueUrl = topic.queueUrl;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: recorder.url,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'wire',
    AWS_SECRET_ACCESS_KEY: 'wire',
    TRIAGE_TOPIC_ARN: topic.topicArn,
    TRIAGE_OWNER: 'platform',
    TRIAGE_RUNBOOK: 'https://wiki.example.com/5xx',
    LOG_LEVEL: 'SILENT',
  });
  handler = createRequire(import.meta.url)(BUNDLE.pathname).handler;
});

afterAll(async () => {
  recorder?.stop();
  await moto?.stop();
});

beforeEach(() => recorder.forget());

/** An alarm of just now: state that is read long after an alarm proves nothing. */
function alarm(loadBalancer: string) {
  const timestamp = new Date().toISOString().replace('Z', '+0000');
  const dimensions = { LoadBalancer: loadBalancer.replace(/.*:loadbalancer\//, '') };
  const metric = { namespace: 'AWS/ApplicationELB', name: 'HTTPCode_ELB_5XX_Count', dimensions };
  return {
    source: 'aws.cloudwatch',
    alarmArn: 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-5xx',
    accountId: '123456789012',
    time: timestamp,
    region: 'eu-central-1',
    alarmData: {
      alarmName: 'shop-5xx',
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp },
      configuration: { metrics: [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Sum' }, returnData: true }] },
    },
  };
}

/** The same, as EventBridge tells it. */
function eventBridge(loadBalancer: string) {
  const { alarmArn, accountId, alarmData, time, region } = alarm(loadBalancer);
  const detail = { previousState: { value: 'OK' }, ...alarmData };
  const of = { source: 'aws.cloudwatch', account: accountId, time, region, resources: [alarmArn] };
  return { version: '0', 'detail-type': 'CloudWatch Alarm State Change', ...of, detail };
}

/** The same, as an alarm publishes it and SNS hands it on. */
function onTopic(loadBalancer: string) {
  const { alarmArn, accountId, alarmData, time } = alarm(loadBalancer);
  const value = loadBalancer.replace(/.*:loadbalancer\//, '');
  const [namespace, metric] = ['AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count'];
  const message = {
    ...{ AlarmName: alarmData.alarmName, AlarmArn: alarmArn, AWSAccountId: accountId, Region: 'EU (Frankfurt)' },
    ...{ NewStateValue: 'ALARM', OldStateValue: 'OK', NewStateReason: 'Threshold Crossed', StateChangeTime: time },
    Trigger: { MetricName: metric, Namespace: namespace, Period: 60, Dimensions: [{ name: 'LoadBalancer', value }] },
  };
  const Sns = { Type: 'Notification', MessageId: 'm-1', Message: JSON.stringify(message) };
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', Sns }] };
}

/** Of an alarm over every load balancer, the one that went off. */
function contributor(loadBalancer: string) {
  const { alarmData, ...rest } = alarm(loadBalancer);
  const LoadBalancer = loadBalancer.replace(/.*:loadbalancer\//, '');
  const expression =
    'SELECT SUM(HTTPCode_ELB_5XX_Count) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer) GROUP BY LoadBalancer ORDER BY SUM() DESC';
  const configuration = { metrics: [{ id: 'q1', expression, returnData: true, period: 60 }] };
  const one = { id: '6d442278dba546f6', attributes: { LoadBalancer } };
  return { ...rest, alarmData: { ...alarmData, configuration, alarmContributor: one } };
}

function eventBridgeContributor(loadBalancer: string) {
  const { alarmData } = contributor(loadBalancer);
  return {
    ...eventBridge(loadBalancer),
    'detail-type': 'CloudWatch Alarm Contributor State Change',
    detail: alarmData,
  };
}

/** The one Publish that was sent, as SNS reads it. */
function published() {
  const [form, ...more] = recorder.asked('Publish');
  expect(more).toEqual([]);
  const attributes: Record<string, string | null> = {};
  for (let n = 1; form?.has(`MessageAttributes.entry.${n}.Name`); n += 1) {
    const entry = `MessageAttributes.entry.${n}`;
    attributes[form.get(`${entry}.Name`) ?? ''] = form.get(`${entry}.Value.StringValue`);
  }
  const bodies: Record<string, string> = JSON.parse(form?.get('Message') ?? '{}');
  return { subject: form?.get('Subject') ?? '', structure: form?.get('MessageStructure'), attributes, bodies };
}

const UNSEEN = { '500': null, '502': null, '503': null, '504': null, other5xx: null };

describe('a load balancer whose only instance is stopped', () => {
  let shop: Service;
  let instances: readonly string[];
  beforeAll(async () => {
    shop = await stage.service('shop', network);
    instances = await stage.instances(1, network);
    await stage.register(shop.targetGroup, instances);
    await stage.stop(instances);
  });

  test('is recognised; without metrics it is suspected, not identified', async () => {
    const report = await handler(alarm(shop.loadBalancer), context);
    expect(report).toMatchObject({
      kind: 'triage',
      loadBalancer: { arn: shop.loadBalancer, name: 'shop', region: 'eu-central-1', accountId: '123456789012' },
      verdict: { status: 'suspected', cause: 'instance-not-running' },
      symptoms: { requests: null, elb: UNSEEN, target5xx: null, errorShare: null },
      trigger: { kind: 'alarm', alarmName: 'shop-5xx' },
    });
    expect(report.findings[0]).toMatchObject({
      strength: 'decisive',
      affected: { targetGroups: [shop.targetGroup], targets: [{ id: instances[0], port: 8080 }], of: 1 },
    });
  });

  test('arrives on the topic as the same report that the function returns', async () => {
    while (await stage.received(queueUrl));
    const report = await handler(alarm(shop.loadBalancer), context);
    expect(JSON.parse((await stage.received(queueUrl))?.Message)).toEqual(report);
    expect(await stage.received(queueUrl)).toBeUndefined();
  });

  test('is published once, with a body for each kind of reader', async () => {
    const report = await handler(alarm(shop.loadBalancer), context);
    const { subject, structure, bodies, attributes } = published();
    expect(structure).toBe('json');
    expect(subject).toMatch(/^[ -~]{1,99}$/);
    expect(subject).toContain('shop');
    expect(JSON.parse(bodies.default ?? '')).toEqual(report);
    expect(bodies.sms?.length).toBeLessThanOrEqual(140);
    expect(bodies.sms).toContain('shop');
    const commands = report.findings.flatMap(({ fixes }) => fixes.flatMap(({ run, verify }) => [run, verify]));
    for (const protocol of ['email', 'email-json', 'application']) {
      const lines = bodies[protocol]?.split('\n');
      expect(lines).toEqual(expect.arrayContaining(commands.flatMap((argv) => argv?.join(' ') ?? [])));
      expect(bodies[protocol]).toContain(instances[0]);
      expect(bodies[protocol]).not.toMatch(/undefined|null|NaN|\[object/);
    }
    expect(attributes).toEqual({
      status: 'suspected',
      cause: 'instance-not-running',
      category: 'backend-down',
      strength: 'decisive',
      loadBalancer: 'shop',
      accountId: '123456789012',
      region: 'eu-central-1',
    });
  });

  test.each<[way: string, event: (loadBalancer: string) => unknown]>([
    ['the action of an alarm', alarm],
    ['EventBridge', eventBridge],
    ['a topic that alarms publish to', onTopic],
    ['the action of an alarm by query, as a contributor', contributor],
    ['EventBridge, as a contributor', eventBridgeContributor],
  ])('comes by %s, and is answered once, alike', async (_, event) => {
    const report = await handler(event(shop.loadBalancer), context);
    expect(report).toMatchObject({
      kind: 'triage',
      incidentKey: `123456789012/eu-central-1/${shop.loadBalancer.replace(/.*:loadbalancer\//, '')}`,
      loadBalancer: { arn: shop.loadBalancer, owner: 'platform', runbook: 'https://wiki.example.com/5xx' },
      verdict: { status: 'suspected', cause: 'instance-not-running' },
      trigger: { kind: 'alarm', state: 'ALARM' },
    });
    const { bodies } = published();
    expect(JSON.parse(bodies.default ?? '')).toEqual(report);
    expect(bodies.email).toContain(', owner platform, ');
    expect(bodies.email).toContain('https://wiki.example.com/5xx');
  });

  test('is found by its DNS name, by hand, and then not published', async () => {
    const report = await handler({ loadBalancer: `dualstack.${shop.dnsName.toUpperCase()}` }, context);
    expect(report).toMatchObject({ trigger: { kind: 'manual' }, loadBalancer: { arn: shop.loadBalancer } });
    expect(recorder.asked('Publish')).toEqual([]);
  });

  test('is found by the name of its alarm', async () => {
    await stage.alarm('shop-5xx', shop.loadBalancer);
    const report = await handler({ alarmName: 'shop-5xx' }, context);
    expect(report).toMatchObject({
      loadBalancer: { arn: shop.loadBalancer },
      trigger: { kind: 'manual', alarmName: 'shop-5xx', alarmDescription: 'staged' },
      verdict: { cause: 'instance-not-running' },
    });
  });
});

test('a load balancer is found by its DNS name beyond the first page of 400', async () => {
  await stage.loadBalancers(
    Array.from({ length: 400 }, (_, n) => `aside-${n}`),
    network,
  );
  const last = await stage.service('zz-last', network);
  const report = await handler({ loadBalancer: last.dnsName }, context);
  expect(report).toMatchObject({ loadBalancer: { arn: last.loadBalancer } });
  expect(recorder.asked('DescribeLoadBalancers').length).toBeGreaterThan(1);
});

test('a group without targets is named, from beyond the first page of rules', async () => {
  const shop = await stage.service('paged', network);
  await stage.register(shop.targetGroup, await stage.instances(1, network));
  for (let priority = 1; priority <= 55; priority += 1) await stage.rule(shop.listener, priority, shop.targetGroup);
  const empty = await stage.targetGroup('empty', network.vpcId);
  await stage.rule(shop.listener, 100, empty);

  const report = await handler(alarm(shop.loadBalancer), context);
  expect(report).toMatchObject({ verdict: { status: 'suspected', cause: 'no-registered-targets' } });
  expect(report.findings[0]).toMatchObject({ affected: { targetGroups: [empty], of: 0 } });
  expect(recorder.asked('DescribeRules').length).toBeGreaterThan(1);
});

test('healthy targets without metrics are never called quiet', async () => {
  const shop = await stage.service('healthy', network);
  await stage.register(shop.targetGroup, await stage.instances(2, network));
  const report = await handler(alarm(shop.loadBalancer), context);
  expect(report).toMatchObject({ verdict: { status: 'inconclusive', cause: null }, findings: [] });
  expect(report).toMatchObject({ symptoms: { elb: UNSEEN } });
  const ruledOut = report.ruledOut.map(({ cause }: { cause: string }) => cause);
  expect(ruledOut).toContain('target-security-group-closed');
  expect(ruledOut).not.toContain('target-returns-5xx');
});

test('a load balancer that is gone is answered with that', async () => {
  const gone = await stage.service('gone', network);
  await stage.remove(gone.loadBalancer);
  const report = await handler(alarm(gone.loadBalancer), context);
  expect(report).toMatchObject({ kind: 'failed', error: expect.stringContaining('LoadBalancerNotFound') });
  const { subject, bodies, attributes } = published();
  expect(subject).toContain('gone');
  expect(bodies.email).toContain('Could not triage gone');
  expect(attributes).toMatchObject({ status: 'failed', cause: 'none', loadBalancer: 'gone' });
});

test('a load balancer that never was is answered with that, and blames no permission', async () => {
  const report = await handler({ loadBalancer: 'never-was', publish: true }, context);
  expect(report).toMatchObject({ kind: 'failed', loadBalancer: { name: 'never-was' }, coverage: { denied: [] } });
  expect(published().subject).toContain('never-was');
});

test('a missing permission is answered with its name', async () => {
  const shop = await stage.service('denied', network);
  recorder.refuse('DescribeLoadBalancers', 403, 'AccessDenied');
  const report = await handler(alarm(shop.loadBalancer), context);
  expect(report).toMatchObject({
    kind: 'failed',
    error: expect.stringContaining('elasticloadbalancing:DescribeLoadBalancers'),
    coverage: { denied: ['elasticloadbalancing:DescribeLoadBalancers'] },
  });
  expect(published().bodies.email).toContain('elasticloadbalancing:DescribeLoadBalancers');
});

test('what SNS refuses is an error that says what to allow', async () => {
  const shop = await stage.service('unpublished', network);
  recorder.refuse('Publish', 403, 'AuthorizationError');
  await expect(handler(alarm(shop.loadBalancer), context)).rejects.toThrow('Allow sns:Publish on this topic');
});

test('an event of no known form is refused', async () => {
  await expect(handler({ hello: 'world' }, context)).rejects.toThrow('Found an object with "hello"');
  expect(recorder.asked('Publish')).toEqual([]);
});
