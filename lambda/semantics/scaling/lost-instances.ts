import type { AutoScalingGroup, ScalingActivity } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { secondsBetween } from '../time/minutes.ts';

/** Instances that a group lost, as its activities tell. */
export interface LostInstances {
  /** Of the first. */
  readonly at: Time;
  readonly ids: readonly string[];
  readonly activities: readonly ScalingActivity[];
}

/** `… taken out of service in response to an EC2 health check indicating it has been terminated or stopped.` */
export function instancesStoppedIn(
  { activities }: AutoScalingGroup,
  isThen: (at: Time) => boolean,
): LostInstances | null {
  return lostIn(activities.filter(({ at, cause }) => /terminated or stopped/i.test(cause) && isThen(at)));
}

/** Instances whose Spot capacity AWS took back, or was about to. */
export function spotReclaimsIn({ activities }: AutoScalingGroup): LostInstances | null {
  const reclaims = /spot.*interrupt|interrupt.*spot|rebalance recommendation/i;
  return lostIn(
    activities.filter(({ cause, description }) => /^Terminating/.test(description) && reclaims.test(cause)),
  );
}

/** It replaces Spot instances when AWS recommends it, before it takes them back. */
export function rebalancesIn({ activities }: AutoScalingGroup): boolean {
  return activities.some(({ cause }) => /rebalance recommendation/i.test(cause));
}

/** `null` where they name no instance. */
function lostIn(activities: readonly ScalingActivity[]): LostInstances | null {
  const ids = [...new Set(activities.flatMap(({ description }) => description.match(/\bi-\w+/g) ?? []))];
  const [first] = activities;
  return first === undefined || ids.length === 0 ? null : { at: first.at, ids, activities };
}

/** So long before the first error, in seconds, an instance may go: connections that are open live on while it shuts down. */
const BEFORE = 300;

/** Whether what made an instance go falls on the first error, or so many seconds after it at most. */
export function fallsOnOnset(at: Time, { onset }: EpisodeSpan, later: number): boolean {
  const seconds = secondsBetween(onset, at);
  return -BEFORE <= seconds && seconds <= later;
}
