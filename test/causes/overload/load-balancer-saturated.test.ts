import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/overload/load-balancer-saturated/cause.ts';
import { always, aSnapshot, between, denied, type Ill, lately, metrics, newest } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const { loadBalancer, subnets } = aSnapshot().evidence;
if (!loadBalancer.seen || !subnets.seen) throw new Error('the healthy snapshot is seen');
const impaired = { loadBalancer: { ...loadBalancer.value, state: { code: 'active_impaired', reason: null } } };
const errors = (more = {}): Ill => ({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_503_Count: lately(9, 100),
    HTTPCode_ELB_5XX_Count: lately(9, 100),
    ...more,
  }),
});

test.each<[string, Ill, string]>([
  ['AWS calls it impaired', { ...errors(), ...impaired }, 'found decisive'],
  [
    'connections are rejected as the errors begin',
    errors({ RejectedConnectionCount: lately(9, 50) }),
    'found decisive',
  ],
  ['a tenth as many as errors', errors({ RejectedConnectionCount: lately(9, 10) }), 'found decisive'],
  ['fewer', errors({ RejectedConnectionCount: lately(9, 9) }), 'found circumstantial'],
  ['as many rejected all the time', errors({ RejectedConnectionCount: always(50) }), 'ruled-out'],
  ['rejected an hour before, not now', errors({ RejectedConnectionCount: between(90, 60, 50) }), 'ruled-out'],
  ['at full capacity from the onset', errors({ CapacityUtilization: lately(9, 100) }), 'found strong'],
  ['just below it', errors({ CapacityUtilization: lately(9, 99) }), 'ruled-out'],
  ['at full capacity for three minutes', errors({ CapacityUtilization: between(9, 6, 100) }), 'found strong'],
  ['for two', errors({ CapacityUtilization: between(9, 7, 100) }), 'ruled-out'],
  [
    'at full capacity for an hour and more without errors',
    errors({ CapacityUtilization: lately(75, 100) }),
    'ruled-out',
  ],
  ['all is well', {}, 'ruled-out'],
  [
    'its state denied',
    { ...errors({ RejectedConnectionCount: lately(9, 50) }), loadBalancer: denied() },
    'undetermined',
  ],
  ['metrics denied', { loadBalancerMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('leaves it to the engine to see that connections were rejected only after the errors began', () => {
  expect(readable(cause, errors({ RejectedConnectionCount: newest(900, 900) }))).toMatch(
    /\[circumstantial\] since 2026-03-10T14:28/,
  );
});

test('names the subnets without room', () => {
  const full = subnets.value.map((subnet) => ({
    ...subnet,
    availableAddresses: subnet.id === 'subnet-public-a' ? 7 : 8,
  }));
  expect(readable(cause, { ...errors(), ...impaired, subnets: full })).toMatchInlineSnapshot(`
    "web lacks the resources to grow with its traffic [decisive]
      because  its state is \`active_impaired\`   [loadBalancer]
      because  free addresses in its subnets, of 8 that it needs: subnet-public-a has 7   [subnets]
      fix      free addresses in those subnets, or reserve peak capacity with aws elbv2 modify-capacity-reservation, which costs money while it lasts
      look     see how many addresses are free in its subnets
               aws ec2 describe-subnets --subnet-ids subnet-public-a subnet-public-b --region us-east-1"
  `);
});
