/** More columns than any log has; what stands beyond is of a later release. */
const MOST = 64;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * The words of a line: bare up to the next delimiter, or in double quotes, where `\"` and `\\` stand for themselves. One
 * instance reads line after line, and makes texts only of the words that are asked for.
 */
export class LogTokens {
  readonly #from = new Int32Array(MOST);
  readonly #to = new Int32Array(MOST);
  #line = '';
  count = 0;

  /** False where a quote is not closed, or something but a delimiter follows it: that is no line of a log. */
  read(line: string, delimiter: string): boolean {
    this.#line = line;
    this.count = 0;
    let at = 0;
    while (at <= line.length && this.count < MOST) {
      const isQuoted = line.charCodeAt(at) === QUOTE;
      const end = isQuoted ? closingQuote(line, at + 1) : endOfWord(line, at, delimiter);
      if (end < 0) return false;
      this.#from[this.count] = isQuoted ? at + 1 : at;
      this.#to[this.count] = end;
      this.count += 1;
      const next = isQuoted ? end + 1 : end;
      if (next >= line.length) return true;
      if (line[next] !== delimiter) return false;
      at = next + 1;
    }
    return true;
  }

  /** `null` where the line has no such word, or says `-`: nothing. */
  word(index: number): string | null {
    if (index < 0 || index >= this.count) return null;
    const [from, to] = [this.#from[index] ?? 0, this.#to[index] ?? 0];
    if (to === from || (to === from + 1 && this.#line[from] === '-')) return null;
    return this.#line.slice(from, to);
  }
}

function endOfWord(line: string, at: number, delimiter: string): number {
  const end = line.indexOf(delimiter, at);
  return end < 0 ? line.length : end;
}

function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at >= 0 && isEscaped(line, at, from)) at = line.indexOf('"', at + 1);
  return at;
}

function isEscaped(line: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - slashes > from && line.charCodeAt(at - slashes - 1) === BACKSLASH) slashes += 1;
  return slashes % 2 === 1;
}
