import type { Target } from '../incident/evidence.ts';
import { baselineOf } from '../semantics/errors/episode.ts';
import { cpuIn, type TargetCpu } from '../semantics/load/target-cpu.ts';
import { loadOf, type TargetLoad } from '../semantics/load/target-load.ts';
import { meanOf, type Span, valuesIn } from '../semantics/time/minutes.ts';
import { errors } from './errors.ts';
import { defineFact } from './fact.ts';

/** Requests up to this many times the hour before are not a surge. */
const SURGE = 2;

/** How loaded targets are, by the metrics of their instances or of the ECS services that they belong to. */
export interface Load {
  /** Of the most loaded of these, in the minutes of the errors, or of the window without any, unless others are named. */
  of(targets: readonly Target[], span?: Span): TargetLoad;
  /** By minute; `undefined` where it was not seen. */
  cpuOf(target: Target): TargetCpu | undefined;
  /** Whether requests surged as errors began; `null` without errors, and where nobody saw the requests then or before. */
  readonly surges: boolean | null;
}

export const load = defineFact({
  needs: ['loadBalancerMetrics'],
  uses: ['instanceMetrics', 'serviceMetrics', 'ecsServices', 'targetInterfaces', 'tags', 'instances'],
  compute: (seen, moment): Load => {
    const { episode, requests, span: minutes } = errors.compute(seen, moment);
    const now = episode && meanOf(valuesIn(requests, episode.span));
    const before = episode && baselineOf(requests, episode);
    return {
      of: (targets, span = minutes) => loadOf(targets, seen, span),
      cpuOf: cpuIn(seen),
      surges: now === null || before === null || before === 0 ? null : now / before >= SURGE,
    };
  },
});
