import type { Target } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import { type Probe, probesOf } from '../semantics/targets/application-checks.ts';
import { defineFact } from './fact.ts';

/** What EC2's own checks of applications found. */
export interface Probes {
  /** None where nobody set such checks up, or they were not seen. */
  of(targets: readonly Target[]): readonly Probe[];
}

export const probes = defineFact({
  uses: ['applicationStatus'],
  compute: ({ applicationStatus }): Probes => ({ of: (targets) => probesOf(targets, ifSeen(applicationStatus) ?? []) }),
});
