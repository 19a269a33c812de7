const LETTERS = 'aeiklnorstxz-0';

/** All that one letter too many, too few, another, or two swapped make of a word, of some letters. */
export function typosOf(word: string): readonly string[] {
  const typos = new Set<string>();
  for (let place = 0; place <= word.length; place += 1) {
    const [before, after] = [word.slice(0, place), word.slice(place)];
    for (const letter of LETTERS) {
      typos.add(`${before}${letter}${after}`);
      if (after !== '') typos.add(`${before}${letter}${after.slice(1)}`);
    }
    if (after !== '') typos.add(`${before}${after.slice(1)}`);
    if (after.length > 1) typos.add(`${before}${after[1]}${after[0]}${after.slice(2)}`);
  }
  typos.delete(word);
  typos.delete('');
  return [...typos];
}
