import type { Errors } from '../../computed/errors.ts';
import type { LogEndings } from '../../computed/log-endings.ts';
import type { ErrorKind } from '../../incident/cause.ts';
import type { Ending, RequestTally } from '../../incident/evidence.ts';
import { code, count, percent, type Text, text } from '../../incident/text.ts';
import type { LoggedEndings } from '../../semantics/logs/logged-endings.ts';
import type { Claim } from '../argue.ts';
import { ruledOut } from '../cause.ts';
import { cite } from '../cite.ts';
import { ENDED } from './ending-words.ts';

/** Of the errors in the access log: from one share on hardly any ended so, from the other on nearly all did. */
const FEW = 0.1;
const MANY = 0.5;
const MOST = 0.9;

/** The way of its own in which a cause ends requests. */
export interface OwnEnding {
  readonly ending: Ending;
  /** What else a line of it has. */
  readonly where?: (row: RequestTally) => boolean;
  /** Its targets go on answering other requests in the same minutes: else they may be gone. */
  readonly isBesideAnswers?: true;
}

/** Holds where nearly all ended so, as far as the log can tell: no more is to be asked. */
export interface LogProof extends Claim<'accessLog'> {
  readonly holds: boolean;
  /** Hardly any did. */
  readonly denies: ReturnType<typeof ruledOut<'accessLog'>> | null;
}

/**
 * What the access log says of a cause by how the requests of one code to these groups ended, `null` for whatever group;
 * nothing, where it holds too few of them.
 */
export function logProof(
  endings: LogEndings,
  kind: ErrorKind,
  groups: readonly string[] | null,
  errors: Errors,
  { ending, where = () => true, isBesideAnswers }: OwnEnding,
): LogProof {
  const found = endings.of(kind, groups, errors);
  if (found === null) return { holds: false, denies: null, shows: [] };
  const endedSo = ({ ending: one }: RequestTally) => one === ending;
  const isOwn = (row: RequestTally) => endedSo(row) && where(row);
  const share = found.share(isOwn);
  const isAlive = isBesideAnswers === undefined || found.besideAnswers(isOwn) >= MOST;
  const isDenied = found.isNearlyAll && found.share(endedSo) < FEW;
  return {
    holds: found.isTelling && share >= MOST && isAlive,
    denies: isDenied ? ruledOut(othersSaid(found, kind, ending), 'accessLog') : null,
    shows:
      share < MANY ? [] : [cite.accessLog`${loggedSaid(found, kind)}, ${percent(share)} ended so: ${ENDED[ending]}`],
  };
}

function loggedSaid({ logged, counted }: LoggedEndings, kind: ErrorKind): Text {
  if (logged >= counted) return text`of ${count(logged, 'request')} answered ${kindSaid(kind)} in the access log`;
  return text`of the ${count(counted, 'request')} answered ${kindSaid(kind)}, ${count(logged, 'was', 'were')} read in the access log: of these`;
}

function othersSaid(found: LoggedEndings, kind: ErrorKind, ending: Ending): Text {
  const share = found.share((row) => row.ending === ending);
  const rare = share === 0 ? text`none` : text`only ${percent(share)}`;
  return text`the access log shows other ends of the requests answered ${kindSaid(kind)}: of ${count(found.logged, 'request')}, ${rare} ended so: ${ENDED[ending]}`;
}

const kindSaid = (kind: ErrorKind): Text =>
  kind === 'other5xx' ? text`with another 5xx` : kind === 'target5xx' ? text`5xx by targets` : text`${code(kind)}`;
