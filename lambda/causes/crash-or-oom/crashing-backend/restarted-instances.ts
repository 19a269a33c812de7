import { ifSeen } from '../../../incident/observed.ts';
import { code, resource, text, time } from '../../../incident/text.ts';
import { lookAtConsole } from '../../../remedies/host.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import {
  minuteOfCheckFailure,
  restartIn,
  wasLaunchedBefore,
  wasRestartedByCall,
} from '../../../semantics/targets/instance-reboots.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

type Seen = SeenBy<never, 'targetHealth' | 'instances' | 'instanceMetrics' | 'consoleOutput' | 'changes'>;
type Rebooted = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'instanceMetrics' | 'consoleOutput'>;

/** Instances whose system started again as the errors began, and nobody asked for it. */
export function rebootedByThemselves(seen: Seen, routed: readonly string[], episode: EpisodeSpan): readonly Rebooted[] {
  const { onset, grid } = episode;
  const targets = (ifSeen(seen.targetHealth) ?? []).filter(({ targetGroup }) => routed.includes(targetGroup));
  return (ifSeen(seen.consoleOutput) ?? []).flatMap((console): readonly Rebooted[] => {
    const id = console.instanceId;
    const own = targets.filter((target) => target.id === id);
    const restart = restartIn(console);
    const minute = minuteOfCheckFailure(
      ifSeen(seen.instanceMetrics)?.of.find((one) => one.id === id)?.values ?? {},
      episode,
    );
    const byCall = wasRestartedByCall(id, seen.changes, onset);
    const instance = ifSeen(seen.instances)?.find((one) => one.id === id);
    if (own.length === 0 || restart === null || minute === null || byCall === true) return [];
    if (instance !== undefined && wasLaunchedBefore(instance, onset)) return [];
    const { panic } = restart;
    const at = timeOfMinute(grid, minute);
    return [
      {
        strength: instance?.launchedAt && byCall === false ? 'strong' : 'circumstantial',
        says: text`${resource(id)} rebooted by itself as the errors began${panic === null ? '' : ': its kernel panicked'}`,
        because: [
          citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
          cite.consoleOutput`console of ${resource(id)}: ${panic === null ? 'the system started again' : text`Kernel panic, ${code(panic)}`}`,
          citeAt(at)
            .instanceMetrics`${code('StatusCheckFailed_Instance')} failed at ${time(at)} and passes again; the system check never failed`,
        ],
        affects: scopeOf(own),
        explains: ['502', '503', '504'],
        restsOn: [id],
        fixes: [lookAtConsole(id, text`see what the system of ${resource(id)} logged before it restarted`, true)],
        facts: { instances: [id], panic },
      },
    ];
  });
}
