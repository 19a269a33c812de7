import type { ErrorKind } from '../../../incident/cause.ts';
import type { Missing } from '../../../incident/diagnosis.ts';
import type { ConsoleOutput, Instance, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { answersOtherwise } from '../../../semantics/load/group-overload.ts';
import { type OomKill, oomLinesIn } from '../../../semantics/targets/console-oom-lines.ts';
import { groupName, scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest, plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';
import { type Found, notRead } from '../../cause.ts';

/** What the consoles of failing instances tell of processes killed for memory. */

export interface ConsoleEvidence {
  readonly consoleOutput: Observed<readonly ConsoleOutput[]>;
  readonly instances: Observed<readonly Instance[]>;
}

/** A kill further from the onset than this, in seconds, is another story, or the instance was started again since. */
const JUST_BEFORE = 600;
const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504'];

interface Killed {
  readonly target: Target;
  readonly kill: OomKill;
  readonly at: string | undefined;
  /** Other kills that the console tells of. */
  readonly others: number;
}

type OnInstances = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'consoleOutput'>;

export function killedOnInstances(
  failing: readonly Target[],
  evidence: ConsoleEvidence,
  episode: EpisodeSpan,
  readAt: string,
): readonly OnInstances[] {
  const consoles = new Map((ifSeen(evidence.consoleOutput) ?? []).map((one) => [one.instanceId, one.lines]));
  const known = new Map((ifSeen(evidence.instances) ?? []).map((one) => [one.id, one]));
  return groupBy(failing, ({ targetGroup }) => targetGroup).flatMap((group): OnInstances[] => {
    const read = group.filter(({ id }) => consoles.has(id));
    const killed = read.flatMap((target): Killed[] => {
      const kills = oomLinesIn(consoles.get(target.id) ?? []);
      const dated = kills.flatMap((kill) => {
        const at = timeOfKill(kill, known.get(target.id), episode, readAt);
        return at === undefined ? [] : [{ target, kill, at, others: kills.length - 1 }];
      });
      const last = kills.at(-1);
      const began = dated.findLast(({ at }) => asErrorsBegan(at, episode)) ?? dated[0];
      return began !== undefined
        ? [began]
        : last === undefined
          ? []
          : [{ target, kill: last, at: undefined, others: kills.length - 1 }];
    });
    const [first, ...rest] = killed;
    if (first === undefined) return [];
    const all = [first, ...rest] as const;
    const before = all.filter(
      ({ at, target }) => at !== undefined && asErrorsBegan(at, episode) && !answersOtherwise(target),
    );
    return [found(all, 2 * before.length >= read.length && before.length > 0, episode, known)];
  });
}

function found(
  killed: readonly [Killed, ...Killed[]],
  sure: boolean,
  { onset }: EpisodeSpan,
  known: ReadonlyMap<string, Instance>,
): OnInstances {
  const [{ target }] = killed;
  const since = earliest(killed.map(({ at }) => at));
  const names = listed(killed.map((one) => resource(one.target.id)));
  const processes = listed([...new Set(killed.map(({ kill }) => kill.process))].map((name) => code(name)));
  return {
    strength: sure ? 'decisive' : 'circumstantial',
    says: text`The kernel of ${names} killed ${processes} for memory`,
    ...(since === undefined ? {} : { since }),
    because: [
      { from: 'loadBalancerMetrics', shows: text`the errors began at ${time(onset)}`, at: onset },
      ...killed.slice(0, 3).map((one) => ({ from: 'consoleOutput' as const, shows: killSaid(one) })),
    ],
    affects: scopeOf(killed.map((one) => one.target)),
    explains: EXPLAINED,
    fixes: [lessMemory(target, known.get(target.id))],
    facts: { instances: killed.map((one) => one.target.id), processes: killed.map(({ kill }) => kill.process) },
  };
}

/** Errors are counted by the minute: what was killed in the first one may have begun them. */
function asErrorsBegan(at: string, { onset }: EpisodeSpan): boolean {
  return secondsBetween(onset, at) < 60;
}

/** Seconds since boot become a time only where launch was the last boot: a reboot does not change the launch time. */
function timeOfKill(
  { secondsSinceBoot }: OomKill,
  instance: Instance | undefined,
  { onset }: EpisodeSpan,
  readAt: string,
): string | undefined {
  if (secondsSinceBoot === null || !instance?.launchedAt) return undefined;
  const at = plusSeconds(instance.launchedAt, Math.floor(secondsSinceBoot));
  return secondsBetween(at, onset) <= JUST_BEFORE && secondsBetween(at, readAt) >= 0 ? at : undefined;
}

function killSaid({ target, kill, at, others }: Killed): Text {
  const when = at === undefined ? text`, when is not known` : text` at ${time(at)}`;
  return text`console of ${resource(target.id)}: ${kill.ofContainer ? 'Memory cgroup out of memory' : 'Out of memory'}, killed ${code(kill.process)}${when}${others === 0 ? '' : text`, one of ${others + 1} kills since it was started`}`;
}

function lessMemory(target: Target, instance: Instance | undefined): Remedy {
  return {
    does: text`start the process of ${resource(groupName(target.targetGroup))} on ${resource(target.id)} again, and give it more memory or less to fill`,
    run: null,
    changes: true,
    undo: null,
    verify: showHealth(target.targetGroup),
    ...managedByField(instance?.tags ?? {}),
  };
}

/** A console without such a line denies a kill only if it was kept after the errors began. */
export function consoleNotSeen(
  failing: readonly Target[],
  { consoleOutput }: ConsoleEvidence,
  onset: string,
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
