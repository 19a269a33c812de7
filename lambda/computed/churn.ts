import type { ErrorKind } from '../incident/cause.ts';
import { ifSeen } from '../incident/observed.ts';
import { servicesInUse } from '../semantics/ecs/services.ts';
import { errorsOfKinds } from '../semantics/errors/error-series.ts';
import { type Rollout, rolloutNextTo } from '../semantics/targets/rollout.ts';
import { type TargetWave, targetWavesIn, type WaveReason } from '../semantics/targets/target-waves.ts';
import { type DepartureEvidence, departuresUnseenIn } from '../semantics/targets/unseen-departures.ts';
import { errors } from './errors.ts';
import { defineFact } from './fact.ts';
import { routed } from './routed-groups.ts';

/** The targets that came and went. */
export interface Churn {
  readonly arrivals: readonly TargetWave[];
  readonly departures: readonly TargetWave[];
  /** Departures for such reasons next to such errors; `null` where there are none. */
  nextTo(kinds: readonly ErrorKind[], reasons: readonly WaveReason[]): Rollout | null;
  /** The evidence in which a departure could be missing; `null` where all were seen. */
  readonly unseenIn: DepartureEvidence | null;
}

export const churn = defineFact({
  needs: ['loadBalancerMetrics'],
  uses: [
    'ecsServices',
    'ecsTasks',
    'ecsTaskDefinitions',
    'autoScalingGroups',
    'changes',
    'targetGroupMetrics',
    'targetGroupAttributes',
    'targetGroups',
    'listenerRules',
  ],
  compute: (seen, moment): Churn => {
    const { episode, series } = errors.compute(seen, moment);
    const { groups } = routed.compute(seen, moment);
    const services = servicesInUse(ifSeen(seen.ecsServices) ?? [], ifSeen(seen.ecsTasks) ?? [], groups);
    const scalingGroups = ifSeen(seen.autoScalingGroups) ?? [];
    const waves = targetWavesIn({ services, scalingGroups, changes: ifSeen(seen.changes) ?? [] }, groups);
    const departures = waves.filter(({ is }) => is === 'departure');
    return {
      arrivals: waves.filter(({ is }) => is === 'arrival'),
      departures,
      nextTo: (kinds, reasons) => {
        if (episode === null) return null;
        const left = departures.filter(({ why }) => reasons.includes(why));
        return rolloutNextTo(errorsOfKinds(series, kinds), left, episode, { ...seen, services, scalingGroups });
      },
      unseenIn: episode && departuresUnseenIn(seen, episode, moment.readAt),
    };
  },
});
