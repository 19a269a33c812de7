import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import {
  aRuleTo,
  aSnapshot,
  change,
  groupArn,
  ingress,
  ruleChange,
  securityGroup,
  targetGroup,
} from '../support/a-snapshot.ts';
import { afternoon, inGroup, partOf, routed } from '../support/afternoon.ts';
import { fleet } from '../support/fleet.ts';
import { during, today, wandering } from '../support/traffic.ts';

const SHOP = groupArn('shop');
const asked = wandering(77, 260, 0.1);
const web = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
const all = { protocol: '-1', cidr: '0.0.0.0/0', fromPort: null, toPort: null } as const;
const rule = (ruleNumber: number, egress: boolean, action: 'allow' | 'deny') => ({
  ruleNumber,
  egress,
  action,
  ...all,
});
const acl = (id: string, subnetIds: readonly string[], entries: readonly ReturnType<typeof rule>[]) => ({
  ...{ id, isDefault: id === 'acl-default', subnetIds, tags: {} },
  entries: [...entries, rule(100, false, 'allow'), rule(100, true, 'allow')],
});

/** A subnet of half of the targets is denied at 14:06; at 14:16 nobody lets the load balancer in any more. */
function deniedThenRevoked(partBefore: number, since = '14:06') {
  const { targetHealth, ...hosts } = fleet(4, 'm5.large', 30);
  const failed = during(partOf(asked, partBefore, since), '14:16', '14:30', (_, minute) => asked[166 + minute] ?? 0);
  const silent = { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' } as const;
  return aSnapshot({
    ...hosts,
    ...routed(targetGroup('shop')),
    listenerRules: aRuleTo(SHOP),
    targetHealth: inGroup(targetHealth, SHOP, silent),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', []),
    ],
    networkAcls: [
      acl('acl-default', ['subnet-app-b', 'subnet-public-a', 'subnet-public-b'], []),
      acl('acl-a', ['subnet-app-a'], [rule(50, false, 'deny')]),
    ],
    changes: [
      change(
        {
          is: 'network-acl-entry',
          does: 'creates',
          aclId: 'acl-a',
          ruleNumber: 50,
          egress: false,
          entry: rule(50, false, 'deny'),
        },
        { event: 'CreateNetworkAclEntry', resources: ['acl-a'], at: today('14:05', '20'), who: 'mallory' },
      ),
      ruleChange('revokes', 'sg-app', [web], { at: today('14:15', '40'), who: 'alice' }),
    ],
    ...afternoon(78, {
      [SHOP]: { asked, failed: { '504': failed }, refused: failed, seconds: [0.1, 0.5], healthy: 2 },
    }),
  });
}

test('what came on top later stands below, with who made it and what came on top', () => {
  const diagnosis = diagnose(deniedThenRevoked(0.5), CAUSES);
  const [first, second] = diagnosis.findings;
  expect([first?.cause, first?.change?.who]).toEqual(['network-acl-blocks', 'mallory']);
  expect([second?.cause, second?.change?.who, second?.since]).toEqual([
    'target-security-group-closed',
    'alice',
    today('14:15', '40'),
  ]);
  expect((first?.share ?? 0) + (second?.share ?? 0)).toBeLessThanOrEqual(1);
  expect(second?.share).toBeGreaterThan(0.2);
  const mail = renderEmail(diagnosis).replace(/\s+/g, ' ');
  expect(mail).toContain('undo what alice did at 14:15:40 UTC');
  expect(mail).not.toContain('explains 100 % of the errors');
});

test('where no more requests failed with it, it is nobody’s deed that made them', () => {
  const { findings } = diagnose(deniedThenRevoked(1), CAUSES);
  const closed = findings.find(({ cause }) => cause === 'target-security-group-closed');
  expect(closed?.change).toBeUndefined();
  expect(closed?.since).toBeUndefined();
});

test('a minute after the first error, which fell into the middle of one, both are told, and neither by what the other added', () => {
  const { findings } = diagnose(shutOneAfterTheOther(), CAUSES);
  expect(findings.slice(0, 2).map(({ cause, share, change }) => [cause, share, change?.who])).toEqual([
    ['target-security-group-closed', 1, 'alice'],
    ['network-acl-blocks', 1, 'mallory'],
  ]);
});

/** Nobody lets the load balancer in from 14:10:40 on; at 14:11:09 its subnets are denied as well. */
function shutOneAfterTheOther() {
  const { targetHealth, ...hosts } = fleet(4, 'm5.large', 30);
  const failed = during(partOf(asked, 0.35, '14:10'), '14:11', '14:30', (_, minute) => asked[161 + minute] ?? 0);
  const silent = { state: 'unhealthy', reason: 'Target.Timeout', description: 'Request timed out' } as const;
  const deny = rule(50, false, 'deny');
  const entry = {
    is: 'network-acl-entry',
    does: 'creates',
    aclId: 'acl-a',
    ruleNumber: 50,
    egress: false,
    entry: deny,
  } as const;
  return aSnapshot({
    ...hosts,
    ...routed(targetGroup('shop')),
    listenerRules: aRuleTo(SHOP),
    targetHealth: inGroup(targetHealth, SHOP, silent),
    securityGroups: [
      securityGroup('sg-alb', [ingress('tcp', 80, 80, { cidr: '0.0.0.0/0' })]),
      securityGroup('sg-app', []),
    ],
    networkAcls: [
      acl('acl-default', ['subnet-public-a', 'subnet-public-b'], []),
      acl('acl-a', ['subnet-app-a', 'subnet-app-b'], [deny]),
    ],
    changes: [
      ruleChange('revokes', 'sg-app', [web], { at: today('14:10', '40'), who: 'alice' }),
      change(entry, { event: 'CreateNetworkAclEntry', resources: ['acl-a'], at: today('14:11', '09'), who: 'mallory' }),
    ],
    ...afternoon(78, {
      [SHOP]: { asked, failed: { '504': failed }, refused: failed, seconds: [0.1, 0.5], healthy: 2 },
    }),
  });
}
