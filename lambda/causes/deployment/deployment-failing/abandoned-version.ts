import type { ChangeEvent } from '../../../incident/evidence.ts';
import { code, count, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { lookAtService } from '../../../remedies/ecs-service.ts';
import { whoCalled } from '../../../remedies/look.ts';
import { eventsOf, type ServiceEvent } from '../../../semantics/ecs/service-events.ts';
import { definitionName, type ServiceInUse } from '../../../semantics/ecs/services.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';

type LeftVersion = Found<'loadBalancerMetrics', 'loadBalancerMetrics' | 'changes' | 'ecsServices'>;

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
export function leftVersion(
  inUse: ServiceInUse,
  changes: readonly ChangeEvent[],
  episode: EpisodeSpan,
): readonly LeftVersion[] {
  const { service, groups } = inUse;
  const { onset, grid, span, end } = episode;
  const deployed = changes.flatMap((change) => deploymentOf(change, inUse));
  const came = deployed.findLast(({ change: { at } }) => isBetween(at, plusSeconds(onset, -BEFORE), MINUTE + BEFORE));
  const left = deployed.find(
    ({ change, version }) => came !== undefined && change.at > came.change.at && version !== came.version,
  );
  const last = timeOfMinute(grid, span.last);
  if (came === undefined || left === undefined) return [];
  if (Math.abs(secondsBetween(left.change.at, last)) > AFTERMATH) return [];
  const troubles = eventsOf(service).filter(
    ({ kind, at }) => TROUBLE.includes(kind) && came.change.at <= at && at <= left.change.at,
  );
  const [trouble] = troubles;
  const { at, who, what } = came.change;
  return [
    {
      strength: trouble === undefined ? 'circumstantial' : 'strong',
      says:
        trouble === undefined
          ? text`${code(came.version)} of ${resource(service.name)} ran while requests failed, until ${time(left.change.at)}`
          : text`The new version of ${resource(service.name)} (${code(came.version)}) did not become healthy, and was left at ${time(left.change.at)}`,
      since: at,
      change: { at, who, what },
      because: [
        {
          from: 'loadBalancerMetrics',
          shows: text`the errors began at ${time(onset)}${end === null ? '' : text` and ended at ${time(end)}`}`,
          at: onset,
        },
        { from: 'changes', shows: text`${code(left.change.who)} ${verbatim(left.change.what)}`, at: left.change.at },
        ...(trouble === undefined
          ? []
          : [{ from: 'ecsServices' as const, shows: troubleSaid(troubles), at: trouble.at }]),
      ],
      affects: { targetGroups: groups, targets: [] },
      explains: ['502', '503'],
      fixes: [
        {
          does: text`find out what ${code(came.version)} fails at before it is deployed again`,
          ...{ run: null, changes: false, undo: null, verify: null },
        },
        lookAtService(inUse, text`see the events of ${resource(service.name)}: ECS keeps the newest hundred`),
        {
          does: text`see who deployed what`,
          run: whoCalled('UpdateService', plusSeconds(onset, -3600)),
          ...{ changes: false, undo: null, verify: null },
        },
      ],
      facts: { service: service.id, version: came.version, left: left.version, events: troubles.length },
    },
  ];
}

function deploymentOf(change: ChangeEvent, { service }: ServiceInUse) {
  const { event, details, resources } = change;
  if (event !== 'UpdateService' || details.is !== 'settings' || details.set.taskDefinition === undefined) return [];
  // Two clusters may have services of one name: the target groups tell them apart, where the record was joined with them.
  const arns = resources.filter((id) => id.includes(':targetgroup/'));
  const own = arns.length === 0 || service.targetGroups.some(({ arn }) => arns.includes(arn));
  const name = details.of.slice(details.of.lastIndexOf('/') + 1);
  return own && name === service.name ? [{ change, version: definitionName(details.set.taskDefinition) }] : [];
}

function isBetween(at: string, from: string, seconds: number): boolean {
  const after = secondsBetween(from, at);
  return 0 <= after && after < seconds;
}

function troubleSaid(troubles: readonly ServiceEvent[]): Text {
  const [first] = troubles;
  const said =
    first?.reason ?? first?.message.replace(/^\(service [^)]*\)\s*/, '').replace(/\(target-group arn:[^)]*\)/, '');
  return text`in between, ${count(troubles.length, 'event')} of the service ${troubles.length === 1 ? 'tells' : 'tell'} of tasks that do not come up: ${verbatim(said ?? '')}`;
}
