import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../../lambda/causes/index.ts';
import cause from '../../../lambda/causes/network-block/no-way-in/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import type { Evidence, Route, SecurityGroupRule } from '../../../lambda/incident/evidence.ts';
import { asString } from '../../../lambda/render/json.ts';
import {
  always,
  aSnapshot,
  between,
  denied,
  type Ill,
  ingress,
  LB,
  lately,
  metrics,
  partly,
  route,
  routeTable,
  securityGroup,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const PUBLIC = ['subnet-public-a', 'subnet-public-b'];
const igw = route('0.0.0.0/0', { kind: 'internet-gateway', id: 'igw-1' });
const nat = route('0.0.0.0/0', { kind: 'nat', id: 'nat-1' });
const until = (minutes: number) => ({
  loadBalancerMetrics: metrics({
    RequestCount: between(180, minutes, 120),
    HTTPCode_Target_2XX_Count: between(180, minutes, 120),
  }),
});
const never = { loadBalancerMetrics: metrics({ RequestCount: [] }) };
const routes = (...own: Route[]): Ill => ({
  routeTables: [routeTable('rtb-lb', PUBLIC, own), routeTable('rtb-main', [])],
});
const cut: Ill = { ...routes(nat), ...until(30) };
const oneOfTwo: Ill = {
  routeTables: [routeTable('rtb-a', ['subnet-public-a'], [igw]), routeTable('rtb-main', [], [nat])],
};
const balancer = (ill: Partial<Evidence['loadBalancer']>) => ({
  loadBalancer: {
    ...{ arn: LB, name: 'web', dnsName: 'web.elb.amazonaws.com', scheme: 'internet-facing', ipAddressType: 'ipv4' },
    ...{ vpcId: 'vpc-1', state: { code: 'active', reason: null }, securityGroupIds: ['sg-alb'] },
    zones: PUBLIC.map((subnetId, index) => ({ zone: index === 0 ? 'us-east-1a' : 'us-east-1b', subnetId })),
    createdAt: '2026-02-08T14:30:00Z',
    ...ill,
  },
});

describe('subnets without a route to an internet gateway', () => {
  test.each<[string, Ill, string]>([
    ['all of them, and no request for half an hour', cut, 'found strong'],
    ['ten minutes without a request', { ...cut, ...until(12) }, 'found strong'],
    ['nine', { ...cut, ...until(10) }, 'found circumstantial'],
    ['requests in the newest minutes', { ...cut, ...until(4) }, 'ruled-out'],
    ['never any request', { ...cut, ...never }, 'found strong'],
    ['requests unseen', { ...cut, loadBalancerMetrics: denied() }, 'found circumstantial'],
    [
      'requests seen in part',
      {
        ...cut,
        loadBalancerMetrics: partly(metrics({ RequestCount: [] }), {
          why: 'failed',
          detail: 'x',
          ids: ['RequestCount'],
        }),
      },
      'found circumstantial',
    ],
    ['one of two', oneOfTwo, 'found circumstantial'],
    ['a blackhole', { ...routes({ ...igw, state: 'blackhole' }), ...until(30) }, 'found strong'],
    [
      'a gateway that lets nobody in',
      { ...routes(route('::/0', { kind: 'internet-gateway', id: 'eigw-1' })), ...until(30) },
      'found strong',
    ],
    [
      'a gateway endpoint of S3 beside it',
      { ...routes(nat, route('pl-63a5400a', { kind: 'gateway', id: 'vpce-1' })), ...until(30) },
      'found strong',
    ],
    [
      'a firewall that may lead on',
      { ...routes(route('0.0.0.0/0', { kind: 'gateway', id: 'vpce-1' })), ...until(30) },
      'ruled-out',
    ],
    [
      'a gateway for some ranges',
      { ...routes(nat, { ...igw, destination: '203.0.113.0/24' }), ...until(30) },
      'ruled-out',
    ],
    [
      'the main table, as none names them',
      { routeTables: [routeTable('rtb-main', [], [nat])], ...until(30) },
      'found strong',
    ],
    ['a gateway in the main table', { routeTables: [routeTable('rtb-main', [], [igw])], ...until(30) }, 'ruled-out'],
    [
      'no main table was read',
      { routeTables: [routeTable('rtb-x', ['subnet-x'], [nat])], ...until(30) },
      'undetermined',
    ],
    ['an internal load balancer', { ...cut, ...balancer({ scheme: 'internal' }) }, 'not-applicable'],
    ['route tables denied', { ...cut, routeTables: denied() }, 'undetermined'],
    ['all is well', {}, 'ruled-out'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('says what is wrong, and moves what was made in private subnets', () => {
    expect(
      readable(cause, {
        ...balancer({
          zones: [
            { zone: 'us-east-1a', subnetId: 'subnet-app-a' },
            { zone: 'us-east-1b', subnetId: 'subnet-app-b' },
          ],
        }),
        routeTables: [routeTable('rtb-public', PUBLIC, [igw]), routeTable('rtb-main', [], [nat])],
        ...never,
      }),
    ).toMatchInlineSnapshot(`
      "web is internet-facing, and none of its subnets has a route to an internet gateway; no request was counted in the 3 h that were read [strong]
        because  route table rtb-main (the main table) of subnet-app-a (\`us-east-1a\`) and subnet-app-b (\`us-east-1b\`): 0.0.0.0/0 leads to nat-1   [routeTables]
        because  no request was counted in the 3 h that were read   [loadBalancerMetrics]
        fix      move the load balancer to subnet-public-a and subnet-public-b, subnets of the same zones with a route to the internet gateway
                 aws elbv2 set-subnets --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --subnets subnet-public-a subnet-public-b --region us-east-1
           undo  aws elbv2 set-subnets --load-balancer-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --subnets subnet-app-a subnet-app-b --region us-east-1
        look     see which subnets of vpc-1 have a route to an internet gateway
                 aws ec2 describe-route-tables --filters Name=vpc-id,Values=vpc-1 --region us-east-1"
    `);
  });

  test('gives a table its default route only where it has none', () => {
    const others = routeTable('rtb-other', ['subnet-other'], [igw]);
    const lost = readable(cause, { routeTables: [routeTable('rtb-lb', PUBLIC), others], ...until(30) });
    expect(lost).toContain(
      'create-route --route-table-id rtb-lb --destination-cidr-block 0.0.0.0/0 --gateway-id igw-1',
    );
    expect(lost).toContain('undo  aws ec2 delete-route --route-table-id rtb-lb --destination-cidr-block 0.0.0.0/0');
    expect(readable(cause, { routeTables: [routeTable('rtb-lb', PUBLIC, [nat]), others], ...until(30) })).not.toMatch(
      /create-route|replace-route/,
    );
  });

  test('says the share of the zones', () => {
    expect(readable(cause, oneOfTwo)).toContain('its subnet in `us-east-1b` (1 of 2 zones) has no route');
  });
});

describe('security groups that admit nobody', () => {
  const groups = (...rules: SecurityGroupRule[]): Ill => ({
    securityGroups: [securityGroup('sg-alb', rules)],
    ...until(30),
  });
  const anywhere = { cidr: '0.0.0.0/0' };
  test.each<[string, Ill, string]>([
    ['no rule', groups(), 'found strong'],
    ['another port', groups(ingress('tcp', 443, 443, anywhere)), 'found strong'],
    ['the port', groups(ingress('tcp', 80, 80, anywhere)), 'ruled-out'],
    ['a range that holds the port', groups(ingress('tcp', 1, 1024, anywhere)), 'ruled-out'],
    ['private ranges only', groups(ingress('tcp', 80, 80, { cidr: '10.0.0.0/8' })), 'found strong'],
    ['a public range', groups(ingress('tcp', 80, 80, { cidr: '203.0.113.0/24' })), 'ruled-out'],
    ['a prefix list', groups({ ...ingress('tcp', 80, 80, {}), prefixListIds: ['pl-1'] }), 'ruled-out'],
    ['requests all the same', { ...groups(), loadBalancerMetrics: metrics() }, 'ruled-out'],
    ['a group unread', { ...groups(), securityGroups: [securityGroup('sg-x', [])] }, 'undetermined'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('says what is wrong, and opens nothing', () => {
    expect(readable(cause, groups(ingress('tcp', 443, 443, anywhere)))).toMatchInlineSnapshot(`
      "web is internet-facing, and its security groups allow no inbound traffic from the internet on port \`80\`; no request was counted since 14:00 [strong]
        because  sg-alb has no inbound rule for port \`80\` that names a public range   [securityGroups]
        because  no request was counted since 14:00   [loadBalancerMetrics]
        fix      allow inbound traffic from your clients on port \`80\` in sg-alb: only you know their address ranges"
    `);
  });
});

describe('what is concluded', () => {
  const concluded = (ill: Ill) => {
    const { verdict, findings } = diagnose(aSnapshot(ill), CAUSES);
    return { ...verdict, headline: asString(verdict.headline), first: findings[0] };
  };

  test('is quiet, and what keeps clients out keeps its strength', () => {
    const { status, cause: id, headline, first } = concluded({ ...cut, ...until(20) });
    expect([status, id, first?.cause, first?.strength]).toEqual(['quiet', null, 'no-way-in', 'strong']);
    expect(headline).toContain('none of its subnets has a route to an internet gateway; no request was counted since');
    expect(headline).not.toMatch(/no outage|does not come from/);
  });

  test('is said where no request ever came', () => {
    const { status, headline } = concluded({ ...cut, ...never });
    expect(status).toBe('inconclusive');
    expect(headline).toMatch(/^web is internet-facing, .*; no request was counted in the 3 h that were read$/);
  });

  test('is told after what makes 5xx, where a part of the zones is cut off', () => {
    const errors = { HTTPCode_ELB_503_Count: lately(9, 60), HTTPCode_ELB_5XX_Count: lately(9, 60) };
    const ill = {
      ...oneOfTwo,
      targetHealth: [],
      loadBalancerMetrics: metrics({ ...errors, RequestCount: always(60) }),
    };
    const { status, cause: id } = concluded(ill);
    expect([status, id]).toEqual(['identified', 'no-registered-targets']);
  });
});
