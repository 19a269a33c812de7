import { describe, expect, test } from 'vitest';
import type { ErrorKind } from '../../../lambda/incident/cause.ts';
import type { LoadBalancerMetric, Target, TargetGroupMetric, Values } from '../../../lambda/incident/evidence.ts';
import { attribute } from '../../../lambda/semantics/errors/attribution.ts';
import { groupArn, groupMetrics, lately, metrics, target } from '../../support/a-snapshot.ts';

const [WEB, API, DOCS] = [groupArn('web'), groupArn('api'), groupArn('docs')];

interface Ill {
  readonly counted: Partial<Record<LoadBalancerMetric, Values>>;
  readonly web?: Partial<Record<TargetGroupMetric, Values>>;
  readonly api?: Partial<Record<TargetGroupMetric, Values>>;
  readonly targets?: readonly Target[];
  readonly unread?: readonly string[];
  readonly onPurpose503?: boolean;
}

const BOTH = [target('i-1', { targetGroup: WEB }), target('i-2', { targetGroup: API })];
const minutes = (perMinute: number) => lately(10, perMinute);
const of = ({ counted, web, api, targets = BOTH, unread = [], onPurpose503 = false }: Ill) =>
  attribute({
    metrics: metrics(counted),
    groupMetrics:
      web === undefined && api === undefined ? undefined : groupMetrics({ [WEB]: web ?? {}, [API]: api ?? {} }),
    routed: [WEB, API, DOCS],
    onPurpose503,
    targets: [...targets, target('i-3', { targetGroup: DOCS })],
    unseenGroups: new Set(unread),
    span: { first: 170, last: 179 },
  });
const from = (kind: ErrorKind, ill: Ill) => [
  Math.round((of(ill).errorsFrom([kind], [WEB]) / of(ill).errorsFrom([kind], [WEB, API, 'elsewhere'])) * 100),
  of(ill)
    .by(kind)
    ?.replace(/^(the|each|which) /, '') ?? null,
];

const UNANSWERED = 'requests that the targets of each group did not answer';
const FAILED = 'connections, handshakes and invocations that failed in each target group';
const EMPTY = 'target groups have no usable target';
const OWN = "target group's own count of 5xx";
const elb = (code: '500' | '502' | '503' | '504', perMinute: number) => ({
  [`HTTPCode_ELB_${code}_Count`]: minutes(perMinute),
  HTTPCode_ELB_5XX_Count: minutes(perMinute),
});
const silent = { RequestCount: minutes(100), HTTPCode_Target_2XX_Count: minutes(70) };
const answering = {
  RequestCount: minutes(100),
  HTTPCode_Target_2XX_Count: minutes(98),
  HTTPCode_Target_4XX_Count: minutes(2),
};
const onlyRequests = { RequestCount: minutes(100) };

describe('the share of the errors that come from web, and how it is known', () => {
  test.each<[string, ErrorKind, Ill, number, string | null]>([
    [
      'its targets did not answer, the other group did',
      '502',
      { counted: elb('502', 30), web: silent, api: answering },
      100,
      UNANSWERED,
    ],
    ['both did not', '504', { counted: elb('504', 60), web: silent, api: silent }, 50, UNANSWERED],
    ['the other alone did not', '504', { counted: elb('504', 30), web: answering, api: silent }, 0, UNANSWERED],
    [
      'half as much as was counted is still trusted',
      '502',
      { counted: elb('502', 60), web: silent, api: answering },
      100,
      UNANSWERED,
    ],
    ['less is not: some metric is missing', '502', { counted: elb('502', 61), web: silent, api: answering }, 100, null],
    [
      'twice as much is still trusted',
      '502',
      { counted: elb('502', 15), web: silent, api: answering },
      100,
      UNANSWERED,
    ],
    ['more is not', '502', { counted: elb('502', 14), web: silent, api: answering }, 100, null],
    [
      'answers are missing, but connections failed',
      '502',
      {
        counted: elb('502', 30),
        web: { ...onlyRequests, TargetConnectionErrorCount: minutes(10) },
        api: { ...onlyRequests, TargetConnectionErrorCount: minutes(20) },
      },
      33,
      FAILED,
    ],
    [
      'Lambda answered in the wrong shape',
      '502',
      { counted: elb('502', 30), web: { LambdaUserError: minutes(30) } },
      100,
      FAILED,
    ],
    ['no metric of any group was seen', '502', { counted: elb('502', 30) }, 100, null],
    ['500 come before a group is chosen', '500', { counted: elb('500', 30), web: silent, api: answering }, 100, null],
    [
      "the targets' own 5xx",
      'target5xx',
      {
        counted: { HTTPCode_Target_5XX_Count: minutes(40) },
        web: { HTTPCode_Target_5XX_Count: minutes(10) },
        api: { HTTPCode_Target_5XX_Count: minutes(30) },
      },
      25,
      OWN,
    ],
    [
      "less than half of the targets' own 5xx was seen",
      'target5xx',
      { counted: { HTTPCode_Target_5XX_Count: minutes(40) }, web: { HTTPCode_Target_5XX_Count: minutes(10) } },
      100,
      null,
    ],
    ['it is empty', '503', { counted: elb('503', 30), targets: [target('i-2', { targetGroup: API })] }, 100, EMPTY],
    ['two are empty', '503', { counted: elb('503', 30), targets: [] }, 50, `${EMPTY}, in equal parts`],
    [
      'the other one is empty',
      '503',
      { counted: elb('503', 30), targets: [target('i-1', { targetGroup: WEB })] },
      0,
      EMPTY,
    ],
    ['none is', '503', { counted: elb('503', 30) }, 100, null],
    [
      'it was not read: not empty, and not known',
      '503',
      { counted: elb('503', 30), targets: [target('i-2', { targetGroup: API })], unread: [WEB] },
      100,
      null,
    ],
    [
      'a rule answers half of them on purpose',
      '503',
      {
        counted: { ...elb('503', 30), HTTP_Fixed_Response_Count: minutes(15) },
        targets: [target('i-2', { targetGroup: API })],
        onPurpose503: true,
      },
      50,
      EMPTY,
    ],
  ])('%s', (_, kind, ill, share, by) => {
    expect(from(kind, ill)).toEqual([share, by]);
  });
});

test('what AWS does not tell apart may come from any group that gets requests, and from no other', () => {
  const unknown = of({ counted: elb('502', 30) });
  expect([unknown.errorsFrom(['502'], [API]), unknown.errorsFrom(['502'], [groupArn('idle')])]).toEqual([300, 0]);
});

describe('what two groups did not answer, one with 504s and one with 502s', () => {
  const two = of({
    counted: {
      HTTPCode_ELB_502_Count: minutes(30),
      HTTPCode_ELB_504_Count: minutes(70),
      HTTPCode_ELB_5XX_Count: minutes(100),
    },
    web: { RequestCount: minutes(100), HTTPCode_Target_2XX_Count: minutes(30) },
    api: { RequestCount: minutes(100), HTTPCode_Target_2XX_Count: minutes(70) },
  });

  test.each<[string, readonly ErrorKind[], string, number]>([
    ['all 504 may be of the group that lacks as many answers', ['504'], WEB, 700],
    ['its errors are no more than those of the kind', ['502'], WEB, 300],
    ['nor more than the answers that it lacks', ['502', '504'], API, 300],
    ['of both kinds together, too', ['502', '504'], WEB, 700],
  ])('%s', (_, kinds, group, errors) => {
    expect(two.errorsFrom(kinds, [group])).toBeCloseTo(errors);
  });
});
