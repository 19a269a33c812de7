import type { Candidate } from '../causes/cause.ts';
import { text } from '../incident/text.ts';
import { fix, inSteps, type Remedy } from '../remedies/remedy.ts';

import type { FindingWithShare } from './temper-by-errors.ts';

/**
 * Where a path is closed in several places, opening one of them helps nobody: each finding carries the steps of all, its
 * own first.
 */
export function withJointFixes(findings: readonly FindingWithShare[]): readonly FindingWithShare[] {
  return findings.map((finding) => {
    const { together = [], affects } = finding.found;
    const others = findings.filter(
      ({ cause, found }) => together.includes(cause.id) && found !== finding.found && overlaps(found.affects, affects),
    );
    if (others.length === 0) return finding;
    const steps = inSteps([...finding.found.fixes.filter(changesIt), ...others.flatMap(({ found }) => stepsOf(found))]);
    const rest = finding.found.fixes.filter((fix) => !changesIt(fix));
    return { ...finding, found: { ...finding.found, fixes: [...steps, ...rest] } };
  });
}

/** Where nobody here knows a command for it, its step is told all the same. */
function stepsOf({ fixes, says }: Candidate): readonly Remedy[] {
  const own = fixes.filter(changesIt);
  if (own.length > 0) return own;
  return [fix(text`also fix this: ${says}`)];
}

function changesIt({ changes, run }: Remedy): boolean {
  return changes && run !== null;
}

function overlaps(one: Candidate['affects'], other: Candidate['affects']): boolean {
  const ids = new Set(one.targets.map(({ targetGroup, id }) => `${targetGroup} ${id}`));
  return other.targets.some(({ targetGroup, id }) => ids.has(`${targetGroup} ${id}`));
}
