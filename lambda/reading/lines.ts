/** No line is longer: what is, is given up until the next one begins. */
const LONGEST = 256 * 1024;

/** Cuts a text that comes in pieces into lines. What is left behind the last line break is a line at the end. */
export function openLines(onLine: (line: string) => void): { push(piece: string): void; end(): void } {
  let rest = '';
  const tell = (line: string): void => onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  return {
    push(piece) {
      const text = rest === '' ? piece : rest + piece;
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        tell(text.slice(from, at));
        from = at + 1;
      }
      rest = text.slice(from, from + LONGEST);
    },
    end() {
      if (rest !== '') tell(rest);
      rest = '';
    },
  };
}
