import { ACTIONS, COLLECTORS } from './collect.ts';
import { LOCATE_RESOURCES } from './locate/locate.ts';

/** What a policy must allow, on `*` or on what matches the pattern of an ARN. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resource: string;
}

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
