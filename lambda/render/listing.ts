import picocolors from 'picocolors';
import { wrap } from './plain.ts';

export interface Look {
  readonly colour: boolean;
  /** Addresses can be followed (OSC 8). */
  readonly hyperlinks?: boolean;
  /** Of the terminal; absent where nothing is to be wrapped. */
  readonly width?: number;
}

export interface Item {
  readonly group: string;
  readonly name: string;
  readonly says: string;
}

/** What there is by name, under the headings of its groups, in the order given. */
export function renderListing(items: readonly Item[], { colour, width }: Look): string {
  const { bold } = picocolors.createColors(colour);
  const groups = [...new Set(items.map(({ group }) => group))];
  const widest = Math.max(0, ...items.map(({ name }) => name.length));
  const indent = ' '.repeat(widest + 4);
  const lines = ({ name, says }: Item): readonly string[] => {
    const [first = '', ...more] = wrap(says, Math.max(20, (width ?? Number.POSITIVE_INFINITY) - indent.length));
    return [`  ${name.padEnd(widest)}  ${first}`, ...more.map((rest) => `${indent}${rest}`)];
  };
  return groups
    .flatMap((group) => [bold(group), ...items.filter((item) => item.group === group).flatMap(lines), ''])
    .join('\n');
}
