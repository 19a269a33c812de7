import type { Found } from '../../causes/cause.ts';
import type { Fix } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { resource, type Text, text } from '../../incident/text.ts';
import { showHealth } from '../../remedies/look.ts';
import type { ControlledResource } from './controlled-resources.ts';

/** What mends a finding in the cluster. */
export type Remedy = (kept: ControlledResource, about: RemedySubject) => readonly Fix<Text>[];

export interface RemedySubject {
  readonly found: Found;
  readonly evidence: ObservedEvidence;
}

export function manualFix(does: Text, { arn, group }: ControlledResource): Fix<Text> {
  return { does, run: null, changes: true, undo: null, verify: group === undefined ? null : showHealth(arn) };
}

export function ingressSaid({ ingress }: ControlledResource['names']): Text {
  return ingress === null ? text`the ingress` : text`ingress ${resource(ingress)}`;
}
