import { ERROR_KINDS, type ErrorKind } from '../incident/cause.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { code, count, type Text, type Time, text, time, verbatim, words } from '../incident/text.ts';
import { type EpisodeSpan, QUIET_ERRORS } from '../semantics/errors/episode.ts';
import { countedErrors, type Errors } from '../semantics/errors/errors.ts';
import { secondsBetween, sumOf, timeOfMinute, valuesIn } from '../semantics/time/minutes.ts';
import { mayBeOlder } from './edge-of-reading.ts';
import { causeOf } from './rank.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

type Entry = Diagnosis['timeline'][number];

const ORDER: readonly Entry['kind'][] = ['change', 'health', 'symptom', 'alarm'];

/** What happened in which order: change, first symptom, alarm. Oldest first. */
export function timelineOf(
  snapshot: Snapshot,
  episode: EpisodeSpan | null,
  findings: readonly FindingWithShare[],
): readonly Entry[] {
  const entries: Entry[] = [...ofEpisode(snapshot, episode), ...ofAlarm(snapshot)];
  entries.push(...ofChanges(snapshot, episode));
  const causing: Entry[] = [];
  for (const finding of findings) {
    const { found } = finding;
    if (found.change !== undefined) {
      entries.push({
        at: found.change.at,
        kind: 'change',
        what: text`${code(found.change.who)}: ${verbatim(found.change.what)}`,
      });
    } else if (found.since !== undefined) {
      const moments = ofFinding(finding, found.since, snapshot, episode);
      entries.push(...moments);
      if (makesErrors(finding, findings)) causing.push(...moments);
    }
  }
  const changes = timesOf(entries.filter(({ kind }) => kind === 'change'));
  const before = { health: changes, symptom: [...changes, ...timesOf(causing)] };
  const happened = (entry: Entry): number => withinItsMinute(entry, before);
  return entries
    .filter((entry, index) => entries.findIndex((other) => same(entry, other)) === index)
    .sort((a, b) => happened(a) - happened(b) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** At the moment that its proof tells: what it follows from may have begun before it. */
function ofFinding(
  { found: { says, happened }, isDatedByErrors }: FindingWithShare,
  since: Time,
  { evidence }: Snapshot,
  episode: EpisodeSpan | null,
): readonly Entry[] {
  if (happened === undefined) {
    if (episode?.older && since === episode.onset) return [];
    const dated = isDatedByErrors ? text` (when the first such errors came)` : text``;
    return [{ at: since, kind: 'health', what: text`${says}${dated}${edgeSaid(mayBeOlder(since, evidence))}` }];
  }
  const { first, last, recordedBy } = happened;
  const notes = [
    ...(recordedBy === undefined || secondsBetween(since, first) <= 0 ? [] : [text`as recorded by ${recordedBy}`]),
    ...(last === first ? [] : [text`the last time at ${time(last)}`]),
  ];
  const noted = notes.flatMap((note, index) => (index === 0 ? note : text`; ${note}`));
  return [{ at: first, kind: 'health', what: notes.length === 0 ? says : text`${says} (${noted})` }];
}

const timesOf = (entries: readonly Entry[]): readonly number[] => entries.map(({ at }) => Date.parse(at));

/** By itself, as far as is known: neither the symptom of another nor what came with the errors. */
function makesErrors(finding: FindingWithShare, all: readonly FindingWithShare[]): boolean {
  const { share, effect, later } = finding;
  return share !== null && share > 0 && !effect && !later && causeOf(finding, all) === undefined;
}

/**
 * A metric tells the minute, and a change or an event the second: what was changed in that minute came before what was
 * counted in it, and what makes errors before the errors.
 */
function withinItsMinute(
  { at, kind }: Entry,
  before: Readonly<Record<'health' | 'symptom', readonly number[]>>,
): number {
  const then = Date.parse(at);
  if ((kind !== 'symptom' && kind !== 'health') || then % 60_000 !== 0) return then;
  return Math.max(then, ...before[kind].filter((time) => time > then && time < then + 60_000));
}

const CHANGES_BEFORE = 8;
const CHANGES_AFTER = 4;

/** Those nearest to the onset; all of them are in the report. */
function ofChanges({ evidence, question }: Snapshot, episode: EpisodeSpan | null): readonly Entry[] {
  const changes = ifSeen(evidence.changes) ?? [];
  const onset = episode?.onset ?? question.at;
  const before = changes.filter(({ at }) => at <= onset).slice(-CHANGES_BEFORE);
  const after = changes.filter(({ at }) => at > onset).slice(0, CHANGES_AFTER);
  return [...before, ...after].map(({ at, who, what }) => ({
    at,
    kind: 'change',
    what: text`${code(who)}: ${verbatim(what)}`,
  }));
}

function same(a: Entry, b: Entry): boolean {
  return a.at === b.at && a.kind === b.kind && JSON.stringify(a.what) === JSON.stringify(b.what);
}

function ofEpisode({ evidence, question }: Snapshot, episode: EpisodeSpan | null): Entry[] {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  if (episode === null || metrics === undefined) return [];
  const end: Entry[] = episode.end
    ? [
        {
          at: episode.end,
          kind: 'symptom',
          what: words(episode.usualSince === undefined ? 'the errors stopped' : 'no more errors than usual'),
        },
      ]
    : [];
  if (episode.of === 'failing-targets') {
    return [
      {
        at: episode.onset,
        kind: 'health',
        what: text`first target that fails its health checks${edgeSaid(episode.older)}`,
      },
    ];
  }
  const { recurring } = episode;
  const again: Entry[] =
    recurring === undefined
      ? []
      : [{ at: recurring.last.from, kind: 'symptom', what: text`the last of ${recurring.bursts} bursts of errors` }];
  return [...beginnings(countedErrors(metrics, question.window), episode), ...again, ...end];
}

/** What may have begun before anything was read. */
const edgeSaid = (isEdge: boolean): Text => (isEdge ? text` (or earlier)` : text``);

/** The errors that came first, and those that were most, where they came later. */
function beginnings(
  { series, unusual }: Errors,
  { grid, span, older, errors, earlier, onset }: EpisodeSpan,
): readonly Entry[] {
  const kinds = ERROR_KINDS.filter((kind) => unusual(kind) > 0);
  const ofKind = (kinds.length === 0 ? ERROR_KINDS : kinds)
    .map((kind) => {
      const values = valuesIn(series[kind], span);
      const first = values.findIndex((count) => (count ?? 0) > 0);
      const usual = series[kind].slice(0, span.first).some((count) => (count ?? 0) > 0);
      return { kind, first: span.first + first, atFirst: values[first] ?? 0, all: sumOf(values) ?? 0, usual };
    })
    .filter(({ all }) => all > 0);
  const [earliest] = [...ofKind].sort((a, b) => a.first - b.first || b.atFirst - a.atFirst);
  const [most] = [...ofKind].sort((a, b) => b.all - a.all);
  return [...new Set([earliest, most])].flatMap((one) => {
    if (one === undefined) return [];
    const name = errorKindName(one.kind);
    const edge = edgeSaid(older && one.first === span.first);
    const single = errors <= QUIET_ERRORS ? text`${count(one.all, 'request')} answered ${answerName(one.kind)}` : null;
    // Those of a longer window that came before are told with it, and dated there.
    const before = one.usual ? text`more ${name} than before` : text`first ${name}${edge}`;
    const isAgain = (one.usual && earlier.length > 0) || onset < timeOfMinute(grid, span.first);
    const what = single ?? (isAgain ? text`${name} again` : before);
    return [{ at: timeOfMinute(grid, one.first), kind: 'symptom', what } as const];
  });
}

/** `504`, `5xx by targets`. */
function answerName(kind: ErrorKind): Text {
  if (kind === 'target5xx') return text`5xx by targets`;
  return kind === 'other5xx' ? text`5xx` : text`${code(kind)}`;
}

/** `504 errors`, `5xx answers of targets`. */
function errorKindName(kind: ErrorKind): Text {
  if (kind === 'target5xx') return text`5xx answers of targets`;
  if (kind === 'other5xx') return text`5xx errors of the load balancer`;
  return text`${code(kind)} errors`;
}

function ofAlarm({ question: { trigger } }: Snapshot): Entry[] {
  if (trigger.kind !== 'alarm' || trigger.at === null) return [];
  const at: Time = trigger.at;
  return [
    {
      at,
      kind: 'alarm',
      what: text`alarm ${trigger.alarmName === undefined ? '' : text`${code(trigger.alarmName)} `}went to ${code(trigger.state ?? 'ALARM')}`,
    },
  ];
}
