import { ENDED } from '../../causes/kit/ending-words.ts';
import type { Episode } from '../../incident/diagnosis.ts';
import type { AccessLog, RequestTally } from '../../incident/evidence.ts';
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

function endingSaid(failure: LoggedFailure): Text {
  const reason = sharedBy(failure, ({ reason }) => reason);
  const waited = failure.ending === 'silent' ? timeSharedBy(failure, ({ lasted }) => lasted) : null;
  const until = failure.ending === 'closed' ? timeSharedBy(failure, ({ until }) => until) : null;
  return text`${ENDED[failure.ending]}${reason === null ? text`` : text` (${code(reason)})`}${waited === null ? text`` : text` for ${inSeconds(waited)}`}${until === null ? text`` : text`, mostly after ${inSeconds(until)}`}`;
}
