import { andList, count, resource, type Text, text } from '../../incident/text.ts';
import { groupName } from '../../semantics/targets/targets.ts';

/** What several causes say of targets. */

/** `web and api`, of target groups by their ARNs. */
export function groupsSaid(groups: readonly string[]): Text {
  return andList(groups.map((arn) => resource(groupName(arn))));
}

/** `; the same for 2 more`, to follow what was said of the first of several. */
export function othersSaid(others: number): Text {
  return others > 0 ? text`; the same for ${count(others, 'more target')}` : text``;
}
