import type { Change } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { resource, type Text, text } from '../../incident/text.ts';
import { showHealth } from '../look.ts';
import { fix, type Remedy } from '../remedy.ts';
import type { Affected, ControlledResource } from './controlled-resources.ts';

/** What mends a finding in the cluster. */
export type ClusterRemedy = (kept: ControlledResource, about: RemedySubject) => readonly Remedy[];

export interface RemedySubject {
  readonly found: Affected & { readonly change?: Change | undefined };
  readonly evidence: ObservedEvidence;
}

/** In words, where no command does it. */
export function manualFix(does: Text, { arn, group }: ControlledResource): Remedy {
  return fix(does, { verify: group && showHealth(arn) });
}

export function ingressSaid({ ingress }: ControlledResource['names']): Text {
  return ingress === null ? text`the ingress` : text`ingress ${resource(ingress)}`;
}
