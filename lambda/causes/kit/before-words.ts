import { type Text, text } from '../../incident/text.ts';
import type { EpisodeSpan } from '../../semantics/errors/episode.ts';

/** `the hour before`, or as much of it as was read. */
export function hourBefore({ span: { first } }: EpisodeSpan): Text {
  return first >= 60 ? text`the hour before` : text`the ${first} minutes before`;
}
