import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/**
 * A share is one of the errors since its cause began. Two faults that make different errors are told by the same whole, and what
 * one adds to the other is not the other's: added up, their shares are no more than that.
 */
export function withSharesOfAll(findings: readonly FindingWithShare[]): readonly FindingWithShare[] {
  const faults = findings.filter((finding) => isConfident(finding) && (finding.share ?? 0) > 0);
  return findings.map((finding) => {
    const { ofAll, share } = finding;
    if (share === null || !faults.includes(finding)) return finding;
    const others = faults.filter((other) => other !== finding);
    const own = ofAll !== undefined && others.some((other) => areApart(finding, other)) ? ofAll : share;
    const onTop = others.filter((other) => other.added !== undefined && !areApart(finding, other));
    const added = finding.added !== undefined ? 0 : onTop.reduce((sum, other) => sum + (other.share ?? 0), 0);
    return { ...finding, share: Math.min(own, Math.max(0, 1 - added)) };
  });
}

/** Of other groups, or of other kinds. */
function areApart({ found: one }: FindingWithShare, { found: other }: FindingWithShare): boolean {
  const [groups, others] = [one.affects.targetGroups, other.affects.targetGroups];
  if (groups.length > 0 && others.length > 0 && !groups.some((arn) => others.includes(arn))) return true;
  return !one.explains.some((kind) => other.explains.includes(kind));
}
