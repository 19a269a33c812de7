import { describe, expect, test } from 'vitest';
import { aws } from '../../lambda/remedies/remedy.ts';
import { allowOnPort } from '../../lambda/remedies/security-group.ts';
import { reportFix } from '../../lambda/remedies/writers/report-fix.ts';
import { asString } from '../../lambda/render/json.ts';
import type { RulePeer } from '../../lambda/semantics/network/security-group-refusals.ts';

const verify = aws('elbv2', 'describe-target-health');
const addresses = (n: number): readonly RulePeer[] =>
  Array.from({ length: n }, (_, index) => ({ is: 'cidr', id: `2600:1f18::${index.toString(16)}/128` }));
const fixesFor = (peers: readonly RulePeer[], direction: 'ingress' | 'egress' = 'egress') =>
  allowOnPort({ id: 'sg-1', tags: {} }, direction, peers, 8080, verify).map((one) => reportFix(one, 'us-east-1'));

describe('a rule for each of those that are refused', () => {
  test('of five, five steps', () => {
    expect(fixesFor(addresses(5)).map(({ step }) => step)).toEqual(
      [1, 2, 3, 4, 5].map((number) => ({ number, of: 5 })),
    );
  });

  test.each([6, 20, 50])('of %i, one command that names all of them', (n) => {
    const [only, ...more] = fixesFor(addresses(n));
    expect(more).toEqual([]);
    expect(only).not.toHaveProperty('step');
    expect(asString(only?.does ?? [])).toBe(`let the load balancer out to ${n} addresses or ranges on port 8080`);
    for (const command of [only?.run, only?.undo]) {
      expect(command?.join(' ').match(/CidrIpv6=/g)).toHaveLength(n);
    }
    expect(only?.run?.join(' ')).toContain(
      'authorize-security-group-egress --group-id sg-1 --ip-permissions IpProtocol=tcp,FromPort=8080,ToPort=8080,Ipv6Ranges=[{CidrIpv6=2600:1f18::0/128},{',
    );
  });

  test('groups, IPv4 and IPv6 each in their own list', () => {
    const peers: readonly RulePeer[] = [
      ...addresses(4),
      { is: 'cidr', id: '10.0.1.0/24' },
      { is: 'group', id: 'sg-a' },
    ];
    const [only] = fixesFor(peers, 'ingress');
    expect(asString(only?.does ?? [])).toBe(
      'let the load balancer in from 1 security group and 5 addresses or ranges on port 8080',
    );
    expect(only?.run?.join(' ')).toContain(
      'UserIdGroupPairs=[{GroupId=sg-a}],IpRanges=[{CidrIp=10.0.1.0/24}],Ipv6Ranges=[{CidrIpv6=',
    );
  });

  test.each([51, 300])('of %i, more than a group takes, what the rules are to be', (n) => {
    const [only, ...more] = fixesFor(addresses(n));
    expect(more).toEqual([]);
    expect(only).toMatchObject({ run: null, changes: true });
    expect(asString(only?.does ?? [])).toBe(
      `let the load balancer out to ${n} addresses or ranges on port 8080, by rules for the ranges that hold them: a rule for each is more than sg-1 may take (60 rules by default)`,
    );
  });
});
