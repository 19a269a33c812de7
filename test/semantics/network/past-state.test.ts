import { describe, expect, test } from 'vitest';
import { ruleSaid } from '../../../lambda/collect/trail/change-summary.ts';
import { networkAclsAt, routeTablesAt, securityGroupsAt } from '../../../lambda/semantics/network/past-state.ts';
import { aclChange, change, ingress, route, routeTable, ruleChange, securityGroup } from '../../support/a-snapshot.ts';

const THEN = '2026-03-10T14:20:00Z';
const before = (minutes: number) => ({ at: `2026-03-10T14:${20 - minutes}:00Z` });
const after = (minutes: number) => ({ at: `2026-03-10T14:${20 + minutes}:00Z` });
const web = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
const ssh = ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' });
const both = { ...ingress('tcp', 443, 443, { cidr: '10.0.0.0/16' }), groups: [{ groupId: 'sg-alb', ownerId: null }] };

describe('a security group as it was', () => {
  const WEB = 'tcp 8080 from sg-alb';
  const SSH = 'tcp 22 from 10.0.0.0/16';
  test.each<[string, (typeof web)[], ReturnType<typeof ruleChange>[], string[]]>([
    ['nothing was changed', [web, ssh], [], [WEB, SSH]],
    ['what was admitted since was not there', [web, ssh], [ruleChange('admits', 'sg-app', [web], after(5))], [SSH]],
    ['what was revoked since was', [ssh], [ruleChange('revokes', 'sg-app', [web], after(5))], [SSH, WEB]],
    ['admitted at that very second, it was there', [web], [ruleChange('admits', 'sg-app', [web], { at: THEN })], [WEB]],
    [
      'revoked before and admitted again, it was not there',
      [web],
      [ruleChange('revokes', 'sg-app', [web], before(2)), ruleChange('admits', 'sg-app', [web], after(5))],
      [],
    ],
    [
      'revoked before and there now: what admitted it again is not shown yet',
      [web, ssh],
      [ruleChange('revokes', 'sg-app', [web], before(2))],
      [SSH],
    ],
    [
      'taken and given twice, the last change before counts',
      [web],
      [
        ruleChange('revokes', 'sg-app', [web], before(9)),
        ruleChange('admits', 'sg-app', [web], before(8)),
        ruleChange('revokes', 'sg-app', [web], after(2)),
        ruleChange('admits', 'sg-app', [web], after(3)),
      ],
      [WEB],
    ],
    [
      'one of the peers of a rule was revoked',
      [{ ...both, groups: [] }],
      [ruleChange('revokes', 'sg-app', [{ ...both, cidrs: [] }], after(5))],
      ['tcp 443 from 10.0.0.0/16', 'tcp 443 from sg-alb'],
    ],
    ['another group was changed', [web], [ruleChange('admits', 'sg-other', [web], after(5))], [WEB]],
    [
      'what is let out was changed',
      [web],
      [ruleChange('admits', 'sg-app', [web], { ...after(5), way: 'egress' })],
      [WEB],
    ],
    ['the record does not tell which rule', [web], [ruleChange('admits', 'sg-app', [], after(5))], [WEB]],
    [
      'a rule was modified, and nothing tells what it was',
      [web],
      [ruleChange('changes', 'sg-app', [], after(6)), ruleChange('admits', 'sg-app', [web], after(5))],
      [WEB],
    ],
  ])('%s', (_, now, changes, then) => {
    const [group] = securityGroupsAt([securityGroup('sg-app', now)], changes, THEN);
    expect(group?.ingress.map((rule) => ruleSaid(rule, 'ingress')).sort()).toEqual([...then].sort());
  });

  test('is the same list where no group was changed', () => {
    const groups = [securityGroup('sg-app', [web])];
    expect(securityGroupsAt(groups, [aclChange('deletes', 90, null)], THEN)).toBe(groups);
  });
});

describe('a network ACL as it was', () => {
  const entry = (ruleNumber: number, action: 'allow' | 'deny') => ({
    ...{ ruleNumber, egress: false, action, protocol: '6', cidr: '10.0.0.0/16', fromPort: 8080, toPort: 8080 },
  });
  const acl = (...entries: ReturnType<typeof entry>[]) => ({
    ...{ id: 'acl-default', isDefault: true, subnetIds: [], tags: {} },
    entries,
  });
  test.each<[string, ReturnType<typeof entry>[], ReturnType<typeof aclChange>[], string[]]>([
    ['nothing was changed', [entry(100, 'allow')], [], ['100 allow']],
    [
      'what was created since was not there',
      [entry(90, 'deny'), entry(100, 'allow')],
      [aclChange('creates', 90, {}, after(5))],
      ['100 allow'],
    ],
    [
      'created before and deleted since, it was there',
      [entry(100, 'allow')],
      [aclChange('creates', 90, {}, before(2)), aclChange('deletes', 90, null, after(5))],
      ['90 deny', '100 allow'],
    ],
    [
      'deleted before and created since, it was not',
      [entry(100, 'allow')],
      [aclChange('deletes', 100, null, before(2)), aclChange('creates', 100, { action: 'allow' }, after(5))],
      [],
    ],
    [
      'replaced before, it was the new one',
      [entry(100, 'allow')],
      [aclChange('replaces', 100, {}, before(2))],
      ['100 deny'],
    ],
    [
      'deleted since, and nothing tells what it was',
      [entry(100, 'allow')],
      [aclChange('deletes', 90, null, after(5))],
      ['100 allow'],
    ],
    [
      'replaced since, and nothing tells what it was',
      [entry(100, 'allow')],
      [aclChange('replaces', 100, {}, after(5))],
      ['100 allow'],
    ],
    [
      'the other direction has numbers of its own',
      [entry(100, 'allow')],
      [aclChange('creates', 100, { egress: true }, after(5))],
      ['100 allow'],
    ],
  ])('%s', (_, now, changes, then) => {
    const [was] = networkAclsAt([acl(...now)], changes, THEN);
    expect(was?.entries.map(({ ruleNumber, action }) => `${ruleNumber} ${action}`)).toEqual(then);
  });
});

describe('a route table as it was', () => {
  const PEERED = '192.168.0.0/16';
  const changed = (does: 'creates' | 'replaces' | 'deletes', at: { at: string }, destination = PEERED) =>
    change({ is: 'route', does, tableId: 'rtb-a', destination }, at);
  test.each<[string, ReturnType<typeof change>[], string[]]>([
    ['nothing was changed', [], [PEERED]],
    ['what was created since was not there', [changed('creates', after(5))], []],
    ['deleted before and created since, it was not', [changed('deletes', before(2)), changed('creates', after(5))], []],
    ['deleted before, and what created it again is not shown yet', [changed('deletes', before(2))], []],
    ['created before, it was there', [changed('creates', before(2))], [PEERED]],
    ['replaced since, it was there and led elsewhere', [changed('replaces', after(5))], [PEERED]],
    ['another route was created since', [changed('creates', after(5), '172.16.0.0/12')], [PEERED]],
  ])('%s', (_, changes, then) => {
    const now = routeTable('rtb-a', [], [route(PEERED, { kind: 'peering', id: 'pcx-1' })]);
    const [was] = routeTablesAt([now], changes, THEN);
    expect(was?.routes.slice(1).map(({ destination }) => destination)).toEqual(then);
  });

  test('is as it is where another table was changed', () => {
    const tables = [routeTable('rtb-b', [], [route(PEERED, { kind: 'peering', id: 'pcx-1' })])];
    expect(routeTablesAt(tables, [changed('creates', after(5))], THEN)).toEqual(tables);
  });
});
