import { printable } from '../printable.ts';

/** How a piece of a line looks. */
export type Shade = 'plain' | 'bold' | 'faint' | 'good' | 'bad' | 'doubtful';

export interface Piece {
  readonly text: string;
  readonly shade: Shade;
}

/** A node of a drawn tree: its line, wrapped where it is long, and what hangs on it. */
export interface Branch {
  readonly label: readonly Piece[];
  readonly twigs: readonly Branch[];
}

export const piece = (text: string, shade: Shade = 'plain'): Piece => ({ text, shade });

/** Pieces in lines: each line with the strokes that lead to it. */
export function drawn(root: Branch, width: number): readonly (readonly Piece[])[] {
  return [...wrapped(root.label, width, '', '   '), ...twigsOf(root, width, '')];
}

function twigsOf({ twigs }: Branch, width: number, strokes: string): readonly (readonly Piece[])[] {
  return twigs.flatMap((twig, index) => {
    const isLast = index === twigs.length - 1;
    const below = `${strokes}${isLast ? '   ' : '│  '}`;
    const beside = twig.twigs.length > 0 ? `${below}│  ` : `${below}   `;
    return [
      ...wrapped(twig.label, width, `${strokes}${isLast ? '└─ ' : '├─ '}`, beside),
      ...twigsOf(twig, width, below),
    ];
  });
}

/** In lines of at most `width` columns; a word that is longer stands alone. */
export function wrapped(
  label: readonly Piece[],
  width: number,
  first: string,
  rest: string,
): readonly (readonly Piece[])[] {
  const words = label.flatMap(({ text, shade }) =>
    printable(text)
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => ({ text: word, shade })),
  );
  const lines: Piece[][] = [];
  let room = 0;
  for (const word of words) {
    const wide = [...word.text].length;
    const line = lines.at(-1);
    if (line === undefined || wide + 1 > room) {
      const strokes = lines.length === 0 ? first : rest;
      lines.push([piece(strokes, 'faint'), word]);
      room = width - strokes.length - wide;
    } else {
      line.push(piece(' '), word);
      room -= wide + 1;
    }
  }
  return lines;
}
