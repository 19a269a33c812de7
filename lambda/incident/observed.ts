/**
 * What is known, and what is not. Failure to read AWS is data here, never an exception and never a default value:
 * a cause that cannot see its evidence must not mistake the gap for a healthy answer.
 */

/** Why a piece of evidence, or a part of it, was not seen. */
export type Why = 'denied' | 'throttled' | 'timed-out' | 'failed' | 'not-asked' | 'partial';

/** A part of some evidence that is missing: which ids, and why. Without ids, nobody can say which part. */
export interface Gap {
  /** `partial`: AWS answered, but left out ids that were asked for. */
  readonly why: Why;
  /** One sentence for a person, without mark-up. */
  readonly detail: string;
  /** The IAM action whose call failed, as in a policy: `ec2:DescribeNetworkAcls`. */
  readonly action?: string;
  readonly ids?: readonly string[];
}

/** What was asked of AWS: enough to ask it again. */
export interface Source {
  /** The IAM action, e.g. `elasticloadbalancing:DescribeTargetHealth`. */
  readonly action: string;
  /** How many calls it took: pages, batches and retries counted. */
  readonly calls: number;
}

export interface Seen<T> {
  readonly seen: true;
  readonly value: T;
  readonly gaps: readonly Gap[];
  readonly source: readonly Source[];
}

export interface Unseen {
  readonly seen: false;
  readonly why: Exclude<Why, 'partial'>;
  readonly detail: string;
  readonly action?: string;
  readonly source: readonly Source[];
}

export type Observed<T> = Seen<T> | Unseen;

export function seen<T>(value: T, gaps: readonly Gap[] = [], source: readonly Source[] = []): Seen<T> {
  return { seen: true, value, gaps, source };
}

export function unseen(why: Unseen['why'], detail: string, action?: string): Unseen {
  return { seen: false, why, detail, source: [], ...(action === undefined ? {} : { action }) };
}

/** The value where it was seen; `undefined` where not. For corroborating evidence only: absence proves nothing. */
export function ifSeen<T>(observed: Observed<T>): T | undefined {
  return observed.seen ? observed.value : undefined;
}

/** Whether all that was asked for was seen: only then does it say that something is not there. */
export function isWhole(observed: Observed<unknown>): boolean {
  return observed.seen && observed.gaps.length === 0;
}

/** The ids that a gap names: asked about, and not known. */
export function missingIds(observed: Observed<unknown>): ReadonlySet<string> {
  return new Set(observed.seen ? observed.gaps.flatMap(({ ids }) => ids ?? []) : []);
}

/** Why what was looked for was not in it: not all was seen, or none, because of which call. */
export function whyUnseen(observed: Observed<unknown>): Pick<Gap, 'why' | 'action'> {
  if (observed.seen) return { why: 'partial' };
  const { why, action } = observed;
  return { why, ...(action === undefined ? {} : { action }) };
}
