import type { Errors } from '../../../computed/errors.ts';
import type { MetricsById, TargetGroupMetric, Values } from '../../../incident/evidence.ts';
import { andList, asQuoted, code, count, resource, text } from '../../../incident/text.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { type CodeMismatch, errorsIn } from '../../../semantics/targets/code-mismatch.ts';
import { healthyOf, keptHealthyUntil } from '../../../semantics/targets/health-history.ts';
import { secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { meaningOf } from './code-meaning.ts';

type Before = Found<
  'targetGroups',
  'targetGroups' | 'targetHealth' | 'targetGroupMetrics' | 'ecsServices' | 'ecsTasks'
>;

/** Targets that ECS took away for answering their health checks with another code, in a group where none does now. */
export function mismatchBefore(
  { group, codes, failing }: CodeMismatch<TakenTarget>,
  errors: Errors | undefined,
  byGroup: MetricsById<TargetGroupMetric> | undefined,
): Omit<Before, 'fixes'> | null {
  const [first] = failing;
  if (first === undefined) return null;
  const { path, matcher } = group.healthCheck;
  const fails = codes.some((status) => status >= 500);
  const explained = errors === undefined ? 0 : errorsIn(errors, fails);
  const wereSpare = areSpare(failing, healthyOf(byGroup, [group.arn]), errors?.episode ?? null);
  const answer = codes.length === 0 ? text`another code` : andList(codes.map(code));
  return {
    strength: explained > 0 && !wereSpare ? 'strong' : 'circumstantial',
    says: text`The health check of ${resource(group.name)} got ${answer} from ${count(failing.length, 'target')}, and ECS replaced ${failing.length === 1 ? 'it' : 'them'} for that`,
    because: [
      cite.targetGroups`its path is ${code(path ?? '/')}, and its matcher accepts only ${code(matcher ?? '200')}`,
      {
        from: first.from,
        shows: text`${resource(first.id)}: ${first.description ? asQuoted(first.description) : 'no reason'}`,
        at: first.at,
      },
      ...codes.map((status) => meaningOf(status, group)),
      wereSpare &&
        cite.targetGroupMetrics`apart from them, as many targets as before stayed healthy until errors began`,
    ],
    affects: { targetGroups: [group.arn], targets: [] },
    explains: fails ? ['502', '503', 'target5xx'] : ['502', '503'],
    comesNext: wereSpare,
    serves: true,
    facts: { targetGroup: group.arn, path, matcher, codes, replaced: failing.length },
  };
}

/** Errors are counted by the minute: what was taken away in the one before may have begun them. */
const MINUTE = 60;

/** Taken away before any error, beside as many healthy ones as before: nobody missed them. */
function areSpare(taken: readonly TakenTarget[], healthy: Values | undefined, episode: EpisodeSpan | null): boolean {
  const [first] = taken;
  if (first === undefined || episode === null) return false;
  const isBefore = taken.every(({ at }) => secondsBetween(at, episode.onset) > MINUTE);
  return isBefore && keptHealthyUntil(healthy, first.at, episode);
}
