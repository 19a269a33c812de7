import { expect, test } from 'vitest';
import { seen } from '../../lambda/incident/observed.ts';
import { moreTargets, unlimitedCredits } from '../../lambda/remedies/capacity.ts';
import { reportFix } from '../../lambda/remedies/writers/report-fix.ts';
import { aSnapshot, denied, instance, TG, target } from '../support/a-snapshot.ts';

const ofGroup = { 'aws:autoscaling:groupName': 'web-asg' };
const ofCluster = { 'elbv2.k8s.aws/cluster': 'prod' };
const ofStack = { 'aws:cloudformation:stack-name': 'web' };

test.each([
  ['nobody', [{}, {}], undefined, null],
  ['an Auto Scaling group', [ofGroup, ofGroup], 'Auto Scaling group web-asg', 'scaling-group'],
  ['a controller', [ofCluster, ofCluster], 'load balancer controller of cluster prod', 'controller'],
  ['a stack', [ofStack, {}], 'CloudFormation stack web', 'other'],
  ['several', [ofStack, ofGroup], 'Auto Scaling group web-asg, CloudFormation stack web', 'scaling-group'],
])('instances that burst keep the owner that they have: %s', (_, [one = {}, other = {}], managedBy, owner) => {
  const instances = seen([instance('i-1', { tags: one }), instance('i-2', { tags: other })]);
  const fix = reportFix(unlimitedCredits(['i-1', 'i-2'], TG, instances), 'us-east-1');
  expect(fix.managedBy).toBe(managedBy);
  expect(fix.traits?.owner).toBe(owner);
});

test('who is to add targets is the Auto Scaling group whose size was not read, as such', () => {
  const { evidence } = aSnapshot({
    instances: [instance('i-1', { tags: ofGroup })],
    autoScalingGroups: denied('autoscaling:DescribeAutoScalingGroups'),
  });
  const added = moreTargets([target('i-1')], evidence)
    .map((remedy) => reportFix(remedy, 'us-east-1'))
    .at(-1);
  expect(added).toMatchObject({ managedBy: 'Auto Scaling group web-asg', traits: { owner: 'scaling-group' } });
});
