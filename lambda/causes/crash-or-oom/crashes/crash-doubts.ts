import type { Citation } from '../../../incident/finding.ts';
import { count, type Text, text } from '../../../incident/text.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import type { ServiceCrashes } from '../../../semantics/ecs/task-crashes.ts';
import type { Sometimes } from '../../cause.ts';

/** What speaks against crashes as the cause of all the errors. */
export function doubtsOf(
  { service }: ServiceInUse,
  { stops, since, plausible }: ServiceCrashes,
): readonly Sometimes<Citation<Text, 'loadBalancerMetrics' | 'ecsTasks'>>[] {
  const tooMany = text`more requests fail than ${count(stops.length, 'task')} of ${service.desired} could answer for`;
  const hidden = text`ECS shows stopped tasks for an hour, and the errors are older: what came first is hidden`;
  return [
    !plausible && { from: 'loadBalancerMetrics', shows: tooMany },
    since === undefined && { from: 'ecsTasks', shows: hidden },
  ];
}
