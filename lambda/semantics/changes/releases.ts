import type { ChangeEvent } from '../../incident/evidence.ts';

/** Another version for these target groups. A change of size, or of the listener's other settings, releases nothing. */
export function isReleaseTo(groups: readonly string[], { event, details, resources }: ChangeEvent): boolean {
  if (details.is === 'routing') {
    return details.to.some(({ targetGroup, weight }) => weight > 0 && groups.includes(targetGroup));
  }
  if (!resources.some((id) => groups.includes(id))) return false;
  if (event === 'UpdateService') {
    return details.is === 'settings' && ['taskDefinition', 'forceNewDeployment'].some((name) => name in details.set);
  }
  return event === 'StartInstanceRefresh';
}
