import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, text, time } from '../../../incident/text.ts';
import { whatChangedBefore } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { look } from '../../../remedies/remedy.ts';
import { functionCall, routingTo } from '../../../semantics/changes/change-kinds.ts';
import { answersLately } from '../../../semantics/functions/function-failures.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { defineCause, type Found, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { barOf } from './bars.ts';

export default defineCause({
  id: 'lambda-target-not-invokable',
  needs: ['functions', 'lambdaFunctions'],
  uses: ['errors', 'targetGroupMetrics', 'tags'],
  causes: ['lambda-target-failing'],
  madeBy: [
    functionCall('withdraws', 'deletes-alias', 'deletes', 'sets-alias', 'configures', 'updates-code'),
    routingTo,
  ],

  examine({ functions, errors, targetGroupMetrics, tags }, { window }) {
    if (functions.length === 0) {
      return notApplicable(text`no Lambda function gets requests`, 'targetGroups', 'targetHealth');
    }
    const episode = errors?.episode ?? null;
    const onset = episode?.onset ?? window.from;
    const errors502 = errors?.count('502') ?? 0;
    const findings = functions.flatMap((one): Finding[] => {
      const { group, target, arn, invocability } = one;
      const bar = barOf(one, managerOf(ifSeen(tags)?.[group.arn] ?? {}));
      if (bar === null) return [];
      const ofGroup = ifSeen(targetGroupMetrics)?.of.find(({ id }) => id === group.arn)?.values ?? {};
      const answers = episode !== null && answersLately(ofGroup, episode.span);
      const does = text`see who changed the function, its alias or its permission in the hour before`;
      return [
        {
          strength: errors502 > 0 && !answers ? 'decisive' : 'circumstantial',
          says: bar.says,
          because: [
            cite.lambdaFunctions`${bar.shows}`,
            errors502 > 0 &&
              citeAt(onset)
                .loadBalancerMetrics`${count(errors502, 'request')} answered ${code(502)} since ${time(onset)}`,
            answers &&
              cite.targetGroupMetrics`${resource(group.name)} still answers some requests: the load balancer can invoke it`,
          ],
          affects: scopeOf([target]),
          explains: ['502'],
          comesNext: errors502 === 0 && !answers,
          restsOn: [target.id],
          fixes: [...bar.fixes, look(does, whatChangedBefore(onset))],
          facts: {
            ...{ function: arn.name, qualifier: arn.qualifier, targetGroup: group.arn },
            ...{ is: invocability.is, errors502 },
          },
        },
      ];
    });
    if (findings.length > 0) return { is: 'found', findings };
    for (const { invocability, target } of functions) {
      if (invocability.is !== 'unknown') continue;
      const detail = UNKNOWN[invocability.part];
      return unsure({ evidence: 'lambdaFunctions', why: 'partial', detail, ids: [target.id] });
    }
    const names = [...new Set(functions.map(({ arn }) => arn.name))].map((name) => resource(name));
    return ruledOut(
      text`${andList(names)} ${names.length === 1 ? 'exists, is active and allows the load balancer to invoke it' : 'exist, are active and allow the load balancer to invoke them'}`,
    );
  },
});

type Finding = Found<'lambdaFunctions', 'lambdaFunctions' | 'loadBalancerMetrics' | 'targetGroupMetrics'>;

/** What is missing to say that the load balancer gets through. */
const UNKNOWN = {
  function: 'the function was not read',
  policy: "the function's policy was not read",
  condition: "the function's policy has a condition that cannot be judged",
  state: "the function's state was not read",
} as const;
