import type { Stream } from './shell.ts';

const ERASE_LINE = '\r\u001B[2K';

/** One live line on a terminal; nothing where a program reads. */
export interface Progress {
  show(doing: string): void;
  /** Leaves no trace. */
  erase(): void;
}

export function progressOn(stderr: Stream): Progress {
  if (!stderr.isTTY) return { show: () => {}, erase: () => {} };
  let shown = false;
  return {
    show(doing) {
      shown = true;
      // A line that wraps could not be erased.
      stderr.write(`${ERASE_LINE}${doing.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    erase() {
      if (shown) stderr.write(ERASE_LINE);
      shown = false;
    },
  };
}
