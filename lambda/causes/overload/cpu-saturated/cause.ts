import type { Load } from '../../../computed/load.ts';
import type { Target } from '../../../incident/evidence.ts';
import { count, type Time, text } from '../../../incident/text.ts';
import { moreTargets } from '../../../remedies/capacity.ts';
import { relieved } from '../../../remedies/relief.ts';
import { rollout, scaling } from '../../../semantics/changes/change-kinds.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { CPU_LIMIT, cpuSaturationIn } from '../../../semantics/load/cpu-saturation.ts';
import { type GroupOverload, type LoadedTarget, overloadOf } from '../../../semantics/load/group-overload.ts';
import { groupsOf } from '../../../semantics/targets/targets.ts';
import type { Span } from '../../../semantics/time/minutes.ts';
import { failedShareOf } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, notApplicable, ruledOut, type SeenBy, unsure } from '../../cause.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { metricsMissing, unseenAmong } from '../../kit/targets-at-limit.ts';
import { saturationFinding } from './saturated-group.ts';

export default defineCause({
  id: 'cpu-saturated',
  needs: ['servingTargets', 'errors', 'load'],
  uses: [
    'traffic',
    'instanceMetrics',
    'serviceMetrics',
    'targetInterfaces',
    'instances',
    'autoScalingInstances',
    'autoScalingGroups',
    'ecsServices',
  ],
  causes: [
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'health-check-timeout-too-short',
    'health-check-code-mismatch',
    'target-returns-5xx',
  ],
  setOffBy: [scaling, rollout],

  examine({ servingTargets, errors, load, traffic, ...seen }) {
    const targets = servingTargets.filter(({ id }) => !id.startsWith('arn:'));
    if (targets.length === 0) return notApplicable(text`no target that gets requests reports CPU`, 'targetHealth');
    const groups = groupBy(targets, ({ targetGroup }) => targetGroup).map((group) => {
      const arns = [group[0].targetGroup];
      const own = traffic?.errorsOf(arns) ?? errors;
      const loaded = group.map((target) => loadedTarget(target, load, own.span));
      return { own, loaded, overload: overloadOf(loaded, own.episode, failedShareOf(traffic?.of(arns, own.span))) };
    });
    const findings = groups.flatMap(({ own, overload }) =>
      overload === null ? [] : saturationFinding(overload, own, fixesOf(overload, seen, own.episode?.onset)),
    );
    if (findings.length > 0) return { is: 'found', findings };
    return withoutSaturation(
      groups.flatMap(({ loaded }) => loaded),
      seen,
    );
  },
});

type Sizers = Parameters<typeof moreTargets>[1];

function fixesOf({ hot, relief }: GroupOverload, seen: Sizers, onset?: Time | undefined) {
  const targets = hot.map(({ target }) => target);
  return relief === null ? moreTargets(targets, seen, onset) : relieved(targets, relief, seen);
}

function loadedTarget(target: Target, load: Load, span: Span): LoadedTarget {
  const cpu = load.cpuOf(target);
  return { target, cpu, saturation: cpuSaturationIn(cpu?.values, span) };
}

function withoutSaturation(loaded: readonly LoadedTarget[], seen: SeenBy<never, 'instanceMetrics' | 'serviceMetrics'>) {
  const unseen = unseenAmong(loaded, ({ saturation }) => saturation !== undefined);
  if (unseen.length > 0) {
    const evidence = unseen.some(({ target }) => target.id.startsWith('i-')) ? 'instanceMetrics' : 'serviceMetrics';
    const detail = `the CPU of ${count(unseen.length, 'target')} was not seen`;
    return unsure(metricsMissing(evidence, seen[evidence], unseen, detail));
  }
  const groups = groupsSaid(groupsOf(loaded.map(({ target }) => target)));
  return ruledOut(text`no target of ${groups} stayed at ${CPU_LIMIT} % CPU`);
}
