import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Route } from '../../../lambda/incident/evidence.ts';
import { blocksOf } from '../../../lambda/semantics/network/addresses.ts';
import { routeTableOf } from '../../../lambda/semantics/network/route-table.ts';
import { type RouteVerdict, routeTo } from '../../../lambda/semantics/network/routes.ts';
import { addressOf, HOSTS, holds, smallBlock, withShuffled, written } from './brute-force.ts';
import { blackhole, route, subnet, table } from './parts.ts';

const LISTS = new Map([['pl-office', ['192.168.0.0/16', '172.16.0.0/12']]]);
const to = (destination: string, routes: readonly Route[]) =>
  routeTo(table('rtb-1', routes), blocksOf([destination]), LISTS);

const peering = route('192.168.0.0/16', 'peering', 'pcx-1');
const internet = route('0.0.0.0/0', 'internet-gateway', 'igw-1');

describe('a route', () => {
  test.each<[string, Parameters<typeof to>, RouteVerdict['is']]>([
    ['inside the VPC: local', ['10.0.10.5', []], 'open'],
    ['to a peered network', ['192.168.1.1', [peering]], 'open'],
    ['to a peered network whose peering is gone', ['192.168.1.1', [blackhole(peering)]], 'blackhole'],
    ['to nowhere', ['192.168.1.1', []], 'missing'],
    ['for a private address, by an internet gateway, which drops it', ['192.168.1.1', [internet]], 'missing'],
    ['for a public address, by an internet gateway', ['8.8.8.8', [internet]], 'open'],
    ['by a NAT gateway, whose own table decides', ['192.168.1.1', [route('0.0.0.0/0', 'nat', 'nat-1')]], 'unknown'],
    ['by a transit gateway, as default', ['192.168.1.1', [route('0.0.0.0/0', 'transit-gateway')]], 'open'],
    [
      'where the longer prefix leads nowhere',
      ['192.168.1.1', [peering, blackhole(route('192.168.1.0/24', 'peering'))]],
      'blackhole',
    ],
    [
      'where the shorter prefix leads nowhere',
      ['192.168.1.1', [blackhole(route('0.0.0.0/0', 'nat')), peering]],
      'open',
    ],
    ['by a prefix list', ['172.20.0.1', [route('pl-office', 'transit-gateway')]], 'open'],
    [
      'by a prefix list that leads nowhere',
      ['172.20.0.1', [blackhole(route('pl-office', 'transit-gateway'))]],
      'blackhole',
    ],
    ['by a prefix list of other addresses', ['172.32.0.1', [route('pl-office', 'transit-gateway')]], 'missing'],
    ['perhaps by a prefix list that was not seen', ['192.168.1.1', [route('pl-gone', 'gateway', 'vpce-1')]], 'unknown'],
    ['beside a prefix list that was not seen', ['10.0.10.5', [route('pl-gone', 'gateway', 'vpce-1')]], 'open'],
    [
      'beside a prefix list that was not seen and leads nowhere',
      ['10.0.10.5', [blackhole(route('pl-gone', 'gateway', 'vpce-1'))]],
      'unknown',
    ],
    [
      'to a subnet, half of which leads nowhere',
      ['10.0.10.0/24', [blackhole(route('10.0.10.0/25', 'network-interface'))]],
      'partly',
    ],
    ['for IPv6, with a default for IPv4 only', ['2001:db8::1', [route('0.0.0.0/0', 'transit-gateway')]], 'missing'],
    ['for IPv6', ['2001:db8::1', [route('::/0', 'transit-gateway')]], 'open'],
  ])('%s: %3$s', (_, args, is) => expect(to(...args).is).toBe(is));

  test('the table, and what took the packets instead, is named', () =>
    expect(to('192.168.1.1', [internet])).toEqual({
      is: 'missing',
      tableId: 'rtb-1',
      isMain: true,
      lost: [{ destination: '192.168.1.1/32', route: internet }],
    }));
});

test('a subnet that no table names has the main table of its VPC', () => {
  const tables = [table('rtb-main', []), table('rtb-own', [], ['subnet-a'])];
  expect(routeTableOf(subnet('subnet-a', '10.0.0.0/24'), tables)?.id).toBe('rtb-own');
  expect(routeTableOf(subnet('subnet-b', '10.0.1.0/24'), tables)?.id).toBe('rtb-main');
  expect(routeTableOf({ id: 'subnet-c', vpcId: 'vpc-2' }, tables)).toBeUndefined();
});

test('against every address of a small network: the longest prefix wins, in whatever order routes come', () =>
  fc.assert(
    fc.property(
      withShuffled(
        fc.uniqueArray(fc.record({ block: smallBlock, leads: fc.boolean() }), {
          selector: ({ block }) => written(block),
          maxLength: 6,
        }),
      ),
      fc.constantFrom(...HOSTS),
      ([routes, shuffled], host) => {
        const best = routes
          .filter(({ block }) => holds(block, host))
          .reduce<(typeof routes)[number] | undefined>(
            (a, b) => (a !== undefined && a.block.size < b.block.size ? a : b),
            undefined,
          );
        for (const order of [routes, shuffled]) {
          const own = {
            ...table('rtb-1', []),
            routes: order.map(({ block, leads }) =>
              leads ? route(written(block), 'peering') : blackhole(route(written(block), 'peering')),
            ),
          };
          const expected = best === undefined ? 'missing' : best.leads ? 'open' : 'blackhole';
          expect(routeTo(own, blocksOf([addressOf(host)]), new Map()).is).toBe(expected);
        }
      },
    ),
  ));
