import { expect, test } from 'vitest';
import { clientCircumstances } from '../../../lambda/diagnose/circumstances/client-view.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import type { Values } from '../../../lambda/incident/evidence.ts';
import { always, aSnapshot, between, denied, type Ill, metrics } from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const told = (ill: Ill): readonly string[] => clientCircumstances(aSnapshot(ill)).map(({ shows }) => plain(shows));
const headline = (ill: Ill): string => plain(diagnose(aSnapshot(ill), []).verdict.headline);

/** So many a minute up to 14:10, and so many from then on. */
const from1410 = (before: number | null, now: number | null) =>
  Array.from({ length: 180 }, (_, minute) => (minute < 160 ? before : now));
const of = (requests: Values, more: Parameters<typeof metrics>[0] = {}): Ill => ({
  loadBalancerMetrics: metrics({ RequestCount: requests, ...more }),
});

test.each<[what: string, ill: Ill, expected: readonly RegExp[]]>([
  ['a healthy load balancer', {}, []],
  [
    'a tenth of the requests, and none before',
    of(always(100), { HTTPCode_ELB_4XX_Count: from1410(null, 10) }),
    [/^the load balancer itself has answered 10 % of the requests with 4xx since 14:10 \(0 % before\): the access log/],
  ],
  [
    'few, beside many that find no target and are in no count of requests',
    of(from1410(120, 0), {
      HTTPCode_ELB_4XX_Count: from1410(null, 4),
      HTTPCode_ELB_503_Count: from1410(null, 120),
      HTTPCode_ELB_5XX_Count: from1410(null, 120),
    }),
    [],
  ],
  [
    'a twentieth',
    of(always(100), { HTTPCode_ELB_4XX_Count: from1410(null, 5) }),
    [/itself has answered 5 % .* since 14:10/],
  ],
  ['fewer than that', of(always(100), { HTTPCode_ELB_4XX_Count: from1410(null, 4) }), []],
  [
    'since long before the window',
    of(always(100), { HTTPCode_ELB_4XX_Count: between(150, 0, 30) }),
    [/^the load balancer itself has answered 30 % of the requests with 4xx since 12:00 \(0 % before\)/],
  ],
  [
    'for longer than anybody knows what was before',
    of(always(100), { HTTPCode_ELB_4XX_Count: between(161, 0, 30) }),
    [/^the load balancer itself answered 30 % of the requests with 4xx \(30 % in the hour before\): the access log/],
  ],
  [
    'until some minutes ago',
    of(always(100), { HTTPCode_ELB_4XX_Count: between(20, 8, 30) }),
    [/^the load balancer itself answered 12 % of the requests with 4xx \(0 % in the hour before\)/],
  ],
  ['until the window began', of(always(100), { HTTPCode_ELB_4XX_Count: between(60, 31, 30) }), []],
  ['targets that always answer so', of(always(100), { HTTPCode_Target_4XX_Count: always(30) }), []],
  ['targets, in four requests', of(always(2), { HTTPCode_Target_4XX_Count: between(4, 0, 1) }), []],
  [
    'more than three times as many as before',
    of(always(100), { HTTPCode_ELB_4XX_Count: from1410(10, 31) }),
    [/31 % .*\(10 % before\)/],
  ],
  [
    'fewer than that: many, and no rise',
    of(always(100), { HTTPCode_ELB_4XX_Count: from1410(10, 29) }),
    [/^the load balancer itself answered 22 % of the requests with 4xx \(10 % in the hour before\)/],
  ],
  [
    'refused before a target is chosen, in no count of requests',
    of(from1410(100, 0), { HTTPCode_ELB_4XX_Count: from1410(null, 100) }),
    [/itself has answered 100 % of the requests/],
  ],
  [
    'refused beside those that reach a target, in no count of requests',
    of(always(110), { HTTPCode_Target_2XX_Count: always(110), HTTPCode_ELB_4XX_Count: from1410(null, 45) }),
    [/itself has answered 29 % of the requests/],
  ],
  [
    'answers that clients do not wait for',
    of(always(100), { HTTPCode_ELB_4XX_Count: from1410(null, 40), 'TargetResponseTime.max': from1410(4, 10) }),
    [
      /a client that gives up first counts as 4xx \(`460`\), and the slowest response of a minute takes 10 s \(4 s before\)/,
    ],
  ],
  [
    'answers that always took so long',
    of(always(100), { HTTPCode_ELB_4XX_Count: from1410(null, 40), 'TargetResponseTime.max': from1410(6, 10) }),
    [/the access log distinguishes/],
  ],
  [
    'the targets answer what is not there',
    of(always(100), { HTTPCode_Target_4XX_Count: from1410(2, 60) }),
    [/^the targets have answered 60 % of the requests with 4xx since 14:10 \(2 % before\)$/],
  ],
  [
    'hardly any request, and most of them',
    of(always(1), { HTTPCode_ELB_4XX_Count: from1410(null, 1) }),
    [/^the load balancer itself answered 66 % of the requests with 4xx/],
  ],
  [
    'a third of the requests is left',
    of(from1410(120, 40)),
    [/^requests have fallen from 120 a minute to 40 a minute on average since 14:10/],
  ],
  ['more than that', of(from1410(120, 41)), []],
  [
    'since before the window: the fall has its own date, and its own level',
    of(between(180, 40, 120).map((level, minute) => (minute < 140 ? level : 20))),
    [/^requests have fallen from 120 a minute to 20 a minute on average since 13:50:/],
  ],
  [
    'as few as before a rise that is over',
    of(always(100).map((level, minute) => (minute >= 100 && minute < 165 ? 900 : level))),
    [],
  ],
  [
    'fewer than before that rise',
    of(always(100).map((level, minute) => (minute < 100 ? level : minute < 165 ? 900 : 60))),
    [/^requests have fallen from .* a minute to 60 a minute/],
  ],
  ['none is left', of(from1410(120, 0), { ConsumedLCUs: always(1) }), [/fallen from 120 a minute to 0 a minute/]],
  ['few requests, and none now', of(from1410(9, 0)), []],
  [
    'requests that the load balancer answers itself, and does not count',
    of(from1410(120, 0), { HTTPCode_ELB_503_Count: from1410(null, 120), HTTPCode_ELB_5XX_Count: from1410(null, 120) }),
    [],
  ],
  [
    'requests that it answers itself, with what no target was asked for, and does not count',
    of(from1410(120, 0), { HTTPCode_ELB_500_Count: from1410(null, 120), HTTPCode_ELB_5XX_Count: from1410(null, 120) }),
    [],
  ],
  [
    'a third is left, all of which fail: none is counted twice',
    of(from1410(120, 40), { HTTPCode_ELB_502_Count: from1410(null, 40), HTTPCode_ELB_5XX_Count: from1410(null, 40) }),
    [/^requests have fallen from 120 a minute to 40 a minute on average since 14:10/],
  ],
  [
    'a third is left, all of which find no target, and are counted',
    of(from1410(120, 40), { HTTPCode_ELB_503_Count: from1410(null, 40), HTTPCode_ELB_5XX_Count: from1410(null, 40) }),
    [/^requests have fallen from 120 a minute to 40 a minute on average since 14:10/],
  ],
  [
    'they fade: what is told since a time is the mean since then, not the last minutes of it',
    of(Array.from({ length: 180 }, (_, minute) => (minute < 160 ? 120 : Math.max(10, 58 - 8 * (minute - 160))))),
    [/^requests have fallen from 120 a minute to 19 a minute on average since 14:10/],
  ],
  [
    'ever more of them are refused: the share is that of all the time since then',
    of(always(100), {
      HTTPCode_ELB_4XX_Count: Array.from({ length: 180 }, (_, minute) =>
        minute < 160 ? null : minute < 170 ? 20 : 30,
      ),
    }),
    [/^the load balancer itself has answered 25 % of the requests with 4xx since 14:10 \(0 % before\)/],
  ],
  ['metrics denied', { loadBalancerMetrics: denied() }, []],
])('%s', (_, ill, expected) => {
  expect(told(ill)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
});

test.each<[what: string, ill: Ill, says: RegExp]>([
  ['nothing turned', {}, /does not come from this load balancer or its targets$/],
  [
    'the load balancer refuses a few, as ever',
    of(always(100), { HTTPCode_ELB_4XX_Count: always(4) }),
    /does not come from this load balancer or its targets$/,
  ],
  [
    'the load balancer refuses a twentieth, as ever',
    of(always(100), { HTTPCode_ELB_4XX_Count: always(5) }),
    /, but the load balancer itself answered 5 % of requests with 4xx \(5 % in the hour before\)$/,
  ],
  [
    'the load balancer has refused many for hours',
    of(always(100), { HTTPCode_ELB_4XX_Count: between(100, 0, 40) }),
    /, but the load balancer has answered 40 % of requests with 4xx since 12:50$/,
  ],
  [
    'the targets have refused many for hours',
    of(always(100), { HTTPCode_Target_4XX_Count: between(100, 0, 40) }),
    /, but the targets have answered 40 % of requests with 4xx since 12:50$/,
  ],
  [
    'one request failed, and the load balancer refuses many',
    of(always(100), {
      HTTPCode_ELB_4XX_Count: from1410(null, 40),
      HTTPCode_ELB_502_Count: between(5, 4, 1),
      HTTPCode_ELB_5XX_Count: between(5, 4, 1),
    }),
    /^One request was answered 5xx in the last 30 min, but the load balancer has answered 40 % of requests with 4xx since 14:10$/,
  ],
  [
    'the load balancer refuses many',
    of(always(100), { HTTPCode_ELB_4XX_Count: from1410(null, 40) }),
    /, but the load balancer has answered 40 % of requests with 4xx since 14:10$/,
  ],
  [
    'the targets refuse many',
    of(always(100), { HTTPCode_Target_4XX_Count: from1410(null, 40) }),
    /, but the targets have answered 40 % of requests with 4xx since 14:10$/,
  ],
  [
    'most requests stay away',
    of(from1410(120, 12)),
    /, but only 10 % of the usual requests have arrived since 14:10: look in front of the load balancer$/,
  ],
  [
    'requests fade',
    of(Array.from({ length: 180 }, (_, minute) => (minute < 160 ? 120 : minute < 170 ? 30 : 6))),
    /, but only 16 % of the usual requests have arrived since 14:10: look in front of the load balancer$/,
  ],
])('a quiet load balancer on which %s', (_, ill, says) => {
  expect(headline(ill)).toMatch(says);
});
