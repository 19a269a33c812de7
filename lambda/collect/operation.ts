import type { RateLimiter } from './rate-limiter.ts';

/** Where calls go: what the caller said, and the SDK's default chain for the rest. */
export interface Place {
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** One read of AWS, named by the IAM action that allows it. */
export interface Operation<Input, Output> {
  readonly action: string;
  limiter(place: Place): RateLimiter;
  send(place: Place, input: Input, options: SendOptions): Promise<Output>;
}

/** A read whose answer comes in pages. */
export interface PagedOperation<Input, Output> extends Operation<Input, Output> {
  tokenIn(output: Output): string | undefined;
  nextInput(input: Input, token: string): Input;
}

export interface SendOptions {
  readonly action: string;
  /** By the process's clock, in milliseconds: until then it is asked again and again. */
  readonly patientUntil: number;
  readonly abortSignal: AbortSignal;
  /** Told of each attempt, retries among them. */
  onAttempt(): void;
  /** Told of the Date header of each answer, refusals among them. */
  onDate(date: string): void;
}
