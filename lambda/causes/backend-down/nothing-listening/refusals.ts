import type { Errors } from '../../../computed/errors.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import { code, count, listed, resource, type Text, text } from '../../../incident/text.ts';
import { lookAtConsole } from '../../../remedies/host.ts';
import { look, type Remedy } from '../../../remedies/remedy.ts';
import { groupName } from '../../../semantics/targets/targets.ts';
import { type TargetTraffic, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';

/** A refused connection is a 502: at least this share of the 502s must be failed connections. */
const MOSTLY = 0.5;
/** A refusal is never a 504, but a fleet answers some request too late now and then. */
const STRAY = 0.02;

/** Whether failed connections account for the 502s. */
export function accountsFor502s(traffic: TargetTraffic | null, errors: Errors): traffic is TargetTraffic {
  const errors502 = errors.count('502');
  if (traffic === null || errors502 === 0 || traffic.tlsErrors > 0) return false;
  return traffic.failedConnections >= MOSTLY * errors502;
}

export function hasFew504s(errors: Errors): boolean {
  return errors.count('504') <= STRAY * errors.count('502');
}

export function refusalsSaid({ failedConnections }: TargetTraffic, errors502: number, errors504: number): Text {
  const atOnce = errors504 === 0 ? text`, none ${code(504)}: refused at once, not dropped` : '';
  return text`${count(failedConnections, 'connection')} failed, for ${count(errors502, 'request')} answered ${code(502)}${atOnce}`;
}

export function lookAtEnd(instanceId: string | undefined): Remedy {
  const does = text`find out why the process ended: its log, and the last lines of the host's`;
  return instanceId === undefined ? look(does) : lookAtConsole(instanceId, does);
}

/** The process is back, or the target was replaced, by the time health was read. */
export function refusedBefore(
  asked: readonly string[],
  traffic: TrafficByGroups,
  errors: Errors,
): Found<'loadBalancerMetrics', 'targetHealth'> | null {
  const own = traffic.of(asked);
  if (!accountsFor502s(own, errors) || !hasFew504s(errors)) return null;
  const refused = asked.filter((arn) => (traffic.of([arn])?.failedConnections ?? 0) > 0);
  const targetGroups = refused.length > 0 ? refused : asked;
  const errors502 = errors.count('502');
  return {
    strength: 'circumstantial',
    says: text`Targets of ${listed(targetGroups.map((arn) => resource(groupName(arn))))} refused connections`,
    because: [
      { from: 'loadBalancerMetrics', shows: refusalsSaid(own, errors502, 0) },
      cite.targetHealth`no target refuses its health checks now: restarted or replaced since`,
    ],
    affects: { targetGroups, targets: [] },
    explains: ['502'],
    restsOn: TRAFFIC_METRICS,
    fixes: [lookAtEnd(undefined)],
    facts: { failedConnections: own.failedConnections, errors502 },
  };
}
