import { ifSeen } from '../incident/observed.ts';
import { type LoggedEndings, loggedEndings } from '../semantics/logs/failures.ts';
import type { Errors } from './errors.ts';
import { defineFact } from './fact.ts';

/** How errors ended, by the load balancer's own record. */
export interface LogEndings {
  /**
   * Of the requests to these groups that were answered with this code, while the errors lasted: `null` where the access log
   * was not read, or has too few of them to say.
   */
  of(code: number, groups: readonly string[], errors: Errors): LoggedEndings | null;
}

export const logEndings = defineFact({
  uses: ['accessLog'],
  compute: ({ accessLog }): LogEndings => {
    const log = ifSeen(accessLog);
    return {
      of: (code, groups, { metrics, span }) =>
        log === undefined ? null : loggedEndings(log, code, groups, { grid: metrics.grid, span }),
    };
  },
});
