import picocolors from 'picocolors';
import { code, phrase, text } from '../../incident/text.ts';
import type { Mark, Topology } from '../../incident/topology.ts';
import { plainText } from '../plain.ts';
import { withoutFullStop } from '../story/phrases.ts';
import { whatIsMissing } from '../story/unseen.ts';
import { type Clock, spokenInFull, type Zone } from '../times.ts';
import { type Branch, drawn, type Piece, piece, type Shade, wrapped } from './branches.ts';
import { DETAILS, loadBalancerBranch } from './nodes.ts';
import { SHADE_OF, SIGN_OF } from './signs.ts';

export interface TreeLook {
  readonly colour: boolean;
  readonly width?: number;
  readonly zone?: Zone;
}

/** A screen, with the lines around it. */
const LINES_AT_MOST = 40;

/** Listener, rule, target group and target with their health, what breaks marked by a sign; then what the signs mean. */
export function renderTree(topology: Topology, { colour, width, zone }: TreeLook): string {
  const columns = Math.min(Math.max(width ?? 100, 40), 120);
  const clock = { today: topology.asOf, ...(zone === undefined ? {} : { zone }) };
  const below = [...legend(topology, columns, clock), ...unseen(topology, columns, clock)];
  const asOf = words(phrase`As AWS reported it at ${spokenInFull(topology.asOf, clock)}.`, columns);
  const room = LINES_AT_MOST - below.length - asOf.length;
  const lines = [...fitting(topology, columns, Math.max(room, 10)), ...below, ...asOf];
  const shades = shadesIn(colour);
  return `${lines.map((line) => line.map(({ text, shade }) => shades[shade](text)).join('')).join('\n')}\n`;
}

type Line = readonly Piece[];

/** With as many names as there is room for. */
function fitting(topology: Topology, columns: number, room: number): readonly Line[] {
  let lines: readonly Line[] = [];
  for (const detail of DETAILS) {
    const tree: Branch = loadBalancerBranch(topology, detail);
    lines = drawn(tree, columns);
    if (lines.length <= room) return lines;
  }
  const left = lines.length - (room - 1);
  return [...lines.slice(0, room - 1), [piece(phrase`… ${left} more lines, which do not fit`, 'faint')]];
}

function legend({ marks }: Topology, columns: number, clock: Clock): readonly Line[] {
  return marks.flatMap((mark) => {
    const { is, cause, strength, says } = mark;
    const said = plainText(text`${withoutFullStop(says)} (${code(cause)}, ${strength})`, clock);
    const label = [piece(SIGN_OF[is], SHADE_OF[is]), piece(MEANING[is], SHADE_OF[is]), piece(said)];
    return wrapped(label, columns, '', '  ');
  });
}

const MEANING: Readonly<Record<Mark['is'], string>> = {
  broken: 'broken:',
  over: 'it broke here, the errors are over:',
  possible: 'possible:',
  idle: 'wrong, but not known to cause these errors:',
};

/** Once for each call that said nothing: what hangs on it is not known either. */
function unseen({ unseen }: Topology, columns: number, clock: Clock): readonly Line[] {
  const calls = unseen.map(({ why, action, ids }) => JSON.stringify([why, action, ids]));
  return unseen
    .filter((_, index) => calls.indexOf(calls[index] ?? '') === index)
    .flatMap((missing) =>
      wrapped([piece('Not seen:', 'doubtful'), piece(plainText(whatIsMissing(missing), clock))], columns, '', '  '),
    );
}

function words(said: string, columns: number): readonly Line[] {
  return wrapped([piece(said, 'faint')], columns, '', '');
}

function shadesIn(colour: boolean): Readonly<Record<Shade, (text: string) => string>> {
  const { bold, dim, green, red, yellow } = picocolors.createColors(colour);
  return {
    plain: (text) => text,
    bold,
    faint: dim,
    good: green,
    bad: (text) => bold(red(text)),
    doubtful: yellow,
  };
}
