import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/load-balancer/load-balancer-not-active/cause.ts';
import { aSnapshot, denied, type Ill, lately, metrics } from '../../support/a-snapshot.ts';
import { foundFirst, outcome, readable } from '../../support/judged.ts';

const healthy = aSnapshot().evidence.loadBalancer;
if (!healthy.seen) throw new Error('the healthy snapshot has a load balancer');
const state = (code: string, reason: string | null = null, createdAt: string | null = '2026-03-10T14:25:00Z'): Ill => ({
  loadBalancer: { ...healthy.value, state: { code, reason }, createdAt },
});
const late = { at: '2026-03-10T14:30:00Z', readAt: '2026-03-10T14:41:00Z' };

test.each<[string, Ill, string]>([
  ['failed', state('failed'), 'found decisive'],
  ['provisioning', state('provisioning'), 'found decisive'],
  ['active', state('active'), 'ruled-out'],
  ['short of resources, but routing', state('active_impaired'), 'ruled-out'],
  [
    'provisioning, read much later, but made before the errors',
    { ...state('provisioning'), ...late },
    'found decisive',
  ],
  ['failed, read much later', { ...state('failed'), ...late }, 'found circumstantial'],
  ['active, read much later', { ...state('active'), ...late }, 'undetermined'],
  ['denied', { loadBalancer: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('repeats the reason that AWS gives', () => {
  expect(readable(cause, state('failed', 'Insufficient addresses'))).toMatchInlineSnapshot(`
    "web is not active: its state is \`failed\` [circumstantial]
      because  state \`failed\`, created at 14:25: "Insufficient addresses"   [loadBalancer]
      fix      create it again: a load balancer in state failed does not recover
      look     see how it was created, and what AWS answered
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=CreateLoadBalancer --start-time 2026-03-10T13:25:00Z --region us-east-1"
  `);
});

test('offers to wait for one that is being set up', () => {
  expect(readable(cause, state('provisioning'))).toMatchInlineSnapshot(`
    "web is not active: its state is \`provisioning\` [circumstantial] since 2026-03-10T14:25:00Z
      because  state \`provisioning\`, created at 14:25   [loadBalancer]
      look     wait until it is active; send traffic elsewhere in the meantime
               aws elbv2 wait load-balancer-available --load-balancer-arns arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188 --region us-east-1"
  `);
});

test('is told first where all requests fail since it was made', () => {
  const failing = metrics({ HTTPCode_ELB_5XX_Count: lately(5, 60), HTTPCode_ELB_503_Count: lately(5, 60) });
  expect(foundFirst({ ...state('failed'), loadBalancerMetrics: failing })).toBe('load-balancer-not-active');
});
