import type { AutoScalingGroup } from '../../incident/evidence.ts';
import { asQuoted, count, resource, type Text, type Time, text, time } from '../../incident/text.ts';
import { failedLaunches, reasonIn } from '../../semantics/scaling/auto-scaling-groups.ts';

/** Since when it cannot launch, how often it tried, and AWS's reason; `null` where it can. */
export function failedLaunchesSaid(group: AutoScalingGroup): { readonly shows: Text; readonly at: Time } | null {
  const failed = failedLaunches(group);
  const [first] = failed;
  const last = failed.at(-1);
  if (first === undefined || last === undefined) return null;
  const often = failed.length === 1 ? text` at ` : text`, ${count(failed.length, 'time')} since `;
  return {
    shows: text`Auto Scaling group ${resource(group.name)} could not launch an instance${often}${time(first.at)}: ${asQuoted(reasonIn(last.message ?? ''))}`,
    at: first.at,
  };
}
