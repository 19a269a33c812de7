import type { LogReading } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen, type Observed } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { formatNumber, type Phrase, percent, phrase, type Text, text, verbatim } from '../../incident/text.ts';

const TELLS = text`where each failed request went, and how it ended`;

const LOGS = [
  ['accessLog', phrase`access log`],
  ['connectionLog', phrase`connection log`],
  ['healthCheckLog', phrase`health check log`],
] as const;
/** Reasons of one log, where there are many. */
const REASONS = 2;

/** Of logs that were asked for, what stood in the way, and what was read in part only. */
export function logCircumstances({ evidence, question: { beyond } }: Snapshot): readonly Citation<Text>[] {
  if (beyond?.logs === undefined) return [];
  return LOGS.flatMap(([from, name]) => {
    const observed: Observed<{ readonly reading: LogReading }> = evidence[from];
    // Few write the other two, and nobody misses them.
    if (!observed.seen && observed.why === 'not-asked' && from !== 'accessLog') return [];
    return notReadOf(observed, name, evidence).map((shows) => ({ from, shows }));
  });
}

function notReadOf(
  observed: Observed<{ readonly reading: LogReading }>,
  name: Phrase,
  evidence: Snapshot['evidence'],
): readonly Text[] {
  if (!observed.seen) {
    const isOff = observed.why === 'not-asked' && ifSeen(evidence.logPlaces)?.off.includes('access');
    return [
      isOff
        ? text`access logs are off, so nothing is known of ${TELLS}`
        : text`the ${name} was not read: ${verbatim(observed.detail)}`,
    ];
  }
  const { intervals, share } = observed.value.reading;
  const sum = (which: 'read' | 'of') => intervals.reduce((all, { files }) => all + files[which], 0);
  const part = text`${formatNumber(sum('read'))} of ${formatNumber(sum('of'))} files of the ${name} were read, ${percent(share)} of it: shares hold, counts are of that part`;
  return [
    ...(share < 1 && sum('of') > 1 ? [part] : []),
    ...observed.gaps
      .slice(0, REASONS)
      .map(({ detail }) => text`of the ${name} something is missing: ${verbatim(detail)}`),
  ];
}
