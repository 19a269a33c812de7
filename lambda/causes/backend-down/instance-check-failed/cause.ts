import type {
  InstanceMetric,
  InstanceStatus,
  LoadBalancerMetric,
  Metrics,
  MetricsById,
  StatusCheck,
  Target,
} from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import type { Window } from '../../../incident/question.ts';
import { code, count, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import { autoScalingGroupOf } from '../../../semantics/scaling/membership.ts';
import { failsChecks, scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest, timeOfMinute } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable } from '../../cause.ts';
import { instanceCall } from '../../kit/changes.ts';

export default defineCause({
  id: 'instance-check-failed',
  needs: ['targetHealth', 'instanceStatus'],
  uses: ['instances', 'instanceMetrics', 'autoScalingInstances', 'loadBalancerMetrics'],
  causes: ['unresponsive-backend', 'nothing-listening', 'no-registered-targets'],
  setOffBy: [instanceCall('reboots', 'starts')],

  examine(
    { targetHealth, instanceStatus, instances, instanceMetrics, autoScalingInstances, loadBalancerMetrics },
    { at, window },
  ) {
    const ofInstances = targetHealth.filter(({ id }) => id.startsWith('i-'));
    if (ofInstances.length === 0) return notApplicable(text`no target is an instance`);

    const impaired = instanceStatus
      .map((status) => ({
        id: status.id,
        checks: failedChecks(status, at),
        targets: ofInstances.filter(({ id }) => id === status.id),
      }))
      .filter(({ checks, targets }) => checks.length > 0 && targets.length > 0);
    const failing = impaired.filter(({ targets }) => targets.some(failsChecks));
    const serving = impaired.filter((one) => !failing.includes(one));

    const known = ifSeen(instances) ?? [];
    const ownerOf = (id: string): string | undefined => {
      const instance = known.find((one) => one.id === id);
      if (instance === undefined) return undefined;
      const group = autoScalingGroupOf(instance, autoScalingInstances);
      return typeof group === 'string' ? `Auto Scaling group ${group}` : managerOf(instance.tags);
    };
    const recovered = recoveredIn(
      ifSeen(instanceMetrics),
      ifSeen(loadBalancerMetrics),
      window,
      ofInstances.filter(({ id }) => !impaired.some((one) => one.id === id)),
    );
    return foundOr(
      [
        ...(failing.length > 0 ? [impairedNow(failing, 'decisive', ownerOf)] : []),
        ...(serving.length > 0 ? [impairedNow(serving, 'circumstantial', ownerOf)] : []),
        ...recovered,
      ],
      text`${count(instanceStatus.length, 'instance')} behind the targets ${instanceStatus.length === 1 ? 'passes' : 'pass'} the EC2 status checks`,
    );
  },
});

interface Impaired {
  readonly id: string;
  readonly checks: readonly Failed[];
  readonly targets: readonly Target[];
}

type Finding = Found<'instanceStatus', 'instanceStatus' | 'targetHealth' | 'instanceMetrics'>;

function impairedNow(
  impaired: readonly Impaired[],
  strength: 'decisive' | 'circumstantial',
  ownerOf: (id: string) => string | undefined,
): Finding {
  const checks = impaired.flatMap((one) => one.checks);
  const names = [...new Set(checks.map(({ name }) => name))];
  const shown = names.map((name) => checks.find((one) => one.name === name)?.called ?? '');
  const since = earliest(impaired.flatMap(({ checks }) => checks.map((check) => check.since)));
  const targets = impaired.flatMap((one) => one.targets);
  const affected = strength === 'decisive' ? targets.filter(failsChecks) : targets;
  return {
    strength,
    says: text`${listed(
      impaired.map(({ id }) => resource(id)),
      3,
    )} ${impaired.length === 1 ? 'fails its' : 'fail their'} EC2 ${listed(shown)}`,
    ...(since === undefined ? {} : { since }),
    because: [
      {
        from: 'instanceStatus',
        shows: text`${listed(impaired.map(({ id, checks }) => text`${resource(id)}: ${listed(checks.map(({ shows }) => shows))}`))}`,
        ...(since === undefined ? {} : { at: since }),
      },
      { from: 'targetHealth', shows: text`${listed(affected.map(healthOf))}` },
    ],
    affects: scopeOf(affected),
    explains: ['502', '504'],
    fixes: impaired.slice(0, 3).flatMap(({ id, checks, targets: [first] }) => fixesFor(id, checks, ownerOf(id), first)),
    facts: { instances: impaired.map(({ id }) => id), checks: names },
  };
}

/** Instances whose status checks failed as the errors began, and pass now. */
function recoveredIn(
  metrics: MetricsById<InstanceMetric> | undefined,
  loadBalancerMetrics: Metrics<LoadBalancerMetric> | undefined,
  window: Window,
  targets: readonly Target[],
): readonly Finding[] {
  const episode = loadBalancerMetrics && errorEpisode(loadBalancerMetrics, window);
  if (!episode || metrics === undefined) return [];
  const { grid } = metrics;
  return metrics.of.flatMap(({ id, values }): Finding[] => {
    const affected = targets.filter((target) => target.id === id);
    const around = (values.StatusCheckFailed ?? []).map((value, index) =>
      index >= episode.span.first - 5 && index <= episode.span.last ? value : null,
    );
    const first = around.findIndex((value) => (value ?? 0) > 0);
    if (affected.length === 0 || first < 0) return [];
    return [
      {
        strength: 'strong',
        says: text`${resource(id)} failed its EC2 status checks, and has recovered since`,
        since: timeOfMinute(grid, first),
        because: [
          { from: 'instanceStatus', shows: text`${resource(id)} passes its status checks now` },
          {
            from: 'instanceMetrics',
            shows: text`${code('StatusCheckFailed')} was above 0 from ${time(timeOfMinute(grid, first))}`,
            at: timeOfMinute(grid, first),
          },
        ],
        affects: scopeOf(affected),
        explains: ['502', '504'],
        fixes: [],
        facts: { instances: [id] },
      },
    ];
  });
}

interface Failed {
  readonly name: string;
  readonly called: Text;
  readonly shows: Text;
  readonly since: string | null;
}

function failedChecks(status: InstanceStatus, now: string): readonly Failed[] {
  const failed = (name: 'system' | 'instance' | 'attached EBS', check: StatusCheck | null): readonly Failed[] =>
    check?.status === 'impaired'
      ? [
          {
            name: `${name} check`,
            called: text`${name} check`,
            shows: text`${name} check ${code('impaired')}${check.impairedSince === null ? '' : text` since ${time(check.impairedSince)}`}`,
            since: check.impairedSince,
          },
        ]
      : [];
  const events = status.events
    // A finished event stays listed for up to a week, its description begins with [Completed] or [Canceled].
    .filter(({ description, notBefore }) => !description.startsWith('[') && notBefore !== null && notBefore <= now)
    .map(({ code: event, notBefore }) => ({
      name: `scheduled event (${event})`,
      called: text`scheduled event (${code(event)})`,
      shows: text`scheduled event ${code(event)} in progress`,
      since: notBefore,
    }));
  return [
    ...failed('system', status.system),
    ...failed('instance', status.instance),
    ...failed('attached EBS', status.attachedEbs),
    ...events,
  ];
}

function healthOf(target: Target): Text {
  const reason = target.reason === null ? text`` : text`: ${code(target.reason)}`;
  return text`${resource(target.id)} is ${code(target.state)}${reason}`;
}

/** A reboot mends the operating system; only a stop and a start move the instance off a host that fails. */
function fixesFor(
  id: string,
  checks: readonly Failed[],
  owner: string | undefined,
  target: Target | undefined,
): readonly Remedy[] {
  const verify = showHealth(target?.targetGroup ?? '');
  const managed = owner === undefined ? {} : { managedBy: owner };
  const run = (verb: string) => ['aws', 'ec2', `${verb}-instances`, '--instance-ids', id];
  if (!checks.some(({ name }) => name.startsWith('system')) || owner?.startsWith('Auto Scaling') === true) {
    return [{ does: text`reboot ${resource(id)}`, run: run('reboot'), changes: true, undo: null, verify, ...managed }];
  }
  return inSteps([
    {
      does: text`move ${resource(id)} to another host, which a reboot does not do: stop it`,
      run: run('stop'),
      changes: true,
      undo: null,
      verify,
      ...managed,
    },
    { does: text`start it once it has stopped`, run: run('start'), changes: true, undo: null, verify, ...managed },
  ]);
}
