import type { ErrorKind } from '../../../incident/cause.ts';
import type { ListenerRule, LoadBalancerMetric, SecurityGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, formatNumber, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { whoCalled } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, errorsOfKinds, withZeros } from '../../../semantics/errors/error-series.ts';
import { groupsThatKeepIn, subnetsWithoutWayOut } from '../../../semantics/network/internet-egress.ts';
import { earliest, plusSeconds, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { authenticationIn, reachableRules } from '../../../semantics/traffic/routing.ts';
import { defineCause, type Found, foundOr, ruledOut } from '../../cause.ts';
import { routingChange, ruleRemoval } from '../../kit/changes.ts';

const KINDS = ['500', 'other5xx'] as const satisfies readonly ErrorKind[];
const COUNTS = [
  'ELBAuthError',
  'ELBAuthFailure',
  'ELBAuthUserClaimsSizeExceeded',
] as const satisfies LoadBalancerMetric[];

const HTTPS = 443;
/** Failed steps are of the order of the errors from this share of them on, … */
const MANY = 0.5;
/** … and up to so many of them for each error: a failed login may also be answered 401. */
const FAR_MORE = 3;

export default defineCause({
  id: 'authentication-failing',
  needs: ['loadBalancerMetrics', 'listenerRules'],
  uses: ['loadBalancer', 'securityGroups', 'routeTables'],
  madeBy: [ruleRemoval('egress', HTTPS)],
  setOffBy: [routingChange],

  examine(seen, { window }) {
    const { loadBalancerMetrics: metrics, listenerRules } = seen;
    const rules = reachableRules(listenerRules).filter((rule) => authenticationIn(rule).length > 0);
    if (rules.length === 0) return ruledOut(text`no rule authenticates users or validates tokens`, 'listenerRules');
    const episode = errorEpisode(metrics, window);
    const series = errorSeries(metrics);
    const explains = episode === null ? [] : KINDS.filter((kind) => errorsInEpisode(series, kind, episode) > 0);
    if (episode === null || explains.length === 0) {
      return ruledOut(
        text`the load balancer answered no ${code(500)}, ${code(561)} or ${code(562)}`,
        'loadBalancerMetrics',
      );
    }

    const errors = explains.reduce((sum, kind) => sum + errorsInEpisode(series, kind, episode), 0);
    const risen = COUNTS.flatMap((name) => {
      const rise = riseOf(withZeros(metrics, name), episode);
      return rise === null ? [] : [{ name, ...rise }];
    });
    const failed = risen.reduce((sum, rise) => sum + rise.count, 0);
    if (failed === 0 && riseOf(errorsOfKinds(series, explains), episode) === null) {
      return ruledOut(
        text`${listed(explains.map(saidOf))} came as often before, and failed logins, too`,
        'loadBalancerMetrics',
      );
    }
    if (
      failed === 0 &&
      errors - fixedIn(listenerRules, sumOf(valuesIn(withZeros(metrics, 'HTTP_Fixed_Response_Count'), episode.span))) <
        MANY * errors
    ) {
      return ruledOut(text`a rule answers these errors on purpose`);
    }

    const strong = failed >= MANY * errors && failed <= FAR_MORE * errors;
    const since = strong ? earliest(risen.map((rise) => rise.since)) : undefined;
    const hosts = [...new Set(rules.flatMap(hostsOf))].sort();
    const steps = [...new Set(rules.flatMap(authenticationIn))].sort();
    const lb = ifSeen(seen.loadBalancer);
    const groups = lb ? groupsThatKeepIn(lb, seen.securityGroups) : [];
    const subnets = lb ? subnetsWithoutWayOut(lb, seen.routeTables) : [];
    const provider = hosts.length === 0 ? text`the identity provider` : listed(hosts.map(code), 2);
    const finding: Found<
      'loadBalancerMetrics' | 'listenerRules',
      'loadBalancerMetrics' | 'listenerRules' | 'securityGroups' | 'routeTables'
    > = {
      strength: strong ? 'strong' : 'circumstantial',
      says: strong
        ? text`Authentication with ${provider} fails${wayOutSaid(groups, subnets)}`
        : text`The errors may be authentication with ${provider} that fails`,
      ...(since === undefined ? {} : { since }),
      because: [
        {
          from: 'loadBalancerMetrics',
          shows: text`${count(errors, 'request')} answered ${listed(explains.map(saidOf))} since ${time(episode.onset)}`,
          at: episode.onset,
        },
        ...risen.map((rise) => ({
          from: 'loadBalancerMetrics' as const,
          shows: text`${code(rise.name)}: ${formatNumber(rise.count)} from ${time(rise.since)} on`,
          at: rise.since,
        })),
        {
          from: 'listenerRules',
          shows: text`${count(rules.length, 'rule')} with ${listed(steps.map(code))}${hosts.length === 0 ? '' : text`, which asks ${provider}`}`,
        },
        ...(groups.length === 0
          ? []
          : [
              {
                from: 'securityGroups' as const,
                shows: text`${listed(groups.map(({ id }) => resource(id)))} of the load balancer ${groups.length === 1 ? 'lets' : 'let'} nothing out to the internet on tcp ${code(HTTPS)}`,
              },
            ]),
        ...(subnets.length === 0
          ? []
          : [
              {
                from: 'routeTables' as const,
                shows: text`no route leads from ${listed(subnets.map(resource))} to the internet, and the load balancer is internal`,
              },
            ]),
      ],
      affects: { targetGroups: [], targets: [] },
      explains,
      restsOn: [...groups.map(({ id }) => id), ...subnets],
      fixes: [
        ...waysOut(
          groups.map(({ id }) => id),
          subnets,
          provider,
        ),
        ...looks(hosts, episode.onset),
      ],
      facts: {
        errors,
        failedSteps: failed,
        steps,
        hosts,
        port: HTTPS,
        closedSecurityGroups: groups.map(({ id }) => id),
        subnetsWithoutWayOut: subnets,
      },
    };
    return foundOr([finding], text``);
  },
});

function hostsOf({ actions }: ListenerRule): readonly string[] {
  return actions.flatMap((action) => (action.type === 'other' ? (action.hosts ?? []) : []));
}

/** Fixed responses of other codes are in the same count: it matters only where a rule answers 5xx, but no 502, 503, 504. */
function fixedIn(rules: readonly ListenerRule[], responses: number | null): number {
  const onPurpose = reachableRules(rules).some(({ actions }) =>
    actions.some((action) => action.type === 'fixed-response' && /^5(?!0[234])/.test(action.statusCode)),
  );
  return onPurpose ? (responses ?? 0) : 0;
}

function saidOf(kind: (typeof KINDS)[number]): Text {
  return kind === '500'
    ? text`${code(500)}`
    : text`a 5xx without a metric of its own (${code(561)}, ${code(562)} or others)`;
}

function looks(hosts: readonly string[], onset: string): readonly Remedy[] {
  const look = (does: Text, run: Remedy['run']): Remedy => ({
    does,
    run,
    changes: false,
    undo: null,
    verify: null,
  });
  return [
    ...hosts
      // The domain of a Cognito user pool may be written as its prefix only.
      .filter((host) => host.includes('.'))
      .slice(0, 2)
      .map((host) =>
        look(text`see whether ${code(host)} answers at all, from outside`, [
          'curl',
          '-sSI',
          '--max-time',
          '5',
          `https://${host}/`,
        ]),
      ),
    look(text`read ${code('error_reason')} in the access log, if it is written: it holds the step that failed`, null),
    look(
      text`see whether ${code('ModifyRule')} was called before the errors, and by whom`,
      whoCalled('ModifyRule', plusSeconds(onset, -3600)),
    ),
  ];
}

/** The provider may be well: what is closed on the load balancer's own side is said first. */
function wayOutSaid(groups: readonly SecurityGroup[], subnets: readonly string[]): Text {
  if (groups.length > 0) {
    const ids = listed(groups.map(({ id }) => resource(id)));
    return text`: ${ids} ${groups.length === 1 ? 'lets' : 'let'} nothing out to it`;
  }
  return subnets.length > 0 ? text`: no route leads to it` : text` at the load balancer`;
}

function waysOut(groupIds: readonly string[], subnets: readonly string[], provider: Text): readonly Remedy[] {
  const fix = (does: Text): Remedy => ({ does, run: null, changes: true, undo: null, verify: null });
  return [
    ...(groupIds.length === 0
      ? []
      : [fix(text`let ${listed(groupIds.map(resource))} out on tcp ${code(HTTPS)} to the addresses of ${provider}`)]),
    ...(subnets.length === 0 ? [] : [fix(text`give ${listed(subnets.map(resource))} a route to a NAT gateway`)]),
  ];
}
