import type { Category, CauseId } from '../incident/cause.ts';
import type { ListenerRule } from '../incident/evidence.ts';
import type { TargetRef } from '../incident/finding.ts';
import type { Mark } from '../incident/topology.ts';
import { authenticationIn, fixedCodesIn, reachableRules } from '../semantics/traffic/routing.ts';
import { causeOf } from './rank.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/** A mark, and what it stands on: ARNs of rules and groups, keys of targets. */
export interface PlacedMark {
  readonly mark: Mark;
  readonly loadBalancer: boolean;
  readonly rules: readonly string[];
  readonly groups: readonly string[];
  readonly targets: ReadonlySet<string>;
}

/** Whether requests fail: an outage is there, is over, or is none. Where metrics were not seen, it may be there. */
export type Outage = 'there' | 'over' | 'none';

/** What findings name, they mark; what brings another about marks for both. */
export function placedMarks(
  findings: readonly FindingWithShare[],
  outage: Outage,
  rules: readonly ListenerRule[],
): readonly PlacedMark[] {
  return findings
    .filter((finding) => causeOf(finding, findings) === undefined && isWorthMarking(finding, outage))
    .map((finding) => placed(finding, outage, rules));
}

/** What would fit, and has no part in the errors that there were, breaks nothing. */
function isWorthMarking(finding: FindingWithShare, outage: Outage): boolean {
  return isConfident(finding) || (outage !== 'none' && finding.share !== 0);
}

function placed(finding: FindingWithShare, outage: Outage, rules: readonly ListenerRule[]): PlacedMark {
  const { cause, found } = finding;
  const { targetGroups, targets } = found.affects;
  const mark: Mark = {
    cause: cause.id,
    strength: found.strength,
    is: kindOf(finding, outage),
    on: WAYS.includes(cause.category) ? 'way' : 'node',
    says: found.says,
  };
  const on = { mark, loadBalancer: false, rules: [], groups: [], targets: new Set<string>() };
  const marked = reachableRules(rules).filter((rule) => AT_RULES[cause.id]?.(rule) ?? false);
  if (marked.length > 0) return { ...on, rules: marked.map(({ arn }) => arn) };
  if (targets.length > 0) return { ...on, targets: new Set(targets.map(keyOfTarget)) };
  return targetGroups.length > 0 ? { ...on, groups: targetGroups } : { ...on, loadBalancer: true };
}

function kindOf(finding: FindingWithShare, outage: Outage): Mark['is'] {
  const { share, harmless, blocks, found } = finding;
  if (outage === 'none' || harmless || blocks !== undefined || share === 0 || found.explains.length === 0)
    return 'idle';
  if (!isConfident(finding)) return 'possible';
  return outage === 'over' ? 'over' : 'broken';
}

/** Nothing that AWS shows is wrong with what stands at either end: what is between them is. */
const WAYS: readonly Category[] = ['network-block', 'tls-mismatch'];

/** Causes of which a rule is the place. */
const AT_RULES: Readonly<Partial<Record<CauseId, (rule: ListenerRule) => boolean>>> = {
  'fixed-response-5xx': (rule) => fixedCodesIn(rule).some((status) => status.startsWith('5')),
  'authentication-failing': (rule) => authenticationIn(rule).length > 0,
};

export const keyOfTarget = ({ targetGroup, id, port }: Pick<TargetRef, 'targetGroup' | 'id' | 'port'>): string =>
  [targetGroup, id, port ?? ''].join(' ');
