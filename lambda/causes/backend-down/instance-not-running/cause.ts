import type { AutoScalingGroup, AutoScalingMembership, Instance, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { showActivities, showHealth } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { failedLaunches } from '../../../semantics/scaling/auto-scaling-groups.ts';
import { autoScalingGroupOf } from '../../../semantics/scaling/membership.ts';
import { fewerHealthySince } from '../../../semantics/targets/health-history.ts';
import { groupName, groupsOf, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { earliest, latest, secondsBetween } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable } from '../../cause.ts';
import { instanceCall } from '../../kit/changes.ts';
import { stoppedThen } from './replaced-instances.ts';
import { isReclaimed, whatStopped } from './stop-reasons.ts';

const NOT_RUNNING = ['stopped', 'stopping', 'shutting-down', 'terminated'];

export default defineCause({
  id: 'instance-not-running',
  needs: ['targetHealth'],
  uses: [
    'instances',
    'targetGroups',
    'autoScalingInstances',
    'autoScalingGroups',
    'changes',
    'loadBalancerMetrics',
    'targetGroupMetrics',
  ],
  causes: ['no-registered-targets', 'unresponsive-backend', 'nothing-listening'],
  madeBy: [instanceCall('stops', 'terminates')],

  examine(seen, moment) {
    const { targetHealth, instances, autoScalingInstances } = seen;
    const known = ifSeen(instances) ?? [];
    const instanceOf = (target: Target): Instance | undefined => known.find(({ id }) => id === target.id);
    const ofInstances = targetHealth.filter(({ id }) => id.startsWith('i-'));
    if (ofInstances.length === 0) return notApplicable(text`no target is an instance`);

    const down = ofInstances.filter(
      (target) => target.reason === 'Target.InvalidState' || NOT_RUNNING.includes(instanceOf(target)?.state ?? ''),
    );
    if (down.length === 0) {
      return foundOr(
        stoppedThen(seen, moment),
        text`every one of ${count(ofInstances.length, 'instance target')} is running`,
      );
    }

    const metrics = ifSeen(seen.loadBalancerMetrics);
    const onset = metrics && errorEpisode(metrics, moment.window)?.onset;
    const together = groupBy(
      groupsOf(down).map((arn) => ({ arn, gone: targetsOf(down, arn) })),
      ({ gone }) => gone.map(({ id }) => id).join(' '),
    );
    return foundOr(
      together.map((groups) =>
        found(
          groups.flatMap(({ gone }) => gone),
          groups.flatMap(({ arn }) => targetsOf(targetHealth, arn)),
          known,
          autoScalingInstances,
          ifSeen(seen.autoScalingGroups) ?? [],
          onset ?? moment.at,
          earliest(
            groups.map(({ arn }) =>
              fewerHealthySince(ifSeen(seen.targetGroupMetrics), arn, healthyIn(targetHealth, arn)),
            ),
          ),
        ),
      ),
      text``,
    );
  },
});

function healthyIn(targets: readonly Target[], arn: string): number {
  return targetsOf(targets, arn).filter(({ state }) => state === 'healthy').length;
}

/** What is down in one target group, or in several that hold the same instances. */
function found(
  down: readonly Target[],
  registered: readonly Target[],
  known: readonly Instance[],
  memberships: Observed<readonly AutoScalingMembership[]>,
  scaling: readonly AutoScalingGroup[],
  onset: Time,
  fewerSince: Time | undefined,
): Found<'targetHealth', 'targetHealth' | 'instances'> {
  const ids = [...new Set(down.map(({ id }) => id))];
  const stopped = known.filter(({ id, state }) => NOT_RUNNING.includes(state) && ids.includes(id));
  // Where EC2 does not tell when, the group's history does.
  const since = lastBefore(onset, stopped) ?? fewerSince;
  const spot = stopped.length === ids.length && stopped.every(isReclaimed);
  const left = registered.length - down.length;
  const groups = listed(groupsOf(down).map((arn) => resource(groupName(arn))));
  const rest = left === 0 ? text`no target is left` : text`${count(left, 'target is', 'targets are')} left`;
  return {
    strength: 'decisive',
    says: text`${listed(ids.map(resource), 3)} ${ids.length === 1 ? 'is' : 'are'} ${stateOf(stopped, down)}${spot ? ', taken back as Spot capacity' : ''}: ${rest} in ${groups}`,
    ...(since === undefined ? {} : { since }),
    because: [
      { from: 'targetHealth', shows: healthSays(down) },
      ...stopped.slice(0, 5).map((instance) => ({
        from: 'instances' as const,
        shows: whoStopped(instance),
        ...(instance.stateSince === null ? {} : { at: instance.stateSince }),
      })),
    ],
    affects: scopeOf(down),
    // What an unused target would have got goes to the others, as long as there are any.
    explains: left === 0 ? ['502', '503', '504'] : ['502', '504'],
    fixes: fixesFor(stopped, down, memberships, scaling),
    facts: { instances: ids, left },
  };
}

/** The last to go before the errors made the difference; where all went later, the first of them. */
function lastBefore(onset: Time, stopped: readonly Instance[]): Time | undefined {
  const times = stopped.flatMap(({ stateSince }) => stateSince ?? []);
  const before = times.filter((on) => secondsBetween(onset, on) <= WHOLE_MINUTES);
  return before.length > 0 ? latest(before) : earliest(times);
}

/** Metrics tell the minute, not the second, and clocks differ. */
const WHOLE_MINUTES = 120;

function stateOf(stopped: readonly Instance[], down: readonly Target[]): Text {
  const states = [...new Set(stopped.map(({ state }) => state))].sort();
  if (states.length > 0) return listed(states.map(code));
  const [, state = 'not running'] = /in the (\S+) state/.exec(down[0]?.description ?? '') ?? [];
  return text`${code(state)}`;
}

function healthSays(down: readonly Target[]): Text {
  const [first] = down;
  const reason = first?.reason ?? first?.state ?? 'unused';
  const more = down.length > 1 ? text` (${count(down.length, 'target')})` : text``;
  return text`${resource(first?.id ?? '')} is ${code(first?.state ?? 'unused')}: ${code(reason)}${first?.description ? text`, ${verbatim(first.description)}` : ''}${more}`;
}

function whoStopped(instance: Instance): Text {
  const { id, state, stateSince } = instance;
  const stands =
    stateSince === null ? text`is ${code(state)}` : text`has been ${code(state)} since ${time(stateSince)}`;
  return text`${resource(id)} ${stands}: ${verbatim(whatStopped(instance))}`;
}

/** Starting is offered only for what is known to be stopped, not Spot, and in no Auto Scaling group. */
function fixesFor(
  stopped: readonly Instance[],
  down: readonly Target[],
  memberships: Observed<readonly AutoScalingMembership[]>,
  scaling: readonly AutoScalingGroup[],
): Remedy[] {
  const stuck = new Set(scaling.filter((group) => failedLaunches(group).length > 0).map(({ name }) => name));
  const verify = showHealth(down[0]?.targetGroup ?? '');
  const startable = stopped.filter(
    (instance) => instance.state === 'stopped' && !instance.spot && autoScalingGroupOf(instance, memberships) === null,
  );
  const fixes: Remedy[] = [];
  if (startable.length > 0) {
    const ids = startable.map(({ id }) => id);
    const stack = startable.map(({ tags }) => tags['aws:cloudformation:stack-name']).find((name) => name !== undefined);
    fixes.push({
      does: text`start ${count(ids.length, 'stopped instance')}`,
      run: ['aws', 'ec2', 'start-instances', '--instance-ids', ...ids],
      changes: true,
      undo: ['aws', 'ec2', 'stop-instances', '--instance-ids', ...ids],
      verify,
      ...(stack === undefined ? {} : { managedBy: `CloudFormation stack ${stack}` }),
    });
  }
  const groups = new Set(stopped.map((instance) => autoScalingGroupOf(instance, memberships)));
  for (const group of groups) {
    if (typeof group !== 'string') continue;
    fixes.push({
      does: stuck.has(group)
        ? text`read why Auto Scaling group ${resource(group)} cannot launch others in their place: add instance types or zones, or On-Demand ones, or raise the quota`
        : text`see what Auto Scaling group ${resource(group)} does about it: it replaces its instances itself`,
      run: showActivities(group),
      changes: false,
      undo: null,
      verify,
    });
  }
  if (fixes.length === 0) {
    fixes.push({
      does: text`replace what is gone: register running instances in ${resource(groupName(down[0]?.targetGroup ?? ''))}`,
      run: null,
      changes: true,
      undo: null,
      verify,
    });
  }
  return fixes;
}
