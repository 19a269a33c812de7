import { listed, resource, type Text } from '../../incident/text.ts';
import { groupName } from '../../semantics/targets/targets.ts';

/** What several causes say of targets. */

/** `web and api`, of target groups by their ARNs. */
export function groupsSaid(groups: readonly string[]): Text {
  return listed(groups.map((arn) => resource(groupName(arn))));
}
