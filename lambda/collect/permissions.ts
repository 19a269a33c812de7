import type { Beyond } from '../incident/question.ts';
import { ACTIONS, COLLECTORS, OPT_IN } from './collect.ts';
import { LOCATE_RESOURCES } from './locate/locate.ts';
import { logPermissions } from './logs/log-permissions.ts';
import { LOG_READS } from './logs/log-reads.ts';
import type { Permission } from './permission.ts';

const NARROW: ReadonlyMap<string, string | readonly string[]> = new Map([
  ...Object.entries(LOCATE_RESOURCES),
  ...COLLECTORS.flatMap(({ resources = {} }) => Object.entries(resources)),
]);

/** To collect an incident, and no more. Nearly all is on `*`: AWS's describe calls know no narrower resource. */
export const PERMISSIONS: readonly Permission[] = ['*', ...new Set([...NARROW.values()].flat().sort())].map(
  (resource) => ({
    actions: ACTIONS.filter((action) => [NARROW.get(action) ?? '*'].flat().includes(resource)),
    resource,
  }),
);

/** To read what is beyond the control plane, where it is. */
export function permissionsBeyond(beyond: Beyond): readonly Permission[] {
  const collectors = OPT_IN.filter(({ optIn }) => optIn !== undefined && beyond[optIn] !== undefined);
  const narrow = new Map(collectors.flatMap(({ resources = {} }) => Object.entries(resources)));
  // Reading is allowed where the logs are, and only there.
  const all = collectors.flatMap((collector) => collector.actions).filter((action) => !LOG_READS.includes(action));
  const actions = [...new Set(all)].sort();
  const resources = [...new Set(actions.flatMap((action) => narrow.get(action) ?? '*'))];
  return [
    ...resources.map((resource) => ({
      actions: actions.filter((action) => [narrow.get(action) ?? '*'].flat().includes(resource)),
      resource,
    })),
    ...(beyond.logs === undefined ? [] : logPermissions(beyond.logs)),
  ];
}
