/** The word that was meant, where one is a letter or two away: a letter too many, one too few, another, two swapped. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((word) => ({ word, steps: stepsBetween(written.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  return best !== undefined && best.steps <= 2 && best.steps < best.word.length ? best.word : undefined;
}

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
