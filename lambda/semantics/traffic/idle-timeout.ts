import type { Attributes, ChangeEvent } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { plusSeconds } from '../time/minutes.ts';
import { type PastSetting, pastSetting } from '../time/past-setting.ts';

/** The attribute that says how long a connection may be silent, in seconds. */
export const IDLE_TIMEOUT = 'idle_timeout.timeout_seconds';
export const DEFAULT_IDLE_TIMEOUT = 60;

export function idleTimeoutIn(attributes: Attributes): number {
  return Number(attributes[IDLE_TIMEOUT] ?? DEFAULT_IDLE_TIMEOUT);
}

/** The idle timeout of an episode, in seconds. */
export interface TimeoutSetting {
  /** As the errors began. */
  readonly seconds: number;
  readonly now: number;
  /** What it was then, where it is another now. */
  readonly past: PastSetting | undefined;
}

export function idleTimeoutAt(
  { onset }: EpisodeSpan,
  loadBalancer: string,
  attributes: Attributes,
  changes: readonly ChangeEvent[] = [],
): TimeoutSetting {
  const now = idleTimeoutIn(attributes);
  const past = pastSetting(changes, loadBalancer, IDLE_TIMEOUT, plusSeconds(onset, 60));
  return { seconds: Number(past?.value ?? now), now, past };
}
