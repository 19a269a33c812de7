import type { CauseId } from '../incident/cause.ts';
import type { Symptoms } from '../incident/diagnosis.ts';
import type { Remedy } from '../remedies/remedy.ts';
import { type EpisodeSpan, QUIET_ERRORS, totalErrors } from '../semantics/errors/episode.ts';
import { isProvedThen } from './state-age.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/** A version that never comes up goes on to fail, however few requests met it so far. */
const GOES_ON: CauseId = 'deployment-failing';

/** So few that are over, and are no more than this share of the requests, are no reason to change what serves all others. */
const HANDFUL = 5;
const FEW = 0.01;

interface Around {
  readonly symptoms: Symptoms;
  readonly episode: EpisodeSpan | null;
  /** Nothing was seen of the moment asked about. */
  readonly isBlind: boolean;
}

/**
 * Without what mends none of the errors, and without what costs more than they do: nobody adds machines, goes back to another
 * version or raises a limit for a request or two. What would come again is told with what keeps it from coming. For a moment
 * of which nothing was seen, nobody changes what is so now.
 */
export function withWorthwhileFixes(
  findings: readonly FindingWithShare[],
  { symptoms, episode, isBlind }: Around,
): readonly FindingWithShare[] {
  const few = isHandful(symptoms, episode);
  return findings.map((finding) => {
    const isIdle = explainsNone(finding) || (isBlind && !isProvedThen(finding));
    const isDear = few && finding.cause.id !== GOES_ON;
    const isWorth = ({ changes, forMany }: Remedy) => !(isIdle && changes) && !(isDear && forMany);
    return { ...finding, found: { ...finding.found, fixes: finding.found.fixes.filter(isWorth) } };
  });
}

/** What makes no 5xx by itself has none to explain, and what waits is mended after what makes them. */
function explainsNone({ share, blocks, found: { explains } }: FindingWithShare): boolean {
  return share === 0 && blocks === undefined && explains.length > 0;
}

function isHandful(symptoms: Symptoms, episode: EpisodeSpan | null): boolean {
  const total = totalErrors(symptoms);
  if (total === null || total === 0) return false;
  if (total <= QUIET_ERRORS) return true;
  if (episode?.of !== 'errors' || episode.end === null) return false;
  return Math.max(total, episode.errors) <= HANDFUL && (symptoms.errorShare ?? 1) <= FEW;
}
