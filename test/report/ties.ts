import type { Report } from '../../lambda/incident/diagnosis.ts';
import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import type { Snapshot } from '../../lambda/incident/snapshot.ts';
import { MINUTE, type Series, seriesOf, turnsOf } from './figures.ts';
import { type Numbers, numbersOf } from './numbers.ts';

/** One thing that a report says, and the snapshot does not. */
export interface Untied {
  /** Where in the report: `findings.0.because.1.shows`. */
  readonly at: string;
  readonly what: 'id' | 'time' | 'number';
  readonly said: string;
  readonly sentence: string;
}

/** What a snapshot holds, and what plain arithmetic makes of it: made once, asked for each sentence. */
export interface Grounds {
  readonly ids: ReadonlySet<string>;
  readonly arns: readonly string[];
  /** Those that a sentence may tell that cites this evidence; of any, where it cites none. */
  timesOf(from: EvidenceKey | undefined): ReadonlySet<number>;
  readonly numbers: Numbers;
}

const AWS_ID = /(?<![\w-])(?:i|sgr?|subnet|vpc|vpce|eni|acl|rtb|pl|igw|nat|pcx|tgw|vol|ami|eipalloc)-\w[\w-]*/g;
const ARN = /arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:[^\s"'`,;()]+/g;
const ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\d.]\d)/g;
/** Of an ECS task: whole, or its first eight characters, as the console shows it. */
const TASK = /(?<![\w-])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8}(?:[0-9a-f]{24})?(?![\w-])/g;
const ACCOUNT = /(?<![\w.-])\d{12}(?![\w.-])/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|\+0000)/g;

export function groundsOf(snapshot: Snapshot): Grounds {
  const text = JSON.stringify(snapshot);
  const ids = new Set([...idsIn(text)].flatMap((id) => [id, ...(id.length === 32 ? [id.slice(0, 8)] : [])]));
  return {
    ids: new Set([...ids, ...ANYWHERE]),
    arns: text.match(ARN) ?? [],
    timesOf: timesBy(snapshot),
    numbers: numbersOf(snapshot),
  };
}

/** Addresses that are the same on every host. */
const ANYWHERE = ['0.0.0.0', '0.0.0.0/0', '127.0.0.1'];

function idsIn(text: string): ReadonlySet<string> {
  const all = [AWS_ID, ARN, ADDRESS, TASK, ACCOUNT].flatMap((kind) => text.match(kind) ?? []);
  // A parameter's name is no id: `vpc-id`.
  return new Set(all.map((id) => id.replace(/[.:\\]+$/, '')).filter((id) => !id.endsWith('-id')));
}

/**
 * Those that stand in the snapshot, to the second and to the minute. Of the minutes of a series, those in which it turns: the
 * grid as a whole would admit every minute of three hours. Where checks began to fail that had called a target unhealthy by
 * such a minute. And what the clock of a host says of seconds since it was started.
 */
function timesBy(snapshot: Snapshot): Grounds['timesOf'] {
  const stamped = timesIn(JSON.stringify(snapshot));
  const toTheMinute = stamped.map((time) => Math.floor(time / MINUTE) * MINUTE);
  const series = seriesOf(snapshot);
  const made = new Map<EvidenceKey | undefined, ReadonlySet<number>>();
  const timesOf = (from: EvidenceKey | undefined): ReadonlySet<number> => {
    // Of series, those that are cited, and those against which all is held.
    const isMeant = ({ key, name }: Series): boolean =>
      !from?.endsWith('Metrics') || key === from || IN_ANY_CASE.test(`${key} ${name}`);
    const turns = series.filter(isMeant).flatMap(turnsOf);
    const failing = failingFor(snapshot).flatMap((seconds) => turns.map((turn) => turn - seconds * 1000));
    return new Set([...stamped, ...toTheMinute, ...turns, ...failing, ...uptimes(snapshot), ...noticed(snapshot)]);
  };
  return (from) => {
    const times = made.get(from) ?? timesOf(from);
    made.set(from, times);
    return times;
  };
}

/** The load balancer's errors, and how many targets are healthy. */
const IN_ANY_CASE = /^loadBalancerMetrics .*_(5\d\d|5XX)_|HostCount/;

function failingFor({ evidence: { targetGroups } }: Snapshot): readonly number[] {
  const groups = targetGroups.seen ? targetGroups.value : [];
  return groups.flatMap(({ healthCheck: { intervalSeconds, unhealthyThreshold, timeoutSeconds } }) => {
    const [interval, times] = [intervalSeconds ?? 0, unhealthyThreshold ?? 0];
    // From the first to the last of them, where they are answered; else from before the first until nothing came.
    return [interval * (times - 1), interval * times + (timeoutSeconds ?? 0)];
  });
}

/** EC2's checks of an application notice within two minutes, told to the minute. */
function noticed({ evidence: { applicationStatus } }: Snapshot): readonly number[] {
  const checks = applicationStatus.seen ? applicationStatus.value.flatMap((status) => status.checks) : [];
  return checks.flatMap(({ since }) =>
    since === null ? [] : [Math.ceil((Date.parse(since) - 2 * MINUTE) / MINUTE) * MINUTE],
  );
}

function uptimes({ evidence: { consoleOutput, instances } }: Snapshot): readonly number[] {
  if (!consoleOutput.seen || !instances.seen) return [];
  return consoleOutput.value.flatMap(({ instanceId, lines }) => {
    const launched = instances.value.find(({ id }) => id === instanceId)?.launchedAt;
    if (!launched) return [];
    return lines.flatMap((line) => {
      const [, seconds] = /^\[\s*(\d+)\.\d+\]/.exec(line) ?? [];
      return seconds === undefined ? [] : [Date.parse(launched) + Number(seconds) * 1000];
    });
  });
}

/** All that a report says, string by string, and what of it the snapshot does not hold. */
export function untied(report: Report, grounds: Grounds): readonly Untied[] {
  return saidIn(report).flatMap((said) => untiedIn(said, grounds));
}

export function untiedIn({ at, sentence, beside, from }: Said, grounds: Grounds): readonly Untied[] {
  const said = at.startsWith('links') ? decoded(sentence) : sentence;
  const ids = [...idsIn(said)].filter((id) => !isKnown(id, grounds));
  const margins = LOOKUP.test(at) ? MARGINS : [0];
  const isKnownTime = (time: number): boolean => margins.some((margin) => grounds.timesOf(from).has(time + margin));
  const times = (said.match(TIME) ?? []).filter((time) => !isKnownTime(Date.parse(time)));
  const numbers = COUNTED.test(at) ? grounds.numbers.unknownIn(said, timesIn(said), beside) : [];
  return [
    ...ids.map((id) => ({ at, what: 'id' as const, said: id, sentence })),
    ...times.map((time) => ({ at, what: 'time' as const, said: time, sentence })),
    ...numbers.map((number) => ({ at, what: 'number' as const, said: number, sentence })),
  ];
}

/** A command that looks things up asks from some time before to some time after: of errors, for the hour to come. */
const LOOKUP = /^findings\.\d+\.fixes\.\d+\.(run|verify|undo)\./;
const MARGINS = [0, 1, -1, 30, 60, -60, 24 * 60].map((minutes) => minutes * MINUTE);

function timesIn(text: string): readonly number[] {
  return (text.match(TIME) ?? []).map((time) => Date.parse(time.replace('+0000', 'Z')));
}

/** A function is also known without its version, and a load balancer by the end of its ARN. */
function isKnown(id: string, { ids, arns }: Grounds): boolean {
  return ids.has(id) || (id.startsWith('arn:') && arns.some((arn) => arn.startsWith(`${id}:`)));
}

/** Where sentences count things. */
export const COUNTED = /^(verdict\.headline|findings\.\d+\.(headline|because\.\d+\.shows)|circumstances\.\d+\.shows)$/;

/** As CloudWatch's console writes addresses: `*3a` is a colon. */
function decoded(url: string): string {
  return decodeURIComponent(url).replace(/\*([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

export interface Said {
  readonly at: string;
  readonly sentence: string;
  /** The times that are told beside it, and those that all the report is about: what is counted may be counted from these. */
  readonly beside: readonly number[];
  /** The evidence that it cites. */
  readonly from?: EvidenceKey | undefined;
}

/** The program's own name and version are its own. */
export function saidIn({ tool: _tool, ...report }: Report): readonly Said[] {
  const { window, episode } = report;
  const onset = timesIn(episode?.onset ?? '');
  const about = [
    ...timesIn(`${window.from} ${window.to} ${episode?.end ?? ''}`),
    ...onset,
    ...onset.map((time) => time - 60 * MINUTE),
  ];
  const within = (value: unknown, at: string, beside: readonly number[], from?: EvidenceKey): readonly Said[] => {
    if (typeof value === 'string') return [{ at, sentence: value, beside, from }];
    if (typeof value !== 'object' || value === null) return [];
    const cited = 'shows' in value && 'from' in value ? (value.from as EvidenceKey) : from;
    return Object.entries(value).flatMap(([name, part]) => {
      const told = at === 'findings' ? timesIn(JSON.stringify((part as Report['findings'][number]).because)) : [];
      return within(part, at === '' ? name : `${at}.${name}`, [...beside, ...told], cited);
    });
  };
  return within(report, '', about);
}

/** A mail is made of the same words: its ids are the snapshot's, and its times are the report's, to the minute. */
export function untiedInMail(mail: string, report: Report, grounds: Grounds): readonly string[] {
  const lines = mail.split('\n').map((line) => (line.startsWith('https://') ? decoded(line) : line));
  const ids = [...idsIn(lines.join('\n'))].filter((id) => !isKnown(id, grounds));
  // What CloudTrail may not show yet.
  const late = Date.parse(report.collectedAt) - CLOUDTRAIL_LATE;
  const minutes = new Set(
    [...timesIn(JSON.stringify(report)), late].map((time) => new Date(time).toISOString().slice(11, 16)),
  );
  const clock = [...mail.replace(/\s+/g, ' ').matchAll(/(\d\d:\d\d)(?::\d\d)?(?= UTC| to \d\d:\d\d UTC)/g)];
  return [...ids, ...clock.flatMap(([, minute = '']) => (minutes.has(minute) ? [] : [minute]))];
}

const CLOUDTRAIL_LATE = 5 * MINUTE;
