import type { Topology } from '../../incident/topology.ts';
import { renderTree } from './tree.ts';

/** As wide as a ticket shows without scrolling. */
const COLUMNS = 90;

/** The tree as a block of code, in as many backticks as it takes to hold those within. */
export function treeInMarkdown(topology: Topology): string {
  const tree = renderTree(topology, { colour: false, width: COLUMNS });
  const longest = Math.max(2, ...[...tree.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${tree}${fence}\n`;
}
