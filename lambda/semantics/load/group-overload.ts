import type { Target } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { codesIn, failsChecks } from '../targets/targets.ts';
import { meanOf, type Span, valuesIn } from '../time/minutes.ts';
import { CPU_LIMIT, type CpuSaturation } from './cpu-saturation.ts';
import { makeTheErrors } from './part-of-group.ts';
import type { TargetCpu } from './target-cpu.ts';

/** Targets that bore it for longer than this without an error, in minutes, are not why errors began. */
const LONG_BORNE = 60;

/** A target with its CPU; `undefined` where that was not seen. */
export interface LoadedTarget {
  readonly target: Target;
  readonly cpu: TargetCpu | undefined;
  readonly saturation: CpuSaturation | null | undefined;
}

export interface SaturatedTarget extends LoadedTarget {
  readonly cpu: TargetCpu;
  readonly saturation: CpuSaturation;
}

function isHot(loaded: LoadedTarget): loaded is SaturatedTarget {
  return loaded.cpu !== undefined && loaded.saturation !== null && loaded.saturation !== undefined;
}

/** The rest of a group, where that serves and most of it was seen to have CPU left all the while: more targets mend nothing. */
export interface Relief {
  readonly others: number;
  /** For the requests of those at their limit as well. */
  readonly isRoomLeft: boolean;
}

export interface GroupOverload {
  readonly hot: readonly [SaturatedTarget, ...SaturatedTarget[]];
  readonly since: number;
  /** It can be why the group fails: it came first, on most targets and on whatever fails its health checks, or on those whose requests fail. */
  readonly explains: boolean;
  readonly of: number;
  readonly relief: Relief | null;
}

/** `failedShare`: of the requests to the group; `null` where that is not known. */
export function overloadOf(
  group: readonly LoadedTarget[],
  episode: EpisodeSpan | null,
  failedShare: number | null = null,
): GroupOverload | null {
  const hot = group.filter(isHot);
  const early = episode === null ? [] : hot.filter(({ saturation }) => reachedBefore(saturation, episode));
  const explains =
    episode !== null &&
    (isMostOf<LoadedTarget>(early, group, ({ saturation }) => saturation !== undefined) ||
      makeTheErrors(targetsIn(early), targetsIn(group), failedShare)) &&
    early.some((one) => lasts(one.saturation, episode.span));
  const [first, ...rest] = explains ? early : hot;
  if (first === undefined) return null;
  const since = Math.min(first.saturation.first, ...rest.map(({ saturation }) => saturation.first));
  const relief = explains ? reliefOf(group, [first, ...rest], episode.span) : null;
  return { hot: [first, ...rest], since, explains, of: group.length, relief };
}

function reliefOf(group: readonly LoadedTarget[], hot: readonly LoadedTarget[], span: Span): Relief | null {
  const others = group.filter((one) => !hot.includes(one));
  const areWell = others.every(({ target, saturation }) => target.state === 'healthy' && saturation === null);
  if (2 * others.length <= group.length || !areWell) return null;
  const most = Math.max(...others.map(({ cpu }) => meanOf(valuesIn(cpu?.values, span)) ?? CPU_LIMIT));
  return { others: others.length, isRoomLeft: (most * group.length) / others.length < CPU_LIMIT };
}

const targetsIn = (loaded: readonly LoadedTarget[]) => loaded.map(({ target }) => target);

/** Whether these are most targets of a group, of those that were seen, and whatever of it fails its health checks. */
export function isMostOf<T extends { readonly target: Target }>(
  these: readonly T[],
  group: readonly T[],
  isSeen: (one: T) => boolean,
): boolean {
  const failing = group.filter(({ target }) => failsChecks(target));
  return (
    these.length > 0 &&
    2 * these.length >= group.filter(isSeen).length &&
    failing.every((one) => these.includes(one) && !answersOtherwise(one.target))
  );
}

/** For half of the episode at least: errors that go on long after it have another cause. */
function lasts({ last }: CpuSaturation, span: Span): boolean {
  return 2 * (Math.min(last, span.last) - span.first + 1) >= span.last - span.first;
}

/**
 * Before or at the onset, and not for long before. A mean over five minutes must begin before the onset: one that begins
 * with it may be what the loss of other targets brought. Of an episode older than what was read, nobody knows the order.
 */
function reachedBefore({ first, coarse }: CpuSaturation, { span, older }: EpisodeSpan): boolean {
  return !older && first <= span.first + (coarse ? -1 : 1) && first >= span.first - LONG_BORNE;
}

/** An application that answers its health check with a redirect or 404 is not too busy to answer. */
export function answersOtherwise({ reason, description }: Target): boolean {
  const codes = codesIn(description);
  return (
    reason === 'Target.ResponseCodeMismatch' &&
    codes.length > 0 &&
    codes.every((status) => status < 500 && status !== 429)
  );
}
