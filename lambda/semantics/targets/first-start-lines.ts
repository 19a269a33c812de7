import { beginningOf } from '../../incident/short-text.ts';

/** What a console tells of a first start (cloud-init, user data) that went wrong: its own lines, without their stamps. */
export interface FirstStartTrouble {
  /** Where cloud-init says itself that it failed. */
  readonly failed: string | null;
  /** The first step of it that did. */
  readonly step: string | null;
  /** The first that asked for something outside and got no answer. */
  readonly unreached: string | null;
}

/** Cloud-init's own lines, those of its modules, and of what its scripts call: the console holds much else. */
const ITS_OWN = /\bcloud-init\b|\bcc_\w+\.py\b|\buser-?data\b|\/var\/lib\/cloud\//i;
const FAILED = [
  /\bFailed to run module \S+/i,
  /\bFailed running \/var\/lib\/cloud\//i,
  /\bFailed to start (?:cloud-(?:init|config|final)|.*\bcloud\b.*(?:scripts|settings|stage|job))/i,
  /\bFailed (?:loading yaml|at merging in cloud config)/i,
  /\bUnhandled (?:non-multipart|unknown content-type)/i,
  /\bcc_\w+\.py\[(?:ERROR|CRITICAL)\]/,
];
const STEP =
  /Unable to locate package|No match for argument|No package \S+ available|Unit \S+ not found|command not found|No such file or directory|Permission denied|syntax error|Failed to (?:start|enable|restart) \S+/i;
/** Package managers name themselves by how they complain. */
const PACKAGES =
  /^Err:\d+ |Could not retrieve mirrorlist|Cannot find a valid baseurl|Cannot download repomd|Failed to download metadata for repo/i;
const UNREACHED =
  /Could not connect to|Could not resolve|Temporary failure (?:in name resolution|resolving)|Failed to connect to|Connection timed out|Resolving timed out|Timeout was reached|Network is unreachable|No route to host|Unable to connect to|i\/o timeout|Could not retrieve mirrorlist|Cannot find a valid baseurl|Cannot download repomd|Failed to download metadata for repo/i;
/** The instance metadata service is on the host: not reaching it tells nothing of a way out. */
const ON_HOST = /169\.254\.|fd00:ec2|localhost|127\.0\.0\.1/;
const STAMP = /^\s*(?:\[\s*\d+\.\d+\]\s*)?(?:\S*cloud-init\[\d+\]:\s*)?/;
const LONGEST = 160;

/** `null` where it tells of none. */
export function firstStartTroubleIn(lines: readonly string[]): FirstStartTrouble | null {
  const own = lines.filter(isItsOwn);
  const first = (isIt: (line: string) => boolean, among: readonly string[] = own): string | null => {
    const line = among.find(isIt);
    return line === undefined ? null : shortened(plain(line));
  };
  const trouble = {
    failed: first(hasFailed, lines),
    step: first((line) => STEP.test(line) && !hasFailed(line)),
    unreached: first(isUnreached),
  };
  return (trouble.failed ?? trouble.step ?? trouble.unreached) ? trouble : null;
}

/** One of those that may be told of. */
export function isFirstStartLine(line: string): boolean {
  return hasFailed(line) || (isItsOwn(line) && (STEP.test(line) || isUnreached(line)));
}

const isItsOwn = (line: string): boolean => ITS_OWN.test(line) || PACKAGES.test(plain(line));
const hasFailed = (line: string): boolean => FAILED.some((pattern) => pattern.test(line));
const isUnreached = (line: string): boolean => UNREACHED.test(line) && !ON_HOST.test(line);

function plain(line: string): string {
  return line.replace(STAMP, '').trim();
}

function shortened(line: string): string {
  return line.length > LONGEST ? `${beginningOf(line, LONGEST - 1)}…` : line;
}
