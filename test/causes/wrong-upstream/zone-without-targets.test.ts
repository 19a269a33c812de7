import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/wrong-upstream/zone-without-targets/cause.ts';
import { plusSeconds } from '../../../lambda/semantics/time/minutes.ts';
import { denied, instance, lately, metrics, NOW, TG, target, targetGroup } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const grid = { from: plusSeconds(NOW, -180 * 60), minutes: 180 };
const crossZone = (value: string) => ({
  targetGroupAttributes: { [TG]: { 'load_balancing.cross_zone.enabled': value } },
});
const off = crossZone('false');
const inA = (id: string, ill = {}) => target(id, { zone: 'us-east-1a', ...ill });
const inB = (id: string, ill = {}) => target(id, { zone: 'us-east-1b', ...ill });
const empty = { targetHealth: [inA('i-1'), inA('i-2')] };
const errors = {
  loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 60), HTTPCode_ELB_5XX_Count: lately(9, 60) }),
};
const byZone = (a: number, b: number) => ({
  zoneMetrics: {
    grid,
    of: [
      { id: 'us-east-1a', values: { HTTPCode_ELB_503_Count: lately(9, a) } },
      { id: 'us-east-1b', values: { HTTPCode_ELB_503_Count: lately(9, b) } },
    ],
  },
});
const whole = { ...off, ...empty, ...errors, ...byZone(0, 60) };

test.each([
  ['off, no target there, 503s there only', whole, 'found decisive'],
  ['nine in ten of the 503s come from there', { ...whole, ...byZone(10, 90) }, 'found decisive'],
  ['fewer: the other zone has them too', { ...whole, ...byZone(10, 89) }, 'found circumstantial'],
  ['503s, and nobody tells of which zone', { ...off, ...empty, ...errors }, 'found strong'],
  ['zones denied', { ...whole, zoneMetrics: denied('cloudwatch:GetMetricData') }, 'found strong'],
  ['no 503 at all', { ...off, ...empty }, 'found circumstantial'],
  [
    'the attribute was not read, and 503s come from there only',
    { ...whole, targetGroupAttributes: denied() },
    'found strong',
  ],
  ['the attribute was not read, and there is no 503', { ...empty, targetGroupAttributes: denied() }, 'undetermined'],
  ['cross-zone on', { ...whole, ...crossZone('true') }, 'not-applicable'],
  [
    'as the load balancer, where it is always on',
    { ...whole, ...crossZone('use_load_balancer_configuration') },
    'not-applicable',
  ],
  [
    'only a draining target there',
    { ...whole, targetHealth: [inA('i-1'), inB('i-2', { state: 'draining' })] },
    'found decisive',
  ],
  [
    'an unhealthy target there: it gets the requests all the same',
    { ...whole, targetHealth: [inA('i-1'), inB('i-2', { state: 'unhealthy' })] },
    'ruled-out',
  ],
  ['a target in each zone', { ...whole, targetHealth: [inA('i-1'), inB('i-2')] }, 'ruled-out'],
  [
    'an address outside the VPC, which all zones use',
    { ...whole, targetHealth: [inA('10.9.0.4', { zone: 'all' })] },
    'ruled-out',
  ],
  ['no target in any zone: another cause', { ...whole, targetHealth: [] }, 'ruled-out'],
  [
    'the zone of a target is told by its instance',
    { ...whole, targetHealth: [inA('i-1'), target('i-2', { zone: null })] },
    'ruled-out',
  ],
  [
    'the zone of a target is not known',
    { ...whole, targetHealth: [inA('i-1'), target('i-9', { zone: null })] },
    'undetermined',
  ],
  ['the group gets no requests', { ...whole, listenerRules: [] }, 'not-applicable'],
  ['a Lambda function', { ...whole, targetGroups: [targetGroup('web', { targetType: 'lambda' })] }, 'not-applicable'],
  ['health denied', { ...whole, targetHealth: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which zone, how many targets are where, and how to share them', () => {
  expect(readable(cause, { ...whole, instances: [instance('i-1')] })).toMatchInlineSnapshot(`
    "web has no target in \`us-east-1b\`, and cross-zone load balancing is off [decisive]
      because  usable targets of web: 2 in \`us-east-1a\` and none in \`us-east-1b\`   [targetHealth]
      because  \`load_balancing.cross_zone.enabled\` is \`false\`   [targetGroupAttributes]
      because  540 requests answered \`503\` in \`us-east-1b\` since 14:21, none in other zones   [zoneMetrics]
      fix      turn on cross-zone load balancing, so that every zone uses the targets of all zones
               aws elbv2 modify-target-group-attributes --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --attributes Key=load_balancing.cross_zone.enabled,Value=true --region us-east-1
         undo  aws elbv2 modify-target-group-attributes --target-group-arn arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067 --attributes Key=load_balancing.cross_zone.enabled,Value=false --region us-east-1
      fix      register targets in \`us-east-1b\`, or remove the zone from the load balancer"
  `);
});
