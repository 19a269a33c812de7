import { expect, test } from 'vitest';
import type { Missing } from '../../lambda/incident/diagnosis.ts';
import { plainText } from '../../lambda/render/plain.ts';
import { whatIsMissing } from '../../lambda/render/story/unseen.ts';

const ACTION = 'elasticloadbalancing:DescribeTargetHealth';

/** What was not seen is said once, with the call that would have shown it. */
test.each<[Partial<Missing>, string]>([
  [{ why: 'denied', detail: `AWS denied ${ACTION} (AccessDenied)` }, `${ACTION} was denied.`],
  [
    { why: 'throttled', detail: `AWS throttled ${ACTION} (Throttling), retries included` },
    `AWS throttled ${ACTION} (Throttling), retries included.`,
  ],
  [{ why: 'timed-out', detail: `${ACTION} was not answered in time` }, `${ACTION} was not answered in time.`],
  [{ why: 'failed', detail: `${ACTION} failed (ServiceFault): sorry.` }, `${ACTION} failed (ServiceFault): sorry.`],
  [{ why: 'failed', detail: 'the network is down' }, `${ACTION} failed (the network is down).`],
  [{ why: 'throttled' }, `${ACTION} was throttled.`],
  [{ why: 'partial', detail: 'two pages are missing' }, 'two pages are missing.'],
])('%o', (missing, says) => {
  const said = whatIsMissing({ evidence: 'targetHealth', why: 'failed', action: ACTION, ...missing });
  expect(plainText(said, { today: '2026-03-10T14:30:00Z' })).toBe(`Target health: ${says}`);
});
