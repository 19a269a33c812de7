import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/overload/cpu-credits-exhausted/cause.ts';
import type { Values } from '../../../lambda/incident/evidence.ts';
import {
  afterLevel,
  always,
  aRuleTo,
  denied,
  groupArn,
  groupMetrics,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

/** Errors from minute 171 of 180 on. */
const errors = (kind: 'ELB_504' | 'Target_5XX' = 'ELB_504'): Ill => ({
  loadBalancerMetrics: metrics({
    [`HTTPCode_${kind}_Count`]: lately(9, 40),
    ...(kind === 'ELB_504' ? { HTTPCode_ELB_5XX_Count: lately(9, 40) } : {}),
    'TargetResponseTime.p50': always(0.1),
    'TargetResponseTime.p99': always(0.2),
  }),
});
/** Every five minutes, as EC2 sends credits. */
const coarse = (before: number, minutes: number, value: number): Values =>
  always(before).map((each, minute) => (minute % 5 !== 0 ? null : minute >= 180 - minutes ? value : each));
/** t3.micro, unless said otherwise: its baseline is 10 %. */
const burst = (balance: Values, cpu: Values, surplus = always(0)): Ill => ({
  instanceMetrics: instanceMetrics(
    Object.fromEntries(
      ['i-1', 'i-2'].map((id) => [
        id,
        { CPUCreditBalance: balance, CPUUtilization: cpu, CPUSurplusCreditBalance: surplus },
      ]),
    ),
  ),
});
const spent = coarse(40, 15, 0);
const pinned = coarse(35, 15, 10);
const mode = (of: string): Ill => ({ creditModes: ['i-1', 'i-2'].map((instanceId) => ({ instanceId, mode: of })) });
const standard = { ...errors(), ...mode('standard') };
const ofType = (type: string): Ill => ({ instances: ['i-1', 'i-2'].map((id) => instance(id, { type })) });

test.each<[string, Ill, string]>([
  ['no credits, standard, at the baseline', { ...standard, ...burst(spent, pinned) }, 'found decisive'],
  ['the mode unseen', { ...errors(), creditModes: denied(), ...burst(spent, pinned) }, 'found strong'],
  ['unlimited: it pays', { ...errors(), ...mode('unlimited'), ...burst(spent, pinned) }, 'ruled-out'],
  ['it owes credits', { ...errors(), creditModes: denied(), ...burst(spent, pinned, always(3)) }, 'ruled-out'],
  ['a balance of 1', { ...standard, ...burst(coarse(40, 15, 1), pinned) }, 'found decisive'],
  ['a balance above 1', { ...standard, ...burst(coarse(40, 15, 1.1), pinned) }, 'ruled-out'],
  ['CPU well below the baseline', { ...standard, ...burst(spent, coarse(35, 15, 8.4)) }, 'ruled-out'],
  ['CPU just at it from below', { ...standard, ...burst(spent, coarse(35, 15, 8.5)) }, 'found decisive'],
  ['CPU just at it from above', { ...standard, ...burst(spent, coarse(35, 15, 12)) }, 'found decisive'],
  ['CPU above it', { ...standard, ...burst(spent, coarse(35, 15, 12.1)) }, 'ruled-out'],
  ['spent after the errors began', { ...standard, ...burst(coarse(40, 5, 0), pinned) }, 'found circumstantial'],
  ['throttled for an hour before', { ...standard, ...burst(coarse(40, 65, 0), coarse(35, 65, 10)) }, 'found decisive'],
  [
    'throttled for longer without an error',
    { ...standard, ...burst(coarse(40, 75, 0), coarse(35, 75, 10)) },
    'found circumstantial',
  ],
  ['no errors', { ...mode('standard'), ...burst(spent, coarse(10, 180, 10)) }, 'found circumstantial'],
  [
    'targets answer 5xx as fast as ever',
    { ...errors('Target_5XX'), ...mode('standard'), ...burst(spent, pinned) },
    'found circumstantial',
  ],
  [
    'another target fails, and has credits',
    {
      ...standard,
      targetHealth: [target('i-1'), unhealthy('i-2', 'Target.Timeout')],
      instanceMetrics: instanceMetrics({
        'i-1': { CPUCreditBalance: spent, CPUUtilization: pinned },
        'i-2': { CPUCreditBalance: always(50), CPUUtilization: always(5) },
      }),
    },
    'found circumstantial',
  ],
  ['the type unseen', { ...standard, instances: denied(), ...burst(spent, pinned) }, 'found circumstantial'],
  ['not burstable', { ...standard, ...ofType('m7i.large'), instanceMetrics: instanceMetrics({}) }, 'not-applicable'],
  ['no instance', { ...standard, targetHealth: [target('10.0.10.21')] }, 'not-applicable'],
  ['credits left', { ...standard, ...burst(always(40), pinned) }, 'ruled-out'],
  ['credits not sent', { ...standard, instanceMetrics: instanceMetrics({}) }, 'undetermined'],
  ['metrics denied', { ...standard, instanceMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('says which instances, since when, and how to lift the throttle', () => {
  const ill = { ...standard, ...burst(spent, pinned), targetHealth: [unhealthy('i-1', 'Target.Timeout')] };
  expect(readable(cause, ill)).toMatchInlineSnapshot(`
    "i-1 of web has spent its CPU credits and is throttled [decisive] since 2026-03-10T14:15:00Z
      because  \`CPUCreditBalance\` of i-1 at 0 from 14:15 on   [instanceMetrics]
      because  CPU of i-1 stays at 10 %, the baseline of \`t3.micro\`   [instanceMetrics]
      because  credit mode of i-1 is \`standard\`: no credits, no more than the baseline   [creditModes]
      because  errors began at 14:21   [loadBalancerMetrics]
      fix      set unlimited mode on i-1, to burst beyond the credits, which costs money
               aws ec2 modify-instance-credit-specification --instance-credit-specifications InstanceId=i-1,CpuCredits=unlimited --region us-east-1
         undo  aws ec2 modify-instance-credit-specification --instance-credit-specifications InstanceId=i-1,CpuCredits=standard --region us-east-1"
  `);
});

test('is judged by when its own group began to fail, where another did not answer before', () => {
  const other = groupArn('other');
  const answered = (...minutes: readonly number[]) => ({
    RequestCount: always(120),
    HTTPCode_Target_2XX_Count: afterLevel(120, ...minutes),
  });
  const later = (rest: Ill = {}): Ill => ({
    listenerRules: aRuleTo(TG, other),
    targetGroups: [targetGroup(), targetGroup('other')],
    loadBalancerMetrics: metrics({
      RequestCount: always(240),
      HTTPCode_ELB_502_Count: lately(25, 20),
      HTTPCode_ELB_504_Count: lately(9, 40),
      HTTPCode_ELB_5XX_Count: lately(25, 20).map((count, minute) => (minute < 171 ? count : 60)),
    }),
    targetGroupMetrics: groupMetrics({
      [TG]: answered(...Array(9).fill(80)),
      [other]: answered(...Array(25).fill(100)),
    }),
    ...mode('standard'),
    ...burst(spent, pinned),
    ...rest,
  });
  const told = readable(cause, later());
  expect(told).toContain('[decisive]');
  expect(told).toContain('errors of web began at 14:21');
  expect(readable(cause, later({ targetGroupMetrics: denied() }))).toContain('[circumstantial]');
});
