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
