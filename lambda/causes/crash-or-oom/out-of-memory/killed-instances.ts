import type { ErrorKind } from '../../../incident/cause.ts';
import type { Missing } from '../../../incident/diagnosis.ts';
import type { Instance, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, listed, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { answersOtherwise } from '../../../semantics/load/group-overload.ts';
import { type OomKill, oomLinesIn } from '../../../semantics/targets/console-oom-lines.ts';
import { groupName, scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest, plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';
import { type Claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { type Found, notRead, type SeenBy } from '../../cause.ts';
import { citeAt } from '../../cite.ts';

/** What the consoles of failing instances tell of processes killed for memory. */

/** A kill further from the onset than this, in seconds, is another story, or the instance was started again since. */
const JUST_BEFORE = 600;
const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

interface Killed {
  readonly target: Target;
  readonly kill: OomKill;
  readonly at: Time | undefined;
  /** Other kills that the console tells of. */
  readonly others: number;
}

type OnInstances = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'consoleOutput'>;

export function killedOnInstances(
  failing: readonly Target[],
  seen: SeenBy<never, 'consoleOutput' | 'instances'>,
  episode: EpisodeSpan,
  readAt: Time,
): readonly OnInstances[] {
  const consoles = new Map((ifSeen(seen.consoleOutput) ?? []).map((one) => [one.instanceId, one.lines]));
  const known = new Map((ifSeen(seen.instances) ?? []).map((one) => [one.id, one]));
  return groupBy(failing, ({ targetGroup }) => targetGroup).flatMap((group) => {
    const read = group.filter(({ id }) => consoles.has(id));
    const [first, ...rest] = read.flatMap(
      (target) => killOn(target, consoles.get(target.id) ?? [], known.get(target.id), episode, readAt) ?? [],
    );
    return first === undefined ? [] : [killsOf([first, ...rest], read.length, episode, known.get(first.target.id))];
  });
}

/** Of the kills that a console tells of, the one that the errors may have come from. */
function killOn(
  target: Target,
  lines: readonly string[],
  instance: Instance | undefined,
  episode: EpisodeSpan,
  readAt: Time,
): Killed | undefined {
  const kills = oomLinesIn(lines).map((kill) => ({ kill, at: timeOfKill(kill, instance, episode, readAt) }));
  const told =
    kills.findLast(({ at }) => isAsErrorsBegan(at, episode)) ??
    kills.find(({ at }) => at !== undefined) ??
    kills.at(-1);
  return told && { target, ...told, others: kills.length - 1 };
}

function killsOf(
  killed: readonly [Killed, ...Killed[]],
  read: number,
  episode: EpisodeSpan,
  instance: Instance | undefined,
): OnInstances {
  const { onset } = episode;
  const before = killed.filter(({ at, target }) => isAsErrorsBegan(at, episode) && !answersOtherwise(target)).length;
  const kills: Claim<'consoleOutput'> = {
    holds: before > 0 && 2 * before >= read,
    shows: killed.slice(0, 3).map((one) => ({ from: 'consoleOutput', shows: killSaid(one) })),
  };
  const targets = killed.map(({ target }) => target);
  const names = listed(targets.map(({ id }) => resource(id)));
  const processes = killed.map(({ kill }) => kill.process);
  return {
    strength: strengthOfClaims({ proves: kills, agrees: [kills] }),
    says: text`The kernel of ${names} killed ${listed([...new Set(processes)].map(code))} for memory`,
    since: earliest(killed.map(({ at }) => at)),
    because: [citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`, ...shownBy([kills])],
    affects: scopeOf(targets),
    explains: EXPLAINED,
    fixes: [lessMemory(killed[0].target, instance)],
    facts: { instances: targets.map(({ id }) => id), processes },
  };
}

/** Errors are counted by the minute: what was killed in the first one may have begun them. */
function isAsErrorsBegan(at: Time | undefined, { onset }: EpisodeSpan): boolean {
  return at !== undefined && secondsBetween(onset, at) < 60;
}

/** Seconds since boot become a time only where launch was the last boot: a reboot does not change the launch time. */
function timeOfKill(
  { secondsSinceBoot }: OomKill,
  instance: Instance | undefined,
  { onset }: EpisodeSpan,
  readAt: Time,
): Time | undefined {
  if (secondsSinceBoot === null || !instance?.launchedAt) return undefined;
  const at = plusSeconds(instance.launchedAt, Math.floor(secondsSinceBoot));
  return secondsBetween(at, onset) <= JUST_BEFORE && secondsBetween(at, readAt) >= 0 ? at : undefined;
}

function killSaid({ target, kill, at, others }: Killed): Text {
  const when = at === undefined ? text`, when is not known` : text` at ${time(at)}`;
  return text`console of ${resource(target.id)}: ${kill.ofContainer ? 'Memory cgroup out of memory' : 'Out of memory'}, killed ${code(kill.process)}${when}${others === 0 ? '' : text`, one of ${others + 1} kills since it was started`}`;
}

function lessMemory({ id, targetGroup }: Target, instance: Instance | undefined): Remedy {
  return fix(
    text`start the process of ${resource(groupName(targetGroup))} on ${resource(id)} again, and give it more memory or less to fill`,
    { verify: showHealth(targetGroup), managedBy: managerOf(instance?.tags ?? {}) },
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
  const fresh = new Set(
    consoleOutput.value
      .filter(({ at, lines }) => lines.length > 0 && at !== null && secondsBetween(onset, at) >= 0)
      .map(({ instanceId }) => instanceId),
  );
  const ids = failing.map(({ id }) => id).filter((id) => !fresh.has(id));
  const detail = 'no console output of the failing instances was seen from after the errors began';
  return ids.length === 0 ? [] : [{ evidence: 'consoleOutput', why: 'partial', ids: ids.slice(0, 50), detail }];
}
