import { describe, expect, test } from 'vitest';
import {
  hostNameIn,
  InvalidInput,
  isOwnName,
  parseDuration,
  parseMoment,
  parseReference,
  regionOf,
} from '../../lambda/intake/index.ts';

const LB = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188';
const NET = LB.replace('/app/', '/net/');
const GROUP = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/73e2d6bc24d8a067';
const DNS = 'web-123.eu-central-1.elb.amazonaws.com';

describe('a load balancer', () => {
  test.each<[string, string, object]>([
    ['a name', 'web', { by: 'name', name: 'web' }],
    ['a name with blanks around it', ' My-Web1 ', { by: 'name', name: 'My-Web1' }],
    ['a name of one letter', 'w', { by: 'name', name: 'w' }],
    ['half a name, typed as far as its hyphen', 'web-', { by: 'name', name: 'web-' }],
    ['the longest name', 'w'.repeat(32), { by: 'name', name: 'w'.repeat(32) }],
    ['an ARN', LB, { by: 'arn', arn: LB }],
    ["another type's ARN", NET, { by: 'arn', arn: NET }],
    ["its listener's ARN", `${LB.replace(':loadbalancer/', ':listener/')}/f2f7dc8e`, { by: 'arn', arn: LB }],
    ["its rule's ARN", `${LB.replace(':loadbalancer/', ':listener-rule/')}/f2f7/9683`, { by: 'arn', arn: LB }],
    ["its target group's ARN", GROUP, { by: 'target-group', arn: GROUP }],
    ["CloudWatch's dimension", 'app/web/50dc6c495c0c9188', { by: 'name', name: 'web' }],
    ['a DNS name', DNS, { by: 'dns', dnsName: DNS }],
    ['an upper-case dualstack DNS name', `DualStack.${DNS.toUpperCase()}.`, { by: 'dns', dnsName: DNS }],
    ['an address copied from a browser', `https://${DNS}:8443/shop?x=1`, { by: 'dns', dnsName: DNS }],
    ['an internal one', `internal-${DNS}`, { by: 'dns', dnsName: `internal-${DNS}` }],
    ['a DNS name in China', `${DNS}.cn`, { by: 'dns', dnsName: `${DNS}.cn` }],
  ])('is named by %s', (_, text, expected) => expect(parseReference(text)).toEqual(expected));

  test.each([
    ['nothing', ''],
    ['a name too long by one', 'w'.repeat(33)],
    ['a name that begins with a hyphen', '-web'],
    ['two words', 'my web'],
    ["another service's ARN", 'arn:aws:s3:::bucket'],
    ['half an ARN', 'arn:aws:elasticloadbalancing'],
    ['a host of its own domain', 'shop.example.com'],
    ['a page of the console', 'https://eu-central-1.console.aws.amazon.com/ec2/home#LoadBalancer:loadBalancerArn=x'],
  ])('is not named by %s', (_, text) => {
    expect(() => parseReference(text)).toThrow(InvalidInput);
    expect(() => parseReference(text)).toThrow(/^expected a load balancer's name, ARN or DNS name/);
  });

  test.each<[string, string | null]>([
    [LB, 'eu-central-1'],
    [GROUP, 'eu-central-1'],
    [`internal-${DNS}`, 'eu-central-1'],
    ['x-1.us-gov-west-1.elb.amazonaws.com', 'us-gov-west-1'],
    ['tcp-0a1b2c.elb.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['web', null],
  ])('%s is in region %s', (text, region) => expect(regionOf(parseReference(text))).toBe(region));
});

describe('a name of the own domain', () => {
  test.each<[string, string | undefined]>([
    ['api.example.com', 'api.example.com'],
    ['https://API.Example.com:8443/basket?x=1', 'api.example.com'],
    ['dualstack.api.example.com.', 'api.example.com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['web', undefined],
    ['api..example.com', undefined],
    ['-api.example.com', undefined],
    [`${'a'.repeat(64)}.example.com`, undefined],
    [`${'a.'.repeat(130)}com`, undefined],
    ['api.example.com x', undefined],
    ['\u001B[31m.example.com', undefined],
  ])('%j is the host %s', (text, host) => expect(hostNameIn(text)).toBe(host));

  test.each([
    [DNS, true],
    [`internal-${DNS}.cn`, true],
    ['web-1.us-east-1.elb.localhost.localstack.cloud', true],
    ['elb.example.com', false],
    ['api.elb.example.com', false],
    [`${DNS}.example.com`, false],
  ])('%s is a name that AWS gave: %s', (host, own) => expect(isOwnName(host)).toBe(own));
});

describe('a length of time', () => {
  test.each([
    ['1m', 60],
    ['60s', 60],
    ['30m', 1800],
    ['2H', 7200],
    ['1h30m', 5400],
    ['24h', 86_400],
    ['7d', 604_800],
    ['6d24h', 604_800],
    ['1d', 86_400],
  ])('%s is %i s', (text, expected) => expect(parseDuration(text)).toBe(expected));

  test.each(['', '59s', '7d1s', '30', 'm', '-30m', '1.5h', '30 minutes', 30, null])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow('expected a length from 1m to 7d, such as 30m or 2h, found');
  });
});

describe('a moment', () => {
  test.each([
    ['2026-03-10T14:24:00Z', '2026-03-10T14:24:00Z'],
    ['2026-03-10T14:24Z', '2026-03-10T14:24:00Z'],
    ['2026-03-10T14:24:00.999z', '2026-03-10T14:24:00Z'],
    ['2026-03-10T14:24:00.431+0000', '2026-03-10T14:24:00Z'],
    ['2026-03-10T15:24:00+01:00', '2026-03-10T14:24:00Z'],
    ['2026-03-10T09:54:00-0430', '2026-03-10T14:24:00Z'],
    ['2026-03-10T15:24:00+01', '2026-03-10T14:24:00Z'],
  ])('%s is %s', (text, expected) => expect(parseMoment(text)).toBe(expected));

  test.each(['', 'yesterday', '14:24', '2026-03-10', '2026-03-10T14:24:00', '2026-13-10T14:24:00Z', 1773152640, null])(
    '%j is none',
    (text) => expect(() => parseMoment(text)).toThrow('expected an ISO 8601 time with its zone'),
  );
});
