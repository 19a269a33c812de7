import type { Errors } from '../../../computed/errors.ts';
import { ERROR_KINDS } from '../../../incident/cause.ts';
import type { Instance } from '../../../incident/evidence.ts';
import type { Observed } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, text, time } from '../../../incident/text.ts';
import { unlimitedCredits } from '../../../remedies/capacity.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import {
  areCreditsSeen,
  areNoneBurstable,
  type CreditedTarget,
  creditsByTarget,
  type ThrottledGroup,
  throttlingIn,
} from '../../../semantics/load/throttled-instances.ts';
import { groupName, scopeOf } from '../../../semantics/targets/targets.ts';
import { timeOfMinute } from '../../../semantics/time/minutes.ts';
import { failedShareOf } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { metricsMissing, partSaid, unseenAmong } from '../../kit/targets-at-limit.ts';

type Proof = 'instanceMetrics' | 'targetHealth' | 'loadBalancerMetrics';

export default defineCause({
  id: 'cpu-credits-exhausted',
  needs: ['servingTargets', 'instanceMetrics', 'errors'],
  uses: ['creditModes', 'instances', 'traffic'],
  causes: ['unresponsive-backend', 'slower-than-idle-timeout', 'health-check-timeout-too-short', 'target-returns-5xx'],

  examine({ servingTargets, instanceMetrics, errors, creditModes, instances, traffic }) {
    const targets = servingTargets.filter(({ id }) => id.startsWith('i-'));
    if (targets.length === 0) return notApplicable(text`no instance gets requests`, 'targetHealth');
    const groups = groupBy(targets, ({ targetGroup }) => targetGroup).map((group) => {
      const arns = [group[0].targetGroup];
      const own = traffic?.errorsOf(arns) ?? errors;
      const examined = creditsByTarget(group, instanceMetrics, { creditModes, instances }, own.span);
      return { own, examined, throttling: throttlingIn(examined, own, failedShareOf(traffic?.of(arns, own.span))) };
    });
    const findings = groups.flatMap(({ own, throttling }) =>
      throttling === null ? [] : findingOf(throttling, own, instances),
    );
    if (findings.length > 0) return { is: 'found', findings };
    return withoutThrottling(
      groups.flatMap(({ examined }) => examined),
      instances,
    );
  },
});

function findingOf(
  { shown, explains, of }: ThrottledGroup,
  { metrics, episode, isPart }: Errors,
  instances: Observed<readonly Instance[]>,
): Found<Proof, Proof | 'creditModes'> {
  const [{ target, type, spent }] = shown;
  const isStandard = shown.every(({ mode }) => mode === 'standard');
  const began = timeOfMinute(metrics.grid, Math.min(...shown.map((one) => one.spent.first)));
  const names = andList(shown.map((one) => resource(one.target.id)));
  const ofGroup = isPart ? text` of ${resource(groupName(target.targetGroup))}` : '';
  const ids = [...new Set(shown.map((one) => one.target.id))];
  return {
    strength: !explains ? 'circumstantial' : isStandard ? 'decisive' : 'strong',
    says: headline(shown, of),
    since: began,
    because: [
      citeAt(began).instanceMetrics`${code('CPUCreditBalance')} of ${names} at 0 from ${time(began)} on`,
      spent.baseline !== null &&
        cite.instanceMetrics`CPU of ${resource(target.id)} stays at ${spent.baseline} %, the baseline of ${code(type ?? '')}`,
      isStandard &&
        cite.creditModes`credit mode of ${names} is ${code('standard')}: no credits, no more than the baseline`,
      episode && citeAt(episode.onset).loadBalancerMetrics`errors${ofGroup} began at ${time(episode.onset)}`,
    ],
    affects: scopeOf(shown.map((one) => one.target)),
    explains: ERROR_KINDS,
    fixes: [unlimitedCredits(ids, target.targetGroup, instances)],
    facts: { throttled: ids.slice(0, 50), of, baseline: spent.baseline },
  };
}

function headline(shown: ThrottledGroup['shown'], of: number): Text {
  const [{ target }] = shown;
  const group = resource(groupName(target.targetGroup));
  const sure = shown.some(({ spent }) => spent.pinned !== null);
  return shown.length === 1
    ? text`${resource(target.id)} of ${group} has spent its CPU credits${sure ? ' and is throttled' : ''}`
    : text`${partSaid(shown.length, of)} targets of ${group} have spent their CPU credits${sure ? ' and are throttled' : ''}`;
}

function withoutThrottling(examined: readonly CreditedTarget[], instances: Observed<readonly Instance[]>) {
  const unseen = unseenAmong(examined, areCreditsSeen);
  if (unseen.length > 0) {
    // Without the type of an instance, nobody can say whether it needs credits.
    const evidence = instances.seen ? 'instanceMetrics' : 'instances';
    const detail = `the CPU credits of ${count(unseen.length, 'instance')} were not seen`;
    return unsure(metricsMissing(evidence, instances, unseen, detail));
  }
  if (areNoneBurstable(examined))
    return notApplicable(text`no target seen runs on a burstable instance`, 'targetHealth');
  const why = examined.some(({ spent }) => spent !== null && spent !== undefined)
    ? text`no instance without CPU credits is throttled to its baseline: it is in unlimited mode, or uses less`
    : text`the burstable instances had CPU credits left`;
  return ruledOut(why, 'targetHealth', 'loadBalancerMetrics');
}
