import type { ChangeEvent } from '../../incident/evidence.ts';
import type { EpisodeSpan } from '../errors/episode.ts';
import { plusSeconds, secondsBetween, timeOfMinute } from '../time/minutes.ts';
import { eventsOf, type ServiceEvent } from './service-events.ts';
import { definitionName, type ServiceInUse } from './services.ts';

type DeployedVersion = Pick<ChangeEvent, 'at' | 'who' | 'what'> & { readonly version: string };

/** A version of a service that somebody deployed and left again, and the events in between of tasks that do not come up. */
export interface AbandonedVersion {
  readonly came: DeployedVersion;
  readonly left: DeployedVersion;
  readonly troubles: readonly ServiceEvent[];
}

/** Errors are counted by the minute: what was deployed within the first one may have begun them. */
const MINUTE = 60;
/** A version whose tasks do not come up takes this long at most until the old ones are missed, in seconds. */
const BEFORE = 30 * 60;
/** How long after the way back, or before, the last error may come, in seconds. */
const AFTERMATH = 600;
const TROUBLE: readonly ServiceEvent['kind'][] = ['unhealthy', 'not-started', 'not-placed', 'deployment-failed'];

/** The one that came as the errors began and was left as they ended. */
export function versionAbandonedDuring(
  { onset, grid, span }: EpisodeSpan,
  inUse: ServiceInUse,
  changes: readonly ChangeEvent[],
): AbandonedVersion | null {
  const deployed = changes.flatMap((change) => versionSetBy(change, inUse));
  const came = deployed.findLast(({ at }) => {
    const after = secondsBetween(plusSeconds(onset, -BEFORE), at);
    return 0 <= after && after < MINUTE + BEFORE;
  });
  const left = deployed.find((one) => came !== undefined && one.at > came.at && one.version !== came.version);
  if (came === undefined || left === undefined) return null;
  if (Math.abs(secondsBetween(left.at, timeOfMinute(grid, span.last))) > AFTERMATH) return null;
  const troubles = eventsOf(inUse.service).filter(
    (event) => TROUBLE.includes(event.kind) && came.at <= event.at && event.at <= left.at,
  );
  return { came, left, troubles };
}

/** The version that a call let a service run, where it was a call about it. */
function versionSetBy(
  { at, who, what, event, details, resources }: ChangeEvent,
  { service }: ServiceInUse,
): readonly DeployedVersion[] {
  if (event !== 'UpdateService' || details.is !== 'settings' || details.set.taskDefinition === undefined) return [];
  // Two clusters may have services of one name: the target groups tell them apart, where the record was joined with them.
  const arns = resources.filter((id) => id.includes(':targetgroup/'));
  const own = arns.length === 0 || service.targetGroups.some(({ arn }) => arns.includes(arn));
  const name = details.of.slice(details.of.lastIndexOf('/') + 1);
  const version = definitionName(details.set.taskDefinition);
  return own && name === service.name ? [{ at, who, what, version }] : [];
}
