import type { Event } from '@aws-sdk/client-cloudtrail';
import { sortedBy } from '../../incident/evidence/order.ts';
import { EVIDENCE } from '../../incident/evidence/table.ts';
import { type Gap, ifSeen } from '../../incident/observed.ts';
import type { Question } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { EVENTS_KEPT } from '../../semantics/changes/event-history.ts';
import { episodeOf } from '../../semantics/errors/episode.ts';
import { wholeEpisode } from '../../semantics/errors/whole-episode.ts';
import { groupBy } from '../../semantics/group-by.ts';
import { earliest, plusSeconds, secondsBetween } from '../../semantics/time/minutes.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches } from '../batches.ts';
import { gapLike, keptNoLonger } from '../collector.ts';
import { CallFailed, gapOf } from '../errors.ts';
import { gridBefore } from '../metrics/metric-data.ts';
import { lookupEvents } from '../services/cloudtrail.ts';
import { incidentResources } from './incident-resources.ts';
import { type Lookup, lookupsFor, READ_BY_KEEPER, TRAIL_EVIDENCE, type TrailEvidence } from './lookups.ts';
import { bySession, callsOfOwnKeeper } from './own-keeper.ts';
import { type RecordedCall, recordedCallIn } from './recorded-call.ts';

/** A slow CloudTrail must not hold up the report. */
const DEADLINE_MS = 4_000;
/** Before the rest is known. */
const AHEAD_MS = 2_500;
/** At two calls a second, what can be asked before the deadline. */
const LOOKUPS_AT_MOST = 8;
const PAGES_AT_MOST = 2;
const HOUR = 3600;
const EVENTS_GONE = 'CloudTrail keeps its event history for 90 days: the calls of that time are gone';

/** What CloudTrail tells of the resources of an incident: calls, oldest first, and what was not answered. */
export interface Trail {
  readonly calls: readonly RecordedCall[];
  readonly gaps: readonly Gap[];
}

/** Several pieces of evidence are read from the same look-ups. */
export function trailOf(question: Question, parts: TrailEvidence, aws: Aws): Promise<Trail> {
  return aws.once('trail', () => readTrail(question, parts, aws));
}

async function readTrail(question: Question, parts: TrailEvidence, aws: Aws): Promise<Trail> {
  const { loadBalancerMetrics, targetGroups } = parts;
  const groups = ifSeen(targetGroups)?.map(({ arn }) => arn) ?? null;
  const onGrid = episodeOf(loadBalancerMetrics, NO_GROUP_METRICS, groups, question.window);
  const episode = wholeEpisode(onGrid, loadBalancerMetrics);
  const all = lookupsFor(parts, onGrid);
  const time = spanOf(question, episode?.onset, aws.readAt());
  const gone = keptNoLonger(time.from, EVENTS_KEPT, EVENTS_GONE, aws).map(({ why, detail }) => ({ why, detail }));
  if (keptNoLonger(time.to, EVENTS_KEPT, EVENTS_GONE, aws).length > 0) return { calls: [], gaps: gone };
  const latest = await latestChanges(question, aws);
  // Neither is answered otherwise a second later.
  if (latest instanceof CallFailed && (latest.why === 'denied' || latest.why === 'timed-out')) throw latest;
  const { known, left } = coveredBy(latest, all, time);
  const asked = left.slice(0, LOOKUPS_AT_MOST);
  const { items, gaps } = await eventsOfAll(asked, known, time, aws.within(DEADLINE_MS));
  const own = incidentResources(question.subject, parts);
  const events = [...new Map(items.map((event) => [event.EventId, event])).values()];
  const calls = oldestFirst(events.flatMap((event) => recordedCallIn(event, own) ?? []));
  return {
    calls: callsOfOwnKeeper(calls, ifSeen(parts.tags) ?? {}),
    gaps: [...gone, ...unknownIn(parts), ...notAsked(left.slice(LOOKUPS_AT_MOST)), ...gaps],
  };
}

const NO_GROUP_METRICS = { seen: false, why: 'not-asked', detail: '', source: [] } as const;

interface TimeRange {
  readonly from: Time;
  readonly to: Time;
}

/** All that changed anything in the account, whatever it was done to. `isWhole`: of all the time, and not its end only. */
interface LatestChanges {
  readonly events: readonly Event[];
  readonly time: TimeRange;
  readonly isWhole: boolean;
}

/**
 * Nothing has to be known to ask for it, and of a quiet account it is all there is: one call instead of one for each
 * resource, two a second. A busy account fills a page in seconds, and is asked by resource.
 */
export function latestChanges(question: Question, aws: Aws): Promise<LatestChanges | CallFailed> {
  return aws.once('latest changes', () =>
    readLatest(question, aws.within(AHEAD_MS)).catch((error: unknown) => {
      if (error instanceof CallFailed) return error;
      throw error;
    }),
  );
}

async function readLatest(question: Question, aws: Aws): Promise<LatestChanges> {
  const { window, at } = question;
  const time = spanOf(
    { ...question, window: { ...window, from: earliest([window.from, gridBefore(at).from]) ?? at } },
    undefined,
    aws.readAt(),
  );
  if (keptNoLonger(time.to, EVENTS_KEPT, EVENTS_GONE, aws).length > 0) return { events: [], time, isWhole: false };
  const input = {
    LookupAttributes: [{ AttributeKey: 'ReadOnly' as const, AttributeValue: 'false' }],
    StartTime: new Date(time.from),
    EndTime: new Date(time.to),
    MaxResults: 50,
  };
  const first = await aws.ask(lookupEvents, input);
  const { Events: events = [], NextToken: token } = first;
  if (token === undefined) return { events, time, isWhole: true };
  const oldest = events.at(-1)?.EventTime?.getTime() ?? Number.POSITIVE_INFINITY;
  // Where the second page would not reach the beginning either, it is not asked for.
  if (oldest > (Date.parse(time.from) + Date.parse(time.to)) / 2) return { events, time, isWhole: false };
  const second = await aws.ask(lookupEvents, { ...input, NextToken: token });
  return { events: [...events, ...(second.Events ?? [])], time, isWhole: second.NextToken === undefined };
}

/** Events reach CloudTrail after minutes: those of the last few are not there whoever asks. */
const LAG_SECONDS = 300;

function coveredBy(
  latest: LatestChanges | CallFailed,
  lookups: readonly Lookup[],
  time: TimeRange,
): { readonly known: readonly Event[] | null; readonly left: readonly Lookup[] } {
  if (latest instanceof CallFailed) return { known: null, left: lookups };
  const { events, isWhole } = latest;
  const isAll = isWhole && latest.time.from <= time.from && secondsBetween(latest.time.to, time.to) <= LAG_SECONDS;
  // No change at all in hours would be a rare account: that is made sure of.
  if (!isAll || events.length === 0) return { known: null, left: lookups };
  // What a controller was refused to read is no change.
  return { known: events, left: lookups.filter((one) => READ_BY_KEEPER.includes(one)) };
}

/** From an hour before the onset; and up to an hour past the moment asked about: what was mended tells as much. */
function spanOf({ window, at }: Question, onset: Time | undefined, readAt: Time | null): TimeRange {
  const from = plusSeconds(earliest([window.from, onset]) ?? window.from, -HOUR);
  if (readAt === null || readAt <= at) return { from, to: at };
  return { from, to: earliest([plusSeconds(at, HOUR), readAt]) ?? at };
}

const NOTHING: PartialList<Event> = { items: [], gaps: [] };

/** Where it is denied, it is denied for all: nobody needs to wait for the other answers. */
async function eventsOfAll(
  lookups: readonly Lookup[],
  known: readonly Event[] | null,
  time: TimeRange,
  aws: Aws,
): Promise<PartialList<Event>> {
  const first = known === null ? await eventsOfEach(lookups.slice(0, 1), time, aws) : { items: known, gaps: [] };
  const after = bySession(known === null ? lookups.slice(1) : lookups, first.items);
  const rest = await eventsOfEach(after, time, aws).catch((error: unknown) => {
    if (!(error instanceof CallFailed)) throw error;
    // What was answered before is worth having.
    const ids = after.map(({ value }) => value);
    return { items: [], gaps: [gapOf(error, ids)] };
  });
  return { items: [...first.items, ...rest.items], gaps: [...first.gaps, ...rest.gaps] };
}

function eventsOfEach(lookups: readonly Lookup[], time: TimeRange, aws: Aws): Promise<PartialList<Event>> {
  return inBatches(
    lookups,
    1,
    async ([lookup]) => (lookup === undefined ? NOTHING : eventsOf(lookup, time, aws)),
    ({ value }) => value,
  );
}

/** The newest come first. */
async function eventsOf({ by, value }: Lookup, { from, to }: TimeRange, aws: Aws): Promise<PartialList<Event>> {
  const input = {
    LookupAttributes: [{ AttributeKey: by, AttributeValue: value }],
    StartTime: new Date(from),
    EndTime: new Date(to),
    MaxResults: 50,
  };
  const { items, gaps } = await aws.pages(lookupEvents, input, (answer) => answer.Events, PAGES_AT_MOST);
  const older = `CloudTrail has more events of ${value} than were read: older ones are missing`;
  return {
    items,
    gaps: gaps.map((gap) => ({ ...gap, ids: [value], ...(gap.why === 'not-asked' ? { detail: older } : {}) })),
  };
}

/** Of one second, AWS keeps no order. */
function oldestFirst(calls: readonly RecordedCall[]): readonly RecordedCall[] {
  return sortedBy(calls, (call) => [Date.parse(call.at), call]);
}

function notAsked(lookups: readonly Lookup[]): readonly Gap[] {
  const detail = `CloudTrail takes two calls a second, and ${LOOKUPS_AT_MOST} were made`;
  return lookups.length === 0 ? [] : [{ why: 'not-asked', detail, ids: lookups.map(({ value }) => value) }];
}

/** What would have told which resources to ask for. What nobody asked for leaves no call out: it has no id. */
function unknownIn(parts: TrailEvidence): readonly Gap[] {
  const unseen = TRAIL_EVIDENCE.flatMap((key) => {
    const observed = parts[key];
    return observed.seen ? [] : [{ name: EVIDENCE[key].name, observed }];
  });
  const alike = groupBy(unseen, ({ observed: { why, detail, action } }) => JSON.stringify([why, detail, action]));
  return alike.map((group) => {
    const names = group.map(({ name }) => name).join(' and ');
    const gap = gapLike(group[0].observed, `what the ${names} would have named`);
    return gap.why === 'not-asked' ? { ...gap, ids: [] } : gap;
  });
}
