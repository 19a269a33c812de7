import type { Diagnosis } from '../incident/diagnosis.ts';
import { address, printable } from './printable.ts';

/** The console's page of the group that is affected first; of other groups, none. */
export function linksByUse({ links, findings: [first] }: Diagnosis): Diagnosis['links'] {
  const groups = first?.affected.targetGroups ?? [];
  const affected = links.filter(({ url }) => groups.some((arn) => url.endsWith(arn)));
  const others = links.filter((link) => !affected.includes(link) && !link.url.includes('TargetGroup:'));
  return [...affected.slice(0, 1), ...others];
}

/** For a terminal that makes links of them: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda (OSC 8). */
export function hyperlink(title: string, url: string): string {
  return `${OSC_8};;${address(url)}${END}${printable(title)}${OSC_8};;${END}`;
}

const OSC_8 = '\u001b]8';
const END = '\u001b\\';
