import type { Fix } from '../incident/finding.ts';
import type { Text } from '../incident/text.ts';

/** Commands that help only together, each told which of them it is, so that nobody stops after the first. */
export function numberedSteps(fixes: readonly Fix<Text>[]): readonly Fix<Text>[] {
  const of = fixes.length;
  return of < 2 ? fixes : fixes.map((fix, index) => ({ ...fix, step: { number: index + 1, of } }));
}
