import type { TargetGroup } from '../incident/evidence.ts';
import { resource, type Time, text } from '../incident/text.ts';
import { groupName } from '../semantics/targets/targets.ts';
import { plusSeconds } from '../semantics/time/minutes.ts';
import { secondsSaid } from '../semantics/traffic/latency.ts';
import { showHealth, whoCalled } from './look.ts';
import { managerOf } from './owner.ts';
import { aws, fix, look, type Options, type Remedy } from './remedy.ts';

type Tags = Readonly<Record<string, string>>;

export function awaitHealth(arn: string): Remedy {
  return look(text`see whether the new targets of ${resource(groupName(arn))} become healthy`, showHealth(arn));
}

/** In the day before the window. */
export function whoChangedHealthCheck(from: Time): Remedy {
  const run = whoCalled('ModifyTargetGroup', plusSeconds(from, -24 * 3600));
  return look(text`see who changed the health check, and when`, run);
}

/** Lets health checks go to the port that requests go to. */
export function checkTrafficPort(group: TargetGroup, port: string, tags: Tags): Remedy {
  const { protocol } = group.healthCheck;
  const set = (healthCheckPort: string, speaks: string | null) => ({
    healthCheckPort,
    healthCheckProtocol: speaks === null || group.protocol === protocol ? undefined : speaks,
  });
  return modified(
    group,
    set('traffic-port', group.protocol),
    set(port, protocol),
    tags,
    text`let health checks go to the port that requests go to`,
  );
}

const MOST_TIMEOUT = 120;
const MOST_INTERVAL = 300;

/** Twice the longer of the timeout and the slowest answer; the interval must stay above the timeout. */
export function longerCheck(group: TargetGroup, timeout: number, slow: number | null, tags: Tags): Remedy {
  const interval = group.healthCheck.intervalSeconds ?? 30;
  const longer = Math.min(MOST_TIMEOUT, 2 * Math.ceil(Math.max(timeout, slow ?? 0)));
  const wider = Math.min(MOST_INTERVAL, Math.max(interval, longer + 5));
  const set = (healthCheckTimeoutSeconds: number, every: number) => ({
    healthCheckTimeoutSeconds,
    healthCheckIntervalSeconds: wider === interval ? undefined : every,
  });
  const does = text`let the health check wait ${secondsSaid(longer)}, until its page is fast again`;
  return modified(group, set(longer, wider), set(timeout, interval), tags, does);
}

function modified(
  { arn: targetGroupArn }: TargetGroup,
  to: Options,
  from: Options,
  tags: Tags,
  does: Remedy['does'],
): Remedy {
  const set = (options: Options) => aws('elbv2', 'modify-target-group', { targetGroupArn, ...options });
  return fix(does, { run: set(to), undo: set(from), verify: showHealth(targetGroupArn), managedBy: managerOf(tags) });
}
