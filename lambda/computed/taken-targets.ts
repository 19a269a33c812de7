import { type TakenTarget, takenTargetsIn } from '../semantics/ecs/taken-targets.ts';
import { plusSeconds, timeOfMinute } from '../semantics/time/minutes.ts';
import { errors } from './errors.ts';
import { defineFact } from './fact.ts';
import { services } from './services.ts';

/** A target that was taken away so long before the first error, in seconds, may be what the errors began with. */
const BEFORE = 600;

/** The targets that ECS took away around the errors for failing their health checks, and why these failed. */
export const takenTargets = defineFact({
  needs: ['loadBalancerMetrics', ...services.needs],
  uses: services.uses,
  compute: (seen, moment): readonly TakenTarget[] => {
    const { episode } = errors.compute(seen, moment);
    if (episode === null) return [];
    const from = plusSeconds(episode.onset, -BEFORE);
    const to = timeOfMinute(episode.grid, episode.grid.minutes);
    return services.compute(seen, moment).flatMap((inUse) => takenTargetsIn(inUse, from, to));
  },
});
