import { resource, text } from '../incident/text.ts';
import { groupName } from '../semantics/targets/targets.ts';
import { managerOf } from './owner.ts';
import { aws, fix, type Remedy } from './remedy.ts';

/** What ends processes, tasks and pods lets them finish what they have. */
export function finishRequests(targetGroupArn: string, tags: Readonly<Record<string, string>>): Remedy {
  return fix(
    text`keep the process behind ${resource(groupName(targetGroupArn))} serving for some seconds after SIGTERM, to finish its requests; set its stop timeout and the deregistration delay above the slowest request`,
    { verify: aws('elbv2', 'describe-target-group-attributes', { targetGroupArn }), managedBy: managerOf(tags) },
  );
}
