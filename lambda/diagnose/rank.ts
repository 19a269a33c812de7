import type { CauseId } from '../incident/cause.ts';
import { STRENGTHS } from '../incident/cause.ts';
import { EXPLAINING_SHARE } from './share.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

export const isConfident = ({ found }: FindingWithShare): boolean => found.strength !== 'circumstantial';

/**
 * Best first, in a total order, whatever order the findings come in: a confident cause above the findings it explains
 * on overlapping targets; what is confident and explains most of the errors; strength; the share explained; the order of
 * the registry; id by code point.
 */
export function rank(findings: readonly FindingWithShare[], order: readonly CauseId[]): readonly FindingWithShare[] {
  const waiting = [...findings].sort((a, b) => compare(a, b, order));
  const ranked: FindingWithShare[] = [];
  while (waiting.length > 0) {
    const free = waiting.findIndex(
      (finding) => !waiting.some((other) => other !== finding && isCauseOf(other, finding)),
    );
    // Two causes that name each other: neither may wait for the other.
    ranked.push(...waiting.splice(Math.max(0, free), 1));
  }
  return ranked;
}

/** The first of the findings above a finding that bring it with them. */
export function causeOf(symptom: FindingWithShare, ranked: readonly FindingWithShare[]): CauseId | undefined {
  return ranked.slice(0, ranked.indexOf(symptom)).find((above) => isCauseOf(above, symptom))?.cause.id;
}

function isCauseOf(above: FindingWithShare, symptom: FindingWithShare): boolean {
  return isConfident(above) && above.cause.causes.includes(symptom.cause.id) && overlap(above, symptom);
}

/** A finding that affects no group in particular is about the whole load balancer, and overlaps everything. */
function overlap(a: FindingWithShare, b: FindingWithShare): boolean {
  const groups = new Set(a.found.affects.targetGroups);
  if (groups.size === 0 || b.found.affects.targetGroups.length === 0) return true;
  if (!b.found.affects.targetGroups.some((arn) => groups.has(arn))) return false;
  const targets = new Set(a.found.affects.targets.map(keyOf));
  return (
    targets.size === 0 ||
    b.found.affects.targets.length === 0 ||
    b.found.affects.targets.some((t) => targets.has(keyOf(t)))
  );
}

const keyOf = (target: { targetGroup: string; id: string; port: number | null }): string =>
  `${target.targetGroup} ${target.id} ${target.port}`;

function compare(a: FindingWithShare, b: FindingWithShare, order: readonly CauseId[]): number {
  return (
    Number(isMain(b)) - Number(isMain(a)) ||
    STRENGTHS.indexOf(a.found.strength) - STRENGTHS.indexOf(b.found.strength) ||
    (b.share ?? -1) - (a.share ?? -1) ||
    order.indexOf(a.cause.id) - order.indexOf(b.cause.id) ||
    byCodePoint(a.cause.id, b.cause.id) ||
    byCodePoint(contentOf(a), contentOf(b))
  );
}

const isMain = (finding: FindingWithShare): boolean => isConfident(finding) && (finding.share ?? 0) >= EXPLAINING_SHARE;

/** Two findings of one cause: told apart by what they affect, so that the order never depends on where they came in. */
function contentOf({ found }: FindingWithShare): string {
  return JSON.stringify([found.affects, found.says]);
}

function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
