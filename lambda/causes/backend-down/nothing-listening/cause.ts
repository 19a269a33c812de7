import type { Strength } from '../../../incident/cause.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries } from '../../../semantics/errors/error-series.ts';
import { PATH_EVIDENCE, worstPathState } from '../../../semantics/network/target-paths.ts';
import { connects, faultSince, probesOf } from '../../../semantics/targets/application-checks.ts';
import {
  failsChecks,
  groupName,
  groupsOf,
  portsOf,
  scopeOf,
  targetRef,
  targetsOf,
} from '../../../semantics/targets/targets.ts';
import { spanOf } from '../../../semantics/time/minutes.ts';
import {
  groupsInUse,
  type TargetTraffic,
  TRAFFIC_METRICS,
  trafficOf,
} from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, type Found, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { instanceCall, rollout } from '../../kit/changes.ts';
import { probeSaid, probesSaid } from '../../kit/probe-words.ts';
import { pastStartUp } from './start-up-grace.ts';

/** A refused connection is a 502: at least this share of the 502s must be failed connections. */
const MOSTLY = 0.5;
/** Minutes in which a process that is gone now has refused every request. */
const RECENT = 3;

/** A refusal is never a 504, but a fleet answers some request too late now and then. */
const STRAY = 0.02;

export default defineCause({
  id: 'nothing-listening',
  needs: ['targetHealth', 'targetGroups', 'loadBalancerMetrics'],
  uses: ['targetGroupMetrics', 'listenerRules', 'applicationStatus', 'instanceMetrics', 'ecsTasks', ...PATH_EVIDENCE],
  setOffBy: [instanceCall('reboots', 'starts'), rollout],
  fromHealthChecks: true,
  inCluster: { see: ['restarts'] },

  examine(seen, { at, window }) {
    const { targetHealth, targetGroups, loadBalancerMetrics: metrics } = seen;
    const networked = targetGroups.filter(({ targetType }) => targetType !== 'lambda');
    if (networked.length === 0) return notApplicable(text`no target is reached over a network`, 'targetGroups');

    const episode = errorEpisode(metrics, window);
    const span = episode?.span ?? spanOf(metrics.grid, window.from, window.to);
    const errors = errorSeries(metrics);
    const errors502 = episode ? errorsInEpisode(errors, '502', episode) : 0;
    const errors504 = episode ? errorsInEpisode(errors, '504', episode) : 0;
    const probes = probesOf(targetHealth.filter(failsChecks), ifSeen(seen.applicationStatus) ?? []);
    const proofs = probes.filter(({ found }) => found === 'refused');
    const proven = new Set(proofs.map(({ target }) => target));
    const refused = targetHealth.filter((target) => refusesChecks(target, networked) || proven.has(target));
    const failing = groupsOf(refused);
    const arns = failing.length > 0 ? failing : groupsInUse(seen).filter((arn) => networked.some((g) => g.arn === arn));
    const traffic = trafficOf(arns, seen, span);
    const fitsRefusal =
      traffic !== null && errors502 > 0 && traffic.failedConnections >= MOSTLY * errors502 && traffic.tlsErrors === 0;

    const fewTimeouts = errors504 <= STRAY * errors502;
    if (refused.length === 0) {
      if (fitsRefusal && fewTimeouts) {
        const theirs = arns.filter((arn) => (trafficOf([arn], seen, span)?.failedConnections ?? 0) > 0);
        return { is: 'found', findings: [refusedThen(theirs.length > 0 ? theirs : arns, traffic, errors502)] };
      }
      const apart = targetHealth.filter((target) => checkedElsewhere(target, networked));
      if (apart.length === 0 || traffic?.failedConnections === 0) {
        return ruledOut(text`no target refuses connections on its port`);
      }
      return unsure({
        evidence: 'targetHealth',
        why: 'partial',
        detail: `the health checks of ${count(apart.length, 'target')} go to another port than requests`,
      });
    }
    // While healthy targets are left, the failing ones get no requests: then no failed connection tells nothing.
    const refusing = new Set(refused);
    const allFail = arns.every((arn) => targetsOf(targetHealth, arn).every((target) => refusing.has(target)));
    const lately = trafficOf(arns, seen, { first: span.last - RECENT, last: span.last });
    if (allFail && lately?.failedConnections === 0 && proven.size === 0) {
      return ruledOut(
        text`the failing targets got ${count(lately.requests, 'request')} in the newest minutes, and every connection was made`,
      );
    }

    const path = worstPathState(refused, targetGroups, seen);
    const started = refused.every((target) => pastStartUp(target, at, span.first, targetHealth, seen));
    const isProven = refused.every((target) => proven.has(target)) && started;
    const answering = probes.find((probe) => connects(probe) && refusing.has(probe.target));
    const doubts = isProven
      ? []
      : [
          ...(fitsRefusal ? [] : [text`that requests are refused too`]),
          ...(path === 'open' ? [] : [text`that the network is open`]),
          ...(started ? [] : [text`whether they were ever up`]),
          ...(fewTimeouts ? [] : [text`${count(errors504, 'request')} answered 504, which a refusal is not`]),
          ...(answering === undefined ? [] : [text`that nothing listens there: ${probeSaid(answering)}`]),
        ];
    const strength: Strength = isProven ? 'decisive' : doubts.length === 0 ? 'strong' : 'circumstantial';
    const since = isProven ? faultSince(proofs, ifSeen(seen.instanceMetrics)) : undefined;
    const ports = portsOf(refused);
    const finding: Found<
      'targetHealth',
      'targetHealth' | 'loadBalancerMetrics' | 'targetGroupMetrics' | 'securityGroups' | 'applicationStatus'
    > = {
      strength,
      ...(since === undefined ? {} : { since }),
      says: text`Nothing ${strength === 'circumstantial' ? 'seems to listen' : 'listens'} on port ${listed(ports.map(code))} of ${listed(
        refused.map(({ id }) => resource(id)),
        3,
      )}`,
      because: [
        {
          from: 'targetHealth',
          shows: text`${count(refused.length, 'target')} of ${listed(failing.map((arn) => resource(groupName(arn))))}: ${reasonsOf(refused)}${proven.size === 0 ? ' on the very port that requests go to' : ''}`,
        },
        ...probesSaid(proofs),
        ...(fitsRefusal ? [{ from: traffic.from, shows: refusalsSay(traffic, errors502, errors504) }] : []),
        ...(path === 'open'
          ? [{ from: 'securityGroups' as const, shows: text`security groups and network ACLs are open to them` }]
          : []),
        ...(doubts.length === 0
          ? []
          : [{ from: 'targetHealth' as const, shows: text`not certain: ${listed(doubts)}` }]),
      ],
      affects: scopeOf(refused),
      explains: ['502'],
      restsOn: TRAFFIC_METRICS,
      fixes: fixesFor(refused, ports),
      facts: { ports, failedConnections: traffic?.failedConnections ?? null, errors502, path, pastStartUp: started },
    };
    return { is: 'found', findings: [finding] };
  },
});

function reasonsOf(targets: readonly Target[]): Text {
  return listed([...new Set(targets.map(({ state, reason }) => reason ?? state))].sort().map(code));
}

function refusesChecks(target: Target, groups: readonly TargetGroup[]): boolean {
  return target.reason === 'Target.FailedHealthChecks' && !checkedElsewhere(target, groups);
}

function checkedElsewhere(target: Target, groups: readonly TargetGroup[]): boolean {
  const traffic = target.port ?? groups.find(({ arn }) => arn === target.targetGroup)?.port;
  return target.healthCheckPort !== null && target.healthCheckPort !== traffic;
}

function refusalsSay(traffic: TargetTraffic, errors502: number, errors504: number): Text {
  return text`${count(traffic.failedConnections, 'connection')} failed, for ${count(errors502, 'request')} answered ${code(502)}${errors504 === 0 ? text`, none ${code(504)}: refused at once, not dropped` : ''}`;
}

/** The process is back, or the target was replaced, by the time health was read. */
function refusedThen(
  arns: readonly string[],
  traffic: TargetTraffic,
  errors502: number,
): Found<'loadBalancerMetrics', 'targetGroupMetrics' | 'loadBalancerMetrics' | 'targetHealth'> {
  const names = listed(arns.map((arn) => resource(groupName(arn))));
  return {
    strength: 'circumstantial',
    says: text`Targets of ${names} refused connections`,
    because: [
      { from: 'loadBalancerMetrics', shows: refusalsSay(traffic, errors502, 0) },
      { from: 'targetHealth', shows: text`no target refuses its health checks now: restarted or replaced since` },
    ],
    affects: { targetGroups: arns, targets: [] },
    explains: ['502'],
    restsOn: TRAFFIC_METRICS,
    fixes: [lookInside([])],
    facts: { failedConnections: traffic.failedConnections, errors502 },
  };
}

function fixesFor(refused: readonly Target[], ports: readonly number[]): Remedy[] {
  const [first] = refused.map(targetRef).filter(({ id }) => id.startsWith('i-'));
  const console = first && ['aws', 'ec2', 'get-console-output', '--instance-id', first.id, '--output', 'text'];
  return [
    {
      does: text`start what should listen on ${listed(ports.map(code))}, on 0.0.0.0 and not only on 127.0.0.1`,
      run: null,
      changes: true,
      undo: null,
      verify: showHealth(refused[0]?.targetGroup ?? ''),
    },
    lookInside(console ?? []),
  ];
}

function lookInside(run: readonly string[]): Remedy {
  return {
    does: text`find out why the process ended: its log, and the last lines of the host's`,
    run: run.length === 0 ? null : run,
    changes: false,
    undo: null,
    verify: null,
  };
}
