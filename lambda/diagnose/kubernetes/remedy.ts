import type { Found } from '../../causes/cause.ts';
import type { Fix } from '../../incident/finding.ts';
import type { ObservedEvidence } from '../../incident/snapshot.ts';
import { resource, type Text, text } from '../../incident/text.ts';
import { showHealth } from '../../semantics/commands.ts';
import type { Kept } from './kept.ts';

/** What mends a finding in the cluster. */
export type Remedy = (kept: Kept, about: About) => readonly Fix<Text>[];

export interface About {
  readonly found: Found;
  readonly evidence: ObservedEvidence;
}

export function byHand(does: Text, { arn, group }: Kept): Fix<Text> {
  return { does, run: null, changes: true, undo: null, verify: group === undefined ? null : showHealth(arn) };
}

export function holderOf({ ingress }: Kept['names']): Text {
  return ingress === null ? text`the ingress` : text`ingress ${resource(ingress)}`;
}
