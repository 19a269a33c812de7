import type { Action, ListenerRule, TargetGroup } from '../incident/evidence.ts';
import { andList, code, resource, type Time, text } from '../incident/text.ts';
import { groupName } from '../semantics/targets/targets.ts';
import { showHealth, whoCalledSinceDayBefore } from './look.ts';
import { managerOf, type Tags } from './owner.ts';
import { type AwsCall, aws, fix, look, type Remedy } from './remedy.ts';

type Forward = Extract<Action, { type: 'forward' }>['to'];

/**
 * The same rule with the two groups changed for each other. Only where forwarding is all that the rule does: its other
 * steps (authentication) would have to be written again, and not all of them were read.
 */
export function swapGroups(rule: ListenerRule, empty: TargetGroup, holder: TargetGroup, tags: Tags): readonly Remedy[] {
  const {
    priority,
    actions: [action, ...others],
  } = rule;
  if (action?.type !== 'forward' || others.length > 0) return [];
  if (action.to.some(({ targetGroup, weight }) => weight > 0 && targetGroup !== empty.arn)) return [];
  const other: Readonly<Record<string, string>> = { [empty.arn]: holder.arn, [holder.arn]: empty.arn };
  const swapped = action.to.map((to) => ({ ...to, targetGroup: other[to.targetGroup] ?? to.targetGroup }));
  const named = priority === null ? text`the default rule` : text`the rule with priority ${code(priority)}`;
  const does = text`forward the requests of ${named} to ${resource(holder.name)}`;
  const around = { verify: showHealth(holder.arn), managedBy: managerOf(tags) };
  return [fix(does, { run: setForward(rule, swapped), undo: setForward(rule, action.to), ...around })];
}

/**
 * In place of an answer of its own, what the rules after it do; `null` where they do not all do the same. What it answers goes
 * with it, and not all of that was read.
 */
export function forwardInstead(rule: ListenerRule, to: Forward | null, verify: AwsCall, tags: Tags): Remedy {
  const around = { verify, managedBy: managerOf(tags) };
  if (to === null)
    return fix(text`if the rule is not meant to answer now, make it forward to the target group again`, around);
  const groups = andList(to.map(({ targetGroup }) => resource(groupName(targetGroup))));
  return fix(
    text`if the rule is not meant to answer now, make it forward to ${groups}, as the rules after it do; first note its fixed response, which this overwrites (${code('aws elbv2 describe-rules')})`,
    { run: setForward(rule, to), ...around },
  );
}

/** Has a rule forward, and nothing else. */
export function setForward({ arn: ruleArn, listenerArn, priority }: ListenerRule, to: Forward): AwsCall {
  return priority === null
    ? aws('elbv2', 'modify-listener', { listenerArn, defaultActions: forwardTo(to) })
    : aws('elbv2', 'modify-rule', { ruleArn, actions: forwardTo(to) });
}

/** In the shorthand of the AWS CLI. */
function forwardTo(to: Forward) {
  const [only] = to;
  if (to.length === 1 && only !== undefined) return { Type: 'forward', TargetGroupArn: only.targetGroup };
  const groups = to.map(({ targetGroup, weight }) => `{TargetGroupArn=${targetGroup},Weight=${weight}}`);
  return { Type: 'forward', ForwardConfig: `{TargetGroups=[${groups.join(',')}]}` };
}

export function whoSwitchedRules(onset: Time): Remedy {
  const run = whoCalledSinceDayBefore('ModifyListener', onset);
  return look(text`see who changed rules, and whether a deployment is in progress`, run);
}
