import type { LambdaFunction, Target, TargetGroup } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import { type FunctionArn, functionIn } from '../semantics/functions/function-arn.ts';
import { type Invocability, invocabilityFor } from '../semantics/functions/invocability.ts';
import { groupsAskedOf } from '../semantics/traffic/routing.ts';
import { defineFact } from './fact.ts';

/** A Lambda function that requests are sent to. */
export interface RoutedFunction {
  readonly group: TargetGroup;
  readonly target: Target;
  readonly arn: FunctionArn;
  /** No other group gets requests: all errors are its own. */
  readonly alone: boolean;
  /** Its settings, where they were read. */
  readonly found: LambdaFunction | undefined;
  readonly invocability: Invocability;
}

/** Where not every rule was read, any group of the load balancer may be one that gets requests. */
export const functions = defineFact({
  needs: ['targetGroups', 'targetHealth'],
  uses: ['listenerRules', 'lambdaFunctions'],
  compute: ({ targetGroups, targetHealth, listenerRules, lambdaFunctions }): readonly RoutedFunction[] => {
    const routed = new Set(groupsAskedOf(listenerRules, targetGroups));
    return targetHealth.flatMap((target) => {
      const group = targetGroups.find(({ arn }) => arn === target.targetGroup && routed.has(arn));
      const arn = functionIn(target.id);
      if (group === undefined || arn === null) return [];
      const found = ifSeen(lambdaFunctions)?.find((one) => one.arn === target.id);
      return [{ group, target, arn, alone: routed.size === 1, found, invocability: invocabilityFor(group, found) }];
    });
  },
});
