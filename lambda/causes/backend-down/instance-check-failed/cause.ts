import type { InstanceStatus, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, text, time } from '../../../incident/text.ts';
import { moveToAnotherHost, ownerOfInstance, rebootInstance } from '../../../remedies/host.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { instanceCall } from '../../../semantics/changes/change-kinds.ts';
import { type FailedCheck, failedChecksOf, passesChecks } from '../../../semantics/targets/status-checks.ts';
import { failsChecks, scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable, type SeenBy } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { recoveredInstances } from './recovered-instances.ts';

export default defineCause({
  id: 'instance-check-failed',
  needs: ['targetHealth', 'instanceStatus'],
  uses: ['instances', 'instanceMetrics', 'autoScalingInstances', 'errors'],
  causes: ['unresponsive-backend', 'nothing-listening', 'no-registered-targets'],
  setOffBy: [instanceCall('reboots', 'starts')],

  examine(seen, { at }) {
    const { instanceStatus, errors } = seen;
    const ofInstances = seen.targetHealth.filter(({ id }) => id.startsWith('i-'));
    if (ofInstances.length === 0) return notApplicable(text`no target is an instance`);
    const impaired = instanceStatus.flatMap((status): readonly Impaired[] => {
      const checks = failedChecksOf(status, at);
      const targets = ofInstances.filter(({ id }) => id === status.id);
      return checks.length === 0 || targets.length === 0 ? [] : [{ id: status.id, checks, targets }];
    });
    const ok = new Set(instanceStatus.filter(passesChecks).map(({ id }) => id));
    const passing = ofInstances.filter(({ id }) => ok.has(id) && impaired.every((one) => one.id !== id));
    return foundOr(
      [
        ...impairedNow(impaired, 'decisive', seen),
        ...impairedNow(impaired, 'circumstantial', seen),
        ...recoveredInstances(passing, ifSeen(seen.instanceMetrics), errors?.episode ?? null),
      ],
      passingSaid(instanceStatus),
    );
  },
});

/** What is stopped, terminated or just launched fails no check, and passes none. */
function passingSaid(statuses: readonly InstanceStatus[]): Text {
  const passing = statuses.filter(passesChecks).length;
  const rest = statuses.length - passing;
  const others = rest === 0 ? '' : text`; for ${rest} more EC2 reports no failed check`;
  if (passing === 0) return text`EC2 reports no failed status check for ${count(rest, 'instance')} behind the targets`;
  return text`${count(passing, 'instance')} behind the targets ${passing === 1 ? 'passes' : 'pass'} the EC2 status checks${others}`;
}

interface Impaired {
  readonly id: string;
  readonly checks: readonly FailedCheck[];
  readonly targets: readonly Target[];
}

/** Decisive where targets fail the load balancer's checks as well. */
function impairedNow(
  instances: readonly Impaired[],
  strength: 'decisive' | 'circumstantial',
  seen: SeenBy<never, 'instances' | 'autoScalingInstances'>,
): readonly Found<'instanceStatus', 'instanceStatus' | 'targetHealth'>[] {
  const impaired = instances.filter(({ targets }) => targets.some(failsChecks) === (strength === 'decisive'));
  if (impaired.length === 0) return [];
  const ids = impaired.map(({ id }) => id);
  const checks = impaired.flatMap((one) => one.checks);
  const byName = new Map(checks.map((check) => [nameOf(check), checkCalled(check)]));
  const since = earliest(checks.map((check) => check.since));
  const targets = impaired.flatMap((one) => one.targets);
  const affected = strength === 'decisive' ? targets.filter(failsChecks) : targets;
  const failures = impaired.map((one) => text`${resource(one.id)}: ${andList(one.checks.map(checkSaid))}`);
  return [
    {
      strength,
      says: text`${andList(ids.map(resource), 3)} ${ids.length === 1 ? 'fails its' : 'fail their'} EC2 ${andList([...byName.values()])}`,
      since,
      because: [
        citeAt(since).instanceStatus`${andList(failures)}`,
        cite.targetHealth`${andList(affected.map(healthSaid))}`,
      ],
      affects: scopeOf(affected),
      explains: ['502', '504'],
      fixes: impaired.slice(0, 3).flatMap((one) => fixesOf(one, seen)),
      facts: { instances: ids, checks: [...byName.keys()] },
    },
  ];
}

const nameOf = (check: FailedCheck): string =>
  check.of === 'scheduled event' ? `${check.of} (${check.event})` : `${check.of} check`;

const checkCalled = (check: FailedCheck): Text =>
  check.of === 'scheduled event' ? text`${check.of} (${code(check.event)})` : text`${check.of} check`;

function checkSaid(check: FailedCheck): Text {
  if (check.of === 'scheduled event') return text`${check.of} ${code(check.event)} in progress`;
  return text`${check.of} check ${code('impaired')}${check.since === null ? '' : text` since ${time(check.since)}`}`;
}

function healthSaid({ id, state, reason }: Target): Text {
  return text`${resource(id)} is ${code(state)}${reason === null ? '' : text`: ${code(reason)}`}`;
}

/** A reboot mends the operating system, not the host; what Auto Scaling keeps it replaces where it is stopped. */
function fixesOf(
  { id, checks, targets }: Impaired,
  { instances, autoScalingInstances }: SeenBy<never, 'instances' | 'autoScalingInstances'>,
): readonly Remedy[] {
  const instance = ifSeen(instances)?.find((one) => one.id === id);
  const managedBy = instance && ownerOfInstance(instance, autoScalingInstances);
  const around = { verify: showHealth(targets[0]?.targetGroup ?? ''), managedBy };
  const isReplaced = managedBy?.kind === 'scaling-group';
  return checks.some(({ of }) => of === 'system') && !isReplaced
    ? moveToAnotherHost(id, around)
    : [rebootInstance(id, around)];
}
