import type { Paths } from '../../../computed/paths.ts';
import type { Target, TargetGroup } from '../../../incident/evidence.ts';
import {
  andList,
  code,
  count,
  formatNumber,
  partOf,
  resource,
  type Text,
  type Time,
  text,
} from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Tags } from '../../../remedies/owner.ts';
import { fix } from '../../../remedies/remedy.ts';
import { checkTrafficPort, whoChangedHealthCheck } from '../../../remedies/target-group.ts';
import type { CheckedApart } from '../../../semantics/targets/ports-in-use.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { requestsReached, type TargetTraffic, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { claim, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';

/** Nearly all of the targets, or of the requests. */
export const NEARLY = 0.9;
/** At least this share of the requests that failed are connections that were not made. */
export const MOSTLY = 0.5;

/** A group whose health checks have a port of their own, and what is known of it. */
export interface GroupCheckedApart {
  readonly group: TargetGroup;
  readonly all: readonly Target[];
  readonly traffic: TargetTraffic | null;
  /** In all of the window, and not in the minutes of the errors alone. */
  readonly inWindow: TargetTraffic | null;
  readonly paths: Paths;
  readonly from: Time;
  readonly tags: Tags;
  /** Targets that fail are taken away, and others come: requests meet some that are not up yet, or none. */
  readonly isReplaced: boolean;
  /** In all that was read. */
  readonly wasNeverHealthy: boolean;
  neverHealthySince(at: Time): boolean;
}

export type PortFinding = Found<
  'targetHealth' | 'targetGroups',
  | 'targetHealth'
  | 'targetGroups'
  | 'loadBalancerMetrics'
  | 'targetGroupMetrics'
  | 'securityGroups'
  | 'ecsTasks'
  | 'ecsTaskDefinitions'
>;

/**
 * Health checks get no answer on their port; whether requests do on theirs tells how sure that is. `mapped`: the ports that
 * the tasks map instead, if any.
 */
export function checksFail(
  silent: readonly CheckedApart[],
  mapped: readonly number[] | null,
  { group, all, paths, from, tags, isReplaced, wasNeverHealthy, ...about }: GroupCheckedApart,
): PortFinding {
  const settled = settledOf(all);
  const [checked, asked] = [portsSaid(silent, checkPort), portsSaid(silent, trafficPort)];
  const reasons = [...new Set(silent.map(({ reason }) => reason ?? ''))];
  const unmapped = mapped !== null && reasons.every((reason) => reason === 'Target.FailedHealthChecks');
  // Where nothing was ever there, requests to targets that still boot in the place of others do not speak against it.
  const enough = unmapped || (wasNeverHealthy && isReplaced) ? MOSTLY : NEARLY;
  // What no container maps fails whether requests come or not: those between two replacements tell as well.
  const traffic = answering([about.traffic, unmapped && isReplaced && about.inWindow], enough);
  const works = traffic !== null;
  const closed =
    reasons.every((reason) => reason === 'Target.Timeout') &&
    paths.toPort(silent, checkPort) === 'blocked' &&
    paths.toPort(silent, trafficPort) === 'open';
  const proves = claim(closed, closed && cite.securityGroups`the network is closed on ${checked} and open on ${asked}`);
  const agrees = [
    claim(works, works && answersShown(traffic, asked)),
    claim(
      silent.length >= NEARLY * settled,
      wasNeverHealthy &&
        cite.targetGroupMetrics`${resource(group.name)} had no healthy target in the hours that were read`,
      unmapped &&
        cite.ecsTaskDefinitions`no container of these tasks maps ${checked}; they map ${andList(mapped.map(code))}`,
    ),
  ];
  const strength = strengthOfClaims({ proves, agrees });
  const port = group.healthCheck.port;
  return {
    strength,
    says: text`Health checks of ${resource(group.name)} go to port ${checked}, which fails; requests go to ${asked}`,
    because: [
      cite.targetHealth`${partOf(silent.length, settled, 'target')} ${silent.length === 1 ? 'fails' : 'fail'} on ${checked}: ${andList(reasons.map(code))}`,
      ...shownBy([...agrees, proves]),
      cite.targetGroups`the health check's port is set to ${code(port ?? 'traffic-port')}`,
    ],
    affects: scopeOf(silent),
    explains: isReplaced ? ['502', '503'] : ['503'],
    restsOn: TRAFFIC_METRICS,
    fixes: [
      // Offered only where the traffic port is known to work.
      strength !== 'circumstantial' && port !== null && checkTrafficPort(group, port, tags),
      whoChangedHealthCheck(from),
    ],
    facts: { targetGroup: group.arn, failing: silent.length, targets: settled, requestsAnswered: works },
  };
}

function answering(all: readonly (TargetTraffic | null | false)[], enough: number): TargetTraffic | null {
  return all.find((one) => one && requestsReached(one) >= enough * one.requests) || null;
}

/** Health checks pass on their port, and requests do not get through on theirs. */
export function requestsFail(
  targets: readonly CheckedApart[],
  { group: { arn, name }, traffic, paths }: GroupCheckedApart,
): readonly PortFinding[] {
  const healthy = targets.filter(({ state }) => state === 'healthy');
  if (traffic === null || traffic.failedConnections === 0 || healthy.length === 0) return [];
  const { requests, failedConnections } = traffic;
  const failed = requests - requestsReached(traffic);
  const [checked, asked] = [portsSaid(healthy, checkPort), portsSaid(healthy, trafficPort)];
  const closed = paths.toPort(healthy, trafficPort) === 'blocked' && paths.toPort(healthy, checkPort) === 'open';
  const proves = claim(closed, closed && cite.securityGroups`the network is open on ${checked} and closed on ${asked}`);
  const agrees = claim(failed >= NEARLY * requests && failedConnections >= MOSTLY * failed, {
    from: traffic.from,
    shows: text`${count(failedConnections, 'failed connection')}; ${formatNumber(failed)} of ${count(requests, 'request')} got no answer from a target`,
  });
  const does = text`start what should listen on ${asked}, or send requests to the port that works`;
  return [
    {
      strength: strengthOfClaims({ proves, agrees: [agrees] }),
      says: text`Targets of ${resource(name)} pass their checks on ${checked}; on ${asked} connections fail`,
      because: [
        cite.targetHealth`${count(healthy.length, 'target')} healthy by checks on ${checked}, which show nothing about ${asked}`,
        ...shownBy([agrees, proves]),
      ],
      affects: scopeOf(healthy),
      explains: ['502', '504'],
      restsOn: TRAFFIC_METRICS,
      fixes: [fix(does, { verify: showHealth(arn) })],
      facts: { targetGroup: arn, failedConnections, failed, requests },
    },
  ];
}

/** Targets on which the health checks have passed a judgement. */
export function settledOf(all: readonly Target[]): number {
  return all.filter(({ state }) => state === 'healthy' || state === 'unhealthy').length;
}

export function answersShown(traffic: TargetTraffic, asked: Text) {
  const answered = text`${formatNumber(requestsReached(traffic))} of ${count(traffic.requests, 'request')}`;
  return { from: traffic.from, shows: text`targets answered ${answered} on ${asked}` };
}

export const trafficPort = ({ port }: CheckedApart) => port;
export const checkPort = ({ healthCheckPort }: CheckedApart) => healthCheckPort;

export function portsSaid(targets: readonly CheckedApart[], portOf: (target: CheckedApart) => number): Text {
  return andList([...new Set(targets.map(portOf))].sort((a, b) => a - b).map(code));
}
