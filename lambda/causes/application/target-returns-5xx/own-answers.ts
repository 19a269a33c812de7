import type { Errors } from '../../../computed/errors.ts';
import { ERROR_KINDS } from '../../../incident/cause.ts';
import { code, count, duration, formatNumber, percent, type Text, text, time } from '../../../incident/text.ts';
import { whatWasDeployed } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import { errorsOfKinds } from '../../../semantics/errors/error-series.ts';
import { targetErrorsOf } from '../../../semantics/errors/target-errors.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { type Answer, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { hourBefore } from '../../kit/before-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** At least this share of all 5xx of their groups come from the targets. */
const MOSTLY = 0.8;

/** What the targets of groups answer themselves, of all 5xx that are these groups'. */
export function ownAnswers(
  groups: readonly string[],
  errors: Errors,
  all5xx: Errors,
): Answer<'loadBalancerMetrics', 'loadBalancerMetrics'> {
  const { episode } = errors;
  const ofTargets = errors.count('target5xx');
  if (episode === null || ofTargets === 0) return ruledOut(text`no target answered 5xx`);

  const { onset } = episode;
  if (all5xx.unusual('target5xx') === 0 && all5xx.unusual(...ERROR_KINDS) > 0) {
    return ruledOut(text`targets answered no more 5xx than usual: ${count(ofTargets, 'request')}`);
  }
  const { all, requests, share, since, perMinute, baseline, sinceEver, ...found } = targetErrorsOf(
    errors,
    episode,
    errorsOfKinds(all5xx.series, ['500', 'other5xx']),
  );
  const fromThen = since === onset ? '' : text`, from ${time(since)} on`;
  const asked = errors.isPart && groups.length > 0 ? text`the requests to ${groupsSaid(groups)}` : 'all requests';
  const ofGroup = errors.isPart && groups.length > 0 ? text` of ${groupsSaid(groups)}` : text``;
  const among = share === null ? '' : text`: ${percent(Math.min(1, share))} of ${asked}`;
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
            .loadBalancerMetrics`${code('HTTPCode_Target_5XX_Count')}: ${formatNumber(ofTargets)} of ${count(all, '5xx error')}${ofGroup} since ${time(onset)} came from targets${fromThen}`,
          ...shownBy(agrees),
        ],
        affects: { targetGroups: groups, targets: [] },
        explains: ['target5xx'],
        fixes: [
          look(text`read the application's log from ${time(since)} on: an exception, or a call that failed`),
          sinceEver === null && whatWasDeployed(onset),
        ],
        restart: {
          says: text`it clears what has gone wrong inside, such as a pool or a cache. It does not help if the log names a database, another service or a new version`,
          ifAllFail: true,
        },
        facts: { target5xx: ofTargets, all5xx: all, requests, baselinePerMinute: baseline },
      },
    ],
  };
}

function rateSaid(perMinute: number): Text {
  return text`${perMinute < 10 ? Math.round(perMinute * 10) / 10 : formatNumber(Math.round(perMinute))}`;
}
