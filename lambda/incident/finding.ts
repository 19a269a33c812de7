import type { Category, CauseId, ErrorKind, Strength } from './cause.ts';
import type { EvidenceKey } from './evidence.ts';
import type { Text, Time } from './text.ts';

/** A command as the program gets it: no shell, no quoting. Renderers quote. */
export type Argv = readonly string[];

/** One way out, or one step of it. `changes` splits looking from touching. */
export interface Fix<Words> {
  readonly does: Words;
  /** Which of the steps that only help together, in this order; absent where it helps by itself. */
  readonly step?: { readonly number: number; readonly of: number };
  /** With real ids, to be run as it stands; `null` where no single command does it. */
  readonly run: Argv | null;
  /** To be typed on the host, in the session that `run` opens. */
  readonly inSession?: Argv;
  readonly changes: boolean;
  readonly undo: Argv | null;
  /** Tells whether it helped. */
  readonly verify: Argv | null;
  /** Who owns what the command changes and may revert it: `CloudFormation stack web`, `Auto Scaling group web-asg`. */
  readonly managedBy?: string;
}

/** What only those need to know of a fix who tell it in words: the JSON report has none of it. */
export interface FixTraits {
  readonly changesWhat: 'AWS' | 'Kubernetes';
  /** A setting reads as it was set, whether that helps or not; errors, the health of targets and the state of things do not. */
  readonly verifies: 'setting' | 'effect' | 'errors';
  readonly owner: OwnerKind | null;
  /** It changes its owner itself. */
  readonly changesOwner: boolean;
}

/** A controller is of a cluster, whose objects it follows; what an Auto Scaling group owns it replaces. */
export type OwnerKind = 'scaling-group' | 'controller' | 'other';

export interface ToldFix extends Fix<Text> {
  readonly traits?: FixTraits;
}

export interface Citation<Words, Key extends EvidenceKey = EvidenceKey> {
  readonly from: Key;
  readonly shows: Words;
  readonly at?: Time;
}

export interface TargetRef {
  readonly id: string;
  readonly port: number | null;
  readonly targetGroup: string;
  readonly zone?: string;
}

export interface Change {
  readonly at: Time;
  readonly who: string;
  readonly what: string;
}

/** By what the errors of these kinds are told apart by target group. */
export interface Attributed {
  readonly kinds: readonly ErrorKind[];
  /** `null`: AWS does not tell. Then they are counted in full, and the share is one at most. */
  readonly by: string | null;
}

/** A JSON value; what `facts` are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One cause that holds, as the report tells it. */
export interface Finding<Words, F extends Fix<Words> = Fix<Words>> {
  readonly cause: CauseId;
  readonly category: Category;
  readonly strength: Strength;
  readonly headline: Words;
  /** When the cause itself began, where its own evidence says. */
  readonly since?: Time;
  /** That is the first minute that was read: it may be older. */
  readonly older?: true;
  readonly because: readonly Citation<Words>[];
  readonly change?: Change;
  readonly affected: {
    readonly targetGroups: readonly string[];
    /** At most 50. */
    readonly targets: readonly TargetRef[];
    readonly omitted: number;
    /** How many targets are registered in those groups. */
    readonly of: number;
  };
  readonly explains: readonly ErrorKind[];
  /** The cause above it that brings it with it: what mends that mends this. */
  readonly symptomOf?: CauseId;
  /** The share of the observed errors it explains; `null` where no errors were seen. */
  readonly share: number | null;
  /** It began after the errors did, and these went on as before: an effect, of which no share is told. */
  readonly effect?: true;
  /** So many of the errors come all the time: the share is one of the others. Absent where they are few. */
  readonly usual?: number;
  /** How its errors were told from those of other target groups; absent where no other gets requests. */
  readonly attribution?: readonly Attributed[];
  /** It makes none of today's errors, and would keep it broken once those above are mended. */
  readonly waiting?: true;
  /** Of what is waiting: the causes above whose mending alone would not help. */
  readonly blocks?: readonly CauseId[];
  readonly fixes: readonly F[];
  /** For machines: the numbers and ids behind the words. */
  readonly facts: { readonly [key: string]: Json };
  /** Why it is not stronger, where the engine capped it. */
  readonly capped?: string;
}
