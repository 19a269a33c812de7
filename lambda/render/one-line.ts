import type { Diagnosis } from '../incident/diagnosis.ts';
import { printable } from './printable.ts';
import { placeOf, verdictLine } from './verdict-line.ts';

/** All of it in one line: `web: 100% 504, security group closed - prod/us-east-1`. */
export function renderOneLine(diagnosis: Diagnosis): string {
  const place = placeOf(diagnosis);
  return printable(`${verdictLine(diagnosis)}${place === '' ? '' : ` - ${place}`}`);
}
