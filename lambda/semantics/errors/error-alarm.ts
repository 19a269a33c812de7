import type { Trigger } from '../../incident/question.ts';

/** Whether an alarm counts errors; `null` where nothing tells what it measures. */
export function countsErrors({ metrics }: Trigger): boolean | null {
  return metrics === undefined || metrics.length === 0 ? null : metrics.some((name) => /5XX|_50\d_/.test(name));
}
