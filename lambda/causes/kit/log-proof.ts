import type { Errors } from '../../computed/errors.ts';
import type { LogEndings } from '../../computed/log-endings.ts';
import type { Ending } from '../../incident/evidence.ts';
import type { Citation } from '../../incident/finding.ts';
import { code, count, percent, type Text, text } from '../../incident/text.ts';
import { type Claim, claim } from '../argue.ts';
import { ruledOut } from '../cause.ts';
import { cite } from '../cite.ts';
import { ENDED } from './ending-words.ts';

/** Of the errors in the access log: from one share on hardly any ended so, from the other on nearly all did. */
const FEW = 0.1;
const MOST = 0.9;

export interface LogProof {
  /** Nearly all ended so: no more is to be asked. */
  readonly proves: Claim<never>;
  /** Hardly any did. */
  readonly denies: ReturnType<typeof ruledOut<'accessLog'>> | null;
  readonly shows: readonly Citation<Text, 'accessLog'>[];
}

/** What the access log says of a cause by which requests end in a way of its own; nothing, where it was not read. */
export function logProof(
  endings: LogEndings,
  status: number,
  groups: readonly string[],
  errors: Errors,
  ending: Ending,
): LogProof {
  const found = endings.of(status, groups, errors);
  if (found === null) return { proves: claim(false), denies: null, shows: [] };
  const share = found.share(ending);
  return {
    proves: claim(share >= MOST),
    denies:
      share < FEW
        ? ruledOut(text`the access log shows other ends of the requests answered ${code(status)}`, 'accessLog')
        : null,
    shows: [
      cite.accessLog`of ${count(found.requests, 'logged request')} answered ${code(status)}, ${percent(share)} ended so: ${ENDED[ending]}`,
    ],
  };
}
