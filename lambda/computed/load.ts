import type { Target } from '../incident/evidence.ts';
import { errorEpisode } from '../semantics/errors/episode.ts';
import { cpuIn, type TargetCpu } from '../semantics/load/target-cpu.ts';
import { loadOf, type TargetLoad } from '../semantics/load/target-load.ts';
import { type Span, spanOf } from '../semantics/time/minutes.ts';
import { defineComputed } from './computed.ts';

/** How loaded targets are, by the metrics of their instances or of the ECS services that they belong to. */
export interface Load {
  /** Of the most loaded of these, in the minutes of the errors, or of the window without any, unless others are named. */
  of(targets: readonly Target[], span?: Span): TargetLoad;
  /** By minute; `undefined` where it was not seen. */
  cpuOf(target: Target): TargetCpu | undefined;
}

export const load = defineComputed({
  needs: ['loadBalancerMetrics'],
  uses: ['instanceMetrics', 'serviceMetrics', 'ecsServices', 'targetInterfaces', 'tags', 'instances'],
  compute: (seen, { window }): Load => {
    const { loadBalancerMetrics: metrics } = seen;
    const minutes = errorEpisode(metrics, window)?.span ?? spanOf(metrics.grid, window.from, window.to);
    return { of: (targets, span = minutes) => loadOf(targets, seen, span), cpuOf: cpuIn(seen) };
  },
});
