import { expect, test } from 'vitest';
import cause from '../../../lambda/causes/load-balancer/target-optimizer-rejecting/cause.ts';
import { always, between, denied, type Ill, lately, metrics } from '../../support/a-snapshot.ts';
import { outcome, readable } from '../../support/judged.ts';

const errors = (status: '502' | '503' | '504', more = {}): Ill => ({
  loadBalancerMetrics: metrics({
    [`HTTPCode_ELB_${status}_Count`]: lately(9, 40),
    HTTPCode_ELB_5XX_Count: lately(9, 40),
    TargetControlActiveChannelCount: always(10),
    ...more,
  }),
});

test.each<[string, Ill, string]>([
  ['as many rejections as 503s', errors('503', { TargetControlRequestRejectCount: lately(9, 40) }), 'found strong'],
  ['half as many', errors('503', { TargetControlRequestRejectCount: lately(9, 20) }), 'found strong'],
  [
    'fewer than half as many',
    errors('503', { TargetControlRequestRejectCount: lately(9, 19) }),
    'found circumstantial',
  ],
  ['rejections all the time', errors('503', { TargetControlRequestRejectCount: always(40) }), 'ruled-out'],
  [
    'rejections before the errors only',
    errors('503', { TargetControlRequestRejectCount: between(60, 30, 40) }),
    'ruled-out',
  ],
  [
    'rejections, and errors of another code',
    errors('502', { TargetControlRequestRejectCount: lately(9, 40) }),
    'ruled-out',
  ],
  ['agents close connections', errors('502', { TargetControlChannelErrorCount: lately(9, 40) }), 'found strong'],
  ['agents cannot be reached', errors('504', { TargetControlChannelErrorCount: lately(9, 40) }), 'found strong'],
  ['agents are well', errors('503'), 'ruled-out'],
  ['no errors', { loadBalancerMetrics: metrics({ TargetControlActiveChannelCount: always(10) }) }, 'ruled-out'],
  [
    'target optimizer is not in use',
    { loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 40) }) },
    'not-applicable',
  ],
  ['metrics denied', { loadBalancerMetrics: denied() }, 'undetermined'],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('tells back-pressure from agents that are down', () => {
  const rejects = { TargetControlRequestRejectCount: lately(9, 40) };
  expect(readable(cause, errors('503', rejects))).toMatchInlineSnapshot(`
    "Target optimizer rejects requests: no target is ready for another one [strong] since 2026-03-10T14:21:00Z
      because  \`TargetControlRequestRejectCount\`: 360 from 14:21 on, against 360 requests answered \`503\`   [loadBalancerMetrics]
      fix      add targets, or raise the concurrency that their agents allow if the targets can handle it
      look     see what changed in the hour before
               aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --start-time 2026-03-10T13:21:00Z --end-time 2026-03-10T14:22:00Z --max-items 50 --region us-east-1"
  `);
  const fewer = [...always(10).slice(0, 171), ...Array(9).fill(6)];
  expect(readable(cause, errors('503', { ...rejects, TargetControlActiveChannelCount: fewer }))).toContain(
    '`TargetControlActiveChannelCount`: 6, against 10 in the hour before: agents are down',
  );
});
