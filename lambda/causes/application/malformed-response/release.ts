import type { ChangeEvent, EcsService } from '../../../incident/evidence.ts';
import type { Change } from '../../../incident/finding.ts';
import { code, resource, type Text, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { isReleaseTo } from '../../../semantics/changes/releases.ts';
import { latest, secondsBetween } from '../../../semantics/time/minutes.ts';
import { citeAt } from '../../cite.ts';

/** A release began at most so long before the first error: new targets are started and checked first. */
export const BEFORE = 1800;
/** … and not later than in the minute of the first error. */
const AFTER = 60;

interface Release {
  readonly at: Time;
  readonly from: 'ecsServices' | 'changes';
  readonly shows: Text;
  readonly change?: Change;
}

/** The last release before the first error. */
export function releaseBefore(
  onset: Time,
  services: readonly EcsService[],
  changes: readonly ChangeEvent[],
  groups: readonly string[],
): Release | undefined {
  const ofServices = services
    .filter(({ targetGroups }) => targetGroups.some(({ arn }) => groups.includes(arn)))
    .flatMap(({ id, deployments }) =>
      deployments.flatMap(({ createdAt, taskDefinition }): readonly Release[] => {
        if (createdAt === null) return [];
        const what = taskDefinition === null ? '' : text` of ${resource(taskDefinition)}`;
        return [citeAt(createdAt).ecsServices`${resource(id)} began a deployment${what}`];
      }),
    );
  const ofChanges = changes
    .filter((change) => isReleaseTo(groups, change))
    .map(({ at, who, what }): Release => {
      return { at, from: 'changes', shows: text`${code(who)} ${verbatim(what)}`, change: { at, who, what } };
    });
  const near = [...ofServices, ...ofChanges].filter(({ at }) => {
    const seconds = secondsBetween(at, onset);
    return seconds <= BEFORE && seconds >= -AFTER;
  });
  const last = latest(near.map(({ at }) => at));
  return near.find(({ at }) => at === last);
}

/** What a release adds to what is told, where there was one. */
export function releaseSaid(release: Release | undefined) {
  if (release === undefined) return { deployedAt: null, began: () => false, since: text``, shown: [], change: {} };
  const { at, change, from, shows } = release;
  return {
    deployedAt: at,
    began: (deployment: Time | null | undefined) => deployment === at,
    since: text` since a release`,
    shown: [citeAt(at)[from]`${shows} at ${time(at)}`],
    change: change === undefined ? {} : { change },
  };
}
