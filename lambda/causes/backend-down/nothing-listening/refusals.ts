import type { Errors } from '../../../computed/errors.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import { code, count, type Text, text } from '../../../incident/text.ts';
import { lookAtConsole } from '../../../remedies/host.ts';
import { look, type Remedy } from '../../../remedies/remedy.ts';
import { accountsFor502s, hasFew504s } from '../../../semantics/traffic/refused-connections.ts';
import { groupsAskedIn, type TargetTraffic, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

export function refusalsSaid({ failedConnections }: TargetTraffic, errors502: number, errors504: number): Text {
  const atOnce = errors504 === 0 ? text`, none ${code(504)}: refused at once, not dropped` : '';
  return text`${count(failedConnections, 'connection')} failed, for ${count(errors502, 'request')} answered ${code(502)}${atOnce}`;
}

/** Whether a process ever listened there, and ended, nobody has seen. */
export const lookForWhy = (instanceId?: string): Remedy =>
  lookAtConsole(
    instanceId,
    text`find out why nothing listens: read the application's log, and the last lines of the host's`,
  );

/**
 * The process is back, or the target was replaced, by the time health was read. `apart`: some are checked on another port
 * than that of requests, which tells nothing of it.
 */
export function refusedBefore(
  asked: readonly string[],
  traffic: TrafficByGroups,
  errors: Errors,
  apart: boolean,
  byGroup: Parameters<typeof groupsAskedIn>[1],
): Found<'loadBalancerMetrics', 'targetHealth'> | null {
  const own = traffic.of(asked);
  const errors502 = errors.count('502');
  if (!accountsFor502s(own, errors502) || !hasFew504s(errors.count('504'), errors502)) return null;
  const refused = asked.filter((arn) => (traffic.of([arn])?.failedConnections ?? 0) > 0);
  const targetGroups = refused.length > 0 ? refused : groupsAskedIn(asked, byGroup, errors.span);
  return {
    strength: 'circumstantial',
    says: text`Targets of ${groupsSaid(targetGroups)} refused connections`,
    because: [
      cite.loadBalancerMetrics`${refusalsSaid(own, errors502, 0)}`,
      apart
        ? cite.targetHealth`health checks use a different port than requests, so they do not show whether requests are refused now`
        : cite.targetHealth`no target refuses its health checks now: the targets were restarted or replaced since`,
    ],
    affects: { targetGroups, targets: [] },
    explains: ['502'],
    restsOn: TRAFFIC_METRICS,
    fixes: [look(text`find out why nothing listened then: read the application's log of these minutes`)],
    facts: { failedConnections: own.failedConnections, errors502 },
  };
}
