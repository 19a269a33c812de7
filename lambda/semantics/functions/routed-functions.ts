import type { ListenerRule, Target, TargetGroup } from '../../incident/evidence.ts';
import { routedGroups } from '../traffic/routing.ts';
import { type FunctionArn, functionIn } from './function-arn.ts';

/** A function that requests are sent to. */
export interface RoutedFunction {
  readonly group: TargetGroup;
  readonly target: Target;
  readonly arn: FunctionArn;
  /** No other group gets requests: all errors are its own. */
  readonly alone: boolean;
}

/** Where the rules were not read, any group of the load balancer may be one that gets requests. */
export function routedFunctions(
  groups: readonly TargetGroup[],
  targets: readonly Target[],
  rules: readonly ListenerRule[] | undefined,
): readonly RoutedFunction[] {
  const routed = new Set(rules === undefined ? groups.map(({ arn }) => arn) : routedGroups(rules));
  const byArn = new Map(groups.filter(({ arn }) => routed.has(arn)).map((group) => [group.arn, group]));
  return targets.flatMap((target) => {
    const group = byArn.get(target.targetGroup);
    const arn = functionIn(target.id);
    return group === undefined || arn === null ? [] : [{ group, target, arn, alone: routed.size === 1 }];
  });
}
