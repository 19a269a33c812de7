import { describe, expect, test } from 'vitest';
import { text } from '../../lambda/incident/text.ts';
import { showHealth } from '../../lambda/remedies/look.ts';
import { scalingGroup, stackOwner } from '../../lambda/remedies/owner.ts';
import { aws, fix, kubectl, look, type Options, type Remedy } from '../../lambda/remedies/remedy.ts';
import { reportFix } from '../../lambda/remedies/writers/report-fix.ts';

const does = text`do it`;
const argvOf = (remedy: Remedy) => reportFix(remedy, 'eu-central-1').run?.join(' ');

test.each<[string, Options, string]>([
  ['a value', { groupId: 'sg-1', port: 80 }, '--group-id sg-1 --port 80'],
  ['a flag', { ingress: true, protocol: '6' }, '--ingress --protocol 6'],
  ['several values', { instanceIds: ['i-1', 'i-2'] }, '--instance-ids i-1 i-2'],
  ['fields', { portRange: { From: 1024, To: 65535 } }, '--port-range From=1024,To=65535'],
  ['several of fields', { targets: [{ Id: 'i-1', Port: 80 }, { Id: 'i-2' }] }, '--targets Id=i-1,Port=80 Id=i-2'],
  ['what is not set', { groupId: 'sg-1', port: undefined }, '--group-id sg-1'],
])('an option is written as the command line takes it: %s', (_, options, words) => {
  expect(argvOf(fix(does, { run: aws('ec2', 'do-something', options) }))).toBe(
    `aws ec2 do-something ${words} --region eu-central-1`,
  );
});

test('an operation may have a second word', () => {
  expect(argvOf(look(does, aws('elbv2', 'wait load-balancer-available')))).toBe(
    'aws elbv2 wait load-balancer-available --region eu-central-1',
  );
});

test('what is no call of AWS stays as it stands, without a Region', () => {
  expect(argvOf(look(does, kubectl('get', 'pods', '--namespace', 'shop')))).toBe('kubectl get pods --namespace shop');
});

describe('what is told beside the commands', () => {
  const traitsOf = (remedy: Remedy) => reportFix(remedy, 'eu-central-1').traits;

  test.each([
    ['AWS', aws('ec2', 'start-instances', { instanceIds: 'i-1' })],
    ['Kubernetes', kubectl('label', 'namespace', 'shop')],
  ])('what it changes: %s', (changesWhat, run) => {
    expect(traitsOf(fix(does, { run }))).toMatchObject({ changesWhat });
  });

  test.each([
    ['setting', aws('elbv2', 'describe-rules')],
    ['setting', aws('elbv2', 'describe-target-group-attributes')],
    ['setting', aws('lambda', 'get-policy')],
    ['effect', showHealth('arn')],
    ['effect', kubectl('get', 'pods')],
  ])('what verifies it reads: %s', (verifies, verify) => {
    expect(traitsOf(fix(does, { verify }))).toMatchObject({ verifies });
  });

  test.each([
    ['an Auto Scaling group, changed itself', 'web-asg', true],
    ['an Auto Scaling group, of which something is changed', 'i-1', false],
  ])('who owns it: %s', (_, changed, changesOwner) => {
    const run = aws('autoscaling', 'update', { autoScalingGroupName: changed });
    const remedy = fix(does, { run, managedBy: scalingGroup('web-asg') });
    expect(traitsOf(remedy)).toMatchObject({ owner: 'scaling-group', changesOwner });
    expect(reportFix(remedy, 'x').managedBy).toBe('Auto Scaling group web-asg');
  });

  test('who owns it: a stack that somebody ran, or nobody', () => {
    const remedy = fix(does, { managedBy: { ...stackOwner('web'), ranBy: 'alice' } });
    expect(traitsOf(remedy)).toMatchObject({ owner: 'other', changesOwner: false });
    expect(reportFix(remedy, 'x').managedBy).toBe('CloudFormation stack web, run by alice');
    expect(traitsOf(fix(does))).toMatchObject({ owner: null });
  });
});
