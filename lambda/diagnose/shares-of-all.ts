import { isConfident } from './rank.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/**
 * A share is one of the errors since its cause began. Two faults that make different errors are told by the same whole:
 * added up, their shares are no more than that.
 */
export function withSharesOfAll(findings: readonly FindingWithShare[]): readonly FindingWithShare[] {
  const faults = findings.filter((finding) => isConfident(finding) && (finding.share ?? 0) > 0);
  return findings.map((finding) => {
    const { ofAll, share } = finding;
    if (ofAll === undefined || share === null || !faults.includes(finding)) return finding;
    const isBeside = faults.some((other) => other !== finding && areApart(finding, other));
    return isBeside ? { ...finding, share: ofAll } : finding;
  });
}

/** Of other groups, or of other kinds. */
function areApart({ found: one }: FindingWithShare, { found: other }: FindingWithShare): boolean {
  const [groups, others] = [one.affects.targetGroups, other.affects.targetGroups];
  if (groups.length > 0 && others.length > 0 && !groups.some((arn) => others.includes(arn))) return true;
  return !one.explains.some((kind) => other.explains.includes(kind));
}
