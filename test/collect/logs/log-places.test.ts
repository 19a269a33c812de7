import {
  CloudWatchLogsClient,
  DescribeDeliveriesCommand,
  DescribeDeliverySourcesCommand,
  GetDeliveryDestinationCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, test } from 'vitest';
import { logPlaces } from '../../../lambda/collect/logs/log-places.ts';
import type { Beyond } from '../../../lambda/incident/question.ts';
import { aSnapshot, denied, type Ill, LB } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws } from '../support.ts';

const logs = mockClient(CloudWatchLogsClient);
beforeEach(() => {
  logs.reset();
  logs.on(DescribeDeliverySourcesCommand).resolves({ deliverySources: [] });
});

const ON = { 'access_logs.s3.enabled': 'true', 'access_logs.s3.bucket': 'web-logs', 'access_logs.s3.prefix': 'alb' };
const OFF = { 'access_logs.s3.enabled': 'false', 'access_logs.s3.bucket': 'web-logs' };

/** Where they are, with the settings that somebody gives. */
function places(ill: Ill = {}, beyond: Beyond = { logs: { places: [] } }) {
  const { question, evidence } = aSnapshot(ill);
  return logPlaces.collect({ ...question, beyond }, evidence, anAws());
}

const DESTINATION = 'arn:aws:logs:us-east-1:123456789012:delivery-destination:web-cwl';

function delivers(outputFormat: 'json' | 'parquet', destinationResourceArn: string, more: object = {}): void {
  const source = { name: 'web-access', resourceArns: [LB], logType: 'ALB_ACCESS_LOGS', ...more };
  // An older service takes no filter.
  const other = { name: 'other', resourceArns: [`${LB}0`], logType: 'ALB_ACCESS_LOGS' };
  logs.on(DescribeDeliverySourcesCommand).resolves({ deliverySources: [other, source] });
  logs.on(DescribeDeliveriesCommand).resolves({
    deliveries: [
      { id: '1', deliverySourceName: 'web-access', deliveryDestinationArn: DESTINATION, recordFields: ['elb', 'time'] },
      { id: '2', deliverySourceName: 'other', deliveryDestinationArn: `${DESTINATION}2` },
    ],
  });
  logs.on(GetDeliveryDestinationCommand, { name: 'web-cwl' }).resolves({
    deliveryDestination: { outputFormat, deliveryDestinationConfiguration: { destinationResourceArn } },
  });
}

describe('by the attributes', () => {
  test('a bucket, and what is off', async () => {
    expect(await places({ loadBalancerAttributes: ON })).toMatchObject({
      seen: true,
      value: {
        places: [{ log: 'access', kind: 'bucket', place: 's3://web-logs/alb', said: 'attribute', format: 'text' }],
        off: ['connection', 'healthCheck'],
      },
      gaps: [],
    });
  });

  test('where deliveries could not be seen, that is told', async () => {
    logs.on(DescribeDeliverySourcesCommand).rejects(accessDenied);
    const observed = await places({ loadBalancerAttributes: OFF });
    expect(observed).toMatchObject({ gaps: [{ why: 'denied', action: 'logs:DescribeDeliverySources' }] });
  });

  test('unread, nothing is known to be off', async () => {
    const observed = await places({ loadBalancerAttributes: denied('elasticloadbalancing:X') });
    expect(observed).toMatchObject({ value: { places: [], off: [] }, gaps: [{ why: 'denied' }] });
  });
});

describe('by deliveries', () => {
  test('of this load balancer alone, though the attribute says off', async () => {
    delivers('json', 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/web:*');
    const observed = await places({ loadBalancerAttributes: OFF });
    expect(observed).toMatchObject({
      value: {
        places: [{ kind: 'logGroup', place: '/aws/vendedlogs/web', said: 'delivery', format: 'json', accountId: null }],
        off: ['connection', 'healthCheck'],
      },
    });
    expect(observed).toMatchObject({ value: { places: [{ lacks: expect.arrayContaining(['elb_status_code']) }] } });
  });

  test('a bucket as Parquet, a stream', async () => {
    delivers('parquet', 'arn:aws:s3:::lake/alb');
    expect(await places()).toMatchObject({ value: { places: [{ place: 's3://lake/alb', format: 'parquet' }] } });
    delivers('json', 'arn:aws:firehose:us-east-1:123456789012:deliverystream/web');
    expect(await places()).toMatchObject({ value: { places: [{ kind: 'stream' }] } });
  });

  test('a destination that another account shares is told with what it is', async () => {
    delivers('json', '');
    logs.on(DescribeDeliveriesCommand).resolves({
      deliveries: [
        {
          ...{ id: '1', deliverySourceName: 'web-access', deliveryDestinationType: 'S3' },
          deliveryDestinationArn: DESTINATION.replace('123456789012', '999999999999'),
        },
      ],
    });
    logs.on(GetDeliveryDestinationCommand).rejects(accessDenied);
    expect(await places()).toMatchObject({
      value: { places: [{ kind: 'bucket', accountId: '999999999999', format: null }] },
      gaps: [{ why: 'denied', action: 'logs:GetDeliveryDestination' }],
    });
  });
});

test('what somebody names is read first, and known by what delivers there', async () => {
  delivers('json', 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/web:*');
  const observed = await places(
    { loadBalancerAttributes: ON },
    { logs: { places: ['s3://else/where', '/aws/vendedlogs/web'] } },
  );
  const found = observed.seen ? observed.value.places.map(({ log, place, said }) => [log, place, said]) : [];
  expect(found).toEqual([
    ['access', 's3://else/where', 'setting'],
    ['connection', 's3://else/where', 'setting'],
    ['healthCheck', 's3://else/where', 'setting'],
    ['access', '/aws/vendedlogs/web', 'delivery'],
    ['access', 's3://web-logs/alb', 'attribute'],
  ]);
});
