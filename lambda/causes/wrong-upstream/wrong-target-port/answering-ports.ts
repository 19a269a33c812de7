import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { code, listed, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { portsOf } from '../../../semantics/targets/targets.ts';

export const portsSaid = (targets: readonly Target[]): Text => listed(portsOf(targets).map(code));

/** Registers hosts with the port that works. The targets that fail serve nobody, but leave last: a group without targets answers 503. */
export function movedTo(
  group: TargetGroup,
  failing: readonly Target[],
  elsewhere: readonly Target[],
  tags: Readonly<Record<string, string>>,
): readonly Remedy[] {
  const right = failing.map(({ id }, index) => `Id=${id},Port=${elsewhere[index]?.port}`);
  const wrong = failing.map(({ id, port }) => `Id=${id},Port=${port}`);
  const command = (operation: string, targets: readonly string[]) => [
    ...['aws', 'elbv2', operation, '--target-group-arn', group.arn],
    ...['--targets', ...targets],
  ];
  const base = { changes: true, verify: showHealth(group.arn), ...managedByField(tags) };
  return inSteps([
    {
      ...base,
      does: text`register the same hosts with port ${portsSaid(elsewhere)}`,
      run: command('register-targets', right),
      undo: command('deregister-targets', right),
    },
    {
      ...base,
      does: text`once they are healthy, deregister port ${portsSaid(failing)}`,
      run: command('deregister-targets', wrong),
      undo: command('register-targets', wrong),
    },
  ]);
}
