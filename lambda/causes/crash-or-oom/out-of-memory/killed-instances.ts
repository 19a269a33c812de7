import type { Missing } from '../../../incident/diagnosis.ts';
import type { Instance, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, resource, type Time, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { answersOtherwise } from '../../../semantics/load/group-overload.ts';
import { type DatedKill, isAsErrorsBegan, killBehindErrors } from '../../../semantics/targets/oom-kill-times.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest, secondsBetween } from '../../../semantics/time/minutes.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { type Found, notRead, type SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** What the consoles of failing instances tell of processes killed for memory. */

interface Killed extends DatedKill {
  readonly target: Target;
}

type OnInstances = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'consoleOutput'>;

export function killedOnInstances(
  failing: readonly Target[],
  { consoleOutput, instances }: SeenBy<never, 'consoleOutput' | 'instances'>,
  episode: EpisodeSpan,
  readAt: Time,
): readonly OnInstances[] {
  const consoles = new Map((ifSeen(consoleOutput) ?? []).map((one) => [one.instanceId, one.lines]));
  const known = new Map((ifSeen(instances) ?? []).map((one) => [one.id, one]));
  return groupBy(failing, ({ targetGroup }) => targetGroup).flatMap((group) => {
    const killed = group.flatMap((target) => {
      const kill = killBehindErrors(consoles.get(target.id) ?? [], known.get(target.id), episode, readAt);
      return kill === undefined ? [] : [{ ...kill, target }];
    });
    const [first] = killed;
    return first === undefined
      ? []
      : [killsOf(killed, group.length, episode, lessMemory(first.target, known.get(first.target.id)))];
  });
}

function killsOf(killed: readonly Killed[], failing: number, episode: EpisodeSpan, remedy: Remedy): OnInstances {
  const { onset } = episode;
  const before = killed.filter((kill) => isAsErrorsBegan(kill, episode) && !answersOtherwise(kill.target)).length;
  // Of those whose consoles were not read, nobody knows it.
  const kills = claim(before > 0 && 2 * before >= failing, ...killed.slice(0, 3).map(killSaid));
  const targets = killed.map(({ target }) => target);
  const names = andList(targets.map(({ id }) => resource(id)));
  const processes = killed.map(({ process }) => process);
  return {
    strength: strengthOfClaims({ proves: kills, agrees: [kills] }),
    says: text`The kernel of ${names} killed ${andList([...new Set(processes)].map(code))}: out of memory`,
    since: earliest(killed.map(({ at }) => at)),
    because: [citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`, ...shownBy([kills])],
    affects: scopeOf(targets),
    explains: ['502', '503', '504'],
    fixes: [remedy],
    restart: {
      says: text`only what starts with the system comes back. It helps only for a while: memory fills up again until there is more`,
    },
    facts: { instances: targets.map(({ id }) => id), processes },
  };
}

function killSaid({ target, process, ofContainer, at, others }: Killed) {
  const when = at === undefined ? text`, when is not known` : text` at ${time(at)}`;
  const more = others === 0 ? '' : text`, one of ${others + 1} kills since the instance started`;
  return cite.consoleOutput`console of ${resource(target.id)}: ${ofContainer ? 'Memory cgroup out of memory' : 'Out of memory'}, killed ${code(process)}${when}${more}`;
}

function lessMemory({ id, targetGroup }: Target, instance: Instance | undefined): Remedy {
  return fix(
    text`start the process of ${groupsSaid([targetGroup])} on ${resource(id)} again, and give it more memory or a smaller heap`,
    { verify: showHealth(targetGroup), managedBy: managerOf(instance?.tags) },
  );
}

/** A console without such a line denies a kill only if it was kept after the errors began. */
export function consoleNotSeen(
  failing: readonly Target[],
  { consoleOutput }: SeenBy<never, 'consoleOutput'>,
  onset: Time,
): readonly Missing[] {
  if (failing.length === 0) return [];
  if (!consoleOutput.seen) return notRead('consoleOutput', consoleOutput);
  const fresh = consoleOutput.value
    .filter(({ at, lines }) => lines.length > 0 && at !== null && secondsBetween(onset, at) >= 0)
    .map(({ instanceId }) => instanceId);
  const ids = failing.map(({ id }) => id).filter((id) => !fresh.includes(id));
  const detail = 'no console output of the failing instances was seen from after the errors began';
  return ids.length === 0 ? [] : [{ evidence: 'consoleOutput', why: 'partial', ids, detail }];
}
