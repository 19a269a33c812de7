import { describe, expect, test } from 'vitest';
import type { Instance, NetworkInterface, Target } from '../../../lambda/incident/evidence.ts';
import { targetEndpointsIn } from '../../../lambda/semantics/network/target-endpoint.ts';
import { subnet } from './parts.ts';

const target = (id: string, ill: Partial<Target> = {}): Target => ({
  targetGroup: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef',
  id,
  port: 8080,
  zone: 'eu-west-1a',
  healthCheckPort: 8080,
  state: 'unhealthy',
  reason: 'Target.Timeout',
  description: null,
  anomalous: false,
  override: null,
  ...ill,
});

const eni = (id: string, ill: Partial<NetworkInterface> = {}): NetworkInterface => ({
  id,
  description: '',
  subnetId: 'subnet-t',
  vpcId: 'vpc-1',
  zone: 'eu-west-1a',
  addresses: ['10.0.10.5'],
  prefixes: [],
  securityGroupIds: ['sg-app'],
  instanceId: null,
  tags: {},
  ...ill,
});

const INSTANCE: Instance = {
  id: 'i-1',
  state: 'running',
  stateReason: null,
  stateSince: null,
  launchedAt: null,
  type: 'm7g.large',
  zone: 'eu-west-1a',
  subnetId: 'subnet-t',
  vpcId: 'vpc-1',
  spot: false,
  primaryAddress: '10.0.10.5',
  primarySecurityGroupIds: ['sg-app'],
  interfaces: [
    eni('eni-2', { addresses: ['10.0.10.6'], securityGroupIds: ['sg-other'] }),
    eni('eni-1', { prefixes: ['10.0.10.64/28'] }),
  ],
  tags: {},
};

const SUBNETS = [subnet('subnet-t', '10.0.10.0/24', 'eu-west-1a', ['2001:db8:0:10::/64'])];
const end = (one: Target, interfaces: readonly NetworkInterface[] = []) =>
  targetEndpointsIn([INSTANCE], interfaces, SUBNETS)(one);

describe('where a target meets the network', () => {
  test('an instance, at its primary interface, whatever else it carries', () =>
    expect(end(target('i-1'))).toEqual({
      itself: { kind: 'instance', id: 'i-1' },
      address: '10.0.10.5',
      family: 'ipv4',
      subnetId: 'subnet-t',
      zone: 'eu-west-1a',
      interfaceId: 'eni-1',
      securityGroupIds: ['sg-app'],
      outsideVpc: false,
      isAnothers: false,
    }));

  test.each([
    ['an instance that was not seen', target('i-2'), [], { address: null, subnetId: null, securityGroupIds: null }],
    [
      'an address on an interface',
      target('10.0.10.7'),
      [eni('eni-7', { addresses: ['10.0.10.9', '10.0.10.7'] })],
      { interfaceId: 'eni-7', subnetId: 'subnet-t', securityGroupIds: ['sg-app'] },
    ],
    [
      'an address on a second interface of an instance',
      target('10.0.10.6'),
      [],
      { interfaceId: 'eni-2', securityGroupIds: ['sg-other'] },
    ],
    ['a pod inside a prefix', target('10.0.10.70'), [], { interfaceId: 'eni-1', securityGroupIds: ['sg-app'] }],
    [
      'a pod just outside the prefix',
      target('10.0.10.80'),
      [],
      { interfaceId: null, subnetId: 'subnet-t', securityGroupIds: null },
    ],
    [
      'an IPv6 address, however it is written',
      target('2001:db8:0:10:0:0:0:5'),
      [eni('eni-6', { addresses: ['10.0.10.9', '2001:db8:0:10::5'] })],
      { family: 'ipv6', interfaceId: 'eni-6' },
    ],
    [
      'an address that a strange VPC holds too',
      target('10.0.10.7'),
      [eni('eni-x', { addresses: ['10.0.10.7'], vpcId: 'vpc-2' })],
      { interfaceId: null, securityGroupIds: null },
    ],
    [
      'an address outside the VPC',
      target('192.168.1.1', { zone: 'all' }),
      [eni('eni-x', { addresses: ['192.168.1.1'], vpcId: 'vpc-2' })],
      { outsideVpc: true, subnetId: null, securityGroupIds: null },
    ],
    [
      'an address in no subnet that was seen',
      target('10.0.99.1'),
      [],
      { outsideVpc: false, isAnothers: false, subnetId: null, securityGroupIds: null },
    ],
  ])('%s', (_, one, interfaces, expected) => expect(end(one, interfaces)).toMatchObject(expected));

  test('a Lambda function nowhere', () =>
    expect(end(target('arn:aws:lambda:eu-west-1:111122223333:function:f'))).toBeUndefined());
});
