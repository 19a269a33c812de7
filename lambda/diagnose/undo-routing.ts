import type { ChangeDetails, ChangeEvent, ListenerRule } from '../incident/evidence.ts';
import { inTable } from '../incident/in-table.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { resource, type Text, text } from '../incident/text.ts';
import { setForward } from '../remedies/listener-forward.ts';
import { type AwsCall, aws, type Call } from '../remedies/remedy.ts';
import { spareGroups } from '../semantics/targets/spare-groups.ts';
import { isUsable } from '../semantics/targets/targets.ts';
import { routedGroups } from '../semantics/traffic/routing.ts';

/** What takes a change back, and what would make it again. */
export interface Undo {
  readonly run: AwsCall;
  readonly undo: Call | null;
  /** What puts it back, where no record tells what there was before. */
  readonly inferred?: Text;
}

type Routing = Extract<ChangeDetails, { is: 'routing' }>;

/** By the last record of the same rule or listener, where forwarding was all that it did: no step of it gets lost. */
export function forwardAsBefore(
  change: ChangeEvent,
  { of, to, made }: Routing,
  evidence: ObservedEvidence,
): Undo | null {
  const { changes, listenerRules } = evidence;
  const rules = ifSeen(listenerRules) ?? [];
  if (change.event === 'CreateRule') {
    const isThere = made !== undefined && rules.some(({ arn }) => arn === made);
    return isThere ? { run: aws('elbv2', 'delete-rule', { ruleArn: made }), undo: null } : null;
  }
  if (change.event === 'DeleteRule') return ruleAgain(change, of, evidence);
  const rule = rules.find((one) => idOf(one) === of);
  const before = (ifSeen(changes) ?? []).findLast(
    ({ at, details }) => at < change.at && details.is === 'routing' && details.of === of,
  )?.details;
  if (rule !== undefined && before === undefined) return backToSpare(change, rule, evidence);
  if (rule === undefined || before?.is !== 'routing' || before.alone !== true || before.to.length === 0) return null;
  if (JSON.stringify(before.to) === JSON.stringify(to)) return null;
  const [action, ...others] = rule.actions;
  const canReturn = action?.type === 'forward' && others.length === 0;
  return { run: setForward(rule, before.to), undo: canReturn ? setForward(rule, action.to) : null };
}

/** A change to the default rule is one to the listener. */
const idOf = ({ arn, listenerArn, priority }: ListenerRule): string => (priority === null ? listenerArn : arn);

/** By the record of its making, and the last one of where it sent requests. The new one has another ARN: nothing undoes it. */
function ruleAgain({ at }: ChangeEvent, of: string, { changes, listenerRules }: ObservedEvidence): Undo | null {
  if (ifSeen(listenerRules)?.some(({ arn }) => arn === of)) return null;
  const records = (ifSeen(changes) ?? []).flatMap((one) =>
    one.at < at && one.details.is === 'routing' ? one.details : [],
  );
  const made = records.findLast((one) => one.made === of);
  const last = records.findLast((one) => one.of === of) ?? made;
  if (made?.priority === undefined || made.conditions === undefined) return null;
  if (last?.alone !== true || last.to.length === 0) return null;
  const { of: listenerArn, priority, conditions } = made;
  // What the shorthand of the AWS CLI cannot say.
  if (conditions.some(({ values }) => values.some((value) => /[,[\]{}='"\s]/.test(value)))) return null;
  // `Values` itself takes a single one.
  const asked = conditions.flatMap(({ field: Field, values }) => {
    const config = inTable(CONDITION_CONFIGS, Field);
    return config === undefined ? [] : { Field, [config]: `{Values=[${values.join(',')}]}` };
  });
  if (asked.length < conditions.length) return null;
  const { options } = setForward({ arn: of, listenerArn, priority, conditions: [], actions: [] }, last.to);
  const run = aws('elbv2', 'create-rule', { listenerArn, priority, conditions: asked, actions: options.actions });
  return { run, undo: null };
}

const CONDITION_CONFIGS: Readonly<Record<string, string>> = {
  'path-pattern': 'PathPatternConfig',
  'host-header': 'HostHeaderConfig',
};

/** Without a record of before: a single group that has targets, and of which no rule knows any more, is what was taken away. */
function backToSpare(
  { event, details }: ChangeEvent,
  rule: ListenerRule,
  { targetGroups, targetHealth, idleTargetGroups, listenerRules }: ObservedEvidence,
): Undo | null {
  const [action, ...steps] = rule.actions;
  const seen = [targetGroups, targetHealth, idleTargetGroups, listenerRules];
  if (!SWITCHES.includes(event) || action === undefined || steps.length > 0) return null;
  // A record that sends nothing anywhere made no rule forward: that was so before.
  const sends = details.is === 'routing' && details.to.length > 0;
  if ((action.type === 'forward') !== sends) return null;
  // Where requests go to what can answer, nobody knows that they are to go anywhere else.
  const there = (ifSeen(targetHealth) ?? []).filter(isUsable).map(({ targetGroup }) => targetGroup);
  if (action.type === 'forward' && action.to.some(({ targetGroup }) => there.includes(targetGroup))) return null;
  if (seen.some((one) => !one.seen || one.gaps.length > 0)) return null;
  const routed = routedGroups(ifSeen(listenerRules) ?? []);
  const unrouted = (ifSeen(targetGroups) ?? []).filter(({ arn }) => !routed.includes(arn));
  const [only, ...others] = spareGroups(unrouted, ifSeen(targetHealth) ?? [], ifSeen(idleTargetGroups) ?? []);
  if (only === undefined || others.length > 0) return null;
  const { arn, name } = only.group;
  const run = setForward(rule, [{ targetGroup: arn, weight: 1 }]);
  const inferred = text`send the requests to ${resource(name)} again, the only group with targets that gets none`;
  return { run, undo: action.type === 'forward' ? setForward(rule, action.to) : null, inferred };
}

const SWITCHES = ['ModifyRule', 'ModifyListener'];
