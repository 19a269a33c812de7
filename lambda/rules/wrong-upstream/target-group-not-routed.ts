import type { Action, ListenerRule, Target, TargetGroup } from '../../incident/evidence.ts';
import type { Fix } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import { code, count, listed, resource, type Text, text, time } from '../../incident/text.ts';
import { showHealth, whoCalled } from '../../semantics/commands.ts';
import { errorEpisode, inEpisode } from '../../semantics/episode.ts';
import { errorSeries } from '../../semantics/errors.ts';
import { plusSeconds } from '../../semantics/minutes.ts';
import { managed } from '../../semantics/ownership.ts';
import { routedGroups, rulesTo } from '../../semantics/routing.ts';
import { targetsOf, usable } from '../../semantics/targets.ts';
import { defineRule, type Found, foundOr, ruledOut } from '../rule.ts';

export const targetGroupNotRouted = defineRule({
  id: 'target-group-not-routed',
  category: 'wrong-upstream',
  title: 'Rules forward to an empty target group, while the group that holds the targets gets nothing',
  explains: `A rule of a listener names the target groups that get its requests, each with a weight. Where it still (or already) names a
group without a usable target, and the targets are registered in another group that no rule names, or only with weight 0, the load
balancer answers 503 beside targets that are well. This is what a switch between two groups leaves behind that stopped half way.`,
  proof: `All rules were read; a group that they forward to has no usable target, another group has and gets nothing, and requests are
answered 503: decisive. No 503 seen: circumstantial.`,
  resembles: `The idle half of a blue/green pair is no fault, as long as the other half serves. When the serving half fails by itself,
its own cause is named, and the idle half is only a way out. A group without targets, and no other that has any, is
\`no-registered-targets\`.`,
  prevention: `Let one tool switch the weights and take the old targets away only when the new ones get requests and answer them. Alarm on
HealthyHostCount of the group that gets requests.`,
  docs: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-503-issues',
  ],
  needs: ['listenerRules', 'targetGroups', 'targetHealth'],
  uses: ['loadBalancerMetrics', 'tags', 'loadBalancer'],
  causes: ['no-registered-targets'],

  examine({ listenerRules, targetGroups, targetHealth, loadBalancerMetrics, tags, loadBalancer }, { window }) {
    const routed = routedGroups(listenerRules);
    const empty = targetGroups.filter(({ arn }) => routed.includes(arn) && !targetsOf(targetHealth, arn).some(usable));
    const spare = targetGroups
      .filter(({ arn }) => !routed.includes(arn))
      .map((group) => ({ group, targets: targetsOf(targetHealth, group.arn).filter(isReady) }))
      .filter(({ targets }) => targets.length > 0);
    if (empty.length === 0) return ruledOut(text`every group that rules forward to has a target`);
    if (spare.length === 0) return ruledOut(text`every group that holds targets gets requests`);

    const metrics = ifSeen(loadBalancerMetrics);
    const episode = metrics && errorEpisode(metrics, window);
    const errors503 = metrics && episode ? inEpisode(errorSeries(metrics), '503', episode) : 0;
    const lb = ifSeen(loadBalancer)?.arn ?? '';
    return foundOr(
      empty.map(
        (group): Found<'listenerRules' | 'targetHealth', 'listenerRules' | 'targetHealth' | 'loadBalancerMetrics'> => {
          const likely = spare.filter((one) => one.group.targetType === group.targetType);
          const holders = likely.length > 0 ? likely : spare;
          const naming = rulesTo(listenerRules, group.arn);
          return {
            strength: errors503 > 0 && likely.length > 0 ? 'decisive' : 'circumstantial',
            says: text`Requests go to ${resource(group.name)}, which has no target; ${listed(
              holders.map((one) => resource(one.group.name)),
              3,
            )} ${holders.length === 1 ? 'has' : 'have'} targets and get${holders.length === 1 ? 's' : ''} none`,
            because: [
              {
                from: 'listenerRules',
                shows: text`${count(naming.length, 'rule forwards', 'rules forward')} to ${resource(group.name)} (${listed(naming.map(ruleSaid), 3)}), and no rule sends anything to ${listed(
                  holders.map((one) => resource(one.group.name)),
                  3,
                )}`,
              },
              ...holders.slice(0, 3).map(({ group: holder, targets }) => ({
                from: 'targetHealth' as const,
                shows: text`${resource(holder.name)} holds ${count(targets.length, 'target')}, ${resource(group.name)} no usable one`,
              })),
              ...(errors503 > 0 && episode
                ? [
                    {
                      from: 'loadBalancerMetrics' as const,
                      shows: text`${count(errors503, 'request')} answered ${code(503)} since ${time(episode.onset)}`,
                    },
                  ]
                : []),
            ],
            affects: { targetGroups: [group.arn], targets: [] },
            explains: ['503'],
            restsOn: holders.map((one) => one.group.arn),
            fromAbsence: true,
            fixes: [
              ...(holders.length === 1
                ? holders.flatMap((one) =>
                    naming.flatMap((rule) => forwardTo(one.group, group, rule, ifSeen(tags)?.[lb] ?? {})),
                  )
                : []),
              whoSwitched(episode?.onset ?? window.from),
            ],
            facts: { targetGroup: group.arn, holders: holders.map((one) => one.group.arn), errors503 },
          };
        },
      ),
      text``,
    );
  },
});

/** Ready for requests, as far as AWS says: targets of a group that no rule names are not even checked. */
function isReady({ state, reason, description }: Target): boolean {
  if (state === 'healthy') return true;
  return reason === 'Target.NotInUse' && !/availability zone/i.test(description ?? '');
}

function ruleSaid({ priority, conditions }: ListenerRule): Text {
  if (priority === null) return text`the default rule`;
  return text`priority ${code(priority)}${conditions.length === 0 ? '' : `, ${conditions.join(', ')}`}`;
}

/**
 * The same rule with the two groups changed for each other. Only where forwarding is all that the rule does: its other
 * steps (authentication) would have to be written again, and not all of them were read.
 */
function forwardTo(
  holder: TargetGroup,
  empty: TargetGroup,
  { arn, listenerArn, priority, actions }: ListenerRule,
  tags: Readonly<Record<string, string>>,
): Fix<Text>[] {
  const [action] = actions;
  if (actions.length !== 1 || action?.type !== 'forward') return [];
  if (action.to.some(({ targetGroup, weight }) => weight > 0 && targetGroup !== empty.arn)) return [];
  const other: Readonly<Record<string, string>> = { [empty.arn]: holder.arn, [holder.arn]: empty.arn };
  const switched = action.to.map(({ targetGroup, weight }) => ({
    targetGroup: other[targetGroup] ?? targetGroup,
    weight,
  }));
  const set = (to: Forward['to']) =>
    priority === null
      ? ['aws', 'elbv2', 'modify-listener', '--listener-arn', listenerArn, '--default-actions', written(to)]
      : ['aws', 'elbv2', 'modify-rule', '--rule-arn', arn, '--actions', written(to)];
  const which = priority === null ? text`the default rule` : text`the rule with priority ${code(priority)}`;
  return [
    {
      does: text`send the requests of ${which} to ${resource(holder.name)}`,
      run: set(switched),
      changes: true,
      undo: set(action.to),
      verify: showHealth(holder.arn),
      ...managed(tags),
    },
  ];
}

type Forward = Extract<Action, { type: 'forward' }>;

/** In the shorthand of the AWS CLI. */
function written(to: Forward['to']): string {
  const [only] = to;
  if (to.length === 1 && only !== undefined) return `Type=forward,TargetGroupArn=${only.targetGroup}`;
  const groups = to.map(({ targetGroup, weight }) => `{TargetGroupArn=${targetGroup},Weight=${weight}}`);
  return `Type=forward,ForwardConfig={TargetGroups=[${groups.join(',')}]}`;
}

function whoSwitched(onset: string): Fix<Text> {
  return {
    does: text`see who switched rules, and whether a deployment is under way`,
    run: whoCalled('ModifyListener', plusSeconds(onset, -24 * 3600)),
    changes: false,
    undo: null,
    verify: null,
  };
}
