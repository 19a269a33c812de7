import type { ChangeEvent, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, resource, text, time } from '../../../incident/text.ts';
import { lookAtConsole } from '../../../remedies/host.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { type InstanceRestart, minuteOfCheckFailure, restartIn } from '../../../semantics/targets/instance-reboots.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

type Seen = SeenBy<never, 'targetHealth' | 'instances' | 'instanceMetrics' | 'consoleOutput' | 'changes'>;
type Rebooted = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'instanceMetrics' | 'consoleOutput'>;

/** Somebody's call this long before the first error may have done it, in seconds. */
const BEFORE = 15 * 60;

/** Instances whose system started again as the errors began, and nobody asked for it. */
export function rebootedByThemselves(seen: Seen, routed: readonly string[], episode: EpisodeSpan): readonly Rebooted[] {
  const targets = (ifSeen(seen.targetHealth) ?? []).filter(({ targetGroup }) => routed.includes(targetGroup));
  return (ifSeen(seen.consoleOutput) ?? []).flatMap((console): Rebooted[] => {
    const id = console.instanceId;
    const own = targets.filter((target) => target.id === id);
    const restart = restartIn(console);
    const values = ifSeen(seen.instanceMetrics)?.of.find((one) => one.id === id)?.values ?? {};
    const minute = minuteOfCheckFailure(values, episode);
    if (own.length === 0 || restart === null || minute === null || byCall(id, seen.changes, episode)) return [];
    const launched = ifSeen(seen.instances)?.find((one) => one.id === id)?.launchedAt ?? null;
    // It started for the first time, or was stopped and started.
    if (launched !== null && secondsBetween(plusSeconds(episode.onset, -BEFORE), launched) > 0) return [];
    return [rebooted(own, restart, episode, minute, launched !== null && nobodyCalled(seen.changes))];
  });
}

function rebooted(
  targets: readonly Target[],
  { panic }: InstanceRestart,
  { onset, grid }: EpisodeSpan,
  minute: number,
  byItself: boolean,
): Rebooted {
  const id = targets[0]?.id ?? '';
  const at = timeOfMinute(grid, minute);
  const shown = panic === null ? text`the system started again` : text`Kernel panic, ${code(panic)}`;
  return {
    strength: byItself ? 'strong' : 'circumstantial',
    says: text`${resource(id)} rebooted by itself as the errors began${panic === null ? '' : ': its kernel panicked'}`,
    because: [
      citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
      cite.consoleOutput`console of ${resource(id)}: ${shown}`,
      citeAt(at)
        .instanceMetrics`${code('StatusCheckFailed_Instance')} failed at ${time(at)} and passes again; the system check never failed`,
    ],
    affects: scopeOf(targets),
    explains: ['502', '503', '504'],
    restsOn: [id],
    fixes: [lookAtConsole(id, text`see what the system of ${resource(id)} wrote before it started again`, true)],
    facts: { instances: [id], panic },
  };
}

function byCall(id: string, changes: Observed<readonly ChangeEvent[]>, { onset }: EpisodeSpan): boolean {
  return (ifSeen(changes) ?? []).some(
    ({ at, details }) =>
      details.is === 'instances' && details.instanceIds.includes(id) && Math.abs(secondsBetween(onset, at)) <= BEFORE,
  );
}

/** Known only where CloudTrail was asked for it and answered. */
function nobodyCalled(changes: Observed<readonly ChangeEvent[]>): boolean {
  return changes.seen && !changes.gaps.some(({ ids }) => ids?.includes('RebootInstances') ?? true);
}
