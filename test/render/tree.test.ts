import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import type { Topology } from '../../lambda/incident/topology.ts';
import { renderTree } from '../../lambda/render/tree/tree.ts';
import { treeInMarkdown } from '../../lambda/render/tree/tree-in-markdown.ts';
import {
  aRuleTo,
  aSnapshot,
  denied,
  groupArn,
  type Ill,
  partly,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../support/a-snapshot.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';
import { manyGroups } from '../support/many-groups.ts';

const topologyOf = (snapshot: Snapshot): Topology => diagnosisOf(snapshot).topology as Topology;
const treeOf = (snapshot: Snapshot, width = 100) => renderTree(topologyOf(snapshot), { colour: false, width });
const treeOfIll = (ill: Ill) => treeOf(aSnapshot(ill));
const incidents = recordedIncidents();
const incident = (name: string) => incidents.find((one) => one.name === name)?.snapshot ?? aSnapshot();

const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

describe('reads well', () => {
  test('a closed security group', () =>
    expect(treeOf(incident('security-group-closed'))).toMatchInlineSnapshot(`
      "web us-east-1, account 123456789012, internet-facing
      └─ HTTP:80
         ├─ rule 10: path is /maintenance* → fixed-response 503
         └─ default rule → web HTTP:8080 2 targets
            ├─ ✗ web-1 (i-a22d589038c2c4229:8080) us-east-1a unhealthy: Request timed out
            └─ ✗ web-2 (i-d29e306a63f89a244:8080) us-east-1b unhealthy: Request timed out
      ✗ broken: app (sg-670570b866d51f077) does not allow inbound traffic from the load balancer on port
        8080 of web (target-security-group-closed, decisive)
      As AWS reported it at 2026-03-10 14:30 UTC.
      "
    `));

  test('a function behind a rule', () =>
    expect(treeOf(incident('function-throttled'))).toMatchInlineSnapshot(`
      "shop us-east-1, account 123456789012, internet-facing
      └─ HTTPS:443
         ├─ rule 10: path is /search* → search 1 target
         │  └─ ✗ search unavailable: Health checks are disabled for this target group
         └─ default rule → web HTTP:8080 2 targets
            ├─ web-1 (i-a22d589038c2c4229:8080) us-east-1a healthy
            └─ web-2 (i-d29e306a63f89a244:8080) us-east-1b healthy
      ✗ broken: The function search behind target group search is throttled at its reserved concurrency of
        5 (lambda-target-failing, decisive)
      As AWS reported it at 2026-03-10 14:30 UTC.
      "
    `));

  test('weights', () => {
    const [rule] = aRuleTo(TG, groupArn('green'), groupArn('old'));
    if (rule?.actions[0]?.type !== 'forward') throw new Error('no forward');
    const [first, second, third] = rule.actions[0].to;
    const to = [first, second, third].flatMap((one, index) =>
      one ? [{ ...one, weight: [90, 10, 0][index] ?? 0 }] : [],
    );
    const tree = treeOfIll({
      targetGroups: [targetGroup(), targetGroup('green'), targetGroup('old'), targetGroup('idle')],
      listenerRules: [{ ...rule, actions: [{ type: 'forward', to }] }],
      targetHealth: [target('i-1'), target('i-2', { targetGroup: groupArn('green') })],
    });
    expect(tree).toMatchInlineSnapshot(`
      "web us-east-1, account 123456789012, internet-facing
      ├─ HTTP:80
      │  └─ default rule
      │     ├─ weight 90 → web HTTP:8080 1 target
      │     │  └─ i-1:8080 us-east-1a healthy
      │     ├─ weight 10 → green HTTP:8080 1 target
      │     │  └─ i-2:8080 us-east-1b healthy
      │     └─ weight 0, no requests → old HTTP:8080 no target registered
      └─ no rule forwards to
         └─ idle HTTP:8080 no target registered
      As AWS reported it at 2026-03-10 14:30 UTC.
      "
    `);
  });
});

describe('tells what was not seen', () => {
  test.each<[string, Ill, RegExp]>([
    [
      'listeners',
      {
        listeners: denied('elasticloadbalancing:DescribeListeners'),
        listenerRules: denied('elasticloadbalancing:DescribeListeners'),
      },
      /listeners not seen[\s\S]*elasticloadbalancing:DescribeListeners was denied/,
    ],
    [
      'rules',
      { listenerRules: denied('elasticloadbalancing:DescribeRules') },
      /rules not seen[\s\S]*whether a rule forwards to these was not seen[\s\S]*elasticloadbalancing:DescribeRules was denied/,
    ],
    [
      'health',
      { targetHealth: denied('elasticloadbalancing:DescribeTargetHealth') },
      /target health not seen[\s\S]*elasticloadbalancing:DescribeTargetHealth was denied/,
    ],
    [
      'the health of one group',
      { targetHealth: partly([], { why: 'throttled', detail: 'too often', ids: [TG] }) },
      /target health not seen/,
    ],
    ['the load balancer', { loadBalancer: denied() }, /state not seen/],
  ])('%s', (_, ill, says) => {
    const tree = treeOfIll(ill);
    expect(tree).toMatch(says);
    expect(tree).not.toMatch(/no target registered|no listener|no rule forwards to/);
  });

  test('once for each call', () => {
    const gone = denied('elasticloadbalancing:DescribeListeners');
    expect(treeOfIll({ listeners: gone, listenerRules: gone }).match(/was denied/g)).toHaveLength(1);
  });
});

test('what is empty is told as empty', () => {
  expect(treeOfIll({ targetHealth: [] })).toContain('no target registered');
  expect(treeOfIll({ listeners: [], listenerRules: [] })).toContain('no listener');
});

describe('is short', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => `i-${index}`);

  test.each([0, 1, 2, 5, 18, 20])('with 20 targets of which %d fail', (failing) => {
    const tree = treeOfIll({
      targetHealth: twenty.map((id, index) => (index < failing ? unhealthy(id, 'Target.Timeout') : target(id))),
    });
    expect(tree.split('\n').length).toBeLessThanOrEqual(40);
    if (failing === 2) {
      expect(tree).toContain('18 healthy');
      expect(tree).toMatch(/i-0:8080.* unhealthy/);
    }
  });

  test('with 20 groups, and what fails is on it', () => {
    const tree = treeOf(manyGroups());
    expect(tree.split('\n').length).toBeLessThanOrEqual(41);
    expect(tree).toMatch(/team-07-checkout-service.* 4 unhealthy/);
    expect(tree).toContain('19 more rules, all targets behind them healthy');
  });
});

describe.each(incidents.map(({ name, snapshot }) => [name, snapshot] as const))('%s', (_, snapshot) => {
  test('fits a screen and the width', () => {
    const lines = treeOf(snapshot, 80).split('\n');
    expect(lines.length).toBeLessThanOrEqual(41);
    // An ARN or an address is not broken.
    expect(lines.filter((line) => [...line].length > 80 && line.trim().includes(' ') && !/\S{40}/.test(line))).toEqual(
      [],
    );
  });
});

test('colour says nothing that a sign does not', () => {
  const topology = topologyOf(incident('security-group-closed'));
  const coloured = renderTree(topology, { colour: true, width: 100 });
  expect(coloured).toMatch(escapes);
  expect(coloured.replace(escapes, '')).toBe(renderTree(topology, { colour: false, width: 100 }));
});

test('names that move a cursor, end a block or read backwards do nothing', () => {
  const name = 'a\u001b[31m```\u202eb\nc';
  const markdown = treeInMarkdown(topologyOf(aSnapshot({ targetGroups: [targetGroup('web', { name })] })));
  expect(markdown).not.toContain(String.fromCharCode(27));
  expect(markdown).not.toContain('\u202e');
  expect(markdown).toMatch(/^````text\n[\s\S]*\n````\n$/);
});
