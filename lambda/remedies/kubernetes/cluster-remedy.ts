import type { Change } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import type { Text } from '../../incident/text.ts';
import type { Affected, ControlledResource } from '../../semantics/kubernetes/controlled-resources.ts';
import { showHealth } from '../look.ts';
import { fix, inSteps, type Remedy } from '../remedy.ts';

/** What mends a finding in the cluster. */
export type ClusterRemedy = (kept: ControlledResource, about: RemedySubject) => readonly Remedy[];

export interface RemedySubject {
  readonly found: Affected & { readonly change?: Change | undefined };
  readonly evidence: ObservedEvidence;
}

/** In words, where no command does it; several are steps of one. */
export function manualRemedy(tell: (kept: ControlledResource) => readonly Text[]): ClusterRemedy {
  return (kept) => inSteps(tell(kept).map((does) => fix(does, { verify: kept.group && showHealth(kept.arn) })));
}
