import { expect, test } from 'vitest';
import type { CauseId } from '../../lambda/incident/cause.ts';
import type { Missing } from '../../lambda/incident/diagnosis.ts';
import { plainText } from '../../lambda/render/plain.ts';
import { unseenBlocks, whatIsMissing } from '../../lambda/render/story/unseen.ts';
import { quiet } from './diagnoses.ts';

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

const refused = (evidence: Missing['evidence'], action: string): Missing => ({ evidence, why: 'denied', action });

/** What a reader has to do is one line for each call, whatever waits for the whole of it or for a part. */
test.each<[string, readonly [CauseId, Missing][], readonly string[]]>([
  [
    'a part of what a refused call shows waits for that call',
    [
      ['stale-targets', refused('changes', 'cloudtrail:LookupEvents')],
      ['disk-full', { evidence: 'changes', why: 'partial', detail: 'which targets left was only partly seen' }],
      ['cpu-saturated', { ...refused('changes', 'cloudtrail:LookupEvents'), ids: ['i-1'] }],
    ],
    ['Changes: cloudtrail:LookupEvents was denied. So not judged: stale-targets, disk-full and cpu-saturated.'],
  ],
  [
    'what a call that answered does not show has a reason of its own',
    [
      ['stale-targets', refused('changes', 'cloudtrail:LookupEvents')],
      ['disk-full', { evidence: 'instanceMetrics', why: 'partial', detail: 'no agent reports it' }],
    ],
    [
      'Changes: cloudtrail:LookupEvents was denied. So not judged: stale-targets.',
      'Instance metrics: no agent reports it. So not judged: disk-full.',
    ],
  ],
  [
    'what was refused of one instance hides no other gap of other instances',
    [
      ['stale-targets', { ...refused('instances', 'ec2:DescribeInstances'), ids: ['i-1'] }],
      ['disk-full', { evidence: 'instances', why: 'partial', detail: 'two pages are missing', ids: ['i-2'] }],
    ],
    [
      'Instances (i-1): ec2:DescribeInstances was denied. So not judged: stale-targets.',
      'Instances (i-2): two pages are missing. So not judged: disk-full.',
    ],
  ],
])('%s', (_, missing, says) => {
  const undetermined = missing.map(([cause, one]) => ({ cause, missing: [one] as const }));
  const blocks = unseenBlocks({ ...quiet, undetermined, verdict: { ...quiet.verdict, status: 'inconclusive' } });
  const told = blocks.flatMap((block) =>
    block.is === 'item' ? [plainText(block.what, { today: quiet.collectedAt })] : [],
  );
  expect(told).toEqual(says);
});
