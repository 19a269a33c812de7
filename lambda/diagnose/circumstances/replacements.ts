import type { CauseId } from '../../incident/cause.ts';
import type { Episode } from '../../incident/diagnosis.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, count, resource, type Text, text, time } from '../../incident/text.ts';
import { servicesInUse } from '../../semantics/ecs/services.ts';
import { groupBy } from '../../semantics/group-by.ts';
import { type TargetWave, targetWavesIn } from '../../semantics/targets/target-waves.ts';
import { routedGroups } from '../../semantics/traffic/routing.ts';

/** They tell of it themselves. */
const TOLD_BY: readonly CauseId[] = [
  'crashing-backend',
  'deployment-failing',
  'deployment-replacing-targets',
  'deregistration-cuts-requests',
  'instance-not-running',
  'no-registered-targets',
  'no-running-tasks',
  'out-of-memory',
];

/** What failed first may be gone: the log and the memory of what runs now are not its own. */
export function replacements(
  { evidence, question: { window } }: Snapshot,
  episode: Episode | null,
  isFound: (cause: CauseId) => boolean,
): readonly Citation<Text>[] {
  if (episode === null || TOLD_BY.some(isFound)) return [];
  const routed = routedGroups(ifSeen(evidence.listenerRules) ?? []);
  const services = servicesInUse(ifSeen(evidence.ecsServices) ?? [], ifSeen(evidence.ecsTasks) ?? [], routed);
  const scalingGroups = ifSeen(evidence.autoScalingGroups) ?? [];
  const until = episode.end ?? window.to;
  const gone = targetWavesIn({ services, scalingGroups, changes: [] }, routed).filter(
    ({ is, at }) => is === 'departure' && at >= episode.onset && at <= until,
  );
  return groupBy(gone, ({ by, from }) => `${from} ${by}`).map(said);
}

function said(waves: readonly [TargetWave, ...TargetWave[]]): Citation<Text> {
  const [{ from, by, at }] = waves;
  const all = waves.reduce((sum, wave) => sum + wave.count, 0);
  const gone = from === 'autoScalingGroups' ? count(all, 'instance') : count(all, 'task');
  const times = [...new Set(waves.map((wave) => wave.at))].map(time);
  const shows = text`${gone} of ${resource(by)} stopped or ${all === 1 ? 'was' : 'were'} removed since the errors began, at ${andList(times, 4)}: not everything that failed before is still there`;
  return { from, shows, at };
}
