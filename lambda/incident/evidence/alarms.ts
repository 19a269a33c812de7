import type { Time } from '../text.ts';

/** `null` for what was not seen. */
export interface AlarmFacts {
  readonly tags: Readonly<Record<string, string>> | null;
  /** The mute rules in effect: they hold back its actions, and it changes its state all the same. */
  readonly mutedBy: readonly MuteRule[] | null;
  /** Those in ALARM among the time series that it watches one by one; none for an alarm that watches one only. */
  readonly contributors: readonly AlarmContributor[] | null;
}

export interface MuteRule {
  readonly name: string;
  readonly description: string | null;
}

export interface AlarmContributor {
  /** What its query groups by: `LoadBalancer`, `TargetGroup`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly since: Time | null;
}

export interface AlarmHistory {
  /** How far back was read. */
  readonly from: Time;
  /** When it went into ALARM, oldest first. */
  readonly alarmedAt: readonly Time[];
}
