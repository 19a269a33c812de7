import type { Episode } from '../../incident/diagnosis.ts';
import type { AccessLog, Ending, RequestTally } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { asQuoted, code, count, inSeconds, percent, resource, type Text, text, time } from '../../incident/text.ts';
import {
  concentrationOf,
  type LoggedFailure,
  loggedFailures,
  sharedBy,
  timeSharedBy,
} from '../../semantics/logs/failures.ts';
import { groupName } from '../../semantics/targets/targets.ts';
import { type Span, spanOf } from '../../semantics/time/minutes.ts';

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
  const failures = loggedFailures(log, span);
  const all = failures.reduce((sum, one) => sum + one.count, 0);
  return failures
    .filter((one) => one.count >= SOME && one.count >= MANY * all)
    .slice(0, TOLD)
    .map((failure) => {
      const part =
        failure.count === failure.ofCode ? text`all` : text`${percent(failure.count / failure.ofCode)} of the`;
      const group = sharedBy(failure, ({ targetGroup }) => targetGroup);
      const to = group === null ? text`` : text` to ${resource(groupName(group))}`;
      const logged = text`${count(failure.ofCode, 'request')} that the access log has with ${code(failure.code)} since ${time(from)}`;
      const shows = text`${part} ${logged}${to}: ${endingSaid(failure)}${targetSaid(log, span, failure)}${pathSaid(log, span, failure)}`;
      return { from: 'accessLog', shows };
    });
}

function targetSaid(log: AccessLog, span: Span, failure: LoggedFailure): Text {
  const target = concentrationOf(log, span, failure, addressOf);
  if (target === undefined) return text``;
  return text`; ${ofThem(target.share)} went to ${code(target.at)}, one of ${count(target.of, 'target')} that got requests`;
}

function pathSaid(log: AccessLog, span: Span, failure: LoggedFailure): Text {
  const nameOf = ({ method, path }: RequestTally) => (path === null ? null : `${method ?? ''} ${path}`.trim());
  const path = concentrationOf(log, span, failure, nameOf);
  if (path === undefined) return text``;
  const others = path.elsewhere === 0 ? text`none` : text`${percent(path.elsewhere)}`;
  return text`; ${ofThem(path.share)} are ${asQuoted(path.at)}, of which ${percent(path.failing)} fail so, and ${others} of the other requests`;
}

function ofThem(share: number): Text {
  return share === 1 ? text`all of them` : text`${percent(share)} of them`;
}

function addressOf({ address, port }: RequestTally): string | null {
  return address === null || port === null ? null : `${address}:${port}`;
}

const ENDED: Readonly<Record<Ending, Text>> = {
  answered: text`the target answered so itself`,
  'connection-failed': text`the target refused or reset the connection at once`,
  'broke-off': text`the connection ended before the request was sent`,
  'connect-timeout': text`nothing answered the load balancer for ten seconds`,
  silent: text`the target had the request, and did not answer`,
  'closed-at-once': text`the target closed the connection as the request came`,
  closed: text`the target closed the connection before it answered`,
  'bad-answer': text`the target answered, with what the load balancer does not take`,
  'not-passed-on': text`the target answered otherwise`,
  'no-target': text`no target of the group could be chosen`,
  'fixed-response': text`a listener rule answers so`,
  redirect: text`a listener rule redirects`,
  waf: text`the web ACL answers so`,
  'waf-failed': text`AWS WAF could not be asked`,
  authentication: text`authentication failed`,
  lambda: text`the function failed, or its invocation`,
  'client-left': text`the client left`,
  'client-fault': text`the client's request was refused`,
  unexplained: text`how, its lines do not tell`,
};

function endingSaid(failure: LoggedFailure): Text {
  const reason = sharedBy(failure, ({ reason }) => reason);
  const waited = failure.ending === 'silent' ? timeSharedBy(failure, ({ lasted }) => lasted) : null;
  const until = failure.ending === 'closed' ? timeSharedBy(failure, ({ until }) => until) : null;
  return text`${ENDED[failure.ending]}${reason === null ? text`` : text` (${code(reason)})`}${waited === null ? text`` : text` for ${inSeconds(waited)}`}${until === null ? text`` : text`, mostly after ${inSeconds(until)}`}`;
}
