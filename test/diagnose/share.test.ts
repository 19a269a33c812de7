import { describe, expect, test } from 'vitest';
import { defineCause } from '../../lambda/causes/cause.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { words } from '../../lambda/incident/text.ts';
import {
  aSnapshot,
  groupArn,
  groupMetrics,
  type Ill,
  LB,
  lately,
  metrics,
  TG,
  targetGroup,
} from '../support/a-snapshot.ts';

const API = groupArn('api');
const twoGroups: Ill = {
  targetGroups: [targetGroup(), targetGroup('api')],
  listenerRules: [TG, API].map((targetGroup, index) => ({
    arn: `${LB}/${index}`,
    listenerArn: LB,
    priority: index === 0 ? 1 : null,
    actions: [{ type: 'forward', to: [{ targetGroup, weight: 1 }] }],
    conditions: index === 0 ? ['host is web.example.com'] : [],
  })),
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_500_Count: lately(9, 10),
    HTTPCode_ELB_502_Count: lately(9, 30),
    HTTPCode_ELB_5XX_Count: lately(9, 40),
  }),
  targetGroupMetrics: groupMetrics({
    [TG]: { RequestCount: lately(9, 50), HTTPCode_Target_2XX_Count: lately(9, 20) },
    [API]: { RequestCount: lately(9, 50), HTTPCode_Target_2XX_Count: lately(9, 50) },
  }),
};

const found = (explains: readonly ('500' | '502' | '504')[], targetGroups: readonly string[], ill: Ill = twoGroups) => {
  const cause = defineCause({
    id: 'crashing-backend',
    needs: ['targetHealth'],
    examine: () => ({
      is: 'found',
      findings: [
        {
          strength: 'strong',
          says: words('it fails'),
          because: [{ from: 'targetHealth', shows: words('it does') }],
          affects: { targetGroups, targets: [] },
          explains,
          fixes: [],
        },
      ],
    }),
  });
  const [finding] = diagnose(aSnapshot(ill), [cause]).findings;
  return { share: finding?.share, attribution: finding?.attribution };
};

const UNANSWERED = 'the requests that the targets of each group did not answer';

describe('a finding says how its errors were told from those of other groups', () => {
  test('by what its targets did not answer', () => {
    expect(found(['502'], [TG])).toEqual({ share: 0.75, attribution: [{ kinds: ['502'], by: UNANSWERED }] });
  });

  test('kind by kind, where AWS tells only some of them apart: the others count in full', () => {
    expect(found(['502', '500', '504'], [TG])).toEqual({
      share: 1,
      attribution: [
        { kinds: ['502'], by: UNANSWERED },
        { kinds: ['500'], by: null },
      ],
    });
  });

  test('nothing, where its errors are not among those that were seen', () => {
    expect(found(['504'], [TG])).toEqual({ share: 0, attribution: undefined });
  });

  test.each<[string, readonly string[], Ill]>([
    ['it is about the whole load balancer', [], twoGroups],
    ['it affects every group that gets requests', [TG, API], twoGroups],
    ['no other group gets requests', [TG], { ...twoGroups, listenerRules: [], targetGroups: [targetGroup()] }],
  ])('nothing, where %s', (_, groups, ill) => {
    expect(found(['502'], groups, ill).attribution).toBeUndefined();
  });
});
