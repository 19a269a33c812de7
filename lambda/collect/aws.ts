import type { EvidenceKey, LoadBalancer } from '../incident/evidence.ts';
import type { Gap } from '../incident/observed.ts';
import type { Time } from '../incident/text.ts';
import { type Deadline, deadlineAfter } from './deadline.ts';
import { CallFailed, gapOf } from './errors.ts';
import type { Operation, PagedOperation } from './operation.ts';
import { elasticLoadBalancing } from './services/elastic-load-balancing.ts';
import { utcTime } from './time.ts';
import { openTrace, type Trace } from './trace.ts';

export interface AwsOptions {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** For everything from here on, judging and publishing included: reading ends earlier. */
  readonly budgetMs: number;
  readonly onCall?: (call: CallEvent) => void;
  readonly onEvidence?: (event: EvidenceEvent) => void;
}

/** A call was asked or answered. The counts are of the evidence it is for: `targetHealth`, 3 of 7. */
export interface CallEvent {
  readonly action: string;
  /** `null` while the load balancer is looked for. */
  readonly evidence: EvidenceKey | null;
  readonly asked: number;
  readonly answered: number;
}

/** A piece of evidence is being read, or is there. */
export interface EvidenceEvent {
  readonly evidence: EvidenceKey;
  readonly is: 'started' | 'done';
  readonly done: number;
  readonly of: number;
}

/** Things read from AWS, and the part of them that was not. */
export interface PartialList<T> {
  readonly items: readonly T[];
  readonly gaps: readonly Gap[];
}

/**
 * One session for one incident: all calls go through it. It paces them, retries, gives up at the deadline, says why a
 * call failed, and keeps count.
 */
export interface Aws {
  /** One call. Rejects with CallFailed and nothing else. */
  ask<Input, Output>(operation: Operation<Input, Output>, input: Input): Promise<Output>;
  /** All pages, or so many. Rejects like `ask` where the first page fails; a later one that fails is a gap. */
  pages<Input, Output, T>(
    operation: PagedOperation<Input, Output>,
    input: Input,
    items: (output: Output) => readonly T[] | undefined,
    atMost?: number,
  ): Promise<PartialList<T>>;
  /** The Region that is asked; `undefined` where none is configured. */
  region(): Promise<string | undefined>;
  /** By the Date header of the first answer; `null` before there is one. */
  readAt(): Time | null;
  /** The same session, asking another Region. */
  in(region: string): Aws;
  /** The same session, giving up earlier: a slow service must not hold up the rest. */
  within(ms: number): Aws;
  /** The same session, counting calls on behalf of one piece of evidence. `patient`: much waits for it. */
  tracing(evidence: EvidenceKey, patient?: boolean): Aws;
  /** The same session with nothing read yet, and its patience as at the beginning; `null` where too little time is left. */
  anew(): Aws | null;
  readonly trace: Trace;
  /** Load balancers that were described to find the one asked about, by ARN: no need to ask again. */
  readonly loadBalancers: Map<string, LoadBalancer>;
  /** What two pieces of evidence are read from is read once in a session: whoever is first by that name reads it. */
  once<T>(name: string, read: () => Promise<T>): Promise<T>;
  /** What is left of the time to read in, in milliseconds. */
  left(): number;
  cost(): { readonly durationMs: number; readonly apiCalls: number };
  readonly options: AwsOptions;
}

/** What is left of the budget for judging and publishing. */
const RESERVE_MS = 1_500;

/** Of what is left, for what much waits for: faults of AWS last for seconds, and without it there is nothing to tell. */
const PATIENCE = 1 / 3;
/** Less than this is not enough to read an incident in. */
const ANEW_MS = 3_000;

export function openAws(options: AwsOptions): Aws {
  const openedAt = performance.now();
  const readingMs = Math.max(options.budgetMs - RESERVE_MS, options.budgetMs * 0.75);
  const session: Session = {
    options,
    ...deadlineAfter(readingMs),
    openedAt,
    endsAt: openedAt + readingMs,
    patientUntil: openedAt + readingMs * PATIENCE,
    loadBalancers: new Map(),
    readOnce: new Map(),
    answers: { firstAt: null, calls: 0 },
  };
  return scoped(session, { region: options.region, evidence: null, patient: true, trace: openTrace() });
}

interface Session extends Deadline {
  readonly options: AwsOptions;
  readonly endsAt: number;
  readonly patientUntil: number;
  readonly openedAt: number;
  readonly loadBalancers: Map<string, LoadBalancer>;
  readonly readOnce: Map<string, Promise<unknown>>;
  readonly answers: { firstAt: Time | null; calls: number };
}

interface Scope {
  readonly region: string | undefined;
  readonly evidence: EvidenceKey | null;
  readonly patient: boolean;
  readonly trace: Trace;
}

function scoped(session: Session, scope: Scope): Aws {
  const { options, answers } = session;
  const { trace, evidence } = scope;
  const place = { region: scope.region, profile: options.profile };

  async function send<I, O>(operation: Operation<I, O>, input: I, depth: number): Promise<O> {
    const { action } = operation;
    let attempts = 0;
    const sendOptions = {
      action,
      patientUntil: scope.patient ? session.patientUntil : 0,
      abortSignal: session.signal,
      onAttempt: () => {
        attempts += 1;
      },
      onDate: (date: string) => {
        answers.firstAt ??= utcTime(new Date(date));
      },
    };
    trace.asked(action);
    options.onCall?.({ action, evidence, ...trace.progress() });
    try {
      const limiter = operation.limiter(place);
      // The SDK sleeps through the deadline between two attempts: hence the race.
      const answer = limiter.run(async () => {
        try {
          return await operation.send(place, input, sendOptions);
        } finally {
          limiter.spend(Math.max(0, attempts - 1));
        }
      }, session.signal);
      return await Promise.race([answer, session.expired]);
    } catch (error) {
      throw new CallFailed(action, error);
    } finally {
      const calls = Math.max(1, attempts);
      answers.calls += calls;
      trace.answered(action, depth, calls);
      options.onCall?.({ action, evidence, ...trace.progress() });
    }
  }

  return {
    trace,
    options,
    loadBalancers: session.loadBalancers,
    once<T>(name: string, read: () => Promise<T>) {
      const reading = session.readOnce.get(name) ?? read();
      session.readOnce.set(name, reading);
      // The cast: one name is read in one way.
      return reading as Promise<T>;
    },
    ask: (operation, input) => send(operation, input, trace.depth() + 1),
    async pages<I, O, T>(
      operation: PagedOperation<I, O>,
      input: I,
      items: (output: O) => readonly T[] | undefined,
      atMost = Number.POSITIVE_INFINITY,
    ) {
      const all: T[] = [];
      const tokens = new Set<string>();
      const start = trace.depth() + 1;
      let next: I | undefined = input;
      while (next !== undefined) {
        try {
          const output: O = await send(operation, next, start + tokens.size);
          all.push(...(items(output) ?? []));
          const token = operation.tokenIn(output);
          // EC2 ends with an empty token.
          if (token === undefined || token === '') return { items: all, gaps: [] };
          if (tokens.has(token)) return { items: all, gaps: [samePageAgain(operation.action)] };
          tokens.add(token);
          if (tokens.size >= atMost) return { items: all, gaps: [morePages(operation.action, atMost)] };
          next = operation.nextInput(input, token);
        } catch (error) {
          if (tokens.size === 0 || !(error instanceof CallFailed)) throw error;
          return { items: all, gaps: [gapOf(error)] };
        }
      }
      return { items: all, gaps: [] };
    },
    async region() {
      if (scope.region !== undefined) return scope.region;
      try {
        return await elasticLoadBalancing.regionAt(place);
      } catch {
        return undefined;
      }
    },
    readAt: () => answers.firstAt,
    in: (region) => scoped(session, { ...scope, region }),
    within: (ms) => scoped({ ...session, ...deadlineAfter(ms, session.signal) }, scope),
    tracing: (key, patient = false) => scoped(session, { ...scope, evidence: key, patient, trace: openTrace() }),
    anew() {
      const now = performance.now();
      const left = session.endsAt - now;
      if (left < ANEW_MS) return null;
      return scoped({ ...session, readOnce: new Map(), patientUntil: now + left * PATIENCE }, scope);
    },
    left: () => Math.max(0, session.endsAt - performance.now()),
    cost: () => ({ durationMs: Math.round(performance.now() - session.openedAt), apiCalls: answers.calls }),
  };
}

function samePageAgain(action: string): Gap {
  return { why: 'failed', detail: `${action} answered with the same page again and again`, action };
}

function morePages(action: string, pages: number): Gap {
  return { why: 'not-asked', detail: `${action} has more than the ${pages} pages that were read` };
}
