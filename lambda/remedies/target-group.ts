import type { Target, TargetGroup } from '../incident/evidence.ts';
import { andList, code, inSeconds, resource, type Text, type Time, text } from '../incident/text.ts';
import { groupName, portsOf } from '../semantics/targets/targets.ts';
import { CROSS_ZONE } from '../semantics/targets/zone-spread.ts';
import { showHealth, whoCalledSinceDayBefore } from './look.ts';
import { managerOf, type Owner, type Tags } from './owner.ts';
import { aws, type Fields, fix, inSteps, look, type Options, type Remedy } from './remedy.ts';

export function awaitHealth(arn: string): Remedy {
  return look(text`see whether the new targets of ${resource(groupName(arn))} become healthy`, showHealth(arn));
}

/** No single call does it: what tells that an application is ready is its own. */
export function readyBeforeRequests(arn: string): Remedy {
  return fix(
    text`send requests to new targets of ${resource(groupName(arn))} only when they are ready: use a health check that passes only then, or register them after startup (in Auto Scaling by a lifecycle hook)`,
    { verify: showHealth(arn) },
  );
}

export function whoChangedHealthCheck(from: Time): Remedy {
  return look(text`see who changed the health check, and when`, whoCalledSinceDayBefore('ModifyTargetGroup', from));
}

export function whoRegistered(from: Time): Remedy {
  return look(text`see who registered targets, and with which port`, whoCalledSinceDayBefore('RegisterTargets', from));
}

/** What no single call does: whether it helped, the health of the targets tells. */
export function mendByHand(targetGroupArn: string, tags: Tags, does: Text): Remedy {
  return fix(does, { verify: showHealth(targetGroupArn), managedBy: managerOf(tags) });
}

/**
 * Registers hosts with the ports that work. The targets that fail serve nobody, but leave last: a group without targets
 * answers 503.
 */
export function moveToPorts(
  { arn: targetGroupArn }: TargetGroup,
  wrong: readonly Target[],
  right: readonly Target[],
  tags: Tags,
): readonly Remedy[] {
  const call = (does: 'register' | 'deregister', all: readonly Target[]) => {
    const targets = all.map(({ id: Id, port }) => ({ Id, ...(port === null ? {} : { Port: port }) }));
    return aws('elbv2', `${does}-targets`, { targetGroupArn, targets });
  };
  const around = { verify: showHealth(targetGroupArn), managedBy: managerOf(tags) };
  const ports = (targets: readonly Target[]) => andList(portsOf(targets).map(code));
  return inSteps([
    fix(text`register the same ${right.length === 1 ? 'host' : 'hosts'} on port ${ports(right)}`, {
      ...around,
      run: call('register', right),
      undo: call('deregister', right),
    }),
    fix(text`once ${right.length === 1 ? 'it is' : 'they are'} healthy, deregister port ${ports(wrong)}`, {
      ...around,
      run: call('deregister', wrong),
      undo: call('register', wrong),
    }),
  ]);
}

/** Takes addresses out that are not the application's any more. */
export function deregister(
  targetGroupArn: string,
  stale: readonly Target[],
  managedBy: Owner | undefined,
  does: Text,
): Remedy {
  const call = (operation: string, all: readonly Fields[]) => aws('elbv2', operation, { targetGroupArn, targets: all });
  const named = stale.map(({ id: Id, port }) => ({ Id, ...(port === null ? {} : { Port: port }) }));
  const outside = new Set(stale.filter(({ zone }) => zone === 'all').map(({ id }) => id));
  // Without it, AWS takes no address beyond the VPC's range.
  const back = named.map((one) => (outside.has(one.Id) ? { ...one, AvailabilityZone: 'all' } : one));
  return fix(does, {
    run: call('deregister-targets', named),
    undo: call('register-targets', back),
    ...{ verify: showHealth(targetGroupArn), managedBy },
  });
}

/** Lets every zone use the targets of all zones. Unless it was read as off, nobody can say what to go back to. */
export function switchOnCrossZone(targetGroupArn: string, wasOff: boolean, tags: Tags): Remedy {
  const set = (Value: string) =>
    aws('elbv2', 'modify-target-group-attributes', {
      targetGroupArn,
      attributes: { Key: CROSS_ZONE, Value },
    });
  return fix(text`turn on cross-zone load balancing, so that every zone uses the targets of all zones`, {
    run: set('true'),
    undo: wasOff ? set('false') : null,
    verify: aws('elbv2', 'describe-target-group-attributes', { targetGroupArn }),
    managedBy: managerOf(tags),
  });
}

/** Lets health checks and requests use the same port. */
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
    text`send health checks to the port that requests use`,
  );
}

export function checkAnotherPath(group: TargetGroup, path: string, tags: Tags, does: Text): Remedy {
  const set = (healthCheckPath: string) => ({ healthCheckPath });
  return modified(group, set(path), set(group.healthCheck.path ?? '/'), tags, does);
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
  const does = text`raise the health check timeout to ${inSeconds(longer)} until its page is fast again`;
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
