import type { ChangeEvent } from '../../../incident/evidence.ts';
import { code, count, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { lookAtService } from '../../../remedies/ecs-service.ts';
import { whoCalled } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import { eventsOf, type ServiceEvent } from '../../../semantics/ecs/service-events.ts';
import { definitionName, type ServiceInUse } from '../../../semantics/ecs/services.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { citeAt } from '../../cite.ts';
import type { DeploymentEvidence } from './failing-deployment.ts';

/** Errors are counted by the minute: what was deployed within the first one may have begun them. */
const MINUTE = 60;
/** A version whose tasks do not come up takes this long at most until the old ones are missed, in seconds. */
const BEFORE = 30 * 60;
/** How long after the way back, or before, the last error may come, in seconds. */
const AFTERMATH = 600;
const TROUBLE: readonly ServiceEvent['kind'][] = ['unhealthy', 'not-started', 'not-placed', 'deployment-failed'];

/**
 * A version that came as the errors began and was left as they ended: CloudTrail and the events of the service tell of it
 * when ECS shows nothing of its tasks any more.
 */
export function abandonedVersion(
  inUse: ServiceInUse,
  { changes, episode: { onset, end, grid, span } }: DeploymentEvidence,
): Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'changes' | 'ecsServices'> | null {
  const { service, groups } = inUse;
  const deployed = changes.flatMap((change) => versionSetBy(change, inUse));
  const came = deployed.findLast(({ at }) => {
    const after = secondsBetween(plusSeconds(onset, -BEFORE), at);
    return 0 <= after && after < MINUTE + BEFORE;
  });
  const left = deployed.find((one) => came !== undefined && one.at > came.at && one.version !== came.version);
  if (came === undefined || left === undefined) return null;
  if (Math.abs(secondsBetween(left.at, timeOfMinute(grid, span.last))) > AFTERMATH) return null;
  const { at, who, what, version } = came;
  const troubles = eventsOf(service).filter(
    (event) => TROUBLE.includes(event.kind) && at <= event.at && event.at <= left.at,
  );
  const [trouble] = troubles;
  return {
    strength: trouble === undefined ? 'circumstantial' : 'strong',
    says:
      trouble === undefined
        ? text`${code(version)} of ${resource(service.name)} ran while requests failed, until ${time(left.at)}`
        : text`The new version of ${resource(service.name)} (${code(version)}) did not become healthy, and was left at ${time(left.at)}`,
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
      look(text`find out what ${code(version)} fails at before it is deployed again`),
      lookAtService(inUse, text`see the events of ${resource(service.name)}: ECS keeps the newest hundred`),
      look(text`see who deployed what`, whoCalled('UpdateService', plusSeconds(onset, -3600))),
    ],
    facts: { service: service.id, version, left: left.version, events: troubles.length },
  };
}

/** The version that a call let a service run, where it was a call about it. */
function versionSetBy({ at, who, what, event, details, resources }: ChangeEvent, { service }: ServiceInUse) {
  if (event !== 'UpdateService' || details.is !== 'settings' || details.set.taskDefinition === undefined) return [];
  // Two clusters may have services of one name: the target groups tell them apart, where the record was joined with them.
  const arns = resources.filter((id) => id.includes(':targetgroup/'));
  const own = arns.length === 0 || service.targetGroups.some(({ arn }) => arns.includes(arn));
  const name = details.of.slice(details.of.lastIndexOf('/') + 1);
  const version = definitionName(details.set.taskDefinition);
  return own && name === service.name ? [{ at, who, what, version }] : [];
}

function troubleSaid({ reason, message }: ServiceEvent, events: number): Text {
  const said = reason ?? message.replace(/^\(service [^)]*\)\s*/, '').replace(/\(target-group arn:[^)]*\)/, '');
  return text`in between, ${count(events, 'event')} of the service ${events === 1 ? 'tells' : 'tell'} of tasks that do not come up: ${verbatim(said)}`;
}
