import { ifSeen } from '../../../incident/observed.ts';
import { code, resource, text } from '../../../incident/text.ts';
import { lookAtService, serviceOwner } from '../../../remedies/ecs-service.ts';
import { showActivities } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { servicesInUse } from '../../../semantics/ecs/services.ts';
import type { Rollout, RolloutEvidence } from '../rollout/rollouts.ts';

/** To look at who did it; and, where ECS did, to keep all tasks until the new ones serve. */
export function fixesFor(seen: RolloutEvidence, { waves, groups }: Rollout): readonly Remedy[] {
  const names = new Set(waves.flatMap(({ by, from }) => (from === 'changes' ? [] : [by])));
  const services = servicesInUse(ifSeen(seen.ecsServices) ?? [], ifSeen(seen.ecsTasks) ?? [], groups).filter(
    ({ service }) => names.has(service.id),
  );
  const scaling = (ifSeen(seen.autoScalingGroups) ?? []).filter(({ name }) => names.has(name));
  return [
    ...services.map((inUse) =>
      lookAtService(inUse, text`see what ${resource(inUse.service.name)} does, and whether it goes on`),
    ),
    ...services
      .filter(({ service }) => service.controller === 'ECS' && (service.minimumHealthyPercent ?? 100) < 100)
      .map(
        ({ service }): Remedy => ({
          does: text`set ${code('minimumHealthyPercent')} of ${resource(service.name)} to 100 (it is ${service.minimumHealthyPercent ?? 100}), so that new tasks serve before old ones stop`,
          run: null,
          changes: true,
          undo: null,
          verify: null,
          managedBy: serviceOwner(service),
        }),
      ),
    ...scaling.map(
      ({ name }): Remedy => ({
        does: text`see why Auto Scaling group ${resource(name)} took instances away`,
        run: showActivities(name, 20),
        changes: false,
        undo: null,
        verify: null,
      }),
    ),
  ];
}
