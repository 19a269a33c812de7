import type { Event } from '@aws-sdk/client-cloudtrail';
import type { ChangeEvent, FailedCall } from '../incident/evidence.ts';
import { type Gap, ifSeen, seen } from '../incident/observed.ts';
import type { Question } from '../incident/question.ts';
import type { Time } from '../incident/text.ts';
import { changeSaid } from '../semantics/change-said.ts';
import { episodeOf } from '../semantics/episode.ts';
import { earliest, plusSeconds } from '../semantics/minutes.ts';
import type { Aws, Listed } from './aws.ts';
import { callerOf } from './caller.ts';
import { detailsOf } from './change-details.ts';
import { defineCollector, gapLike } from './collector.ts';
import { CallFailed, gapOf } from './errors.ts';
import { inBatches } from './listed.ts';
import { type Lookup, lookupsFor, type Parts } from './lookups.ts';
import { lookupEvents } from './operations.ts';
import { type Own, ownIn, touchedBy } from './own-resources.ts';
import { timeOf } from './time.ts';
import { parsed, textAt } from './trail-record.ts';

/** A slow CloudTrail must not hold up the report. */
const DEADLINE_MS = 4_000;
/** At two calls a second, what can be asked before the deadline. */
const LOOKUPS_AT_MOST = 8;
const PAGES_AT_MOST = 2;
const HOUR = 3600;

export const changes = defineCollector({
  key: 'changes',
  after: [
    'loadBalancer',
    'targetGroups',
    'targetHealth',
    'instances',
    'instanceMetrics',
    'targetInterfaces',
    'networkAcls',
    'routeTables',
    'loadBalancerMetrics',
    'autoScalingGroups',
    'ecsServices',
  ],
  actions: [lookupEvents.action],
  async collect(question, parts, aws) {
    const { loadBalancerMetrics, targetGroups } = parts;
    const groups = ifSeen(targetGroups)?.map(({ arn }) => arn) ?? null;
    const episode = episodeOf(loadBalancerMetrics, NO_GROUP_METRICS, groups, question.window);
    const all = lookupsFor(parts, episode);
    const asked = all.slice(0, LOOKUPS_AT_MOST);
    const time = spanOf(question, episode?.onset, aws.readAt());
    const session = aws.within(DEADLINE_MS);
    const [first, ...rest] = asked;
    // Where it is denied, it is denied for all: nobody needs to wait for the other answers.
    const before = first === undefined ? NOTHING : await allOf([first], time, session);
    const after = await allOf(rest, time, session).catch(gapsOf(rest));
    const items = [...before.items, ...after.items];
    const gaps = [...before.gaps, ...after.gaps];
    const own = ownIn(question.subject, parts);
    const found = new Map(items.map((event) => [event.EventId, event]));
    const read = [...found.values()].flatMap((event) => callIn(event, own));
    for (const { failed, id } of read) if (failed !== null) aws.failedCalls.set(id, failed);
    return seen(read.flatMap(({ change }) => change ?? []).sort(oldestFirst), [
      ...unknownIn(parts),
      ...notAsked(all.slice(LOOKUPS_AT_MOST)),
      ...gaps,
    ]);
  },
});

const NO_GROUP_METRICS = { seen: false, why: 'not-asked', detail: '', source: [] } as const;

interface TimeRange {
  readonly from: Time;
  readonly to: Time;
}

/** From an hour before the onset; and up to an hour past the moment asked about: what was mended tells as much. */
function spanOf({ window, at }: Question, onset: Time | undefined, readAt: Time | null): TimeRange {
  const from = plusSeconds(earliest([window.from, onset]) ?? window.from, -HOUR);
  if (readAt === null || readAt <= at) return { from, to: at };
  return { from, to: earliest([plusSeconds(at, HOUR), readAt]) ?? at };
}

const NOTHING: Listed<Event> = { items: [], gaps: [] };

function allOf(lookups: readonly Lookup[], time: TimeRange, aws: Aws): Promise<Listed<Event>> {
  return inBatches(
    lookups,
    1,
    async ([lookup]) => (lookup === undefined ? NOTHING : eventsOf(lookup, time, aws)),
    ({ value }) => value,
  );
}

/** What was answered before is worth having. */
function gapsOf(lookups: readonly Lookup[]) {
  return (error: unknown): Listed<Event> => {
    if (error instanceof CallFailed)
      return {
        items: [],
        gaps: [
          gapOf(
            error,
            lookups.map(({ value }) => value),
          ),
        ],
      };
    throw error;
  };
}

/** The newest come first. */
async function eventsOf({ by, value }: Lookup, { from, to }: TimeRange, aws: Aws): Promise<Listed<Event>> {
  const input = {
    LookupAttributes: [{ AttributeKey: by, AttributeValue: value }],
    StartTime: new Date(from),
    EndTime: new Date(to),
    MaxResults: 50,
  };
  const first = await aws.ask(lookupEvents, input);
  const items = [...(first.Events ?? [])];
  let token = first.NextToken;
  for (let page = 1; token !== undefined && page < PAGES_AT_MOST; page += 1) {
    try {
      const more = await aws.ask(lookupEvents, { ...input, NextToken: token });
      items.push(...(more.Events ?? []));
      token = more.NextToken;
    } catch (error) {
      if (error instanceof CallFailed) return { items, gaps: [gapOf(error, [value])] };
      throw error;
    }
  }
  const detail = `CloudTrail has more events of ${value} than were read: older ones are missing`;
  return { items, gaps: token === undefined ? [] : [{ why: 'not-asked', detail, ids: [value] }] };
}

interface Call {
  readonly id: string;
  readonly change: ChangeEvent | null;
  readonly failed: FailedCall | null;
}

/** None where it read only, or was done to something else. */
function callIn(event: Event, own: Own): readonly Call[] {
  const record = parsed(event.CloudTrailEvent);
  const at = timeOf(event.EventTime);
  const name = event.EventName ?? '';
  if (record === undefined || at === null || event.ReadOnly === 'true' || textAt(record, 'readOnly') === 'true')
    return [];
  const why = textAt(record, 'errorMessage');
  const errorCode = textAt(record, 'errorCode') ?? (why === undefined ? null : 'failed');
  // Of a call that is not allowed, the record may leave out what it asked for: the message then names it.
  const named = [
    ...(event.Resources ?? []).flatMap(({ ResourceName }) => ResourceName ?? []),
    ...(why?.match(ARN) ?? []),
  ];
  const resources = touchedBy(record, named, own);
  if (resources.length === 0) return [];
  const id = event.EventId ?? '';
  const base = { at, ...callerOf(record, event.Username), event: name, resources };
  if (errorCode !== null) {
    const { by: _by, ...failed } = base;
    return [{ id, change: null, failed: { ...failed, errorCode } }];
  }
  const details = detailsOf(name, record);
  const what = changeSaid(name, details, resources);
  return [{ id, change: { ...base, what, source: event.EventSource ?? '', details }, failed: null }];
}

/** Of a resource; those of `sts` and `iam` are the caller's. */
const ARN = /arn:aws[\w-]*:(?!sts:|iam:)[^\s"',]+/g;

function oldestFirst(a: ChangeEvent, b: ChangeEvent): number {
  return Date.parse(a.at) - Date.parse(b.at);
}

function notAsked(lookups: readonly Lookup[]): readonly Gap[] {
  const detail = `CloudTrail takes two calls a second: it was asked ${LOOKUPS_AT_MOST} times, and no more`;
  return lookups.length === 0 ? [] : [{ why: 'not-asked', detail, ids: lookups.map(({ value }) => value) }];
}

/** What would have told which resources to ask for. */
function unknownIn(parts: Parts): readonly Gap[] {
  return Object.entries(parts).flatMap(([key, observed]) =>
    observed.seen ? [] : [gapLike(observed, `what ${key} would have named`)],
  );
}
