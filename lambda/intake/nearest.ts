/** The word that was meant, where one is a letter or two away: a letter too many, one too few, another, two swapped. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  return nearestOf(written, known)[0];
}

/** All that are equally near: `--ax` may be `--as` or `--at`. */
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
