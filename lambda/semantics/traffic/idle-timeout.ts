import type { Attributes, ChangeEvent } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { plusSeconds } from '../time/minutes.ts';
import { type PastSetting, pastSetting, settingsOf } from '../time/past-setting.ts';

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
  /** Where it was made shorter not long before the errors. */
  readonly lowered: Lowered | undefined;
}

export interface Lowered {
  /** What it was before; `null` where no record tells it, and it is shorter than it is by itself. */
  readonly from: number | null;
  readonly by: ChangeEvent;
}

/** A shorter timeout cuts off the next slow answer: within an hour, in seconds. */
const SHORTLY = 3600;

export function idleTimeoutAt(
  { onset }: EpisodeSpan,
  loadBalancer: string,
  attributes: Attributes,
  changes: readonly ChangeEvent[] = [],
): TimeoutSetting {
  const now = idleTimeoutIn(attributes);
  const past = pastSetting(changes, loadBalancer, IDLE_TIMEOUT, plusSeconds(onset, 60));
  const seconds = Number(past?.value ?? now);
  const lowered =
    past === undefined ? loweredBefore(plusSeconds(onset, 60), loadBalancer, seconds, changes) : undefined;
  return { seconds, now, past, lowered };
}

function loweredBefore(
  onset: Time,
  loadBalancer: string,
  seconds: number,
  changes: readonly ChangeEvent[],
): Lowered | undefined {
  const own = settingsOf(changes, loadBalancer, IDLE_TIMEOUT).filter(({ change }) => change.at <= onset);
  const [last, before] = [own.at(-1), own.at(-2)];
  if (last === undefined || last.change.at < plusSeconds(onset, -SHORTLY) || Number(last.value) !== seconds) {
    return undefined;
  }
  const from = before === undefined ? null : Number(before.value);
  return (from ?? DEFAULT_IDLE_TIMEOUT) > seconds ? { from, by: last.change } : undefined;
}
