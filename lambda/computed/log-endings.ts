import type { ErrorKind } from '../incident/cause.ts';
import { ifSeen } from '../incident/observed.ts';
import { type LoggedEndings, loggedEndings } from '../semantics/logs/logged-endings.ts';
import type { Errors } from './errors.ts';
import { defineFact } from './fact.ts';

/** How errors ended, by the load balancer's own record. */
export interface LogEndings {
  /**
   * Of the requests to these groups, `null` for whatever group, that were answered so while the errors lasted: `null` where the access log was not read,
   * or has too few of them to say.
   */
  of(kind: ErrorKind, groups: readonly string[] | null, errors: Errors): LoggedEndings | null;
}

export const logEndings = defineFact({
  uses: ['accessLog'],
  compute: ({ accessLog }): LogEndings => {
    const log = ifSeen(accessLog);
    return { of: (kind, groups, errors) => (log === undefined ? null : loggedEndings(log, kind, groups, errors)) };
  },
});
