import type { ErrorKind } from '../../incident/cause.ts';
import type { ListenerRule } from '../../incident/evidence.ts';
import { sumOf, valuesIn } from '../time/minutes.ts';
import { answersOnPurpose, fixedCodesIn, reachableRules } from '../traffic/routing.ts';
import { excessOver, levelBefore } from './count-rise.ts';
import { countIn, ownErrors503, withZeros } from './error-series.ts';
import type { Errors } from './errors.ts';

/** Fixed responses that fall into the same minutes as this share of the errors account for them, … */
const MOST = 0.5;
/** … unless there are far more of them than errors: then they are not counted among the errors. */
const FAR_MORE = 2;
/** Fewer than this share of the errors in their minutes: the errors come from elsewhere. */
const FEW = 0.1;

/** How far fixed responses and the errors of a kind fall into the same minutes. */
export interface FixedShare {
  readonly errors: number;
  readonly fixed: number;
  readonly accounts: boolean;
}

/**
 * AWS counts all fixed responses together; `others`: some may be no 5xx. `null`: the errors come from elsewhere, or there
 * are none, and other fixed responses may be all that were counted.
 */
export function fixedShareOf(
  kind: ErrorKind,
  { metrics, series, span, episode }: Errors,
  others: boolean,
): FixedShare | null {
  const responses = withZeros(metrics, 'HTTP_Fixed_Response_Count');
  const errors = valuesIn(series[kind], span);
  // Of what others bring all the time, only what came on top can be these errors.
  const level = others ? episode && levelBefore(responses, episode) : 0;
  const own = excessOver(valuesIn(responses, span), level ?? 0);
  const together = errors.reduce<number>((sum, value, index) => sum + Math.min(value ?? 0, own[index] ?? 0), 0);
  const total = sumOf(errors) ?? 0;
  const fixed = Math.round(sumOf(own) ?? 0);
  // AWS does not say that it counts these among the errors of their code: they may be there without one.
  if ((level !== null && together < FEW * total) || (total === 0 && others)) return null;
  const accounts = level !== null && total > 0 && together >= MOST * total && fixed <= FAR_MORE * total;
  return { errors: total, fixed, accounts };
}

/** Fixed responses of other codes are in the same count: it matters only where a rule answers 5xx, but no 502, 503, 504. */
export function fixedOfOtherCodes({ metrics, span }: Errors, rules: readonly ListenerRule[]): number {
  const codes = reachableRules(rules).flatMap(fixedCodesIn);
  if (!codes.some((status) => /^5(?!0[234])/.test(status))) return 0;
  return countIn(metrics, 'HTTP_Fixed_Response_Count', span);
}

/** The 503s of the episode that no rule answers on purpose. */
export function unmeant503sIn(errors: Errors | undefined, rules: readonly ListenerRule[]): number {
  if (!errors?.episode) return 0;
  return sumOf(valuesIn(ownErrors503(errors.metrics, answersOnPurpose(rules, '503')), errors.span)) ?? 0;
}
