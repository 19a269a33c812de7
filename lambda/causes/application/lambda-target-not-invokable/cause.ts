import type { LambdaFunction, MetricsById, TargetGroupMetric } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time, verbatim } from '../../../incident/text.ts';
import { managedByField } from '../../../remedies/owner.ts';
import { type EpisodeSpan, errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { versionOrAlias } from '../../../semantics/functions/function-arn.ts';
import {
  type Invocability,
  invocabilityFor,
  isFunctionThere,
  isImageDeleted,
  LOAD_BALANCER_PRINCIPAL,
} from '../../../semantics/functions/invocability.ts';
import { type RoutedFunction, routedFunctions } from '../../../semantics/functions/routed-functions.ts';
import { groupName, scopeOf } from '../../../semantics/targets/targets.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { functionCall, routingTo } from '../../kit/changes.ts';
import { invokableAgain } from './permission-fixes.ts';

export default defineCause({
  id: 'lambda-target-not-invokable',
  needs: ['targetGroups', 'targetHealth', 'lambdaFunctions'],
  uses: ['listenerRules', 'loadBalancerMetrics', 'targetGroupMetrics', 'tags'],
  causes: ['lambda-target-failing'],
  madeBy: [
    functionCall('withdraws', 'deletes-alias', 'deletes', 'sets-alias', 'configures', 'updates-code'),
    routingTo,
  ],

  examine(seen, { window }) {
    const functions = routedFunctions(seen.targetGroups, seen.targetHealth, ifSeen(seen.listenerRules));
    if (functions.length === 0) {
      return notApplicable(text`no Lambda function gets requests`, 'targetGroups', 'targetHealth');
    }
    const judged = functions.map((routed) => {
      const found = seen.lambdaFunctions.find(({ arn }) => arn === routed.target.id);
      return { routed, found, state: invocabilityFor(routed.group, found) };
    });
    const metrics = ifSeen(seen.loadBalancerMetrics);
    const episode = metrics === undefined ? null : errorEpisode(metrics, window);
    const errors502 =
      metrics === undefined || episode === null ? 0 : errorsInEpisode(errorSeries(metrics), '502', episode);
    const findings = judged.flatMap(({ routed, found, state }) => {
      const bar = barred(state, routed, found);
      if (bar === null) return [];
      const { group, target, arn } = routed;
      const answers = episode !== null && answersLately(group.arn, ifSeen(seen.targetGroupMetrics), episode);
      return [
        {
          strength: errors502 > 0 && !answers ? 'decisive' : 'circumstantial',
          says: bar.says,
          because: [
            { from: 'lambdaFunctions', shows: bar.shows },
            ...(errors502 > 0 && episode !== null
              ? [
                  {
                    from: 'loadBalancerMetrics' as const,
                    shows: text`${count(errors502, 'request')} answered ${code(502)} since ${time(episode.onset)}`,
                    at: episode.onset,
                  },
                ]
              : []),
            ...(answers
              ? [
                  {
                    from: 'targetGroupMetrics' as const,
                    shows: text`${resource(group.name)} still answers some requests: the load balancer got through`,
                  },
                ]
              : []),
          ],
          affects: scopeOf([target]),
          explains: ['502'],
          restsOn: [target.id],
          fixes: invokableAgain(
            state,
            routed,
            found,
            managedByField(ifSeen(seen.tags)?.[group.arn] ?? {}),
            episode?.onset ?? window.from,
          ),
          facts: { function: arn.name, qualifier: arn.qualifier, targetGroup: group.arn, is: state.is, errors502 },
        } satisfies Found<'lambdaFunctions', 'lambdaFunctions' | 'loadBalancerMetrics' | 'targetGroupMetrics'>,
      ];
    });
    if (findings.length > 0) return { is: 'found', findings };
    const [unknown] = judged.flatMap(({ state, routed }) =>
      state.is === 'unknown' ? [{ because: state.because, id: routed.target.id }] : [],
    );
    if (unknown !== undefined) {
      return unsure({ evidence: 'lambdaFunctions', why: 'partial', detail: unknown.because, ids: [unknown.id] });
    }
    const names = [...new Set(functions.map(({ arn }) => arn.name))].map((name) => resource(name));
    return ruledOut(
      text`${listed(names)} ${names.length === 1 ? 'exists, is active and admits' : 'exist, are active and admit'} the load balancer`,
    );
  },
});

function barred(
  state: Invocability,
  { group, arn }: RoutedFunction,
  found: LambdaFunction | undefined,
): { says: Text; shows: Text } | null {
  const name = resource(arn.qualifier === null ? arn.name : `${arn.name}:${arn.qualifier}`);
  switch (state.is) {
    case 'gone':
      return arn.qualifier !== null && isFunctionThere(found)
        ? {
            says: text`The ${versionOrAlias(arn)} of ${resource(arn.name)} behind target group ${resource(group.name)} does not exist`,
            shows: text`AWS Lambda knows the function ${resource(arn.name)}, and no ${versionOrAlias(arn)} of it`,
          }
        : {
            says: text`The function ${name} behind target group ${resource(group.name)} does not exist`,
            shows: text`AWS Lambda knows no function ${name}`,
          };
    case 'state':
      return {
        says: text`The function ${name} behind target group ${resource(group.name)} is ${code(state.state)}: ${isImageDeleted(state.reason) ? 'its image was deleted' : 'it cannot be invoked'}`,
        shows: text`its state is ${code(state.state)}${state.reason === null ? '' : text`: ${verbatim(state.reason)}`}`,
      };
    case 'not-permitted':
      return {
        says: text`The load balancer may not invoke ${name}: its policy does not admit target group ${resource(group.name)}`,
        shows:
          state.denial === null
            ? admittedBy(found)
            : text`the statement ${code(state.denial.id)} of its resource policy denies it`,
      };
    default:
      return null;
  }
}

/** That another target group is admitted tells what was forgotten. */
function admittedBy(found: LambdaFunction | undefined): Text {
  const others = (found?.policy ?? [])
    .filter(({ effect, principals }) => effect === 'Allow' && principals.includes(LOAD_BALANCER_PRINCIPAL))
    .flatMap(({ conditions }) => conditions.filter(({ key }) => key.toLowerCase() === 'aws:sourcearn'))
    .flatMap(({ values }) => values.filter((value) => value.includes(':targetgroup/')));
  return others.length === 0
    ? text`no statement of its resource policy admits ${code(LOAD_BALANCER_PRINCIPAL)} for this target group`
    : text`its resource policy admits ${code(LOAD_BALANCER_PRINCIPAL)} for ${listed(others.map((arn) => resource(groupName(arn))))} only`;
}

/** AWS knows better: a group whose function answered in the newest minutes is being invoked. In the first one it still was. */
function answersLately(group: string, metrics: MetricsById<TargetGroupMetric> | undefined, { span }: EpisodeSpan) {
  const values = metrics?.of.find(({ id }) => id === group)?.values;
  return (
    (sumOf(
      valuesIn(values?.HTTPCode_Target_2XX_Count, { first: Math.max(span.first + 1, span.last - 4), last: span.last }),
    ) ?? 0) > 0
  );
}
