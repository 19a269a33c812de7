import { expect, test } from 'vitest';
import { avoidedZones } from '../../../lambda/diagnose/circumstances/avoided-zones.ts';
import {
  aSnapshot,
  between,
  denied,
  groupMetrics,
  type Ill,
  lately,
  TG,
  target,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { plain } from '../../support/judged.ts';

const told = (ill: Ill) => avoidedZones(aSnapshot(ill)).map(({ shows }) => plain(shows));

const away = (id: string) => target(id, { override: 'zonal_shift_active' });
const shift = (values: (number | null)[]) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { 'ActiveZonalShiftHostCount.max': values } }),
});
const DNS = 'target_group_health.dns_failover.minimum_healthy_targets';
const apart = (more: Record<string, string> = {}) => ({
  targetGroupAttributes: { [TG]: { 'load_balancing.cross_zone.enabled': 'false', ...more } },
});
const failing = (id: string) => unhealthy(id, 'Target.Timeout');
const a = (id: string) => target(id, { zone: 'us-east-1a' });

test.each<[string, Ill, string]>([
  [
    'a zonal shift',
    { targetHealth: [target('i-1'), away('i-2')] },
    'a zonal shift keeps requests from `us-east-1b`: 1 of 2 targets of web get no new requests, and the rest carry all of them',
  ],
  [
    'a zonal shift that AWS counts',
    { targetHealth: [target('i-1'), away('i-2')], ...shift([...lately(12, 1)]) },
    'a zonal shift keeps requests from `us-east-1b` since 14:18: 1 of 2 targets of web get no new requests, and the rest carry all of them',
  ],
  [
    'a zonal shift that is over',
    shift([...between(20, 10, 1)]),
    'a zonal shift kept requests from some targets of web from 14:10 to 14:20',
  ],
  [
    'DNS failover of a zone that is by itself',
    { targetHealth: [target('i-1'), failing('i-2')], ...apart() },
    'DNS sends no new clients to `us-east-1b`: too few targets of web are healthy there',
  ],
  [
    'DNS failover below a number',
    { targetHealth: [a('i-1'), a('i-3'), target('i-2')], ...apart({ [`${DNS}.count`]: '2' }) },
    'DNS sends no new clients to `us-east-1b`: too few targets of web are healthy there',
  ],
  [
    'DNS failover below a part',
    {
      targetHealth: [a('i-1'), target('i-2'), unhealthy('i-4', 'Target.Timeout', { zone: 'us-east-1b' })],
      ...apart({ [`${DNS}.percentage`]: '60' }),
    },
    'DNS sends no new clients to `us-east-1b`: too few targets of web are healthy there',
  ],
])('tells of %s', (_, ill, expected) => {
  expect(told(ill)).toEqual([expected]);
});

test.each<[string, Ill]>([
  ['a healthy load balancer', {}],
  [
    'a shift whose state is not told here',
    { targetHealth: [target('i-1'), target('i-2', { override: 'zonal_shift_delegated_to_dns' })] },
  ],
  ['a shift that was over before the window', shift([...between(60, 40, 1)])],
  ['a shift that AWS counts, and whose targets were not seen', { targetHealth: denied(), ...shift([...lately(9, 1)]) }],
  ['zones that share their targets', { targetHealth: [target('i-1'), failing('i-2')] }],
  ['zones that are all the same', { targetHealth: [failing('i-1'), failing('i-2')], ...apart() }],
  ['a zone without any target', { targetHealth: [target('i-1')], ...apart() }],
  [
    'DNS failover switched off',
    {
      targetHealth: [target('i-1'), failing('i-2')],
      ...apart({ [`${DNS}.count`]: 'off', [`${DNS}.percentage`]: 'off' }),
    },
  ],
  [
    'a target whose zone nobody knows',
    { targetHealth: [target('i-1'), failing('i-2'), target('10.1.2.3', { zone: null })], ...apart() },
  ],
])('tells nothing of %s', (_, ill) => {
  expect(told(ill)).toEqual([]);
});
