import { ERROR_KINDS } from '../../../incident/cause.ts';
import type { MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, duration, formatNumber, percent, type Text, text, time } from '../../../incident/text.ts';
import { whatWasDeployed } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import { rollout, routingTo } from '../../../semantics/changes/change-kinds.ts';
import { allErrors } from '../../../semantics/errors/error-series.ts';
import { errorsOfGroups } from '../../../semantics/errors/errors-of-groups.ts';
import { type Span, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { defineCause, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { hourBefore } from '../../kit/before-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { targetErrorsOf } from './target-errors.ts';

/** At least this share of all 5xx come from the targets. */
const MOSTLY = 0.8;
export default defineCause({
  id: 'target-returns-5xx',
  needs: ['errors'],
  uses: ['targetGroupMetrics', 'listenerRules'],
  setOffBy: [rollout, routingTo],
  inCluster: { see: ['logs'] },

  examine({ errors: all5xx, targetGroupMetrics }) {
    const byGroup = ifSeen(targetGroupMetrics);
    const groups = groupsAnswering5xx(byGroup, all5xx.span);
    // Where other groups failed first, or what comes before any, it is told from its own beginning on.
    const errors = errorsOfGroups(all5xx, groups, groups.length === 0 ? undefined : byGroup);
    const { episode } = errors;
    const ofTargets = errors.count('target5xx');
    if (episode === null || ofTargets === 0) return ruledOut(text`no target answered 5xx`);

    const { onset } = episode;
    if (all5xx.unusual('target5xx') === 0 && all5xx.unusual(...ERROR_KINDS) > 0) {
      return ruledOut(text`targets answered no more 5xx than they always do: ${count(ofTargets, 'request')}`);
    }
    const { all, requests, share, since, perMinute, baseline, sinceEver, ...found } = targetErrorsOf(
      errors,
      episode,
      allErrors(all5xx.series),
    );
    const fromThen = since === onset ? '' : text`, from ${time(since)} on`;
    const among = share === null ? '' : text`: ${percent(Math.min(1, share))} of all requests`;
    const ever =
      sinceEver === null ? '' : text`, at about that rate for all of the ${duration(60 * sinceEver)} that were read`;
    const agrees = [
      claim<'loadBalancerMetrics'>(ofTargets >= MOSTLY * all),
      claim<'loadBalancerMetrics'>(
        found.isNotable,
        baseline !== null &&
          cite.loadBalancerMetrics`${rateSaid(perMinute)} a minute, against ${rateSaid(baseline)} in ${hourBefore(episode)}`,
      ),
      claim<'loadBalancerMetrics'>(!found.isTrickle),
    ];
    return {
      is: 'found',
      findings: [
        {
          strength: strengthOfClaims({ agrees }),
          says: text`The application${groups.length === 0 ? '' : text` behind ${groupsSaid(groups)}`} answers 5xx itself${among}${ever}`,
          // What has always been there began at no time that is known.
          since: sinceEver === null ? since : undefined,
          because: [
            citeAt(since)
              .loadBalancerMetrics`${code('HTTPCode_Target_5XX_Count')}: ${formatNumber(ofTargets)} of ${count(all, '5xx error')} since ${time(onset)} were made by targets${fromThen}`,
            ...shownBy(agrees),
          ],
          affects: { targetGroups: groups, targets: [] },
          explains: ['target5xx'],
          fixes: [
            look(text`read the application's log from ${time(since)} on: an exception, or a call that failed`),
            sinceEver === null && whatWasDeployed(onset),
          ],
          restart: {
            says: text`it ends what has gone wrong inside, a pool or a cache: only if the log names nothing outside (a database, another service), and no new version, which a rollback ends`,
            ifAllFail: true,
          },
          facts: { target5xx: ofTargets, all5xx: all, requests, baselinePerMinute: baseline },
        },
      ],
    };
  },
});

/** Most first. */
function groupsAnswering5xx(byGroup: MetricsById<TargetGroupMetric> | undefined, span: Span): readonly string[] {
  return (byGroup?.of ?? [])
    .map(({ id, values }) => ({ id, errors: sumOf(valuesIn(values.HTTPCode_Target_5XX_Count, span)) ?? 0 }))
    .filter((group) => group.errors > 0)
    .sort((a, b) => b.errors - a.errors || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

function rateSaid(perMinute: number): Text {
  return text`${perMinute < 10 ? Math.round(perMinute * 10) / 10 : formatNumber(Math.round(perMinute))}`;
}
