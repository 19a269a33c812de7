import { ERROR_KINDS } from '../../../incident/cause.ts';
import type { Instance, LoadBalancerMetric, Metrics, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { type EpisodeSpan, errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { allErrors, errorSeries } from '../../../semantics/errors/error-series.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import {
  isBurstable,
  type SpentCredits,
  spentCreditsIn,
  wasThrottledAtOnset,
} from '../../../semantics/load/burst-credits.ts';
import { answersOtherwise } from '../../../semantics/load/group-overload.ts';
import { failsChecks, groupName, isUsable, partSaid, scopeOf } from '../../../semantics/targets/targets.ts';
import { spanOf, sumOf, timeOfMinute, valuesIn } from '../../../semantics/time/minutes.ts';
import { routedGroups } from '../../../semantics/traffic/routing.ts';
import { slowdownIn } from '../../../semantics/traffic/slowdown.ts';
import { defineCause, type Found, notApplicable, ruledOut, unsure } from '../../cause.ts';

export default defineCause({
  id: 'cpu-credits-exhausted',
  needs: ['targetHealth', 'instanceMetrics', 'loadBalancerMetrics'],
  uses: ['creditModes', 'instances', 'listenerRules'],
  causes: ['unresponsive-backend', 'slower-than-idle-timeout', 'health-check-timeout-too-short', 'target-returns-5xx'],

  examine({ targetHealth, instanceMetrics, loadBalancerMetrics, ...uses }, { window }) {
    const rules = ifSeen(uses.listenerRules);
    const routed = rules && new Set(routedGroups(rules));
    const targets = targetHealth.filter(
      (target) => isUsable(target) && target.id.startsWith('i-') && (routed?.has(target.targetGroup) ?? true),
    );
    if (targets.length === 0) return notApplicable(text`no instance gets requests`, 'targetHealth');

    const known = new Map((ifSeen(uses.instances) ?? []).map((instance) => [instance.id, instance]));
    const modes = new Map((ifSeen(uses.creditModes) ?? []).map(({ instanceId, mode }) => [instanceId, mode]));
    const metrics = new Map(instanceMetrics.of.map(({ id, values }) => [id, values]));
    const episode = errorEpisode(loadBalancerMetrics, window);
    const span = episode?.span ?? spanOf(loadBalancerMetrics.grid, window.from, window.to);
    const examined = targets.map((target): Examined => {
      const type = known.get(target.id)?.type;
      const mode = modes.get(target.id);
      if (type !== undefined && !isBurstable(type)) return { target, type, mode, spent: null };
      return { target, type, mode, spent: spentCreditsIn(metrics.get(target.id), type, span) };
    });
    const findings = groupBy(examined, ({ target }) => target.targetGroup).flatMap((group) => {
      const [first, ...rest] = group.filter(isThrottled);
      if (first === undefined) return [];
      return [throttled([first, ...rest], group, episode, loadBalancerMetrics, known)];
    });
    return findings.length > 0 ? { is: 'found', findings } : denied(examined, uses.instances);
  },
});

interface Examined {
  readonly target: Target;
  readonly type: string | undefined;
  readonly mode: string | undefined;
  /** `null`: it has credits, or needs none; `undefined`: not seen. */
  readonly spent: SpentCredits | null | undefined;
}

interface Throttled extends Examined {
  readonly spent: SpentCredits;
}

/** Where the type is not known, the baseline is not: then a balance of 0 is all there is. */
function isThrottled(examined: Examined): examined is Throttled {
  const { mode, spent } = examined;
  if (spent === null || spent === undefined || mode === 'unlimited' || spent.lends) return false;
  return spent.pinned !== null || spent.baseline === null;
}

function throttled(
  all: readonly [Throttled, ...Throttled[]],
  group: readonly Examined[],
  episode: EpisodeSpan | null,
  metrics: Metrics<LoadBalancerMetric>,
  instances: ReadonlyMap<string, Instance>,
): Found<
  'instanceMetrics' | 'targetHealth' | 'loadBalancerMetrics',
  'instanceMetrics' | 'loadBalancerMetrics' | 'creditModes'
> {
  const early = episode === null ? [] : all.filter(({ spent }) => wasThrottledAtOnset(spent, episode));
  const proven = episode !== null && isMostOf(early, group) && !asFastAsEver(metrics, episode);
  const [first, ...rest] = proven ? early : all;
  const shown = first === undefined ? all : ([first, ...rest] as const);
  const [one] = shown;
  const standard = shown.every(({ mode }) => mode === 'standard');
  const began = timeOfMinute(metrics.grid, Math.min(...shown.map(({ spent }) => spent.first)));
  const names = listed(shown.map(({ target }) => resource(target.id)));
  const ids = [...new Set(shown.map(({ target }) => target.id))];
  return {
    strength: !proven ? 'circumstantial' : standard ? 'decisive' : 'strong',
    says: headline(shown, group.length),
    since: began,
    because: [
      {
        from: 'instanceMetrics',
        shows: text`${code('CPUCreditBalance')} of ${names} at 0 from ${time(began)} on`,
        at: began,
      },
      ...(one.spent.baseline === null
        ? []
        : [
            {
              from: 'instanceMetrics' as const,
              shows: text`CPU of ${resource(one.target.id)} stands at ${one.spent.baseline} %, the baseline of ${code(one.type ?? '')}`,
            },
          ]),
      ...(standard
        ? [
            {
              from: 'creditModes' as const,
              shows: text`credit mode of ${names} is ${code('standard')}: no credits, no more than the baseline`,
            },
          ]
        : []),
      ...(episode === null
        ? []
        : [
            {
              from: 'loadBalancerMetrics' as const,
              shows: text`errors began at ${time(episode.onset)}`,
              at: episode.onset,
            },
          ]),
    ],
    affects: scopeOf(shown.map(({ target }) => target)),
    explains: ERROR_KINDS,
    fixes: [unlimited(ids, one.target.targetGroup, instances)],
    facts: { throttled: ids.slice(0, 50), of: group.length, baseline: one.spent.baseline },
  };
}

function isMostOf(early: readonly Throttled[], group: readonly Examined[]): boolean {
  const known = group.filter(({ spent }) => spent !== undefined);
  const ids = new Set<Examined>(early);
  const failing = group.filter(({ target }) => failsChecks(target));
  return (
    early.length > 0 &&
    2 * early.length >= known.length &&
    failing.every((one) => ids.has(one) && !answersOtherwise(one.target))
  );
}

/** A throttled target is slow. One that answers 5xx as fast as ever has an error of its own. */
function asFastAsEver(metrics: Metrics<LoadBalancerMetric>, episode: EpisodeSpan): boolean {
  const errors = errorSeries(metrics);
  const all = sumOf(valuesIn(allErrors(errors), episode.span)) ?? 0;
  const { first } = episode.span;
  return (
    2 * errorsInEpisode(errors, 'target5xx', episode) > all &&
    slowdownIn(metrics, { first: first - 60, last: first - 1 }, episode.span) === null
  );
}

function headline(shown: readonly [Throttled, ...Throttled[]], of: number): Text {
  const [{ target }] = shown;
  const group = resource(groupName(target.targetGroup));
  const sure = shown.some(({ spent }) => spent.pinned !== null);
  return shown.length === 1
    ? text`${resource(target.id)} of ${group} has spent its CPU credits${sure ? ' and is throttled' : ''}`
    : text`${partSaid(shown.length, of)} targets of ${group} have spent their CPU credits${sure ? ' and are throttled' : ''}`;
}

const A_CALL = 20;

function unlimited(ids: readonly string[], targetGroup: string, instances: ReadonlyMap<string, Instance>): Remedy {
  const asked = ids.slice(0, A_CALL);
  const set = (mode: string): readonly string[] => [
    'aws',
    'ec2',
    'modify-instance-credit-specification',
    '--instance-credit-specifications',
    ...asked.map((id) => `InstanceId=${id},CpuCredits=${mode}`),
  ];
  const owners = [...new Set(asked.flatMap((id) => managerOf(instances.get(id)?.tags ?? {}) ?? []))].sort();
  return {
    does: text`let ${listed(asked.map((id) => resource(id)))} burst beyond their credits, which costs money: unlimited mode`,
    run: set('unlimited'),
    changes: true,
    undo: set('standard'),
    verify: showHealth(targetGroup),
    ...(owners.length === 0 ? {} : { managedBy: owners.join(', ') }),
  };
}

/** Of many healthy targets only some are asked about: those speak for their group; a failing one speaks for itself. */
function denied(examined: readonly Examined[], instances: Observed<readonly Instance[]>) {
  const isSeen = ({ spent }: Examined): boolean => spent !== undefined;
  const spoken = new Set(examined.filter(isSeen).map(({ target }) => target.targetGroup));
  const open = examined.filter(
    (one) => !isSeen(one) && (failsChecks(one.target) || !spoken.has(one.target.targetGroup)),
  );
  if (open.length > 0) {
    const ids = open.slice(0, 50).map(({ target }) => target.id);
    if (!instances.seen && open.every(({ type }) => type === undefined)) {
      const { why, detail, action } = instances;
      return unsure({ evidence: 'instances', why, detail, ids, ...(action === undefined ? {} : { action }) });
    }
    const detail = `no CPU credits were seen of ${count(open.length, 'instance')}`;
    return unsure({ evidence: 'instanceMetrics', why: 'partial', ids, detail });
  }
  const types = examined.flatMap(({ type }) => type ?? []);
  if (
    types.length > 0 &&
    !types.some(isBurstable) &&
    examined.every(({ type, spent }) => type !== undefined || spent === undefined)
  ) {
    return notApplicable(text`no target seen runs on a burstable instance`, 'targetHealth');
  }
  return examined.some(({ spent }) => spent !== null && spent !== undefined)
    ? ruledOut(
        text`no instance without CPU credits is throttled to its baseline: it is in unlimited mode, or uses less`,
        'targetHealth',
        'loadBalancerMetrics',
      )
    : ruledOut(text`the burstable instances had CPU credits left`, 'targetHealth', 'loadBalancerMetrics');
}
