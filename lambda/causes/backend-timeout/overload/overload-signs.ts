import { type Text, text } from '../../../incident/text.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { baselineOf, requestSeries } from '../../../semantics/errors/episode.ts';
import type { TargetLoad } from '../../../semantics/load/target-load.ts';
import { meanOf, valuesIn } from '../../../semantics/time/minutes.ts';

/** What the rules about targets that do not answer in time share: that they are not simply overloaded. */

/** Requests up to this many times the hour before are not a surge. */
export const SURGE = 2;
/** Targets at this share of a limit, in percent, are overloaded, whatever else they are. */
const AT_LIMIT = 90;

/** The limit that they are at, in percent; `null` where CPU and memory leave room, as far as they were seen. */
export function limitReached({ cpu, memory }: TargetLoad): number | null {
  const most = Math.max(cpu ?? 0, memory ?? 0);
  return most >= AT_LIMIT ? most : null;
}

/** What was not seen of their load, and could tell otherwise. */
export function unseenIn(load: TargetLoad): readonly Text[] {
  return [
    ...(load.cpu === null ? [text`their CPU`] : []),
    ...(load.memory === null ? [text`their memory`] : []),
    ...(load.credits === null ? [text`their CPU credits`] : []),
  ];
}

/** How many times the requests of the hour before; `null` where either was not seen. */
export function growthIn(metrics: Parameters<typeof requestSeries>[0], episode: EpisodeSpan): number | null {
  const requests = requestSeries(metrics);
  const now = meanOf(valuesIn(requests, episode.span));
  const before = baselineOf(requests, episode);
  return now === null || before === null || before === 0 ? null : now / before;
}
