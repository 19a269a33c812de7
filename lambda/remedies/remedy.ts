import type { Text } from '../incident/text.ts';
import type { Owner } from './owner.ts';

/**
 * A call of AWS's command line, before it is written down: what is called, and with which options. Causes give calls; a
 * writer makes the command of them, and what reads one reads its fields, never a command.
 */
export interface AwsCall {
  readonly tool: 'aws';
  /** As the command line calls it: `elbv2`, `autoscaling`. */
  readonly service: string;
  /** `modify-target-group`; with a second word where the operation has one: `wait load-balancer-available`. */
  readonly operation: string;
  readonly options: Options;
}

/** By name, in camel case, in the order in which they are written: `{ targetGroupArn: '…' }` is `--target-group-arn …`. */
export type Options = Readonly<Record<string, Option | undefined>>;

/** `true`: a flag. Several values follow each other; the fields of an object are joined as `Key=…,Value=…`. */
export type Option = true | string | number | Fields | readonly (string | number | Fields)[];
export type Fields = Readonly<Record<string, string | number>>;

/** A call of another tool: its words as they stand, as no option of it is ever read. */
export interface PlainCall {
  readonly tool: 'kubectl' | 'curl';
  readonly words: readonly string[];
}

export type Call = AwsCall | PlainCall;

/** One way out, or one step of it, as a cause gives it. `changes` splits looking from touching. */
export interface Remedy {
  readonly does: Text;
  /** Which of the steps that only help together, in this order; absent where it helps by itself. */
  readonly step?: { readonly number: number; readonly of: number };
  /** With real ids; `null` where no single call does it. */
  readonly run: Call | null;
  /** To be typed on the host, in the session that `run` opens. */
  readonly inSession?: PlainCall | undefined;
  readonly changes: boolean;
  readonly undo: Call | null;
  /** Tells whether it helped. */
  readonly verify: Call | null;
  /** Who owns what the call changes. */
  readonly managedBy?: Owner | undefined;
  /** It goes back from this version to one that nobody here knows: whoever deployed it does. */
  readonly fromVersion?: string | undefined;
  /** It costs more than a few failed requests do: machines, a version that people wait for, a limit that protects something. */
  readonly forMany?: true | undefined;
}

export function aws(service: string, operation: string, options: Options = {}): AwsCall {
  return { tool: 'aws', service, operation, options };
}

export function kubectl(...words: readonly string[]): PlainCall {
  return { tool: 'kubectl', words };
}

/** Whether a server answers at all, from where the reader is. */
export function curl(url: string): PlainCall {
  return { tool: 'curl', words: ['-sSI', '--max-time', '5', url] };
}

/** What a server answers in full, from the host that it runs on; certificates are of no matter there. */
export function curlOnHost(url: string): PlainCall {
  return { tool: 'curl', words: ['-ski', url] };
}

interface Around {
  readonly undo?: Call | null | undefined;
  readonly verify?: Call | null | undefined;
  readonly managedBy?: Owner | undefined;
  readonly forMany?: true | undefined;
}

/** Something to change: by a call, or, without one, in the words of `does` alone. */
export function fix(does: Text, around: Around & { readonly run?: Call | null | undefined } = {}): Remedy {
  return remedy(does, around.run ?? null, true, around);
}

/** Something to read, which changes nothing. */
export function look(does: Text, run: Call | null = null, verify: Call | null = null): Remedy {
  return remedy(does, run, false, { verify });
}

function remedy(does: Text, run: Call | null, changes: boolean, { undo, verify, managedBy, forMany }: Around): Remedy {
  return { does, run, changes, undo: undo ?? null, verify: verify ?? null, managedBy, ...(forMany && { forMany }) };
}

/** Remedies that help only together, each told which of them it is, so that nobody stops after the first. */
export function inSteps(remedies: readonly Remedy[]): readonly Remedy[] {
  const of = remedies.length;
  return of < 2 ? remedies : remedies.map((one, index) => ({ ...one, step: { number: index + 1, of } }));
}

/** Whether two calls are the same, however they were put: a list of one is the one, and a number its digits. */
export function isSameCall(one: Call | null, other: Call | null): boolean {
  return JSON.stringify(one, asWritten) === JSON.stringify(other, asWritten);
}

function asWritten(_: string, value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** Whether a call names a resource in one of its options. */
export function concerns(call: Call | null, arn: string): boolean {
  const read = asCall(call);
  return read !== null && Object.values(read.options).flat().includes(arn);
}

/** The AWS call that it is; `null` where it is none. */
export function asCall(call: Call | null): AwsCall | null {
  return call?.tool === 'aws' ? call : null;
}
