import { autocomplete, isCancel } from '@clack/prompts';
import type { Choice } from '../../collect/index.ts';
import { printable } from '../../render/printable.ts';
import { NotTriaged } from './refusals.ts';

const ROWS = 12;

/** Asks on the terminal which one is meant: typing narrows the list. `undefined` where Ctrl-C or Escape left it. */
export async function pick(choices: readonly Choice[]): Promise<Choice | undefined> {
  const rows = choiceRows(choices);
  const { ended, over, forget } = endOfInput();
  try {
    const picked = await autocomplete({
      message: 'Which load balancer? (type to narrow, Ctrl-C to leave)',
      options: choices.map(({ arn }, place) => ({ value: arn, label: rows[place] ?? arn })),
      maxItems: ROWS,
      output: process.stderr,
      signal: ended,
    });
    if (over()) throw new NotTriaged('no load balancer was picked: name one, as in alb-triage web');
    if (isCancel(picked)) return undefined;
    const choice = choices.find(({ arn }) => arn === picked);
    if (choice !== undefined) return choice;
    throw new NotTriaged('no load balancer in the list matches what was typed: name it, and its Region by --region');
  } finally {
    forget();
  }
}

/** Ctrl-D ends the input. The prompt does not look at it: it would wait for a key that cannot come, and the program end in the middle. */
function endOfInput(): { readonly ended: AbortSignal; over(): boolean; forget(): void } {
  const { stdin } = process;
  const controller = new AbortController();
  const onKey = (_: string | undefined, key: { readonly ctrl?: boolean; readonly name?: string } = {}): void => {
    if (key.ctrl && key.name === 'd') end();
  };
  const end = (): void => controller.abort();
  stdin.on('keypress', onKey).on('end', end).on('close', end);
  return {
    ended: controller.signal,
    over: () => controller.signal.aborted,
    forget: () => void stdin.off('keypress', onKey).off('end', end).off('close', end),
  };
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
