import type { Beyond } from '../incident/question.ts';
import { ACTIONS, COLLECTORS } from './collect.ts';
import { LOCATE_RESOURCES } from './locate/locate.ts';
import { logPermissions } from './logs/log-permissions.ts';
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
export function permissionsBeyond({ logs }: Beyond): readonly Permission[] {
  return logs === undefined ? [] : logPermissions(logs);
}
