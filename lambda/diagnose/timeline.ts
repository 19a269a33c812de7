import { ERROR_KINDS, type ErrorKind } from '../incident/cause.ts';
import type { Diagnosis } from '../incident/diagnosis.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { code, type Text, type Time, text, verbatim, words } from '../incident/text.ts';
import { type EpisodeSpan, errorsInEpisode } from '../semantics/errors/episode.ts';
import { errorSeries } from '../semantics/errors/error-series.ts';
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
  for (const { found } of findings) {
    if (found.change !== undefined) {
      entries.push({
        at: found.change.at,
        kind: 'change',
        what: text`${code(found.change.who)}: ${verbatim(found.change.what)}`,
      });
    } else if (found.since !== undefined) entries.push({ at: found.since, kind: 'health', what: found.says });
  }
  return entries
    .filter((entry, index) => entries.findIndex((other) => same(entry, other)) === index)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
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

function ofEpisode({ evidence }: Snapshot, episode: EpisodeSpan | null): Entry[] {
  const metrics = ifSeen(evidence.loadBalancerMetrics);
  if (episode === null || metrics === undefined) return [];
  const end: Entry[] = episode.end ? [{ at: episode.end, kind: 'symptom', what: words('the errors stopped') }] : [];
  if (episode.of === 'failing-targets') {
    return [{ at: episode.onset, kind: 'health', what: words('first target that fails its health checks') }];
  }
  const errors = errorSeries(metrics);
  const most = ERROR_KINDS.reduce<ErrorKind>(
    (best, kind) => (errorsInEpisode(errors, kind, episode) > errorsInEpisode(errors, best, episode) ? kind : best),
    '500',
  );
  const older = episode.older ? text` (or earlier: no metrics before that were read)` : text``;
  return [{ at: episode.onset, kind: 'symptom', what: text`first ${errorKindName(most)}${older}` }, ...end];
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
