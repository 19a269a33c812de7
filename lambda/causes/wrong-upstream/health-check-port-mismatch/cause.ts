import { ifSeen } from '../../../incident/observed.ts';
import { type Time, text } from '../../../incident/text.ts';
import { settingChange } from '../../../semantics/changes/change-kinds.ts';
import { portsMappedInstead } from '../../../semantics/ecs/services.ts';
import { CHECK_SETTING, hasFailedSinceSet, isForeignCheck } from '../../../semantics/targets/foreign-checks.ts';
import { neverHealthy, neverHealthySince } from '../../../semantics/targets/health-history.ts';
import { checkedApart, checksElsewhere } from '../../../semantics/targets/ports-in-use.ts';
import { comesOrGoes, getsNoAnswer, targetsOf } from '../../../semantics/targets/targets.ts';
import { spanOf } from '../../../semantics/time/minutes.ts';
import { defineCause, foundOr, notApplicable } from '../../cause.ts';
import { misdirectedChecks } from './misdirected-checks.ts';
import { checksFail, requestsFail } from './unanswered-ports.ts';
import { checksOfUnmappedPort } from './unmapped-port.ts';

export default defineCause({
  id: 'health-check-port-mismatch',
  needs: ['targetHealth', 'targetGroups', 'traffic', 'paths', 'routed'],
  uses: [
    'targetGroupMetrics',
    'ecsTasks',
    'ecsTaskDefinitions',
    'services',
    'churn',
    'errors',
    'tags',
    'takenTargets',
    'changes',
  ],
  causes: ['health-check-code-mismatch'],
  breaksHealthChecks: true,
  madeBy: [settingChange(CHECK_SETTING)],
  fromHealthChecks: true,

  examine(
    { targetHealth, targetGroups, traffic, paths, routed, services, churn, errors, ...seen },
    { window: { from, to } },
  ) {
    const apart = targetGroups
      .filter(({ arn, targetType }) => routed.has(arn) && targetType !== 'lambda')
      .map((group) => ({ group, targets: checkedApart(targetsOf(targetHealth, group.arn), group) }))
      .filter(({ group, targets }) => targets.length > 0 || checksElsewhere(group));
    if (apart.length === 0) {
      return notApplicable(text`health checks and requests use the same port`, 'targetHealth', 'targetGroups');
    }
    const groupMetrics = ifSeen(seen.targetGroupMetrics);
    const [tasks, definitions] = [ifSeen(seen.ecsTasks) ?? [], ifSeen(seen.ecsTaskDefinitions) ?? []];
    const findings = apart.flatMap(({ group, targets }) => {
      const all = targetsOf(targetHealth, group.arn);
      const lost = churn?.departures.some(({ why, targetGroups: of }) => why === 'lost' && of.includes(group.arn));
      const isReplaced = lost === true || all.some(comesOrGoes);
      // The minutes of the errors may be just those in which a target was taken away for its checks.
      const inWindow = errors && traffic.of([group.arn], spanOf(errors.metrics.grid, from, to));
      const about = {
        ...{ group, all, traffic: traffic.of([group.arn]), inWindow: inWindow ?? null, paths, from, isReplaced },
        tags: ifSeen(seen.tags)?.[group.arn],
        wasNeverHealthy: neverHealthy(groupMetrics, group.arn),
        neverHealthySince: (at: Time) => neverHealthySince(at, groupMetrics, group.arn),
      };
      const silent = targets.filter(getsNoAnswer);
      if (silent.length > 0) return [checksFail(silent, portsMappedInstead(silent, tasks, definitions), about)];
      const own = (services ?? []).filter(({ groups }) => groups.includes(group.arn));
      const unmapped = checksOfUnmappedPort(own, definitions, seen.takenTargets ?? [], about);
      if (unmapped.length > 0) return unmapped;
      const foreign = targets.filter((target) => isForeignCheck(target, group));
      const isMisdirected =
        about.wasNeverHealthy || hasFailedSinceSet(group, ifSeen(seen.changes) ?? [], about.neverHealthySince);
      if (foreign.length === 0 || !isMisdirected) return requestsFail(targets, about);
      return misdirectedChecks(foreign, { ...about, traffic: about.inWindow });
    });
    if (findings.length === 0 && apart.every(({ targets }) => targets.length === 0)) {
      return notApplicable(text`no target has health checks on a port of their own`);
    }
    return foundOr(findings, text`health checks have a port of their own, and neither port is known to be silent`);
  },
});
