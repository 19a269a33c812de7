import { describe, expect, test } from 'vitest';
import { podCircumstances } from '../../../lambda/diagnose/circumstances/pods.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import { asString } from '../../../lambda/render/json.ts';
import {
  aSnapshot,
  denied,
  type Ill,
  lately,
  metrics,
  partly,
  target,
  targetGroup,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';

const told = (ill: Ill) => podCircumstances(aSnapshot(ill)).map(({ shows }) => asString(shows));

const nowhere = { why: 'partial' as const, detail: 'nobody holds them', ids: ['10.0.10.20', '10.0.10.21'] };
const silent = [unhealthy('10.0.10.20', 'Target.Timeout'), unhealthy('10.0.10.21', 'Target.Timeout')];
const gone: Ill = {
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: silent,
  targetInterfaces: partly([], nowhere),
};

test('targets at addresses that nobody holds are gone', () => {
  expect(told(gone)).toEqual([
    'No network interface holds 10.0.10.20 and 10.0.10.21, targets of web: what answered there is gone, and still registered',
  ]);
});

test.each<[string, Ill]>([
  ['tasks that run have them', { ...gone, ecsTasks: [task('t', { addresses: ['10.0.10.20', '10.0.10.21'] })] }],
  ['they could not be looked for', { ...gone, targetInterfaces: partly([], { ...nowhere, why: 'not-asked' }) }],
  ['interfaces are denied', { ...gone, targetInterfaces: denied('ec2:DescribeNetworkInterfaces') }],
  [
    'somebody refuses connections there',
    { ...gone, targetHealth: [unhealthy('10.0.10.20', 'Target.FailedHealthChecks')] },
  ],
  ['they are draining', { ...gone, targetHealth: [unhealthy('10.0.10.20', 'Target.Timeout', { state: 'draining' })] }],
])('targets are not called gone where %s', (_, ill) => {
  expect(told(ill)).toEqual([]);
});

describe('where no cause is found', () => {
  const failing: Ill = {
    ...gone,
    loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(9, 60), HTTPCode_ELB_5XX_Count: lately(9, 60) }),
  };
  const headline = (ill: Ill) => asString(diagnose(aSnapshot(ill), []).verdict.headline);

  test('the headline says that all targets are gone', () => {
    expect(headline(failing)).toBe(
      '540 requests answered 5xx since 2026-03-10T14:21:00Z (50 % of requests): no network interface holds the addresses of the targets of web',
    );
  });

  test.each<[string, Ill]>([
    ['one of them is there', { ...failing, targetHealth: [...silent, target('10.0.11.9')] }],
    ['where they are could not be seen', { ...failing, targetInterfaces: denied('ec2:DescribeNetworkInterfaces') }],
  ])('it does not where %s', (_, ill) => {
    expect(headline(ill)).toMatch(/no cause found in what could be seen$/);
  });
});
