import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text } from '../../../incident/text.ts';
import { moveToAnotherHost, ownerOfInstance, rebootInstance } from '../../../remedies/host.ts';
import { showHealth } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { failsChecks, scopeOf } from '../../../semantics/targets/targets.ts';
import { earliest } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr, notApplicable, type SeenBy } from '../../cause.ts';
import { instanceCall } from '../../kit/changes.ts';
import { type FailedCheck, failedChecksOf } from './failed-checks.ts';
import { recoveredInstances } from './recovered-instances.ts';

export default defineCause({
  id: 'instance-check-failed',
  needs: ['targetHealth', 'instanceStatus'],
  uses: ['instances', 'instanceMetrics', 'autoScalingInstances', 'errors'],
  causes: ['unresponsive-backend', 'nothing-listening', 'no-registered-targets'],
  setOffBy: [instanceCall('reboots', 'starts')],

  examine({ targetHealth, instanceStatus, instanceMetrics, errors, ...seen }, { at }) {
    const ofInstances = targetHealth.filter(({ id }) => id.startsWith('i-'));
    if (ofInstances.length === 0) return notApplicable(text`no target is an instance`);
    const impaired = instanceStatus.flatMap((status): readonly Impaired[] => {
      const checks = failedChecksOf(status, at);
      const targets = ofInstances.filter(({ id }) => id === status.id);
      const [first] = targets;
      if (checks.length === 0 || first === undefined) return [];
      return [{ id: status.id, checks, targets, fixes: fixesOf(first, checks, seen) }];
    });
    const ids = new Set(impaired.map(({ id }) => id));
    const passing = ofInstances.filter(({ id }) => !ids.has(id));
    return foundOr(
      [
        ...impairedNow(
          impaired.filter(({ targets }) => targets.some(failsChecks)),
          'decisive',
        ),
        ...impairedNow(
          impaired.filter(({ targets }) => !targets.some(failsChecks)),
          'circumstantial',
        ),
        ...recoveredInstances(passing, ifSeen(instanceMetrics), errors?.episode ?? null),
      ],
      text`${count(instanceStatus.length, 'instance')} behind the targets ${instanceStatus.length === 1 ? 'passes' : 'pass'} the EC2 status checks`,
    );
  },
});

interface Impaired {
  readonly id: string;
  readonly checks: readonly FailedCheck[];
  readonly targets: readonly Target[];
  readonly fixes: readonly Remedy[];
}

function impairedNow(
  impaired: readonly Impaired[],
  strength: 'decisive' | 'circumstantial',
): readonly Found<'instanceStatus', 'instanceStatus' | 'targetHealth'>[] {
  if (impaired.length === 0) return [];
  const ids = impaired.map(({ id }) => id);
  const checks = impaired.flatMap((one) => one.checks);
  const byName = new Map(checks.map(({ name, called }) => [name, called]));
  const since = earliest(checks.map((check) => check.since));
  const targets = impaired.flatMap((one) => one.targets);
  const affected = strength === 'decisive' ? targets.filter(failsChecks) : targets;
  return [
    {
      strength,
      says: text`${listed(ids.map(resource), 3)} ${ids.length === 1 ? 'fails its' : 'fail their'} EC2 ${listed([...byName.values()])}`,
      since,
      because: [
        {
          from: 'instanceStatus',
          shows: listed(
            impaired.map((one) => text`${resource(one.id)}: ${listed(one.checks.map(({ shows }) => shows))}`),
          ),
          ...(since === undefined ? {} : { at: since }),
        },
        { from: 'targetHealth', shows: listed(affected.map(healthSaid)) },
      ],
      affects: scopeOf(affected),
      explains: ['502', '504'],
      fixes: impaired.slice(0, 3).flatMap(({ fixes }) => fixes),
      facts: { instances: ids, checks: [...byName.keys()] },
    },
  ];
}

function healthSaid({ id, state, reason }: Target): Text {
  return text`${resource(id)} is ${code(state)}${reason === null ? '' : text`: ${code(reason)}`}`;
}

/** A reboot mends the operating system, not the host; what Auto Scaling keeps it replaces where it is stopped. */
function fixesOf(
  { id, targetGroup }: Target,
  checks: readonly FailedCheck[],
  seen: SeenBy<never, 'instances' | 'autoScalingInstances'>,
): readonly Remedy[] {
  const instance = ifSeen(seen.instances)?.find((one) => one.id === id);
  const managedBy = instance && ownerOfInstance(instance, seen.autoScalingInstances);
  const around = { verify: showHealth(targetGroup), managedBy };
  const ofHost = checks.some(({ name }) => name.startsWith('system'));
  const isReplaced = managedBy?.startsWith('Auto Scaling') === true;
  return ofHost && !isReplaced ? moveToAnotherHost(id, around) : [rebootInstance(id, around)];
}
