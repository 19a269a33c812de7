import { expect, test } from 'vitest';
import { targetAnomalies } from '../../../lambda/diagnose/circumstances/target-anomalies.ts';
import { aRuleTo, aSnapshot, groupArn, groupMetrics, type Ill, lately, TG, target } from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const told = (ill: Ill) => targetAnomalies(aSnapshot(ill)).map(({ shows }) => plain(shows));

const bad = target('i-2', { anomalous: true });
const counted = { targetGroupMetrics: groupMetrics({ [TG]: { 'AnomalousHostCount.max': lately(9, 1) } }) };

test.each<[string, Ill, string[]]>([
  ['no anomaly', {}, []],
  [
    'one',
    { targetHealth: [target('i-1'), bad] },
    ['the load balancer reports i-2 of web as anomalous: it fails more often than the other targets'],
  ],
  [
    'two, since a while',
    { targetHealth: [target('i-1'), bad, target('i-3', { anomalous: true })], ...counted },
    [
      'the load balancer reports i-2 and i-3 of web as anomalous since 14:21: they fail more often than the other targets',
    ],
  ],
  [
    'one that is mitigated',
    { targetHealth: [target('i-1'), { ...bad, mitigated: true }] },
    [
      'the load balancer reports i-2 of web as anomalous: it fails more often than the other targets, and therefore gets fewer requests',
    ],
  ],
  ['one of a group that gets no requests', { targetHealth: [bad], listenerRules: aRuleTo(groupArn('other')) }, []],
])('tells of %s', (_, ill, expected) => {
  expect(told(ill)).toEqual(expected);
});
