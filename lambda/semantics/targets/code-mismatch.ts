import type { Target, TargetGroup } from '../../incident/evidence.ts';
import { withZeros } from '../errors/error-series.ts';
import type { Errors } from '../errors/errors.ts';
import { sumOf, valuesIn } from '../time/minutes.ts';
import { codesIn } from './targets.ts';

/** A group whose health checks are answered with codes that its matcher does not accept. */
export type CodeMismatch<T extends Target = Target> = ReturnType<typeof mismatchIn<T>>;

export function mismatchIn<T extends Target>(group: TargetGroup, targets: readonly T[]) {
  const failing = targets.filter(({ reason }) => reason === 'Target.ResponseCodeMismatch');
  const codes = [...new Set(failing.flatMap(({ description }) => codesIn(description)))].sort((a, b) => a - b);
  // Whether answers to requests are 5xx for it: only where most of those that get requests fail as their checks do.
  const failsToo = codes.some((status) => status >= 500) && 2 * failing.length >= targets.length;
  return { group, targets, failing, codes, failsToo };
}

/** The errors it can make. A connection that is refused is none of them: this application answers. */
export function errorsIn({ metrics, series, episode, span, ...errors }: Errors, failsToo: boolean): number {
  if (episode === null) return 0;
  const refused = withZeros(metrics, 'TargetConnectionErrorCount');
  const answered = series['502'].map((value, minute) => value && Math.max(0, value - (refused[minute] ?? 0)));
  return (sumOf(valuesIn(answered, span)) ?? 0) + errors.count('503') + (failsToo ? errors.count('target5xx') : 0);
}
