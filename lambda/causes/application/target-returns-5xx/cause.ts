import { ERROR_KINDS } from '../../../incident/cause.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, formatNumber, percent, type Text, text, time } from '../../../incident/text.ts';
import { whatWasDeployed } from '../../../remedies/look.ts';
import { look } from '../../../remedies/remedy.ts';
import { rollout, routingTo } from '../../../semantics/changes/change-kinds.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { baselineOf } from '../../../semantics/errors/episode.ts';
import { latest, minuteOf, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { defineCause, ruledOut } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** At least this share of all 5xx come from the targets, … */
const MOSTLY = 0.8;
/** … and at least this share of the requests, or this many times the hour before. */
const NOTABLE = 0.01;
const RAISED = 3;

export default defineCause({
  id: 'target-returns-5xx',
  needs: ['errors'],
  uses: ['targetGroupMetrics', 'listenerRules'],
  setOffBy: [rollout, routingTo],
  inCluster: { see: ['logs'] },

  examine({ errors, targetGroupMetrics }) {
    const { episode, span } = errors;
    const ofTargets = errors.count('target5xx');
    if (episode === null || ofTargets === 0) return ruledOut(text`no target answered 5xx`);

    const { onset, grid } = episode;
    if (errors.unusual('target5xx') === 0 && errors.unusual(...ERROR_KINDS) > 0) {
      return ruledOut(text`targets answered no more 5xx than they always do: ${count(ofTargets, 'request')}`);
    }
    const all = errors.count(...ERROR_KINDS);
    const requests = sumOf(valuesIn(errors.requests, span));
    const share = requests ? ofTargets / requests : null;
    const baseline = baselineOf(errors.series.target5xx, episode);
    // Other errors may have come first: a second fault is told from its own beginning on.
    const since = latest([onset, riseOf(errors.series.target5xx, episode)?.since ?? onset]) ?? onset;
    const perMinute = ofTargets / (span.last - minuteOf(grid, since) + 1);
    const groups = (ifSeen(targetGroupMetrics)?.of ?? [])
      .map(({ id, values }) => ({ id, errors: sumOf(valuesIn(values.HTTPCode_Target_5XX_Count, span)) ?? 0 }))
      .filter((group) => group.errors > 0)
      .sort((a, b) => b.errors - a.errors || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
    const fromThen = since === onset ? '' : text`, from ${time(since)} on`;
    const agrees = [
      claim<'loadBalancerMetrics'>(ofTargets >= MOSTLY * all),
      claim<'loadBalancerMetrics'>(
        (share ?? 0) >= NOTABLE || (baseline !== null && perMinute >= RAISED * baseline),
        baseline !== null &&
          cite.loadBalancerMetrics`${rateSaid(perMinute)} a minute, against ${rateSaid(baseline)} in the hour before`,
      ),
    ];
    return {
      is: 'found',
      findings: [
        {
          strength: strengthOfClaims({ agrees }),
          says: text`The application${groups.length === 0 ? '' : text` behind ${groupsSaid(groups)}`} answers 5xx itself${share === null ? '' : text`: ${percent(Math.min(1, share))} of requests`}`,
          since,
          because: [
            citeAt(since)
              .loadBalancerMetrics`${code('HTTPCode_Target_5XX_Count')}: ${formatNumber(ofTargets)} of ${count(all, '5xx error')} since ${time(onset)} were made by targets${fromThen}`,
            ...shownBy(agrees),
          ],
          affects: { targetGroups: groups, targets: [] },
          explains: ['target5xx'],
          fixes: [
            look(text`read the application's log from ${time(since)} on: it holds the exception`),
            whatWasDeployed(onset),
          ],
          facts: { target5xx: ofTargets, all5xx: all, requests, baselinePerMinute: baseline },
        },
      ],
    };
  },
});

function rateSaid(perMinute: number): Text {
  return text`${perMinute < 10 ? Math.round(perMinute * 10) / 10 : formatNumber(Math.round(perMinute))}`;
}
