import { inOrder } from '../incident/evidence/order.ts';
import type { Evidence, EvidenceKey } from '../incident/evidence.ts';
import { type Observed, unseen } from '../incident/observed.ts';
import type { Question } from '../incident/question.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { Aws } from './aws.ts';
import type { Collector } from './collector.ts';
import { CallFailed } from './errors.ts';

export interface CollectedEvidence {
  readonly evidence: Partial<ObservedEvidence>;
  /** The longest chain of dependent calls. */
  readonly criticalPath: number;
}

/** For what only adorns, be it one call or several. */
const LITTLE_MS = 5_000;

interface Outcome {
  readonly observed: Observed<Evidence[EvidenceKey]>;
  readonly chain: number;
}

/**
 * Starts each collector as soon as what it is `after` is there. They are listed in such an order that none is after a
 * later one; of those that become ready together the first listed asks first. Never rejects.
 */
export async function schedule(
  collectors: readonly Collector[],
  question: Question,
  aws: Aws,
): Promise<CollectedEvidence> {
  const outcomes = new Map<EvidenceKey, Promise<Outcome>>();
  let done = 0;
  for (const collector of collectors) {
    const earlier = collector.after.map((key) => outcomes.get(key) ?? neverRead(key));
    outcomes.set(collector.key, run(collector, earlier));
  }
  const evidence: Partial<Record<EvidenceKey, Outcome['observed']>> = {};
  let criticalPath = 0;
  for (const [key, outcome] of outcomes) {
    const { observed, chain } = await outcome;
    evidence[key] = observed;
    criticalPath = Math.max(criticalPath, chain);
  }
  // The cast: a collector answers for its own key.
  return { evidence: evidence as Partial<ObservedEvidence>, criticalPath };

  async function run(collector: Collector, waitingFor: readonly Promise<Outcome>[]): Promise<Outcome> {
    const { key, after, worth } = collector;
    const ahead = aws.tracing(key);
    collector.ahead?.(question, ahead);
    const before = waitingFor.length === 0 ? [] : await Promise.all(waitingFor);
    const earlier = Object.fromEntries(after.map((name, index) => [name, before[index]?.observed]));
    tell(key, 'started');
    const own = aws.tracing(key, worth === 'much');
    const asked = worth === 'little' ? own.within(LITTLE_MS) : own;
    // The cast: a collector is typed to read nothing but what it is after.
    const answer = await answerOf(() => collector.collect(question, earlier as unknown as ObservedEvidence, asked));
    const observed = inOrder(key, answer);
    done += 1;
    tell(key, 'done');
    return {
      observed: { ...observed, source: [...observed.source, ...ahead.trace.sources(), ...own.trace.sources()] },
      chain: Math.max(ahead.trace.depth(), ...before.map(({ chain }) => chain)) + own.trace.depth(),
    };
  }

  function tell(evidence: EvidenceKey, is: 'started' | 'done'): void {
    aws.options.onEvidence?.({ evidence, is, done, of: collectors.length });
  }
}

async function answerOf(
  collect: () => Promise<Observed<Evidence[EvidenceKey]>>,
): Promise<Observed<Evidence[EvidenceKey]>> {
  try {
    return await collect();
  } catch (error) {
    if (error instanceof CallFailed) return unseen(error.why, error.message, error.action);
    return unseen('failed', `a defect of this program: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function neverRead(key: EvidenceKey): Promise<Outcome> {
  return Promise.resolve({ observed: unseen('not-asked', `${key} is not read`), chain: 0 });
}
