import { inTable } from '../incident/in-table.ts';
import { LONGEST_WINDOW_SECONDS } from '../incident/window.ts';
import { InvalidInput, shape } from './input-errors.ts';

const SHORTEST = 60;
/** In letters. */
const LONGEST = 30;

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `30m`, `2h`, `1h30m`, `90s` in seconds. A number without a unit is refused: it may have been meant as minutes. */
export function parseDuration(since: unknown): number {
  const text = typeof since === 'string' ? since.trim().toLowerCase() : '';
  if (text.length <= LONGEST && /^(\d+[smhd])+$/.test(text)) {
    const total = [...text.matchAll(/(\d+)([smhd])/g)].reduce(
      (sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (inTable(UNITS, unit) ?? 1),
      0,
    );
    if (total >= SHORTEST && total <= LONGEST_WINDOW_SECONDS) return total;
  }
  throw new InvalidInput(`expected a length from 1m to 7d, such as 30m or 2h, found ${shape(since)}`);
}
