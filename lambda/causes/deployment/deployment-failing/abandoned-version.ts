import { asQuoted, code, count, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { lookAtService } from '../../../remedies/ecs-service.ts';
import { whoCalled } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import { versionAbandonedDuring } from '../../../semantics/ecs/abandoned-version.ts';
import type { ServiceEvent } from '../../../semantics/ecs/service-events.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import type { DeploymentEvidence } from './failing-deployment.ts';

/**
 * A version that came as the errors began and was left as they ended: CloudTrail and the events of the service tell of it
 * when ECS shows nothing of its tasks any more.
 */
export function abandonedVersion(
  inUse: ServiceInUse,
  { changes, episode }: DeploymentEvidence,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'changes' | 'ecsServices'> | null {
  const { service, groups } = inUse;
  const abandoned = versionAbandonedDuring(episode, inUse, changes);
  if (abandoned === null) return null;
  const { left, troubles } = abandoned;
  const { at, who, what, version } = abandoned.came;
  const { onset, end } = episode;
  const [trouble] = troubles;
  return {
    strength: trouble === undefined ? 'circumstantial' : 'strong',
    says:
      trouble === undefined
        ? text`${code(version)} of ${resource(service.name)} ran while requests failed, until ${time(left.at)}`
        : text`The new version of ${resource(service.name)} (${code(version)}) did not become healthy, and was replaced at ${time(left.at)}`,
    since: at,
    change: { at, who, what },
    because: [
      citeAt(onset)
        .loadBalancerMetrics`the errors began at ${time(onset)}${end === null ? '' : text` and ended at ${time(end)}`}`,
      citeAt(left.at).changes`${code(left.who)} ${verbatim(left.what)}`,
      trouble && { from: 'ecsServices', shows: troubleSaid(trouble, troubles.length), at: trouble.at },
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['502', '503'],
    fixes: [
      look(text`find out why ${code(version)} fails before it is deployed again`),
      lookAtService(inUse, text`read the events of ${resource(service.name)}: ECS keeps the last 100`),
      look(text`see who deployed what`, whoCalled('UpdateService', plusSeconds(onset, -3600))),
    ],
    facts: { service: service.id, version, left: left.version, events: troubles.length },
  };
}

function troubleSaid({ reason, message }: ServiceEvent, events: number): Text {
  const said = reason ?? message.replace(/^\(service [^)]*\)\s*/, '').replace(/\(target-group arn:[^)]*\)/, '');
  return text`in between, ${count(events, 'event')} of the service ${events === 1 ? 'reports' : 'report'} tasks that do not become healthy: ${asQuoted(said)}`;
}
