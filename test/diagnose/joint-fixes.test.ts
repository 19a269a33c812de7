import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Fix } from '../../lambda/incident/finding.ts';
import type { Text } from '../../lambda/incident/text.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { aSnapshot, type Ill, ingress, lately, metrics, securityGroup, unhealthy } from '../support/a-snapshot.ts';

const fails: Ill = {
  targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: lately(9, 117),
    HTTPCode_ELB_5XX_Count: lately(9, 117),
    TargetConnectionErrorCount: lately(9, 117),
  }),
};
const admitsAlb = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
const [outClosed, outOpen] = [securityGroup('sg-alb', [], []), securityGroup('sg-alb', [])];
const [inClosed, inOpen] = [securityGroup('sg-app', []), securityGroup('sg-app', [admitsAlb])];

const diagnosed = (ill: Ill) => diagnose(aSnapshot({ ...fails, ...ill }), CAUSES);
const steps = (ill: Ill, cause: CauseId) =>
  diagnosed(ill)
    .findings.find((finding) => finding.cause === cause)
    ?.fixes.map(({ step, run }: Fix<Text>) => [step === undefined ? 'alone' : `${step.number}/${step.of}`, run?.[2]]);

describe('a path that is closed at both ends', () => {
  const both = { securityGroups: [outClosed, inClosed] };

  test.each<[CauseId, string, string]>([
    ['target-security-group-closed', 'authorize-security-group-ingress', 'authorize-security-group-egress'],
    ['load-balancer-security-group-closed', 'authorize-security-group-egress', 'authorize-security-group-ingress'],
  ])('is mended by both steps, those of %s first', (cause, first, second) => {
    expect(steps(both, cause)).toEqual([
      ['1/2', first],
      ['2/2', second],
    ]);
  });

  test('is mended at the top of the mail, each command once', () => {
    const mail = renderEmail(diagnosed(both));
    const top = mail.slice(0, mail.indexOf('PROOF'));
    const commands = (part: string) => part.match(/^(Fix, step \d of \d|aws ec2 \S+|To undo .*)/gm);
    expect(commands(top)).toEqual([
      'Fix, step 1 of 2',
      'aws ec2 authorize-security-group-ingress',
      'Fix, step 2 of 2',
      'aws ec2 authorize-security-group-egress',
    ]);
    expect(commands(mail.slice(mail.indexOf('AFTERWARDS')))).toEqual([
      'To undo it, last step first:',
      'aws ec2 revoke-security-group-egress',
      'aws ec2 revoke-security-group-ingress',
    ]);
    expect(mail.match(/authorize-security-group-/g)).toHaveLength(2);
  });
});

test.each<[string, Ill, CauseId, string]>([
  ['the target', { securityGroups: [outOpen, inClosed] }, 'target-security-group-closed', 'ingress'],
  ['the load balancer', { securityGroups: [outClosed, inOpen] }, 'load-balancer-security-group-closed', 'egress'],
])('a path that is closed at %s alone is mended by one command', (_, ill, cause, way) => {
  expect(steps(ill, cause)).toEqual([['alone', `authorize-security-group-${way}`]]);
});
