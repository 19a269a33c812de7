/** `a, b or c` */
export function listed(words: readonly string[], join: 'or' | 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${join} ${words.at(-1)}`;
}

/** `did you mean web or web2?`; `undefined` where nothing is near. */
export function meant(written: string, known: readonly string[]): string | undefined {
  const near = nearTo(written, known);
  return near.length === 0 ? undefined : `did you mean ${listed(near, 'or')}?`;
}

/** As many as a line names. */
export function nearTo(written: string, known: readonly string[]): readonly string[] {
  return nearestOf(written, known).slice(0, 3);
}

/** Of names of several words also those that have all of what was written, or begin with it: `group-close` of `security-group-closed`. */
export function meantByWords(written: string, known: readonly string[]): string | undefined {
  const parts = written.toLowerCase().split('-').filter(Boolean);
  const isWord = parts.length > 0 && parts.every(({ length }) => length > 2);
  const hasAll = (name: string) => parts.every((part) => name.split('-').some((word) => word.startsWith(part)));
  const holding = isWord ? known.filter(hasAll).slice(0, 3) : [];
  return meant(written, known) ?? (holding.length === 0 ? undefined : `did you mean ${listed(holding, 'or')}?`);
}

/**
 * The words that may be meant, a letter or two away: a letter too many, one too few, another, two swapped. All that are
 * equally near: `--ax` may be `--as` or `--at`.
 */
export function nearestOf(written: string, known: readonly string[]): readonly string[] {
  const near = known
    .filter((word) => Math.abs(word.length - written.length) <= farthest(word))
    .map((word) => ({ word, steps: stepsBetween(written.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, steps }) => steps <= farthest(word) && steps < word.length);
  const least = Math.min(...near.map(({ steps }) => steps));
  return near.filter(({ steps }) => steps === least).map(({ word }) => word);
}

/** Of a short word, two letters are so much of it that another was meant: `dev` is no `demo`. */
function farthest(word: string): number {
  return word.length <= SHORT ? 1 : 2;
}

const SHORT = 5;

/** Damerau and Levenshtein's distance, as far as two swapped letters are not changed as well. */
function stepsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const steps = [row];
    const at = (back: number, column: number) => rows[row - back]?.[column] ?? 0;
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      steps.push(
        Math.min(
          at(1, column) + 1,
          (steps[column - 1] ?? 0) + 1,
          at(1, column - 1) + (same ? 0 : 1),
          swapped ? at(2, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(steps);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
