import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/backend-down/nothing-listening/cause.ts';
import type { Route } from '../../../lambda/incident/evidence.ts';
import {
  afterLevel,
  denied,
  groupMetrics,
  instance,
  lately,
  metrics,
  partly,
  route,
  routeTable,
  TG,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { readable } from '../../support/judged.ts';

const MIRROR = '[   61.2] cloud-init[18]:   Could not connect to archive.ubuntu.com:80, connection timed out';
const PACKAGE = '[   61.8] cloud-init[18]: E: Unable to locate package nginx';
const FAILED = '[   61.9] cloud-init[18]: cc_scripts_user.py[WARNING]: Failed to run module scripts-user';

const consoles = (ids: readonly string[], ...lines: string[]) =>
  ids.map((instanceId) => ({
    instanceId,
    at: '2026-03-10T14:10:00Z',
    lines: ['[    0.0] Linux version 6.1', ...lines],
  }));
const fresh = {
  targetHealth: ['i-1', 'i-2'].map((id) => unhealthy(id, 'Target.FailedHealthChecks')),
  instances: ['i-1', 'i-2'].map((id) => instance(id, { launchedAt: '2026-03-10T14:05:00Z' })),
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': lately(20, 0) } }),
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_502_Count: lately(9, 100),
    HTTPCode_ELB_5XX_Count: lately(9, 100),
    TargetConnectionErrorCount: lately(9, 100),
  }),
};
const anywhere = (kind: Route['target']['kind'], id: string, state?: Route['state']) =>
  route('0.0.0.0/0', { kind, id }, state);
const unreached = { ...fresh, consoleOutput: consoles(['i-1', 'i-2'], MIRROR, PACKAGE, FAILED) };
const inSubnets = (...routes: Route[]) => [routeTable('rtb-app', ['subnet-app-a', 'subnet-app-b'], routes)];

test('says what failed at the first start, why, and what gives it a way out', () => {
  expect(readable(cause, { ...unreached, routeTables: inSubnets() })).toMatchInlineSnapshot(`
    "Nothing listens on port \`8080\` of i-1 and i-2: their first start (cloud-init) failed [strong]
      because  2 targets of web: \`Target.FailedHealthChecks\` on the very port that requests go to   [targetHealth]
      because  console of i-1: Could not connect to archive.ubuntu.com:80, connection timed out   [consoleOutput]
      because  console of i-1: E: Unable to locate package nginx   [consoleOutput]
      because  console of i-1: cc_scripts_user.py[WARNING]: Failed to run module scripts-user   [consoleOutput]
      because  i-2 shows the same trouble   [consoleOutput]
      because  rtb-app of subnet-app-a and subnet-app-b has no route \`0.0.0.0/0\`, so no way to the internet   [routeTables]
      because  900 connections failed, for 900 requests answered \`502\`, none \`504\`: refused at once, not dropped   [loadBalancerMetrics]
      because  security groups and network ACLs are open to the targets   [securityGroups]
      fix 1/2  give subnet-app-a and subnet-app-b a way out: in rtb-app a route \`0.0.0.0/0\` to a NAT gateway (or endpoints for all that its hosts load as they start)
      fix 2/2  then launch new hosts: user data runs only at the first start"
  `);
});

test('takes the NAT gateway of the other subnets, where they have one', () => {
  const routeTables = [...inSubnets(), routeTable('rtb-1', ['subnet-x'], [anywhere('nat', 'nat-1')])];
  const said = readable(cause, { ...unreached, routeTables });
  expect(said).toContain(
    'aws ec2 create-route --route-table-id rtb-app --destination-cidr-block 0.0.0.0/0 --nat-gateway-id nat-1',
  );
  const two = [...routeTables, routeTable('rtb-2', ['subnet-y'], [anywhere('nat', 'nat-2')])];
  expect(readable(cause, { ...unreached, routeTables: two })).not.toContain('create-route');
});

test('says that a route leads to what is gone', () => {
  const said = readable(cause, { ...unreached, routeTables: inSubnets(anywhere('nat', 'nat-9', 'blackhole')) });
  expect(said).toContain('leads to nat-9, which is gone');
  expect(said).not.toContain('has no route');
});

describe('the subnet is not blamed', () => {
  test.each([
    ['a way out is there', { routeTables: inSubnets(anywhere('nat', 'nat-1')) }],
    ['a way out by another network', { routeTables: inSubnets(anywhere('transit-gateway', 'tgw-1')) }],
    ['route tables denied', { routeTables: denied() }],
    ['some of the tables unread', { routeTables: partly(inSubnets(), { why: 'failed' as const, detail: 'no' }) }],
    ['nothing outside was asked for', { routeTables: inSubnets(), consoleOutput: consoles(['i-1', 'i-2'], FAILED) }],
  ])('%s', (_, ill) => {
    const said = readable(cause, { ...unreached, ...ill });
    expect(said).toContain('their first start (cloud-init) failed');
    expect(said).toContain('fix what fails in the user data, and launch new hosts');
    expect(said).not.toMatch(/a way out: in|has no route|which is gone/);
  });
});

test('a way out by an endpoint of one service is none', () => {
  const endpoint = route('pl-1', { kind: 'gateway', id: 'vpce-1' });
  expect(readable(cause, { ...unreached, routeTables: inSubnets(endpoint) })).toContain(
    'has no route 0.0.0.0/0'.replace(/0\.0\.0\.0\/0/, '`0.0.0.0/0`'),
  );
});

describe('no first start is said to have failed', () => {
  test.each([
    ['a step failed, and nobody says that the whole did', { consoleOutput: consoles(['i-1', 'i-2'], PACKAGE) }],
    ['one of two tells of it', { consoleOutput: consoles(['i-1'], FAILED) }],
    ['no console tells', { consoleOutput: consoles(['i-1', 'i-2'], 'ready') }],
    ['consoles denied', { consoleOutput: denied() }],
    ['launched before what was read', { instances: ['i-1', 'i-2'].map((id) => instance(id)) }],
    ['healthy once', { targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': lately(20, 1) } }) }],
  ])('%s', (_, ill) => {
    const said = readable(cause, { ...unreached, ...ill });
    expect(said).toContain('Nothing listens on port `8080` of i-1 and i-2');
    expect(said).not.toMatch(/first start \(cloud-init\) failed|process ended/);
  });
});

describe('of hosts that took the place of others', () => {
  /** Launched at 14:05, 25 minutes ago; healthy targets by minute, until now. */
  const counted = (...last: readonly number[]) => ({
    ...unreached,
    targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': afterLevel(2, ...last) } }),
  });
  test.each([
    ['none was healthy since shortly before the launch', counted(...Array(27).fill(0)), true],
    ['the old ones left a while after the launch', counted(...Array(14).fill(0)), true],
    ['as many were healthy all the while', counted(), true],
    ['one more was healthy after the launch', counted(...Array(19).fill(3), ...Array(5).fill(0)), false],
    ['none was, and later one', counted(...Array(20).fill(0), 1, 0, 0, 0, 0), false],
  ])('%s', (_, ill, isFirst) => {
    const told = readable(cause, ill);
    expect(told.includes('their first start (cloud-init) failed')).toBe(isFirst);
    expect(told.includes('launch new hosts')).toBe(isFirst);
    if (isFirst) expect(told).not.toContain('start what should listen');
  });
});
