import { inOrder } from '../incident/evidence/order.ts';
import type { Evidence, EvidenceKey } from '../incident/evidence.ts';
import { type Observed, unseen } from '../incident/observed.ts';
import type { Question } from '../incident/question.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import type { Aws } from './aws.ts';
import type { Ahead, Collector } from './collector.ts';
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
  const those = (keys: readonly EvidenceKey[]) => keys.map((key) => outcomes.get(key) ?? neverRead(key));
  for (const collector of collectors) outcomes.set(collector.key, run(collector, those(collector.after)));
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
    const steps = (collector.ahead ?? []).map((step) => askedAhead(step, those(step.after), aws.tracing(key)));
    const before = waitingFor.length === 0 ? [] : await Promise.all(waitingFor);
    tell(key, 'started');
    const own = aws.tracing(key, worth === 'much');
    const asked = worth === 'little' ? own.within(LITTLE_MS) : own;
    const answer = await answerOf(() => collector.collect(question, named(after, before), asked));
    const observed = inOrder(key, answer);
    done += 1;
    tell(key, 'done');
    return {
      observed: {
        ...observed,
        source: [...observed.source, ...steps.flatMap(({ trace }) => trace.sources()), ...own.trace.sources()],
      },
      chain: Math.max(longest(before), ...steps.map(({ chain }) => chain())) + own.trace.depth(),
    };
  }

  /** Of the step, how long the chain is by now. */
  function askedAhead({ after, ask }: Ahead, waitingFor: readonly Promise<Outcome>[], own: Aws) {
    let before = 0;
    const start = (outcomes: readonly Outcome[]) => {
      before = longest(outcomes);
      ask(question, named(after, outcomes), own);
    };
    if (waitingFor.length === 0) start([]);
    else Promise.all(waitingFor).then(start);
    return { trace: own.trace, chain: () => before + own.trace.depth() };
  }

  function tell(evidence: EvidenceKey, is: 'started' | 'done'): void {
    aws.options.onEvidence?.({ evidence, is, done, of: collectors.length });
  }
}

function longest(outcomes: readonly Outcome[]): number {
  return Math.max(0, ...outcomes.map(({ chain }) => chain));
}

/** The cast: a collector is typed to read nothing but what it is after. */
function named(keys: readonly EvidenceKey[], outcomes: readonly Outcome[]): ObservedEvidence {
  return Object.fromEntries(keys.map((key, index) => [key, outcomes[index]?.observed])) as unknown as ObservedEvidence;
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
