import type { Instance } from '../../incident/evidence.ts';
import type { Time } from '../../incident/text.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { plusSeconds, secondsBetween } from '../time/minutes.ts';
import { type OomKill, oomLinesIn } from './console-oom-lines.ts';

/** A kill that a console tells of, held against the errors. */
export interface DatedKill extends OomKill {
  /** `undefined` where nobody can say, or it has nothing to do with these errors. */
  readonly at: Time | undefined;
  /** Other kills that the same console tells of. */
  readonly others: number;
}

/** A kill further from the onset than this, in seconds, is another story, or the instance was started again since. */
const JUST_BEFORE = 600;

/** Of the kills that a console tells of, the one that the errors may have come from. */
export function killBehindErrors(
  lines: readonly string[],
  instance: Instance | undefined,
  episode: EpisodeSpan,
  readAt: Time,
): DatedKill | undefined {
  const kills = oomLinesIn(lines).map((kill) => ({ ...kill, at: timeOfKill(kill, instance, episode, readAt) }));
  const told =
    kills.findLast((kill) => isAsErrorsBegan(kill, episode)) ??
    kills.find(({ at }) => at !== undefined) ??
    kills.at(-1);
  return told && { ...told, others: kills.length - 1 };
}

/** Errors are counted by the minute: what was killed in the first one may have begun them. */
export function isAsErrorsBegan({ at }: Pick<DatedKill, 'at'>, { onset }: EpisodeSpan): boolean {
  return at !== undefined && secondsBetween(onset, at) < 60;
}

/** Seconds since boot become a time only where launch was the last boot: a reboot does not change the launch time. */
function timeOfKill(
  { secondsSinceBoot }: OomKill,
  instance: Instance | undefined,
  { onset }: EpisodeSpan,
  readAt: Time,
): Time | undefined {
  if (secondsSinceBoot === null || !instance?.launchedAt) return undefined;
  const at = plusSeconds(instance.launchedAt, Math.floor(secondsSinceBoot));
  return secondsBetween(at, onset) <= JUST_BEFORE && secondsBetween(at, readAt) >= 0 ? at : undefined;
}
