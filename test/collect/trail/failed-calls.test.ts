import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { changes } from '../../../lambda/collect/trail/changes.ts';
import { failedCalls } from '../../../lambda/collect/trail/failed-calls.ts';
import { denied, TG } from '../../support/a-snapshot.ts';
import { accessDenied, anAws, read } from '../support.ts';

const cloudTrail = mockClient(CloudTrailClient);
beforeEach(() => cloudTrail.reset());

const NOT_ALLOWED =
  'User: arn:aws:sts::123456789012:assumed-role/lbc/1 is not authorized to perform: elasticloadbalancing:RegisterTargets';

function event(id: string, at: string, record: object) {
  return {
    EventId: id,
    EventName: 'RegisterTargets',
    EventSource: 'elasticloadbalancing.amazonaws.com',
    EventTime: new Date(at),
    ReadOnly: 'false',
    Username: '1773152400',
    CloudTrailEvent: JSON.stringify({
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::123456789012:assumed-role/lbc/1773152400',
        sessionContext: { sessionIssuer: { userName: 'lbc' } },
      },
      userAgent: 'elbv2.k8s.aws/v2.13.4 aws-sdk-go-v2/1.36.3',
      requestParameters: { targetGroupArn: TG, targets: [{ id: '10.0.10.20' }] },
      ...record,
    }),
  };
}

async function told(...events: ReturnType<typeof event>[]) {
  cloudTrail.on(LookupEventsCommand).resolves({ Events: events });
  const aws = anAws();
  const changed = await read(changes, {}, aws);
  const failed = await read(failedCalls, {}, aws);
  return { changed: changed.seen ? changed.value : [], failed: failed.seen ? failed.value : [] };
}

test('a call that failed is no change, and is kept apart', async () => {
  const { changed, failed } = await told(
    event('2', '2026-03-10T14:22:00Z', { errorCode: 'AccessDenied', errorMessage: NOT_ALLOWED }),
    event('1', '2026-03-10T14:21:00Z', { errorCode: 'AccessDenied', errorMessage: NOT_ALLOWED }),
    event('3', '2026-03-10T14:23:00Z', {}),
  );
  expect(changed.map(({ at }) => at)).toEqual(['2026-03-10T14:23:00Z']);
  const call = { who: 'role/lbc', tool: 'load balancer controller', event: 'RegisterTargets' };
  expect(failed).toEqual([
    { ...call, at: '2026-03-10T14:21:00Z', errorCode: 'AccessDenied', resources: [TG] },
    { ...call, at: '2026-03-10T14:22:00Z', errorCode: 'AccessDenied', resources: [TG] },
  ]);
  expect(cloudTrail.commandCalls(LookupEventsCommand)).toHaveLength(1);
});

test('what the record leaves out the message names', async () => {
  const { failed } = await told(
    event('1', '2026-03-10T14:21:00Z', {
      requestParameters: null,
      errorCode: 'AccessDenied',
      errorMessage: `${NOT_ALLOWED} on resource: ${TG} because no identity-based policy allows it`,
    }),
  );
  expect(failed.map(({ resources }) => resources.includes(TG))).toEqual([true]);
});

test('calls on what is not of this load balancer are left out', async () => {
  const other = { targetGroupArn: TG.replace('web', 'other') };
  const { failed } = await told(
    event('1', '2026-03-10T14:21:00Z', { requestParameters: other, errorCode: 'Throttling' }),
  );
  expect(failed).toEqual([]);
});

test('of very many, the newest', async () => {
  const { failed } = await told(
    ...Array.from({ length: 60 }, (_, n) =>
      event(`${n}`, `2026-03-10T14:${String(n).padStart(2, '0')}:00Z`, { errorCode: 'AccessDenied' }),
    ),
  );
  expect(failed).toHaveLength(50);
  expect(failed.at(-1)?.at).toBe('2026-03-10T14:59:00Z');
});

test('is missing what the changes are', async () => {
  cloudTrail.on(LookupEventsCommand).rejects(accessDenied);
  await expect(read(failedCalls)).rejects.toMatchObject({ why: 'denied', action: 'cloudtrail:LookupEvents' });
  cloudTrail.on(LookupEventsCommand).resolves({});
  expect(await read(failedCalls, { networkAcls: denied('ec2:DescribeNetworkAcls') })).toMatchObject({
    seen: true,
    gaps: [{ why: 'denied', action: 'ec2:DescribeNetworkAcls' }],
  });
});
