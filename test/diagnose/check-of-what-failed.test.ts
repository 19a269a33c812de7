import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import {
  always,
  aSnapshot,
  between,
  type Ill,
  instanceMetrics,
  lately,
  metrics,
  TG,
  target,
  unhealthy,
} from '../support/a-snapshot.ts';

/** CPU at its limit from before the errors. */
const busy = (kind: 'HTTPCode_ELB_504_Count' | 'HTTPCode_Target_5XX_Count', ill: Ill = {}): Ill => ({
  loadBalancerMetrics: metrics({
    [kind]: lately(9, 40),
    ...(kind === 'HTTPCode_ELB_504_Count' ? { HTTPCode_ELB_5XX_Count: lately(9, 40) } : {}),
  }),
  instanceMetrics: instanceMetrics({
    'i-1': { CPUUtilization: lately(11, 99), StatusCheckFailed: always(0) },
    'i-2': { CPUUtilization: lately(11, 99), StatusCheckFailed: always(0) },
  }),
  ...ill,
});

const verified = (ill: Ill) => {
  const diagnosis = diagnose(aSnapshot(ill), CAUSES);
  const finding = diagnosis.findings.find(({ cause }) => cause === 'cpu-saturated');
  return {
    verify: finding?.fixes.find(({ verify }) => verify !== null)?.verify?.join(' '),
    mail: renderEmail(diagnosis),
  };
};

test.each([
  ['HTTPCode_ELB_504_Count', 'HTTPCode_ELB_504_Count'],
  ['HTTPCode_Target_5XX_Count', 'HTTPCode_Target_5XX_Count'],
] as const)('where all targets were well all the while, %s is counted', (kind, metric) => {
  const { verify } = verified(busy(kind));
  expect(verify).toContain(`get-metric-statistics --namespace AWS/ApplicationELB --metric-name ${metric} `);
  expect(verify).toContain(' --start-time 2026-03-10T14:30:00Z --end-time 2026-03-10T15:30:00Z ');
  expect(verify).not.toContain('describe-target-health');
});

test('where one is ill, its group is looked at', () => {
  const ill = { targetHealth: [unhealthy('i-1', 'Target.Timeout'), target('i-2')] };
  expect(verified(busy('HTTPCode_ELB_504_Count', ill)).verify).toContain(
    `describe-target-health --target-group-arn ${TG} `,
  );
});

test('what the load balancer itself refuses is told beside the 5xx where it rose, and only there', () => {
  const refusing = (values: ReturnType<typeof lately>) => {
    const errors = { HTTPCode_ELB_504_Count: lately(9, 40), HTTPCode_ELB_5XX_Count: lately(9, 40) };
    const loadBalancerMetrics = metrics({ ...errors, HTTPCode_ELB_4XX_Count: values });
    return renderEmail(diagnose(aSnapshot({ loadBalancerMetrics }), CAUSES)).replace(/\s+/g, ' ');
  };
  const rose = lately(9, 60).map((value) => value ?? 0);
  expect(refusing(rose)).toMatch(
    /(?:fail|failed) \(504\) [^.]*\. In addition, the load balancer itself answered 480 requests with 4xx since 14:21 UTC: \d+ % of all that reached it since then, against none before\./,
  );
  expect(refusing(always(60))).not.toContain('Besides,');
  expect(refusing(between(180, 20, 60).map((value) => value ?? 0))).not.toContain('Besides,');
});
