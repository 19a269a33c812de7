import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/application/target-returns-5xx/cause.ts';
import {
  afterLevel,
  always,
  denied,
  groupArn,
  groupMetrics,
  lately,
  metrics,
  newest,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const errors = (perMinute: number, more = {}) => metrics({ HTTPCode_Target_5XX_Count: lately(9, perMinute), ...more });

test.each([
  ['a third of the requests', { loadBalancerMetrics: errors(40) }, 'found strong'],
  ['few of the requests, but none before', { loadBalancerMetrics: errors(1) }, 'found strong'],
  [
    'a flat trickle',
    { loadBalancerMetrics: metrics({ HTTPCode_Target_5XX_Count: always(1) }) },
    'found circumstantial',
  ],
  [
    'fewer than 1 in 1,000 of the requests, none before',
    { loadBalancerMetrics: errors(1, { RequestCount: always(1001) }) },
    'found circumstantial',
  ],
  ['1 in 1,000, none before', { loadBalancerMetrics: errors(1, { RequestCount: always(1000) }) }, 'found strong'],
  [
    'as rare among the requests of before, but these have collapsed',
    { loadBalancerMetrics: errors(1, { RequestCount: afterLevel(5000, ...Array(9).fill(4)) }) },
    'found strong',
  ],
  [
    'three times as many, of three times as many requests',
    {
      loadBalancerMetrics: metrics({
        HTTPCode_Target_5XX_Count: afterLevel(1, ...Array(9).fill(8)),
        RequestCount: afterLevel(500, ...Array(9).fill(4000)),
      }),
    },
    'found circumstantial',
  ],
  [
    'three times as many, of as many requests',
    {
      loadBalancerMetrics: metrics({
        HTTPCode_Target_5XX_Count: afterLevel(1, ...Array(9).fill(8)),
        RequestCount: always(4000),
      }),
    },
    'found strong',
  ],
  [
    'one percent all the time',
    { loadBalancerMetrics: metrics({ HTTPCode_Target_5XX_Count: always(2) }) },
    'found strong',
  ],
  [
    '80 % of all 5xx',
    {
      loadBalancerMetrics: errors(40, { HTTPCode_ELB_502_Count: lately(9, 10), HTTPCode_ELB_5XX_Count: lately(9, 10) }),
    },
    'found strong',
  ],
  [
    'less than 80 % of all 5xx',
    {
      loadBalancerMetrics: errors(40, { HTTPCode_ELB_502_Count: lately(9, 11), HTTPCode_ELB_5XX_Count: lately(9, 11) }),
    },
    'found circumstantial',
  ],
  [
    'all 5xx are the load balancer’s own',
    { loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: lately(9, 10), HTTPCode_ELB_5XX_Count: lately(9, 10) }) },
    'ruled-out',
  ],
  ['no errors', {}, 'ruled-out'],
  ['metrics denied', { loadBalancerMetrics: denied('cloudwatch:GetMetricData') }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test.each([
  ['as often as always, beside an outage of another kind', always(2), 'ruled-out'],
  ['no more often than chance has it', newest(...Array(180).fill(2).with(175, 8)), 'ruled-out'],
  ['much more often, beside it', newest(...Array(171).fill(2), ...Array(9).fill(40)), 'found circumstantial'],
])('targets answer 5xx %s', (_, ofTargets, expected) => {
  const outage = lately(9, 60);
  const ill = metrics({
    HTTPCode_Target_5XX_Count: ofTargets,
    HTTPCode_ELB_502_Count: outage,
    HTTPCode_ELB_5XX_Count: outage,
    RequestCount: always(6000),
  });
  expect(outcome(cause, { loadBalancerMetrics: ill })).toBe(expected);
});

test('says which groups, how many, and against which baseline', () => {
  const targetGroupMetrics = groupMetrics({
    [groupArn('web')]: { HTTPCode_Target_5XX_Count: newest(0, 0) },
    [groupArn('api')]: { HTTPCode_Target_5XX_Count: lately(9, 40) },
  });
  expect(readable(cause, { loadBalancerMetrics: errors(40), targetGroupMetrics })).toMatchInlineSnapshot(`
    "The application behind api answers 5xx itself: 33 % of all requests [strong] since 2026-03-10T14:21:00Z
      because  \`HTTPCode_Target_5XX_Count\`: 360 of 360 5xx errors since 14:21 came from targets   [loadBalancerMetrics]
      because  40 a minute, against 0 in the hour before   [loadBalancerMetrics]
      look     read the application's log from 14:21 on: an exception, or a call that failed
      look     see what was deployed or changed in the hour before
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-10T13:21:00Z --end-time 2026-03-10T14:22:00Z --max-items 50 --region us-east-1"
  `);
});

test('beside another fault, is dated by its own errors', () => {
  const ill = {
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_502_Count: lately(30, 10),
      HTTPCode_ELB_5XX_Count: lately(30, 10),
      HTTPCode_Target_5XX_Count: lately(9, 60),
    }),
  };
  expect(readable(cause, ill)).toMatch(
    /since 2026-03-10T14:21:00Z\n.*540 of 840 5xx errors since 14:00 came from targets, from 14:21 on/,
  );
});

describe('where something else failed first', () => {
  const first = (kind: '500' | '502', ofTargets = 60) => ({
    loadBalancerMetrics: metrics({
      [`HTTPCode_ELB_${kind}_Count`]: lately(30, 14),
      HTTPCode_ELB_5XX_Count: lately(30, 14),
      HTTPCode_Target_5XX_Count: lately(9, ofTargets),
    }),
  });

  test.each([
    ['before a target is chosen', first('500'), 'found strong'],
    ['before a target is chosen, and makes more than a fifth since', first('500', 55), 'found circumstantial'],
    ['at the same targets', first('502'), 'found circumstantial'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('it is told from its own beginning on', () => {
    const told = readable(cause, first('500'));
    expect(told).toContain('540 of 666 5xx errors since 14:21 came from targets');
    expect(told).not.toContain('14:00');
  });
});

test('of a trickle that has always been there, nothing is said to have begun', () => {
  const trickle = always(0).map((_, minute) => (minute % 3 === 1 ? 1 : null));
  const told = readable(cause, {
    loadBalancerMetrics: metrics({ HTTPCode_Target_5XX_Count: trickle, RequestCount: always(5000) }),
  });
  expect(told).toMatch(
    /^The application answers 5xx itself: under 0.1 % of all requests, at about that rate for all of the 2 h 59 min that were read \[circumstantial\]\n/,
  );
  expect(told).not.toMatch(/in the hour before|changed in the hour/);
});

test('says how much of the hour before it was that was read', () => {
  const counted = { HTTPCode_Target_5XX_Count: lately(140, 40) };
  expect(readable(cause, { loadBalancerMetrics: metrics(counted) })).toContain('against 0 in the 40 minutes before');
  const longer = { HTTPCode_Target_5XX_Count: lately(161, 40) };
  expect(readable(cause, { loadBalancerMetrics: metrics(longer) })).not.toContain('before   [');
});

test('of few requests, too, an error now and then is a trickle where it has always been there', () => {
  const nowAndThen = { HTTPCode_Target_5XX_Count: always(0).map((_, minute) => (minute % 8 === 1 ? 1 : null)) };
  const told = (requests: number) =>
    readable(cause, { loadBalancerMetrics: metrics({ ...nowAndThen, RequestCount: always(requests) }) });
  expect(told(150)).toContain('at about that rate for all of the 2 h 58 min that were read');
  expect(told(120)).not.toContain('that were read');
});
