import { ENDED } from '../../causes/kit/ending-words.ts';
import type { Episode } from '../../incident/diagnosis.ts';
import type { RequestTally } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { asQuoted, code, count, inSeconds, percent, resource, type Text, text, time } from '../../incident/text.ts';
import {
  type Concentration,
  concentrationOf,
  type LoggedFailure,
  type LoggedRequests,
  loggedFailures,
  loggedRequests,
  sharedBy,
  timeSharedBy,
} from '../../semantics/logs/failures.ts';
import { groupName } from '../../semantics/targets/targets.ts';
import { spanOf } from '../../semantics/time/minutes.ts';

/** Fewer lines than these tell of single requests. */
const SOME = 3;
/** Of all 5xx that were logged; what is rarer is left out. */
const MANY = 0.1;
const TOLD = 3;

/** What the access log says of the errors: which of them, where, and how they ended. It judges nothing. */
export function loggedFailuresSaid(
  { evidence, question }: Snapshot,
  episode: Episode | null,
): readonly Citation<Text>[] {
  const log = ifSeen(evidence.accessLog);
  if (log === undefined) return [];
  const from = episode?.onset ?? question.window.from;
  const span = spanOf(log.grid, from, episode?.end ?? question.window.to);
  const requests = loggedRequests(log, span);
  const failures = loggedFailures(requests);
  const all = failures.reduce((sum, one) => sum + one.count, 0);
  return failures
    .filter((one) => one.count >= SOME && one.count >= MANY * all)
    .slice(0, TOLD)
    .map((failure) => {
      const part =
        failure.count === failure.ofCode ? text`all` : text`${percent(failure.count / failure.ofCode)} of the`;
      const logged = text`${count(failure.ofCode, 'request')} that the access log has with ${code(failure.code)} since ${time(from)}`;
      const where = text`${groupSaid(failure)}${targetSaid(requests, failure)}${pathSaid(requests, failure)}`;
      return { from: 'accessLog', shows: text`${part} ${logged}: ${endingSaid(failure)}${where}` };
    });
}

/** Where it is the same of all. */
function groupSaid({ rows }: LoggedFailure): Text {
  const [only = null, ...others] = [...new Set(rows.map(({ row }) => row.targetGroup))];
  return only === null || others.length > 0 ? text`` : text` (target group ${resource(groupName(only))})`;
}

function targetSaid(requests: readonly LoggedRequests[], failure: LoggedFailure): Text {
  const target = concentrationOf(requests, failure, addressOf);
  if (target === undefined) return text``;
  const { at, share, among } = target;
  const rest = among === null ? text`` : text`, one of ${count(among.of, 'target')} that got requests`;
  return text`; ${ofThem(share)} went to ${code(at)}${rest}`;
}

function pathSaid(requests: readonly LoggedRequests[], failure: LoggedFailure): Text {
  const path = concentrationOf(requests, failure, pathOf);
  if (path === undefined) return text``;
  const { at, share, among } = path;
  return text`; ${ofThem(share)} are ${asQuoted(at)}${among === null ? text`` : ratesSaid(among)}`;
}

function ratesSaid({ failing, elsewhere }: NonNullable<Concentration['among']>): Text {
  const others = elsewhere === 0 ? text`none` : text`${percent(elsewhere)}`;
  return text`, of which ${percent(failing)} fail so, and ${others} of the other requests`;
}

function pathOf({ method, path }: RequestTally): string | null {
  return path === null ? null : `${method ?? ''} ${path}`.trim();
}

function ofThem(share: number): Text {
  return share === 1 ? text`all of them` : text`${percent(share)} of them`;
}

function addressOf({ address, port }: RequestTally): string | null {
  return port === null ? address : `${address}:${port}`;
}

function endingSaid(failure: LoggedFailure): Text {
  const waited = failure.ending === 'silent' ? timeSharedBy(failure, ({ lasted }) => lasted) : null;
  const until = failure.ending === 'closed' ? timeSharedBy(failure, ({ until }) => until) : null;
  const duration = waited ?? until;
  const took = duration === null ? text`` : text`, mostly ${waited === null ? 'after' : 'for'} ${inSeconds(duration)}`;
  return text`${ENDED[failure.ending]}${reasonSaid(failure)}${took}`;
}

function reasonSaid(failure: LoggedFailure): Text {
  const reason = sharedBy(failure, (row) => row.reason);
  if (reason === null) return text``;
  const isOnly = failure.rows.every(({ row }) => row.reason === reason);
  return text` (${isOnly ? '' : 'mostly '}${code(reason)})`;
}
