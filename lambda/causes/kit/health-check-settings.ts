import type { TargetGroup } from '../../incident/evidence.ts';
import { type Time, text } from '../../incident/text.ts';
import { showHealth, whoCalled } from '../../remedies/look.ts';
import { managedByField } from '../../remedies/owner.ts';
import type { Remedy } from '../../remedies/remedy.ts';
import { plusSeconds } from '../../semantics/time/minutes.ts';
import { secondsSaid } from '../../semantics/traffic/latency.ts';

/** What to do about the settings of a health check. */

/** In the day before the window. */
export function whoChangedHealthCheck(from: Time): Remedy {
  return {
    does: text`see who changed the health check, and when`,
    run: whoCalled('ModifyTargetGroup', plusSeconds(from, -24 * 3600)),
    changes: false,
    undo: null,
    verify: null,
  };
}

/** Lets health checks go to the port that requests go to. */
export function checkTrafficPort(group: TargetGroup, port: string, tags: Readonly<Record<string, string>>): Remedy {
  const { protocol } = group.healthCheck;
  const set = (checked: string, speaks: string | null) => [
    ...['aws', 'elbv2', 'modify-target-group', '--target-group-arn', group.arn, '--health-check-port', checked],
    ...(speaks === null || group.protocol === protocol ? [] : ['--health-check-protocol', speaks]),
  ];
  return {
    does: text`let health checks go to the port that requests go to`,
    run: set('traffic-port', group.protocol),
    changes: true,
    undo: set(port, protocol),
    verify: showHealth(group.arn),
    ...managedByField(tags),
  };
}

const MOST_TIMEOUT = 120;
const MOST_INTERVAL = 300;

/** Twice the longer of the timeout and the slowest answer; the interval must stay above the timeout. */
export function longerCheck(
  group: TargetGroup,
  timeout: number,
  slow: number | null,
  tags: Readonly<Record<string, string>>,
): Remedy {
  const interval = group.healthCheck.intervalSeconds ?? 30;
  const longer = Math.min(MOST_TIMEOUT, 2 * Math.ceil(Math.max(timeout, slow ?? 0)));
  const wider = Math.min(MOST_INTERVAL, Math.max(interval, longer + 5));
  const set = (waits: number, every: number) => [
    ...['aws', 'elbv2', 'modify-target-group', '--target-group-arn', group.arn],
    ...['--health-check-timeout-seconds', String(waits)],
    ...(wider === interval ? [] : ['--health-check-interval-seconds', String(every)]),
  ];
  return {
    does: text`let the health check wait ${secondsSaid(longer)}, until its page is fast again`,
    run: set(longer, wider),
    changes: true,
    undo: set(timeout, interval),
    verify: showHealth(group.arn),
    ...managedByField(tags),
  };
}
