import type { LogKind } from '../../../incident/evidence.ts';
import type { Subject } from '../../../incident/question.ts';
import type { Time } from '../../../incident/text.ts';
import { plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';

/** The load balancer writes one file a node for each five minutes. */
const INTERVAL = 300;
const HOUR = 3600;
/** Files come some five minutes after their interval; so long after, none does. */
const DELIVERY = 900;

const FILE_PREFIX: Readonly<Record<LogKind, string>> = {
  access: '',
  connection: 'conn_log_',
  healthCheck: 'health_check_log_',
};

interface Days {
  readonly from: Time;
  readonly to: Time;
}

/**
 * The beginnings of the keys of an hour each: the end of the interval follows the name of the load balancer. The folder is
 * that of the day of delivery, so that the last files of a day are in the next one's.
 */
export function ownKeys(prefix: string, log: LogKind, subject: Subject, { from, to }: Days): readonly string[] {
  const { accountId, region, dimension } = subject;
  const root = `${folder(prefix)}AWSLogs/${accountId}/elasticloadbalancing/${region}/`;
  const file = `${FILE_PREFIX[log]}${accountId}_elasticloadbalancing_${region}_${dimension.replaceAll('/', '.')}_`;
  return hoursIn(from, plusSeconds(to, INTERVAL)).flatMap((hour) => {
    const days = new Set([hour, plusSeconds(hour, HOUR + DELIVERY - 1)].map(dayOf));
    return [...days].map((day) => `${root}${day}/${file}${hour.slice(0, 13).replaceAll('-', '')}`);
  });
}

interface Layout {
  readonly suffixPath?: string;
  readonly hive?: true;
}

/** Of vended logs only the folder of a day is documented, or of an hour. */
export function vendedKeys(prefix: string, subject: Subject, { from, to }: Days, layout: Layout): readonly string[] {
  const { accountId, region } = subject;
  const { suffixPath, hive } = layout;
  const own = hive
    ? `AWSLogs/aws-account-id=${accountId}/elasticloadbalancing/region=${region}/`
    : `AWSLogs/${accountId}/elasticloadbalancing/${region}/`;
  const withPrefix = hive ? `${folder(prefix)}region=${region}/` : `${folder(prefix)}${region}/`;
  const root = suffixPath === undefined ? (prefix === '' ? own : withPrefix) : folder(prefix);
  const path = suffixPath ?? (hive ? 'year={yyyy}/month={MM}/day={dd}' : '{yyyy}/{MM}/{dd}');
  const hours = hoursIn(from, plusSeconds(to, DELIVERY));
  return [...new Set(hours.map((hour) => `${root}${filled(path, hour, subject).replace(/^\/|\/$/g, '')}/`))];
}

function filled(path: string, hour: Time, { accountId, region }: Subject): string {
  const [yyyy = '', MM = '', dd = '', HH = ''] = hour.split(/[-T:]/);
  const values: Readonly<Record<string, string>> = {
    yyyy,
    MM,
    dd,
    HH,
    accountid: accountId,
    'account-id': accountId,
    region,
  };
  return path.replace(/\{([\w-]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

function folder(prefix: string): string {
  return prefix === '' ? '' : `${prefix}/`;
}

function dayOf(at: Time): string {
  return at.slice(0, 10).replaceAll('-', '/');
}

function hoursIn(from: Time, to: Time): readonly Time[] {
  const first = `${from.slice(0, 13)}:00:00Z`;
  const count = Math.floor(secondsBetween(first, to) / HOUR) + 1;
  return Array.from({ length: Math.max(1, count) }, (_, n) => plusSeconds(first, n * HOUR));
}

/** Of which minutes a file is, by its name: the end of its interval. Of a vended one that does not say, by when it came. */
export function intervalOf(key: string, modified: Time | null): Days | null {
  const [, date = '', hour, minute] = /_(\d{8})T(\d{2})(\d{2})Z_/.exec(key) ?? [];
  if (hour !== undefined) {
    const to = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${hour}:${minute}:00Z`;
    return Number.isNaN(Date.parse(to)) ? null : { from: plusSeconds(to, -INTERVAL), to };
  }
  return modified === null ? null : { from: plusSeconds(modified, -DELIVERY), to: modified };
}

export function bucketOf(place: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(place) ?? [];
  return { bucket, prefix };
}

/** Whether the name says that it is another log than this one. */
export function isOfLog(key: string, log: LogKind): boolean {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const said = (['connection', 'healthCheck'] as const).find((kind) => name.startsWith(FILE_PREFIX[kind]));
  return said === undefined || said === log;
}
