import { type CauseId, ERROR_KINDS, type ErrorKind } from '../incident/cause.ts';
import { ifSeen, missingIds } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { riseOf } from '../semantics/errors/count-rise.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { type ErrorSeries, errorsOfKinds, uncountedKinds } from '../semantics/errors/error-series.ts';
import { countedErrors } from '../semantics/errors/errors.ts';
import { errorsOfGroups } from '../semantics/errors/errors-of-groups.ts';
import { meanOf, minuteOf, valuesIn } from '../semantics/time/minutes.ts';
import { withRemovals } from './removals-said.ts';
import { EXPLAINING_SHARE, type ExplainedShare, explainedShare, HARDLY } from './share.ts';
import type { JudgedFinding } from './temper.ts';

/** A finding weighed against the errors that were observed. */
export interface FindingWithShare extends JudgedFinding, Pick<ExplainedShare, 'attribution' | 'usual' | 'ofAll'> {
  /** Share of the errors it explains; `null` where no errors were observed, or not of which kinds they are. */
  readonly share: number | null;
  /** Known to be so, and none of the errors are its: it would make some, were they not made by something else. */
  readonly harmless?: true;
  /** It began after the errors of its groups did, and these went on as before: it is none of their causes. */
  readonly effect?: true;
  /** It began when the errors that were asked about were over: whatever it is, it made none of them. */
  readonly later?: true;
  /** Nothing of its own dates it: it began with the first errors of its groups. */
  readonly isDatedByErrors?: true;
  /** The causes that have to be mended first: this one would keep it broken then. */
  readonly blocks?: readonly CauseId[];
  /** A cause in waiting that brought it about without an error. */
  readonly comesOf?: CauseId;
}

export const isConfident = ({ found }: FindingWithShare): boolean => found.strength !== 'circumstantial';

/**
 * Explaining is the test of a cause: the share of the observed errors that are of its kinds and come from the groups it
 * affects. What explains hardly any of them, or began only after they did, is at most circumstantial.
 */
export function temperByErrors(
  judged: readonly JudgedFinding[],
  snapshot: Snapshot,
  episode: EpisodeSpan | null,
): readonly FindingWithShare[] {
  const metrics = ifSeen(snapshot.evidence.loadBalancerMetrics);
  if (metrics === undefined || episode === null || episode.of !== 'errors') {
    return judged.map((finding) => ({ ...finding, share: null }));
  }
  const errors = countedErrors(metrics, snapshot.question.window);
  const uncounted = uncountedKinds(missingIds(snapshot.evidence.loadBalancerMetrics), errors.series, episode.span);
  const byGroup = ifSeen(snapshot.evidence.targetGroupMetrics);
  const ownEpisode = ({ found: { affects } }: JudgedFinding): OwnEpisode => {
    const { targetGroups } = affects;
    const own = targetGroups.length === 0 ? errors : errorsOfGroups(errors, targetGroups, byGroup);
    return { ...episode, ownOnset: own.span.first };
  };
  const doubtOf = (finding: JudgedFinding, share: number) => doubt(finding, share, errors.series, ownEpisode(finding));
  return judged.map((judgedFinding) => {
    const { removals = [], ...explained } = explainedShare(judgedFinding, snapshot.evidence, metrics, episode);
    const finding =
      removals.length === 0 ? judgedFinding : { ...judgedFinding, found: withRemovals(judgedFinding.found, removals) };
    if (isLater(finding.found, episode)) return { ...asLater(finding), ...explained, share: 0 };
    if (finding.added !== undefined) {
      return { ...finding, share: Math.min(1, finding.added / Math.max(1, errors.count(...ERROR_KINDS))) };
    }
    if (isUncounted(finding.found, explained.share, uncounted)) return { ...finding, share: null };
    const effect = beganTooLate(finding.found, errors.series, ownEpisode(finding)) ? EFFECT : {};
    if (finding.found.strength === 'circumstantial') {
      return { ...finding, ...explained, ...effect };
    }
    const { capped, harmless } =
      finding.capped === undefined ? doubtOf(finding, explained.share) : { capped: finding.capped };
    if (capped === undefined) return { ...finding, ...explained };
    const found = { ...finding.found, strength: 'circumstantial' as const };
    return { ...finding, found, ...explained, capped, ...(harmless ? { harmless } : {}), ...effect };
  });
}

const EFFECT = { effect: true } as const;

/** After the last error, and not only because the newest minutes are counted late. */
function isLater({ since }: JudgedFinding['found'], { grid, span, end }: EpisodeSpan): boolean {
  if (since === undefined) return false;
  const began = minuteOf(grid, since);
  return began > span.last + SLACK && (end !== null || began > grid.minutes);
}

function asLater(finding: JudgedFinding): JudgedFinding & Pick<FindingWithShare, 'harmless' | 'later'> {
  const found = { ...finding.found, strength: 'circumstantial' as const };
  return { ...finding, found, capped: 'it began after the last of the errors', harmless: true, later: true };
}

/** How many errors are of its kinds was not seen, and what was seen does not show that it explains them. */
function isUncounted({ explains }: JudgedFinding['found'], share: number, uncounted: ReadonlySet<ErrorKind>): boolean {
  if (!explains.some((kind) => uncounted.has(kind))) return false;
  return share < EXPLAINING_SHARE || explains.includes('other5xx');
}

interface OwnEpisode extends EpisodeSpan {
  /** The first minute in which the groups of a finding failed, where others had before; the first of all otherwise. */
  readonly ownOnset: number;
}

interface Doubt {
  readonly capped?: string;
  readonly harmless?: true;
}

function doubt({ found }: JudgedFinding, share: number, errors: ErrorSeries, episode: OwnEpisode): Doubt {
  if (share === 0) return { capped: 'it explains none of the errors that were seen', harmless: true };
  if (share < HARDLY) return { capped: 'it explains hardly any of the errors that were seen', harmless: true };
  if (share < EXPLAINING_SHARE && riseOf(errorsOfKinds(errors, found.explains), episode) === null) {
    return { capped: 'as many errors of its kinds came before' };
  }
  if (found.since === undefined) return {};
  if (beganTooLate(found, errors, episode)) {
    return { capped: 'it began after the errors did: an effect, not their cause', harmless: true };
  }
  return longBorne(found.since, episode)
    ? { capped: 'it had been there for over an hour before the errors began' }
    : {};
}

/** What was there for longer than this before the errors, in minutes, is not what made them begin. */
const BORNE = 60;

function longBorne(since: string, episode: EpisodeSpan): boolean {
  return !episode.older && minuteOf(episode.grid, since) < episode.span.first - BORNE;
}

/** Tolerance for clocks and for whole-minute metrics, in minutes. */
const SLACK = 2;

/**
 * A cause begins at or before the onset of what its groups fail with. One that begins later is an effect, unless errors of
 * its kinds rose with it: then it is a second fault in the same episode.
 */
function beganTooLate(found: JudgedFinding['found'], errors: ErrorSeries, episode: OwnEpisode): boolean {
  const { since } = found;
  if (since === undefined) return false;
  const began = minuteOf(episode.grid, since);
  if (began <= episode.ownOnset + SLACK) return false;
  if (began > episode.span.last) return true;
  const ofItsKinds = errorsOfKinds(errors, found.explains);
  const before = meanOf(valuesIn(ofItsKinds, { first: episode.span.first, last: began - 1 })) ?? 0;
  const after = meanOf(valuesIn(ofItsKinds, { first: began, last: episode.span.last })) ?? 0;
  return after < 2 * before || after === 0;
}
