import type { ErrorKind } from '../../../incident/cause.ts';
import type { Target } from '../../../incident/evidence.ts';
import { andList, code, count, resource, type Text, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { awaitHealth } from '../../../remedies/target-group.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { startOf } from '../../../semantics/targets/start-up.ts';
import { groupsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest, secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { partSaid } from '../../kit/targets-at-limit.ts';

const EXPLAINED: readonly ErrorKind[] = ['502', '503'];

/** Draining ones get no new requests. */
export function onlyStarting(targets: readonly Target[]): boolean {
  return targets.every(({ state }) => ['initial', 'draining', 'unused'].includes(state));
}

interface LateStart {
  readonly started: Time;
  readonly onset: Time;
}

/** Seconds: metrics are of whole minutes. */
const SLACK = 120;

/** Errors that are older than all that start come of what was there before these, and of why it went. */
export function cameLate(
  targets: readonly Target[],
  { onset }: EpisodeSpan,
  seen: Parameters<typeof startOf>[1],
): LateStart | null {
  const starts = targets.flatMap((target) => startOf(target, seen) ?? []);
  const started = starts.length === targets.length ? earliest(starts) : undefined;
  return started !== undefined && secondsBetween(onset, started) > SLACK ? { started, onset } : null;
}

/** `errors503`: of late, where a group holds no others that could answer. */
export function startingFinding(
  targets: readonly Target[],
  errors503: number | null = null,
  late: LateStart | null = null,
): Found<'targetHealth', 'targetHealth' | 'loadBalancerMetrics'> {
  const groups = groupsOf(targets);
  const alone = errors503 !== null;
  const all = targets.length === 1 ? text`The only target` : text`${partSaid(targets.length, targets.length)} targets`;
  const which = alone ? all : count(targets.length, 'target');
  const initial = text`${andList(targets.map(({ id }) => resource(id)))}: ${code('initial')}`;
  return {
    strength: alone && late === null ? 'decisive' : 'circumstantial',
    says: text`${which} of ${groupsSaid(groups)} ${targets.length === 1 ? 'is' : 'are'} still starting: ${code('initial')}`,
    because: [
      { from: 'targetHealth', shows: alone ? text`${initial}, ${whyInitial(targets[0])}` : initial },
      alone && cite.loadBalancerMetrics`${count(errors503, 'request')} answered ${code('503')} in the newest minutes`,
      late && cite.targetHealth`started at ${time(late.started)}, after the errors began at ${time(late.onset)}`,
    ],
    affects: scopeOf(targets),
    explains: alone ? ['503', '502'] : EXPLAINED,
    fixes: [awaitHealth(groups[0] ?? '')],
    facts: { initial: targets.length },
  };
}

/** In AWS's words, where it has some. */
function whyInitial(target: Target | undefined): Text {
  const why = target?.description ?? target?.reason ?? null;
  return why === null ? text`its first health checks have not completed` : verbatim(why);
}
