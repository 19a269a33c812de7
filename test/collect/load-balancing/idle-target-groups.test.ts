import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, expect, test } from 'vitest';
import { idleTargetGroups } from '../../../lambda/collect/load-balancing/idle-target-groups.ts';
import { aRuleTo, groupArn, LB, TG, target } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { read, throttling } from '../support.ts';

const elb = mockClient(ElasticLoadBalancingV2Client);
beforeEach(() => {
  elb.reset();
});

const described = (name: string, more = {}) => ({
  TargetGroupArn: groupArn(name),
  TargetGroupName: name,
  VpcId: 'vpc-1',
  LoadBalancerArns: [],
  ...more,
});
const empty = { targetHealth: [] };

test('nothing is asked while every group that gets requests has a target', async () => {
  const half = { listenerRules: aRuleTo(TG), targetHealth: [target('i-1', { state: 'unhealthy' })] };
  expect(await read(idleTargetGroups, half)).toMatchObject({ seen: true, value: [], gaps: [] });
  expect(elb.calls()).toHaveLength(0);
});

test('the groups of the VPC that no load balancer uses, of all pages, with what is registered in them', async () => {
  elb
    .on(DescribeTargetGroupsCommand)
    .resolvesOnce({ TargetGroups: [described('web', { LoadBalancerArns: [LB] }), described('green')], NextMarker: 'm' })
    .resolves({ TargetGroups: [described('elsewhere', { VpcId: 'vpc-2' }), described('blue')] })
    .on(DescribeTargetHealthCommand)
    .resolves({ TargetHealthDescriptions: [] })
    .on(DescribeTargetHealthCommand, { TargetGroupArn: groupArn('green') })
    .resolves({
      TargetHealthDescriptions: [
        { Target: { Id: 'i-1', Port: 8080 }, TargetHealth: { State: 'unused', Reason: 'Target.NotInUse' } },
      ],
    });
  expect(await read(idleTargetGroups, empty)).toMatchObject({
    seen: true,
    gaps: [],
    value: [
      { group: { name: 'blue' }, targets: [] },
      { group: { name: 'green' }, targets: [{ targetGroup: groupArn('green'), id: 'i-1', reason: 'Target.NotInUse' }] },
    ],
  });
});

test('a draining target is no target to send requests to', async () => {
  elb.onAnyCommand().resolves({ TargetGroups: [described('green')] });
  const draining = { targetHealth: [target('i-1', { state: 'draining' })] };
  expect(await read(idleTargetGroups, draining)).toMatchObject({ value: [{ group: { name: 'green' } }] });
});

test('a group whose health is refused is a gap', async () => {
  elb
    .on(DescribeTargetGroupsCommand)
    .resolves({ TargetGroups: [described('green'), described('blue')] })
    .on(DescribeTargetHealthCommand)
    .resolves({ TargetHealthDescriptions: [] })
    .on(DescribeTargetHealthCommand, { TargetGroupArn: groupArn('blue') })
    .rejects(throttling);
  expect(await read(idleTargetGroups, empty)).toMatchObject({
    value: [{ group: { name: 'green' } }],
    gaps: [{ why: 'throttled', ids: [groupArn('blue')] }],
  });
});

test('of many such groups twenty are asked about, and the others are a gap', async () => {
  const many = Array.from({ length: 22 }, (_, n) => described(`idle-${n}`));
  elb.on(DescribeTargetGroupsCommand).resolves({ TargetGroups: many }).on(DescribeTargetHealthCommand).resolves({});
  const observed = await read(idleTargetGroups, empty);
  expect(observed.seen && observed.value).toHaveLength(20);
  expect(observed).toMatchObject({ gaps: [{ why: 'not-asked', ids: [groupArn('idle-20'), groupArn('idle-21')] }] });
});
