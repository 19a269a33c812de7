import type { MetricsById, TargetGroupMetric } from '../incident/evidence.ts';
import type { Remedy } from '../remedies/remedy.ts';
import { maxOf, minuteOf, valuesIn } from '../semantics/time/minutes.ts';
import { causeOf } from './rank.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

/**
 * A new version that fails its health checks brought their failing with it, where the group was healthy before: what puts
 * the old one back mends what makes checks fail, whoever found out that it does.
 */
export function withLentRollbacks(
  findings: readonly FindingWithShare[],
  metrics: MetricsById<TargetGroupMetric> | undefined,
): readonly FindingWithShare[] {
  return findings.map((finding) => {
    const { found, cause } = finding;
    const isBehind = finding.blocks !== undefined;
    if (!cause.breaksHealthChecks || !(isBehind || wereHealthy(finding, metrics))) return finding;
    const rollBack = findings
      .filter((one) => one.cause.id === 'deployment-failing' && causeOf(one, findings) === cause.id)
      // What waits is known to be the new version's: those of the old one stayed healthy beside it.
      .filter((deployment) => deployment.comesOf === cause.id || beganWith(deployment, finding))
      .flatMap((deployment) => deployment.found.fixes.filter(putsVersionBack))[0];
    return rollBack === undefined ? finding : { ...finding, found: { ...found, fixes: [rollBack, ...found.fixes] } };
  });
}

/** It may not go back on what made the checks fail where that was another change. */
function beganWith({ found: deployment }: FindingWithShare, { found }: FindingWithShare): boolean {
  if (deployment.since === undefined || found.since === undefined || deployment.since > found.since) return false;
  return found.change === undefined || found.change.what === deployment.change?.what;
}

function wereHealthy(
  { found: { since, affects } }: FindingWithShare,
  metrics: MetricsById<TargetGroupMetric> | undefined,
): boolean {
  if (since === undefined || metrics === undefined) return false;
  const before = { first: 0, last: minuteOf(metrics.grid, since) };
  return affects.targetGroups.every((arn) => {
    const healthy = metrics.of.find(({ id }) => id === arn)?.values['HealthyHostCount.min'];
    return (maxOf(valuesIn(healthy, before)) ?? 0) > 0;
  });
}

function putsVersionBack({ run, undo }: Remedy): boolean {
  return run?.tool === 'aws' && run.operation === 'update-service' && 'taskDefinition' in run.options && undo !== null;
}
