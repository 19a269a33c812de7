import type { Action, ListenerRule, TargetGroup } from '../../../incident/evidence.ts';
import { code, resource, text } from '../../../incident/text.ts';
import { showHealth, whoCalled } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';

/**
 * The same rule with the two groups changed for each other. Only where forwarding is all that the rule does: its other
 * steps (authentication) would have to be written again, and not all of them were read.
 */
export function switchedTo(
  holder: TargetGroup,
  empty: TargetGroup,
  { arn, listenerArn, priority, actions }: ListenerRule,
  tags: Readonly<Record<string, string>>,
): Remedy[] {
  const [action] = actions;
  if (actions.length !== 1 || action?.type !== 'forward') return [];
  if (action.to.some(({ targetGroup, weight }) => weight > 0 && targetGroup !== empty.arn)) return [];
  const other: Readonly<Record<string, string>> = { [empty.arn]: holder.arn, [holder.arn]: empty.arn };
  const switched = action.to.map(({ targetGroup, weight }) => ({
    targetGroup: other[targetGroup] ?? targetGroup,
    weight,
  }));
  const set = (to: Forward['to']) =>
    priority === null
      ? ['aws', 'elbv2', 'modify-listener', '--listener-arn', listenerArn, '--default-actions', written(to)]
      : ['aws', 'elbv2', 'modify-rule', '--rule-arn', arn, '--actions', written(to)];
  const which = priority === null ? text`the default rule` : text`the rule with priority ${code(priority)}`;
  return [
    {
      does: text`send the requests of ${which} to ${resource(holder.name)}`,
      run: set(switched),
      changes: true,
      undo: set(action.to),
      verify: showHealth(holder.arn),
      ...managedByField(tags),
    },
  ];
}

type Forward = Extract<Action, { type: 'forward' }>;

/** In the shorthand of the AWS CLI. */
function written(to: Forward['to']): string {
  const [only] = to;
  if (to.length === 1 && only !== undefined) return `Type=forward,TargetGroupArn=${only.targetGroup}`;
  const groups = to.map(({ targetGroup, weight }) => `{TargetGroupArn=${targetGroup},Weight=${weight}}`);
  return `Type=forward,ForwardConfig={TargetGroups=[${groups.join(',')}]}`;
}

/** In the day before the errors. */
export function whoSwitched(onset: string): Remedy {
  return {
    does: text`see who switched rules, and whether a deployment is under way`,
    run: whoCalled('ModifyListener', plusSeconds(onset, -24 * 3600)),
    changes: false,
    undo: null,
    verify: null,
  };
}
