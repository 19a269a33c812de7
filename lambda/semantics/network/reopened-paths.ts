import type { ChangeEvent } from '../../incident/evidence.ts';
import type { Observed } from '../../incident/observed.ts';
import type { Window } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { pathEvidenceAt } from './past-state.ts';
import type { PathLayer } from './path.ts';
import { isReachedOn, type PathEvidence, type TargetPath, targetPaths } from './target-paths.ts';

/**
 * The paths, as they were at a time past, that one layer closed then and, by `now`, does not close any more: to what is
 * registered, or to what `pathsTo` tells.
 */
export function pathsReopenedSince(
  at: Time,
  layer: PathLayer,
  now: readonly TargetPath[],
  evidence: PathEvidence,
  changes: readonly ChangeEvent[],
  pathsTo: (evidence: PathEvidence) => readonly TargetPath[] = targetPaths,
): readonly TargetPath[] {
  const then = pathEvidenceAt(at, layer, evidence, changes);
  // The same targets in the same order: only what filters their packets differs.
  return (then === null ? [] : pathsTo(then)).filter(
    ({ path }, index) => isClosed(path.layers[layer]) && isOpen(now[index], layer),
  );
}

const isClosed = (state: string): boolean => state === 'blocked' || state === 'partly-blocked';

/** The way back from another network is never seen: there AWS has the word. */
function isOpen(now: TargetPath | undefined, layer: PathLayer): boolean {
  if (now === undefined) return false;
  const state = now.path.layers[layer];
  return state === 'open' || (state === 'unknown' && isReachedOn(now.target, now.port));
}

/** Whether the layer closed one of the paths that it does not close now, at a moment in the window that its changes tell. */
export function wereReopenedIn(
  { from, to }: Window,
  layer: PathLayer,
  { all, evidence }: { readonly all: readonly TargetPath[]; readonly evidence: PathEvidence | null },
  observed: Observed<readonly ChangeEvent[]>,
): boolean {
  if (evidence === null || !observed.seen) return false;
  const changes = observed.value;
  const moments = [from, ...changes.flatMap(({ at }) => (at > from && at <= to ? at : []))];
  return moments.some((at) => pathsReopenedSince(at, layer, all, evidence, changes).length > 0);
}
