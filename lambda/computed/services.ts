import { ifSeen } from '../incident/observed.ts';
import { type ServiceInUse, servicesInUse } from '../semantics/ecs/services.ts';
import { defineFact } from './fact.ts';
import { routed } from './routed-groups.ts';

/** The ECS services that get requests, with their tasks as far as those were seen. */
export const services = defineFact({
  needs: ['ecsServices'],
  uses: ['ecsTasks', ...routed.uses],
  compute: ({ ecsServices, ecsTasks, ...seen }, moment): readonly ServiceInUse[] =>
    servicesInUse(ecsServices, ifSeen(ecsTasks) ?? [], routed.compute(seen, moment).groups),
});
