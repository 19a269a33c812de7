import { autocomplete, isCancel } from '@clack/prompts';
import type { Choice } from '../../collect/index.ts';
import { printable } from '../../render/printable.ts';

const ROWS = 12;

/** Asks on the terminal which one is meant: typing narrows the list. `undefined` where nobody chose. */
export async function pick(choices: readonly Choice[]): Promise<Choice | undefined> {
  const rows = choiceRows(choices);
  const picked = await autocomplete({
    message: 'Which load balancer? (type to narrow, Ctrl-C to leave)',
    options: choices.map(({ arn }, place) => ({ value: arn, label: rows[place] ?? arn })),
    maxItems: ROWS,
    output: process.stderr,
  });
  return isCancel(picked) ? undefined : choices.find(({ arn }) => arn === picked);
}

/** Region, name, state and errors, one below the other. */
export function choiceRows(choices: readonly Choice[]): readonly string[] {
  const width = (of: (choice: Choice) => string): number => Math.max(0, ...choices.map((one) => of(one).length));
  const [regions, names, states] = [
    width(({ region }) => region),
    width(({ name }) => name),
    width(({ state }) => state),
  ];
  return choices.map(({ region, name, state, errors }) =>
    printableRow([region.padEnd(regions), name.padEnd(names), state.padEnd(states), errorsSaid(errors)]),
  );
}

function printableRow(cells: readonly string[]): string {
  return cells.map((cell) => cell.replace(/\S+/g, printable)).join('  ');
}

function errorsSaid(errors: number | null): string {
  if (errors === null) return '5xx could not be read';
  return errors === 0 ? 'no 5xx in 30 min' : `${errors} 5xx in 30 min`;
}
