import { ERROR_KINDS } from '../../../incident/cause.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, formatNumber, listed, percent, resource, type Text, text, time } from '../../../incident/text.ts';
import { whatChangedBefore } from '../../../remedies/look.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { baselineOf, errorEpisode, errorsInEpisode, requestSeries } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import { latest, minuteOf, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, foundOr } from '../../cause.ts';
import { rollout, routingTo } from '../../kit/changes.ts';

/** At least this share of all 5xx come from the targets, … */
const MOSTLY = 0.8;
/** … and at least this share of the requests, or this many times the hour before. */
const NOTABLE = 0.01;
const RAISED = 3;

export default defineCause({
  id: 'target-returns-5xx',
  needs: ['loadBalancerMetrics'],
  uses: ['targetGroupMetrics', 'listenerRules'],
  setOffBy: [rollout, routingTo],
  inCluster: { see: ['logs'] },

  examine({ loadBalancerMetrics, targetGroupMetrics }, { window }) {
    const episode = errorEpisode(loadBalancerMetrics, window);
    const errors = errorSeries(loadBalancerMetrics);
    const ofTargets = episode ? errorsInEpisode(errors, 'target5xx', episode) : 0;
    if (episode === null || ofTargets === 0) return foundOr([], text`no target answered 5xx`);

    const all = ERROR_KINDS.reduce((sum, kind) => sum + errorsInEpisode(errors, kind, episode), 0);
    const requests = sumOf(valuesIn(requestSeries(loadBalancerMetrics), episode.span));
    const share = requests ? ofTargets / requests : null;
    const baseline = baselineOf(errors.target5xx, episode);
    // Other errors may have come first: a second fault is told from its own beginning on.
    const rise = riseOf(errors.target5xx, episode);
    const since = latest([episode.onset, rise?.since ?? episode.onset]) ?? episode.onset;
    const perMinute = ofTargets / (episode.span.last - minuteOf(episode.grid, since) + 1);
    const raised = baseline !== null && perMinute >= RAISED * baseline;
    const strong = ofTargets >= MOSTLY * all && ((share ?? 0) >= NOTABLE || raised);
    const groups = (ifSeen(targetGroupMetrics)?.of ?? [])
      .map(({ id, values }) => ({ id, errors: sumOf(valuesIn(values.HTTPCode_Target_5XX_Count, episode.span)) ?? 0 }))
      .filter((group) => group.errors > 0)
      .sort((a, b) => b.errors - a.errors || (a.id < b.id ? -1 : 1));

    return foundOr(
      [
        {
          strength: strong ? 'strong' : 'circumstantial',
          says: text`The application${groups.length === 0 ? '' : text` behind ${listed(groups.map(({ id }) => resource(groupName(id))))}`} answers 5xx itself${share === null ? '' : text`: ${percent(Math.min(1, share))} of requests`}`,
          since,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${code('HTTPCode_Target_5XX_Count')}: ${formatNumber(ofTargets)} of ${count(all, '5xx error')} since ${time(episode.onset)} were made by targets${since === episode.onset ? '' : text`, from ${time(since)} on`}`,
              at: since,
            },
            ...(baseline === null
              ? []
              : [
                  {
                    from: 'loadBalancerMetrics' as const,
                    shows: text`${perMinuteOf(perMinute)} a minute, against ${perMinuteOf(baseline)} in the hour before`,
                  },
                ]),
          ],
          affects: { targetGroups: groups.map(({ id }) => id), targets: [] },
          explains: ['target5xx'],
          fixes: [
            {
              does: text`read the application's log from ${time(since)} on: it holds the exception`,
              run: null,
              changes: false,
              undo: null,
              verify: null,
            },
            {
              does: text`see what was deployed or changed in the hour before`,
              run: whatChangedBefore(episode.onset),
              changes: false,
              undo: null,
              verify: null,
            },
          ],
          facts: { target5xx: ofTargets, all5xx: all, requests, baselinePerMinute: baseline },
        },
      ],
      text``,
    );
  },
});

function perMinuteOf(value: number): Text {
  return text`${value < 10 ? Math.round(value * 10) / 10 : formatNumber(Math.round(value))}`;
}
