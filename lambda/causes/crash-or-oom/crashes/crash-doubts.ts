import { count } from '../../../incident/text.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import type { ServiceCrashes } from '../../../semantics/ecs/task-crashes.ts';
import { cite } from '../../cite.ts';

/** What speaks against crashes as the cause of all the errors. */
export function doubtsOf({ service }: ServiceInUse, { stops, since, plausible }: ServiceCrashes) {
  return [
    !plausible &&
      cite.loadBalancerMetrics`too many requests fail for the loss of ${count(stops.length, 'task')} of ${service.desired}`,
    since === undefined &&
      cite.ecsTasks`ECS shows stopped tasks for an hour, and the errors are older: what came first is hidden`,
  ];
}
