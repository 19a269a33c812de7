import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { beforeEach, describe, expect, test } from 'vitest';
import { changes } from '../../../lambda/collect/trail/changes.ts';
import { failedCalls } from '../../../lambda/collect/trail/failed-calls.ts';
import { denied, type Ill, TG, target, targetGroup, unhealthy } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws, read, skipWaits } from '../support.ts';

const cloudTrail = mockClient(CloudTrailClient);
beforeEach(() => cloudTrail.reset());
skipWaits();

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
  const call = {
    ...{ who: 'role/lbc', tool: 'load balancer controller', event: 'RegisterTargets' },
    action: 'elasticloadbalancing:RegisterTargets',
  };
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

describe('what a controller may not read', () => {
  const DENIED = 'AccessDeniedException';
  const kept: Ill = {
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    tags: { [TG]: { 'elbv2.k8s.aws/cluster': 'green' } },
    targetHealth: [unhealthy('10.0.10.20', 'Target.Timeout')],
  };
  /** A read of the account's own settings, which names no resource. */
  const reading = (id: string, ill: object = {}, role = 'lbc', session = '1773152400') => ({
    ...event(id, `2026-03-10T14:2${id}:00Z`, {
      readOnly: true,
      requestParameters: {},
      errorCode: DENIED,
      errorMessage: 'User: x is not authorized to perform: shield:GetSubscriptionState on resource: *',
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::123456789012:assumed-role/${role}/${session}`,
        sessionContext: { sessionIssuer: { userName: role } },
      },
      ...ill,
    }),
    EventName: 'GetSubscriptionState',
    EventSource: 'shield.amazonaws.com',
    ReadOnly: 'true',
    Username: session,
  });
  const failedIn = async (ill: Ill, ...events: object[]) => {
    cloudTrail.on(LookupEventsCommand).resolves({ Events: events });
    const observed = await read(failedCalls, ill);
    return observed.seen ? observed.value : [];
  };
  const asked = () =>
    cloudTrail
      .commandCalls(LookupEventsCommand)
      .map(({ args: [{ input }] }) => input.LookupAttributes?.[0])
      .map((one) => `${one?.AttributeKey} ${one?.AttributeValue}`);

  test('is told, with the action as a policy names it', async () => {
    expect(await failedIn(kept, reading('2'))).toEqual([
      {
        at: '2026-03-10T14:22:00Z',
        who: 'role/lbc',
        tool: 'load balancer controller',
        event: 'GetSubscriptionState',
        action: 'shield:GetSubscriptionState',
        errorCode: DENIED,
        resources: [],
      },
    ]);
  });

  test.each<[string, object]>([
    ['it was allowed to', reading('2', { errorCode: undefined, errorMessage: undefined })],
    ['somebody else read', { ...reading('2', { userAgent: 'aws-cli/2' }, 'audit') }],
    [
      'it was about another load balancer',
      reading('2', {
        requestParameters: { resourceArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/1' },
      }),
    ],
  ])('is not where %s', async (_, one) => {
    expect(await failedIn(kept, one)).toEqual([]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['the one that is called after the cluster', ['green-lbc', 'blue-lbc'], ['role/green-lbc']],
    ['none of two that nothing tells apart', ['one-lbc', 'other-lbc'], []],
    ['the only one', ['one-lbc'], ['role/one-lbc']],
  ])('of several controllers of an account: %s', async (_, roles, expected) => {
    const events = roles.map((role, index) => reading(`${index}`, {}, role, `${index}`));
    expect((await failedIn(kept, ...events)).map(({ who }) => who)).toEqual(expected);
  });

  test('of several controllers of an account: the one that was seen at work here', async () => {
    const own = event('7', '2026-03-10T14:20:00Z', {});
    expect((await failedIn(kept, own, reading('1'), reading('2', {}, 'other', '9'))).map(({ who }) => who)).toEqual([
      'role/lbc',
    ]);
  });

  const BY_NAME = ['EventName GetSubscriptionState', 'EventName GetWebACLForResource'];

  test('is asked for by name where a group of its own is ill', async () => {
    await failedIn(kept);
    expect(asked()).toEqual(expect.arrayContaining(BY_NAME));
  });

  test('is asked for by its session where that was seen at work', async () => {
    await failedIn(kept, event('7', '2026-03-10T14:20:00Z', {}));
    expect(asked()).toContain('Username 1773152400');
    expect(asked()).not.toEqual(expect.arrayContaining(BY_NAME));
  });

  test.each<[string, Ill]>([
    ['no controller keeps the group', { ...kept, tags: {} }],
    ['all its targets are healthy', { ...kept, targetHealth: [target('10.0.10.20')] }],
  ])('is not asked for where %s', async (_, ill) => {
    await failedIn(ill);
    expect(asked().filter((one) => BY_NAME.includes(one) || one.startsWith('Username'))).toEqual([]);
  });
});

test('why a call failed that was allowed', async () => {
  const { failed } = await told(
    event('1', '2026-03-10T14:21:00Z', { errorCode: 'InvalidConfigurationRequest', errorMessage: 'x'.repeat(300) }),
  );
  expect(failed.map(({ message }) => message)).toEqual(['x'.repeat(200)]);
});
