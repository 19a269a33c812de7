import { afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { type Aws, type AwsOptions, openAws } from '../../lambda/collect/aws.ts';
import type { Collector } from '../../lambda/collect/collector.ts';
import type { Evidence, EvidenceKey } from '../../lambda/incident/evidence.ts';
import type { Observed } from '../../lambda/incident/observed.ts';
import { aSnapshot, type Ill } from '../support/a-snapshot.ts';

let opened = 0;

/** A session in a Region of its own: nobody else's calls are on its limiter. */
export function anAws(options: Partial<AwsOptions> = {}): Aws {
  opened += 1;
  return openAws({ region: `test-${opened}`, budgetMs: 10_000, ...options });
}

/** In each test of the file, the clock goes on to whatever is waited for next: CloudTrail is asked twice a second only. */
export function skipWaits(): void {
  // What is loaded when it is first asked is read from the disk, which no clock hurries.
  beforeAll(() =>
    Promise.all([
      import('../../lambda/collect/services/sdk/auto-scaling.ts'),
      import('../../lambda/collect/services/sdk/ecs.ts'),
      import('../../lambda/collect/services/sdk/lambda.ts'),
      import('../../lambda/collect/services/sdk/waf.ts'),
    ]),
  );
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }).setTimerTickMode('nextTimerAsync');
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

/** What a collector answers, when everything it waits for is as in a healthy incident with these parts made ill. */
export async function read<Key extends EvidenceKey>(
  collector: Collector<Key>,
  ill: Ill = {},
  aws: Aws = anAws(),
): Promise<Observed<Evidence[Key]>> {
  const { question, evidence } = aSnapshot(ill);
  const before = aws.trace.sources().map(({ action }) => action);
  try {
    return await collector.collect(question, evidence, aws);
  } finally {
    const called = aws.trace.sources().map(({ action }) => action);
    // The policy allows what is declared, and nothing else.
    expect([...before, ...collector.actions]).toEqual(expect.arrayContaining(called));
  }
}

/** An error as the SDK throws it. */
export function refusal(name: string, message = '', status = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

export const accessDenied = refusal('AccessDenied', 'User is not authorized', 403);
export const throttling = refusal('Throttling', 'Rate exceeded');
