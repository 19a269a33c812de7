import type { Errors } from '../../../computed/errors.ts';
import { ERROR_KINDS } from '../../../incident/cause.ts';
import { andList, code, percent, resource, type Text, text, time } from '../../../incident/text.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { countIn } from '../../../semantics/errors/error-series.ts';
import { CPU_LIMIT } from '../../../semantics/load/cpu-saturation.ts';
import type { GroupOverload } from '../../../semantics/load/group-overload.ts';
import { groupName, scopeOf } from '../../../semantics/targets/targets.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import { slowdownOfErrors } from '../../../semantics/traffic/slowdown.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { OVERLOAD_ERRORS, partSaid } from '../../kit/targets-at-limit.ts';

type Cites = 'loadBalancerMetrics' | 'targetHealth' | 'instanceMetrics' | 'serviceMetrics';

/** Targets of a group at the limit of their CPU, and whether that explains the errors. */
export function saturationFinding(
  overload: GroupOverload,
  errors: Errors,
  fixes: readonly Remedy[],
): Found<'loadBalancerMetrics' | 'targetHealth', Cites> {
  const { hot, since, explains, of } = overload;
  const { episode } = errors;
  const [first] = hot;
  const { from } = first.cpu;
  const most = Math.max(...hot.map(({ saturation }) => saturation.highest));
  const names = [...new Set(hot.map(({ cpu }) => cpu.of))].map(resource);
  const began = timeOfMinute(errors.metrics.grid, since);
  const ofGroup = errors.isPart ? text` of ${resource(groupName(first.target.targetGroup))}` : '';
  const doubt = doubtOf(errors, since);
  return {
    strength: explains && doubt === null ? 'strong' : 'circumstantial',
    says:
      episode === null ? text`${headline(overload)}, up to ${percent(Math.min(1, most / 100))}` : headline(overload),
    since: began,
    because: [
      episode === null
        ? cite.targetHealth`${hot.length === 1 ? 'it can' : 'they can'} get requests`
        : citeAt(episode.onset)
            .loadBalancerMetrics`errors${ofGroup} began at ${time(episode.onset)}, ${order(since, episode.span.first)} CPU was at its limit`,
      {
        from,
        shows: text`CPU of ${andList(names)} at ${CPU_LIMIT} % or more from ${time(began)} on, up to ${percent(Math.min(1, most / 100))}`,
        at: began,
      },
      doubt,
      first.saturation.coarse &&
        cite[from]`its datapoints are five minutes apart, so the order of events is not known more closely`,
    ],
    affects: scopeOf(hot.map(({ target }) => target)),
    explains: OVERLOAD_ERRORS,
    fixes,
    facts: { saturated: hot.length, of, highest: most },
  };
}

function headline({ hot, of }: GroupOverload): Text {
  const [{ target }] = hot;
  const group = resource(groupName(target.targetGroup));
  if (hot.length > 1) return text`${partSaid(hot.length, of)} targets of ${group} are at the limit of their CPU`;
  const which = of === 1 ? text`the only target` : text`1 of ${of} targets`;
  return text`${resource(target.id)}, ${which} of ${group}, is at the limit of its CPU`;
}

function order(since: number, onset: number): Text {
  if (since === onset) return text`in the minute in which`;
  return since < onset ? text`${onset - since} min after` : text`before`;
}

/** Errors that a target at its limit does not make: it may be busy with those. */
function doubtOf(errors: Errors, since: number) {
  const failed = countIn(errors.metrics, 'TargetTLSNegotiationErrorCount', errors.span);
  // A handshake that takes too long ends in 504.
  if (2 * Math.min(failed, errors.count('502')) > errors.count(...ERROR_KINDS)) {
    return cite.loadBalancerMetrics`most errors are TLS handshakes that failed with ${code(502)}: refused, not slow`;
  }
  const slower = slowdownOfErrors(errors);
  if (slower === null)
    return cite.loadBalancerMetrics`most errors are responses of the targets, and those take no longer than before`;
  if (slower !== 'not-seen' || since < errors.span.first) return null;
  return cite.loadBalancerMetrics`most errors are responses of the targets, and whether those became slower was not seen`;
}
