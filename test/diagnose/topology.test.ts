import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Topology } from '../../lambda/incident/topology.ts';
import { renderJson } from '../../lambda/render/json.ts';
import {
  aRuleTo,
  aSnapshot,
  denied,
  groupArn,
  type Ill,
  LB,
  lately,
  metrics,
  partly,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../support/a-snapshot.ts';
import { diagnosisOf, recordedIncidents } from '../support/incidents.ts';

const incidents = recordedIncidents();

function topologyOf(ill: Ill): Topology {
  const { topology } = diagnose(aSnapshot(ill), CAUSES);
  if (topology === undefined) throw new Error('no topology');
  return topology;
}

function recorded(name: string) {
  const incident = incidents.find((one) => one.name === name);
  if (incident === undefined) throw new Error(name);
  const diagnosis = diagnosisOf(incident.snapshot);
  return { diagnosis, topology: diagnosis.topology as Topology };
}

describe('where it breaks', () => {
  test.each([
    ['security-group-closed', 'target-security-group-closed', 'broken', 'way', 'targets'],
    ['instances-stopped', 'instance-not-running', 'broken', 'node', 'targets'],
    ['security-group-restored', 'target-security-group-closed', 'over', 'way', 'targets'],
    ['slow-targets', 'slower-than-idle-timeout', 'possible', 'node', 'groups'],
    ['maintenance-page', 'fixed-response-5xx', 'broken', 'node', 'rules'],
    ['login-without-a-way-out', 'authentication-failing', 'broken', 'node', 'rules'],
    ['load-balancer-failed', 'load-balancer-not-active', 'broken', 'node', 'loadBalancer'],
    ['waf-fails-closed', 'waf-failing', 'possible', 'node', 'loadBalancer'],
    // The fault is proven; whether requests fail was not seen.
    ['metrics-unseen', 'instance-not-running', 'broken', 'node', 'targets'],
  ])('%s', (name, cause, is, on, where) => {
    const { topology } = recorded(name);
    expect(topology.marks[0]).toMatchObject({ cause, is, on });
    const isMarked = ({ marks }: { marks: readonly number[] }) => marks.includes(0);
    const marked = {
      loadBalancer: isMarked(topology.loadBalancer),
      rules: topology.listeners?.some(({ rules }) => rules.some(isMarked)),
      groups: topology.groups.some(isMarked),
      targets: topology.groups.some(({ targets }) => targets.some(isMarked)),
    };
    expect(Object.entries(marked).flatMap(([place, is]) => (is ? place : []))).toEqual([where]);
  });

  test('what is quiet has nothing that is broken or may be', () => {
    for (const { name, expected } of incidents.filter(({ expected }) =>
      expected.status.every((one) => one === 'quiet'),
    )) {
      const { marks } = recorded(name).topology;
      expect(
        marks.filter(({ is }) => is !== 'idle'),
        `${name} ${expected.status}`,
      ).toEqual([]);
    }
  });

  test('a symptom is not marked beside what brings it about', () => {
    for (const { name } of incidents.slice(0, 80)) {
      const { diagnosis, topology } = recorded(name);
      const symptoms = diagnosis.findings.flatMap(({ cause, symptomOf }) => (symptomOf ? cause : []));
      const others = diagnosis.findings.flatMap(({ cause, symptomOf }) => (symptomOf ? [] : cause));
      const marked = topology.marks.map(({ cause }) => cause);
      expect(
        marked.filter((cause) => symptoms.includes(cause) && !others.includes(cause)),
        name,
      ).toEqual([]);
    }
  });
});

describe('what was not seen', () => {
  test('listeners', () => {
    const { listeners, unseen } = topologyOf({
      listeners: denied('elasticloadbalancing:DescribeListeners'),
      listenerRules: denied('elasticloadbalancing:DescribeListeners'),
    });
    expect(listeners).toBeNull();
    expect(unseen.map(({ evidence }) => evidence)).toEqual(['listeners', 'listenerRules']);
  });

  test('rules: whether a group gets requests is not known', () => {
    const { listeners, groups } = topologyOf({ listenerRules: denied('elasticloadbalancing:DescribeRules') });
    expect(listeners?.map(({ rules, rulesSeen }) => [rules.length, rulesSeen])).toEqual([[0, false]]);
    expect(groups.map(({ routed }) => routed)).toEqual([null]);
  });

  test('health, of all groups and of one', () => {
    expect(topologyOf({ targetHealth: denied() }).groups.map(({ registered }) => registered)).toEqual([null]);
    const other = groupArn('other');
    const { groups } = topologyOf({
      targetGroups: [targetGroup(), targetGroup('other')],
      listenerRules: aRuleTo(TG, other),
      targetHealth: partly([target('i-1')], { why: 'denied', detail: 'denied', ids: [other] }),
    });
    expect(groups.map(({ name, registered }) => [name, registered])).toEqual([
      ['web', 1],
      ['other', null],
    ]);
  });

  test('an empty group was seen to be empty', () => {
    expect(topologyOf({ targetHealth: [] }).groups.map(({ registered }) => registered)).toEqual([0]);
  });
});

test('a group that no rule forwards to is one of them, and a rule behind one that takes all is hidden', () => {
  const [rule] = aRuleTo(TG);
  if (rule === undefined) throw new Error('no rule');
  const takesAll = { ...rule, arn: `${LB}/rule-1`, priority: 1, conditions: ['path is /*'] };
  const { groups, listeners } = topologyOf({
    targetGroups: [targetGroup(), targetGroup('idle')],
    listenerRules: [rule, takesAll],
  });
  expect(groups.map(({ name, routed }) => [name, routed])).toEqual([
    ['web', true],
    ['idle', false],
  ]);
  expect(listeners?.[0]?.rules.map(({ priority, hidden }) => [priority, hidden])).toEqual([
    [1, false],
    [null, true],
  ]);
});

test('of 300 targets the worst 20 are kept, and all are counted', () => {
  const [group] = recorded('fleet-of-300').topology.groups;
  expect(group).toMatchObject({ registered: 300, omitted: 280 });
  expect(group?.targets).toHaveLength(20);
  expect(group?.targets.every(({ state }) => state === 'unhealthy')).toBe(true);
  expect(group?.sorts.map(({ state, count }) => [state, count])).toEqual([
    ['unhealthy', 30],
    ['healthy', 270],
  ]);
});

test('the JSON report has none of it', () => {
  const { diagnosis } = recorded('security-group-closed');
  expect(Object.keys(renderJson(diagnosis))).not.toEqual(expect.arrayContaining(['topology']));
  expect(Object.keys(renderJson(diagnosis))).not.toEqual(expect.arrayContaining(['curve']));
});

describe('the curve', () => {
  const curveOf = (ill: Ill) => diagnose(aSnapshot(ill), CAUSES).curve;

  test('has the kinds that there were, and a zero only where something was reported', () => {
    const curve = curveOf({
      loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(2, 7), HTTPCode_ELB_5XX_Count: lately(2, 7) }),
    });
    expect(curve?.errors.map(({ kind }) => kind)).toEqual(['502']);
    expect(curve?.all.slice(-3)).toEqual([0, 7, 7]);
  });

  test('is no row of zeros where nothing was reported', () => {
    const { loadBalancerMetrics } = aSnapshot().evidence;
    if (!loadBalancerMetrics.seen) throw new Error('unseen');
    const curve = curveOf({ loadBalancerMetrics: { ...loadBalancerMetrics.value, values: {} } });
    expect(new Set([...(curve?.all ?? []), ...(curve?.requests ?? [])])).toEqual(new Set([null]));
  });

  test('names the kinds whose metric was not read, and is absent without metrics', () => {
    const { loadBalancerMetrics } = aSnapshot().evidence;
    if (!loadBalancerMetrics.seen) throw new Error('unseen');
    const gap = { why: 'failed', detail: 'failed', ids: ['HTTPCode_Target_5XX_Count', 'RequestCount'] } as const;
    const curve = curveOf({ loadBalancerMetrics: partly(loadBalancerMetrics.value, gap) });
    expect(curve?.unread).toEqual(['target5xx']);
    expect(new Set(curve?.requests)).toEqual(new Set([null]));
    expect(curveOf({ loadBalancerMetrics: denied() })).toBeUndefined();
  });

  test('of a long window is its survey', () => {
    const { diagnosis } = recorded('two-hours-ago-in-a-window-of-three');
    expect(diagnosis.curve?.from).toBe(diagnosis.window.from);
  });
});

test('targets that fail alike are one sort, whatever marks they have', () => {
  const { groups } = topologyOf({
    targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout'), target('i-3')],
  });
  expect(groups[0]?.sorts.map(({ count }) => count)).toEqual([2, 1]);
});
