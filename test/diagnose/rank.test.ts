import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cause } from '../../lambda/causes/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import { causeOf, rank } from '../../lambda/diagnose/rank.ts';
import type { FindingWithShare } from '../../lambda/diagnose/temper-by-errors.ts';
import { type CauseId, STRENGTHS, type Strength } from '../../lambda/incident/cause.ts';
import { words } from '../../lambda/incident/text.ts';

const ORDER = CAUSES.map(({ id }) => id);

function weighed(
  id: CauseId,
  strength: Strength,
  share: number | null,
  groups: string[] = ['a'],
  causes: CauseId[] = [],
): FindingWithShare {
  const [first] = CAUSES;
  if (first === undefined) throw new Error('no causes');
  const cause: Cause = { ...first, id, causes };
  return {
    cause,
    share,
    found: {
      strength,
      says: words(id),
      because: [{ from: 'targetHealth', shows: words('x') }],
      affects: { targetGroups: groups, targets: [] },
      explains: ['502'],
      fixes: [],
    },
  };
}
const ranked = (...findings: FindingWithShare[]) => rank(findings, ORDER).map(({ cause }) => cause.id);

test.each<[string, FindingWithShare[], CauseId[]]>([
  [
    'the stronger first',
    [weighed('unresponsive-backend', 'circumstantial', 1), weighed('target-returns-5xx', 'strong', 1)],
    ['target-returns-5xx', 'unresponsive-backend'],
  ],
  [
    'of equal strength, the one that explains more',
    [weighed('no-registered-targets', 'decisive', 0.2), weighed('network-acl-blocks', 'decisive', 0.7)],
    ['network-acl-blocks', 'no-registered-targets'],
  ],
  [
    'what explains most of the errors before what is surer of a few',
    [weighed('instance-not-running', 'decisive', 0.1), weighed('target-returns-5xx', 'strong', 0.9)],
    ['target-returns-5xx', 'instance-not-running'],
  ],
  [
    'nothing circumstantial above what is sure',
    [weighed('instance-not-running', 'strong', 0.1), weighed('target-returns-5xx', 'circumstantial', 0.9)],
    ['instance-not-running', 'target-returns-5xx'],
  ],
  [
    'a cause above its symptom, though the symptom is surer',
    [
      weighed('health-check-code-mismatch', 'decisive', 1),
      weighed('target-returns-5xx', 'strong', 0.6, ['a'], ['health-check-code-mismatch']),
    ],
    ['target-returns-5xx', 'health-check-code-mismatch'],
  ],
  [
    'not where they share no target group',
    [
      weighed('health-check-code-mismatch', 'decisive', 1, ['b']),
      weighed('target-returns-5xx', 'strong', 0.6, ['a'], ['health-check-code-mismatch']),
    ],
    ['health-check-code-mismatch', 'target-returns-5xx'],
  ],
  [
    'not where the cause is only suspected',
    [
      weighed('health-check-code-mismatch', 'decisive', 1),
      weighed('target-returns-5xx', 'circumstantial', 0.6, ['a'], ['health-check-code-mismatch']),
    ],
    ['health-check-code-mismatch', 'target-returns-5xx'],
  ],
  [
    'equal in all: the order of the registry',
    [weighed('target-returns-5xx', 'strong', 1), weighed('no-registered-targets', 'strong', 1)],
    ['no-registered-targets', 'target-returns-5xx'],
  ],
  [
    'two that name each other stay both',
    [
      weighed('no-registered-targets', 'strong', 1, ['a'], ['target-returns-5xx']),
      weighed('target-returns-5xx', 'strong', 1, ['a'], ['no-registered-targets']),
    ],
    ['no-registered-targets', 'target-returns-5xx'],
  ],
])('%s', (_, findings, expected) => {
  expect(ranked(...findings)).toEqual(expected);
});

test('of two that are equally sure, the one with more of all errors first, though the other has more of those since it began', () => {
  const early = weighed('network-acl-blocks', 'decisive', 0.6, ['a']);
  const late = { ...weighed('no-registered-targets', 'decisive', 0.7, ['b']), ofAll: 0.4 };
  expect(ranked(late, early)).toEqual(['network-acl-blocks', 'no-registered-targets']);
  expect(ranked({ ...late, ofAll: 0.65 }, early)).toEqual(['no-registered-targets', 'network-acl-blocks']);
});

test('what came on top and makes more of them stands first', () => {
  const before = weighed('target-security-group-closed', 'decisive', 1);
  const onTop = (added: number) => ({ ...weighed('network-acl-blocks', 'decisive', added), added: 100 });
  expect(ranked(before, onTop(0.7))).toEqual(['network-acl-blocks', 'target-security-group-closed']);
  expect(ranked(before, onTop(0.3))).toEqual(['target-security-group-closed', 'network-acl-blocks']);
});

test('a service that somebody set to no task is the symptom of nothing', () => {
  const checks = weighed('health-check-code-mismatch', 'strong', 1, ['a'], ['no-running-tasks']);
  const empty = weighed('no-running-tasks', 'decisive', 1);
  const asSet = { ...empty, found: { ...empty.found, asSet: true } };
  const above = (one: FindingWithShare) =>
    rank([{ ...checks, cause: { ...checks.cause, breaksHealthChecks: true } }, one], ORDER);
  expect(above(empty).map(({ cause }) => cause.id)).toEqual(['health-check-code-mismatch', 'no-running-tasks']);
  expect(above(asSet).map(({ cause }) => cause.id)).toEqual(['no-running-tasks', 'health-check-code-mismatch']);
  expect(causeOf(asSet, [checks, asSet])).toBeUndefined();
  expect(causeOf(empty, [checks, empty])).toBe('health-check-code-mismatch');
});

describe('a finding is told as a symptom', () => {
  const causes = (...findings: FindingWithShare[]) => {
    const all = rank(findings, ORDER);
    return all.map((finding) => causeOf(finding, all) ?? null);
  };
  const symptom = weighed('target-returns-5xx', 'decisive', 1);

  test.each<[string, FindingWithShare, string | null]>([
    [
      'of a confident cause above it',
      weighed('no-registered-targets', 'strong', 1, ['a'], [symptom.cause.id]),
      'no-registered-targets',
    ],
    [
      'of none that is only suspected',
      weighed('no-registered-targets', 'circumstantial', 1, ['a'], [symptom.cause.id]),
      null,
    ],
    ['of none in another target group', weighed('no-registered-targets', 'strong', 1, ['b'], [symptom.cause.id]), null],
    ['of none that does not bring it', weighed('no-registered-targets', 'strong', 1, ['a']), null],
  ])('%s', (_, cause, expected) => {
    expect(causes(cause, symptom)).toContain(expected);
    expect(causes(cause, symptom).filter((one) => one !== null)).toHaveLength(expected === null ? 0 : 1);
  });

  test('never the first one, where two name each other', () => {
    const [one, other] = [
      weighed('no-registered-targets', 'strong', 1, ['a'], ['target-returns-5xx']),
      weighed('target-returns-5xx', 'strong', 1, ['a'], ['no-registered-targets']),
    ];
    expect(causes(one, other)).toEqual([null, 'no-registered-targets']);
  });
});

test('any permutation of the findings ranks the same', () => {
  const finding = fc.record({
    cause: fc.constantFrom(...ORDER),
    strength: fc.constantFrom(...STRENGTHS),
    share: fc.option(fc.constantFrom(0, 0.3, 0.5, 1)),
    groups: fc.subarray(['a', 'b']),
  });
  // What a cause is the cause of is the cause's, not the finding's.
  const causes = fc.array(fc.subarray([...ORDER], { maxLength: 3 }), {
    minLength: ORDER.length,
    maxLength: ORDER.length,
  });
  const permuted = fc.array(finding, { maxLength: 8 }).chain((findings) =>
    fc.record({
      findings: fc.constant(findings),
      shuffled: fc.shuffledSubarray(findings, { minLength: findings.length, maxLength: findings.length }),
      causes,
    }),
  );
  fc.assert(
    fc.property(permuted, ({ findings, shuffled, causes: causesById }) => {
      const order = (some: typeof findings): string =>
        rank(
          some.map(({ cause, strength, share, groups }) =>
            weighed(cause, strength, share, groups, causesById[ORDER.indexOf(cause)]),
          ),
          ORDER,
        )
          .map(
            ({ cause, found, share }) => `${cause.id} ${found.strength} ${share} ${found.affects.targetGroups.join()}`,
          )
          .join('\n');
      expect(order(shuffled)).toBe(order(findings));
    }),
  );
});

test.each<[string, CauseId, 'ecsServices' | 'ecsTasks' | 'loadBalancerMetrics', string[], Strength, CauseId]>([
  [
    'a rollout whose tasks never come up',
    'deployment-failing',
    'ecsServices',
    ['a'],
    'circumstantial',
    'deployment-failing',
  ],
  [
    'tasks that are replaced again and again',
    'deployment-failing',
    'ecsTasks',
    ['a'],
    'circumstantial',
    'deployment-failing',
  ],
  ['instances that are', 'deployment-failing', 'loadBalancerMetrics', ['a'], 'circumstantial', 'nothing-listening'],
  ['a rollout of another group', 'deployment-failing', 'ecsServices', ['b'], 'circumstantial', 'nothing-listening'],
  ['a refusal that is sure', 'deployment-failing', 'ecsServices', ['a'], 'strong', 'nothing-listening'],
])('%s, and targets that refuse connections', (_, loop, from, groups, refusal, first) => {
  const one = weighed(loop, 'circumstantial', 0.4, groups);
  const failing = { ...one, found: { ...one.found, because: [{ from, shows: words('x') }] as const } };
  const refusing = weighed('nothing-listening', refusal, 1);
  expect(ranked(refusing, failing)[0]).toBe(first);
  expect(ranked(failing, refusing)[0]).toBe(first);
});

describe('what makes health checks fail, and the loop that comes of it', () => {
  const LOOPS: readonly CauseId[] = [
    'deployment-failing',
    'no-running-tasks',
    'nothing-listening',
    'targets-not-yet-healthy',
    'deployment-replacing-targets',
  ];
  const BREAKS: readonly CauseId[] = [
    'tls-handshake-failing',
    'tls-on-http-target-group',
    'protocol-version-mismatch',
    'target-security-group-closed',
    'load-balancer-security-group-closed',
    'network-acl-blocks',
    'route-missing',
    'host-firewall',
    'health-check-port-mismatch',
    'health-check-code-mismatch',
    'wrong-target-port',
    'unresponsive-backend',
    'health-check-timeout-too-short',
    'stale-targets',
  ];
  /** `api` and `admin` are two groups of one service. */
  const KIN = [['api', 'admin']];
  const isOneService = (some: readonly string[], others: readonly string[]) => {
    const all = [...some, ...KIN.filter((kin) => kin.some((one) => some.includes(one))).flat()];
    return some.length === 0 || others.length === 0 || others.some((one) => all.includes(one));
  };

  test('is told by every cause that does', () => {
    expect(
      CAUSES.filter(({ breaksHealthChecks }) => breaksHealthChecks)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...BREAKS].sort());
  });

  /** Targets of now, of then, or none: whom a loop took away is none any more. */
  const finding = (ids: fc.Arbitrary<CauseId>) =>
    fc
      .record({
        id: ids,
        strength: fc.constantFrom(...STRENGTHS),
        share: fc.option(fc.constantFrom(0.02, 0.3, 0.5, 1)),
        targetGroups: fc.subarray(['api', 'admin', 'web']),
        targets: fc.subarray(['10.0.0.1', '10.0.0.2', '10.0.0.3']),
      })
      .map(({ id, strength, share, targetGroups, targets }): FindingWithShare => {
        const cause = CAUSES.find((one) => one.id === id);
        if (cause === undefined) throw new Error(id);
        const refs = targetGroups.flatMap((targetGroup) => targets.map((ip) => ({ targetGroup, id: ip, port: 80 })));
        const weighedFinding = weighed(id, strength, share, targetGroups);
        return {
          ...weighedFinding,
          cause,
          found: { ...weighedFinding.found, affects: { targetGroups, targets: refs } },
        };
      });
  const groupsOf = ({ found }: FindingWithShare) => found.affects.targetGroups;

  test.each(BREAKS.flatMap((breaks) => LOOPS.map((loop) => [breaks, loop] as const)))(
    '%s never stands below %s, whatever else is found',
    (breaks, loop) => {
      fc.assert(
        fc.property(
          finding(fc.constant(breaks)).filter(({ found }) => found.strength !== 'circumstantial'),
          finding(fc.constant(loop)),
          fc.array(finding(fc.constantFrom(...ORDER)), { maxLength: 6 }),
          (sure, looping, others) => {
            fc.pre(isOneService(groupsOf(sure), groupsOf(looping)));
            const all = rank([looping, ...others, sure], ORDER, KIN);
            expect(all.indexOf(sure)).toBeLessThan(all.indexOf(looping));
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  test('of another service, or only suspected, stays where it was', () => {
    const closed = finding(fc.constant<CauseId>('target-security-group-closed'));
    const failing = finding(fc.constant<CauseId>('deployment-failing'));
    const isFirst = (strength: Strength, group: string) => {
      const [one] = fc.sample(closed, 1);
      const [other] = fc.sample(failing, 1);
      if (one === undefined || other === undefined) throw new Error('no sample');
      const above = {
        ...one,
        share: 0.1,
        found: { ...one.found, strength, affects: { targetGroups: [group], targets: [] } },
      };
      const loop = {
        ...other,
        share: 1,
        found: { ...other.found, strength: 'decisive' as const, affects: { targetGroups: ['api'], targets: [] } },
      };
      return rank([loop, above], ORDER, KIN)[0] === above;
    };
    expect(isFirst('strong', 'api')).toBe(true);
    expect(isFirst('strong', 'admin')).toBe(true);
    expect(isFirst('strong', 'web')).toBe(false);
    expect(isFirst('circumstantial', 'api')).toBe(false);
  });
});

describe('a suspected limit and the suspected slowness that it makes', () => {
  const onset = '2026-03-10T14:21:00Z';
  const limit = (since: string | undefined, groups = ['a'], share = 1): FindingWithShare => {
    const one = weighed('out-of-memory', 'circumstantial', share, groups);
    return { ...one, found: { ...one.found, ...(since === undefined ? {} : { since }) } };
  };
  const slow = (strength: Strength = 'circumstantial') => weighed('slower-than-idle-timeout', strength, 1);
  const first = (...findings: FindingWithShare[]) => rank(findings, ORDER, [], onset)[0]?.cause.id;

  test.each<[string, FindingWithShare, FindingWithShare, CauseId]>([
    ['reached before the errors: above', limit('2026-03-10T14:18:00Z'), slow(), 'out-of-memory'],
    ['within their first minute: above', limit('2026-03-10T14:22:00Z'), slow(), 'out-of-memory'],
    ['later: an effect', limit('2026-03-10T14:22:01Z'), slow(), 'slower-than-idle-timeout'],
    ['when is not known', limit(undefined), slow(), 'slower-than-idle-timeout'],
    ['in another group', limit('2026-03-10T14:18:00Z', ['b']), slow(), 'slower-than-idle-timeout'],
    ['it explains less', limit('2026-03-10T14:18:00Z', ['a'], 0.4), slow(), 'slower-than-idle-timeout'],
    ['the slowness is certain', limit('2026-03-10T14:18:00Z'), slow('strong'), 'slower-than-idle-timeout'],
  ])('%s', (_, one, other, expected) => {
    expect(first(one, other)).toBe(expected);
    expect(first(other, one)).toBe(expected);
  });
});

describe('what a cause is said to have brought about', () => {
  const target = (id: string, targetGroup = 'a') => ({ id, port: 8080, targetGroup });
  const of = (finding: FindingWithShare, ...ids: string[]): FindingWithShare => ({
    ...finding,
    found: { ...finding.found, affects: { ...finding.found.affects, targets: ids.map((id) => target(id)) } },
  });
  const kill = (groups: string[], ...ids: string[]) =>
    of(weighed('out-of-memory', 'decisive', 1, groups, ['unresponsive-backend', 'deployment-failing']), ...ids);
  const silent = (groups: string[], ...ids: string[]) =>
    of(weighed('unresponsive-backend', 'circumstantial', 1, groups), ...ids);

  test.each<[string, FindingWithShare[], FindingWithShare, boolean]>([
    ['what happens to all of its targets', [kill(['a'], 'i-1', 'i-2')], silent(['a'], 'i-1', 'i-2'), true],
    ['what happens to some of them', [kill(['a'], 'i-1', 'i-2')], silent(['a'], 'i-2'), true],
    ['not what happens to 150 where it happened to one', [kill(['a'], 'i-1')], silent(['a'], 'i-1', 'i-2'), false],
    ['what happens to targets of a group that it is about', [kill(['a'])], silent(['a'], 'i-1', 'i-2'), true],
    ['what is told of the group', [kill(['a'], 'i-1')], silent(['a']), true],
    ['not what happens in another group, too', [kill(['a'])], silent(['a', 'b']), false],
    ['what happens in several places, where it does', [kill(['a']), kill(['b'])], silent(['a', 'b']), true],
    ['what two of it did together', [kill(['a'], 'i-1'), kill(['a'], 'i-2')], silent(['a'], 'i-1', 'i-2'), true],
    ['what it did where it is about all', [kill([])], silent(['a', 'b'], 'i-1'), true],
  ])('%s', (_, above, symptom, isClaimed) => {
    expect(causeOf(symptom, [...above, symptom])).toBe(isClaimed ? 'out-of-memory' : undefined);
    // It stands above it in any case.
    expect(ranked(symptom, ...above).at(-1)).toBe('unresponsive-backend');
  });

  test('a loop of a service with several groups comes of the checks of one', () => {
    const broken = kill(['a'], 'i-1');
    const checks: FindingWithShare = { ...broken, cause: { ...broken.cause, breaksHealthChecks: true } };
    const loop = weighed('deployment-failing', 'circumstantial', 1, ['a', 'b']);
    expect(causeOf(loop, [checks, loop])).toBe('out-of-memory');
    expect(causeOf(loop, [broken, loop])).toBeUndefined();
  });
});
