import type { Diagnosis } from '../incident/diagnosis.ts';
import type { Change } from '../incident/finding.ts';
import type { Text, Time } from '../incident/text.ts';
import { totalErrors } from '../semantics/errors/episode.ts';
import { countsErrors } from '../semantics/errors/error-alarm.ts';
import { plusSeconds, secondsBetween } from '../semantics/time/minutes.ts';
import type { Heard } from './talk.ts';

/** CloudTrail is that late at most. */
const TRAIL_IS_THERE = 15 * 60;
/** Of all requests, what an application answers wrongly day by day. */
const BACKGROUND_AT_MOST = 0.01;

/** What a triage says, as far as it matters to what was said before. */
export function hear(diagnosis: Diagnosis, over: boolean): Heard {
  const { trigger, verdict, findings, collectedAt, kind, fingerprint, incidentId, undetermined } = diagnosis;
  const at = trigger.at ?? collectedAt;
  const change = verdict.cause === null ? undefined : findings[0]?.change;
  const mended = over ? mendedBy(diagnosis) : undefined;
  const stands = withoutCause(diagnosis);
  const harmless = harmlessBecause(diagnosis, over);
  const hushed = hushedBy(diagnosis);
  return {
    readAt: collectedAt,
    now: later(collectedAt, trigger.kind === 'second-look' ? collectedAt : at),
    by: trigger.kind === 'second-look' ? 'second-look' : 'alarm',
    isOk: trigger.state === 'OK',
    at,
    fault: {
      id: [fingerprint, ...stands, ...unexplained(diagnosis)].join('/'),
      fingerprint,
      cause: verdict.cause,
      sureness: kind === 'failed' ? 'failed' : verdict.status,
      says: plain(verdict.headline),
      incidentId,
      ...(change === undefined ? {} : { change }),
    },
    // What makes no 5xx is not over for want of them.
    over: over && stands.length === 0,
    ...(mended === undefined ? {} : { mended }),
    ...(harmless === undefined ? {} : { harmless }),
    ...(hushed === undefined ? {} : { hushed }),
    undetermined: undetermined.map(({ cause }) => cause),
    awaitsMore: awaitsMore(diagnosis),
  };
}

/** What stands beside a verdict without a cause, and is a fault of its own. */
function withoutCause({ verdict, kind, findings, episode, refused }: Diagnosis): readonly string[] {
  if (kind === 'failed' || verdict.status !== 'quiet') return [];
  const shut = findings.find(({ strength }) => strength !== 'circumstantial')?.cause;
  if (shut !== undefined) return [shut];
  if (refused !== undefined) return ['refused'];
  return episode?.of === 'failing-targets' && episode.end === null ? ['failing-targets'] : [];
}

/** Without a cause, errors of another kind are another fault. */
function unexplained({ verdict, kind, symptoms: { elb, target5xx } }: Diagnosis): readonly string[] {
  if (kind === 'failed' || verdict.status !== 'inconclusive') return [];
  const counts = Object.entries({ ...elb, target5xx }).filter(([, errors]) => (errors ?? 0) > 0);
  const [most] = counts.sort(([, one], [, other]) => (other ?? 0) - (one ?? 0));
  return most === undefined ? [] : [most[0]];
}

/** By what is known, and never for want of knowledge. */
function harmlessBecause(diagnosis: Diagnosis, over: boolean): string | undefined {
  const { verdict, kind, symptoms, episode, findings, trigger } = diagnosis;
  const errors = totalErrors(symptoms);
  if (kind === 'failed' || errors === null) return undefined;
  if (verdict.status === 'quiet') {
    // Of an alarm on something else, or of which nothing tells what it counts, that few requests were answered 5xx says nothing.
    if (withoutCause(diagnosis).length > 0 || countsErrors(trigger) !== true) return undefined;
    const allFail = errors > 1 && (symptoms.errorShare ?? 0) >= 0.5;
    if (allFail) return undefined;
    return errors === 0 ? 'no request failed' : errors === 1 ? 'one bad request' : 'two bad requests';
  }
  const isConfident = findings.some(({ strength, waiting }) => strength !== 'circumstantial' && waiting !== true);
  const isFlat = episode?.of === 'errors' && episode.older && episode.trend !== 'rising' && !over;
  const isSmall = symptoms.errorShare !== null && symptoms.errorShare <= BACKGROUND_AT_MOST;
  return isFlat && isSmall && !isConfident ? 'usual background: as many fail as for hours' : undefined;
}

function hushedBy({ trigger: { mutedBy = [] }, collectedAt, maintenance }: Diagnosis): Heard['hushed'] {
  const [rule] = mutedBy;
  // At its end CloudWatch runs the action.
  if (rule !== undefined) return { why: `muted by the alarm mute rule ${rule.name}` };
  if (maintenance === undefined || secondsBetween(collectedAt, maintenance) <= 0) return undefined;
  return { why: `maintenance until ${maintenance}`, until: maintenance };
}

/** Where a change explains it, CloudTrail has spoken. */
function awaitsMore({ verdict, findings, changesUnseen, episode, collectedAt }: Diagnosis): boolean {
  if (verdict.status === 'identified' && findings[0]?.change !== undefined) return false;
  const isYoung = episode !== null && secondsBetween(episode.onset, collectedAt) < TRAIL_IS_THERE;
  return changesUnseen !== undefined || isYoung;
}

const AT_MOST_BEFORE = 5 * 60;
const MINUTE = 60;

/** The last change just before the errors stopped, of the same resource as the one that is named as what broke it. */
function mendedBy({ findings, changes, episode, verdict }: Diagnosis): Change | undefined {
  const broke = verdict.cause === null ? undefined : findings[0]?.change;
  const end = episode?.end;
  if (broke === undefined || end == null) return undefined;
  const resources = changes
    .filter(({ at, what }) => at === broke.at && what === broke.what)
    .map(({ resource }) => resource);
  const undone = changes.findLast(
    ({ at, resource }) =>
      resources.includes(resource) &&
      secondsBetween(broke.at, at) > 0 &&
      secondsBetween(at, plusSeconds(end, MINUTE)) >= 0 &&
      secondsBetween(at, end) <= AT_MOST_BEFORE,
  );
  return undone === undefined ? undefined : { at: undone.at, who: undone.who, what: undone.what };
}

/** To be quoted later: without ids that stand beside a name. */
function plain(said: Text): string {
  const parts = said.map((part) => (part.kind === 'time' ? `${part.at.slice(11, 16)} UTC` : part.text));
  return parts.join('').replace(/ \([a-z]+-[0-9a-f]{8,}\)/g, '');
}

const later = (one: Time, other: Time): Time => (secondsBetween(one, other) > 0 ? other : one);
