import type { Diagnosis } from '../incident/diagnosis.ts';
import { asString } from './json.ts';
import { shareSaid } from './story/phrases.ts';

/** The findings as a list, best first: what the engine made of them, without the proof. */
export function renderRanking({ findings, coverage }: Diagnosis): string {
  const rows = findings.map((finding, index) => ({
    place: `${index + 1}. ${finding.cause}`,
    weight: `${finding.strength}${finding.share === null ? '' : `, explains ${shareSaid(finding, finding.share)}`}`,
    lines: [asString(finding.headline), ...(finding.capped === undefined ? [] : [`no stronger: ${finding.capped}`])],
  }));
  const places = Math.max(0, ...rows.map(({ place }) => place.length));
  const weights = Math.max(0, ...rows.map(({ weight }) => weight.length));
  const found = rows.flatMap(({ place, weight, lines: [first = '', ...more] }) => [
    `${place.padEnd(places)}  ${weight.padEnd(weights)}  ${first}`,
    ...more.map((line) => `${' '.repeat(places + weights + 4)}${line}`),
  ]);
  const judged = `${coverage.judged} of ${coverage.of} causes judged.`;
  return [...(found.length === 0 ? ['Nothing found.'] : found), judged, ''].join('\n');
}
