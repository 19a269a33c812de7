import { andList, formatNumber, resource, type Text, text } from '../incident/text.ts';

/** As many as one call names: where there are more, they come after these. */
export const A_CALL = 20;

/** Those that a call names, and how many are left for the next: a call that is run once does not mend them all. */
export function ofAll(named: readonly string[], all: readonly string[]): Text {
  const left = all.length - named.length;
  const said = andList(named.map(resource));
  if (left <= 0) return said;
  const others = left === 1 ? text`the last one` : text`the other ${formatNumber(left)}`;
  return text`${said} (${formatNumber(named.length)} of ${formatNumber(all.length)}, and then ${others} the same way)`;
}
