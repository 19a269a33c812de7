import type { ErrorKind } from '../../../incident/cause.ts';
import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, text } from '../../../incident/text.ts';
import { releasesBefore } from '../../../semantics/changes/releases.ts';
import { groupBy } from '../../../semantics/group-by.ts';
import { DISK_NEARLY_FULL, type FullDisk, fullDiskAt } from '../../../semantics/load/full-disks.ts';
import { makeTheErrors } from '../../../semantics/load/part-of-group.ts';
import { failsChecks, groupsOf } from '../../../semantics/targets/targets.ts';
import { failedShareOf } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { unseenAmong } from '../../kit/targets-at-limit.ts';
import { type DiskOf, fullGroup } from './full-group.ts';

/** What a host makes that cannot write: it refuses, hangs, ends, or answers that something went wrong. */
const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

export default defineCause({
  id: 'disk-full',
  needs: ['servingTargets', 'instanceMetrics', 'errors'],
  uses: ['traffic', 'instances', 'changes'],
  causes: [
    'target-returns-5xx',
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'nothing-listening',
    'crashing-backend',
    'health-check-code-mismatch',
    'too-few-healthy-targets',
  ],

  examine({ servingTargets, instanceMetrics, errors, traffic, instances, changes }) {
    const targets = servingTargets.filter(({ id }) => !id.startsWith('arn:'));
    if (targets.length === 0) return notApplicable(text`no target that gets requests has a disk`, 'targetHealth');
    const { episode } = errors;
    if (episode === null || errors.count(...EXPLAINED) === 0) {
      return ruledOut(text`no request failed in a way a full disk causes`, 'loadBalancerMetrics');
    }
    const used = new Map(instanceMetrics.of.map(({ id, values }) => [id, values.disk_used_percent]));
    const disks = targets.map((target): DiskOf => ({ target, disk: fullDiskAt(used.get(target.id), episode) }));
    const known = new Map((ifSeen(instances) ?? []).map((one) => [one.id, one]));
    const findings = groupBy(disks, ({ target }) => target.targetGroup).flatMap((group) => {
      const full = group.filter(isNearlyFull);
      const [first, ...more] = full;
      if (first === undefined) return [];
      const failedShare = failedShareOf(traffic?.of([first.target.targetGroup]));
      const releases = releasesBefore(ifSeen(changes) ?? [], group[0].target.targetGroup, episode.onset);
      const most = {
        full: [first, ...more] as const,
        of: group.length,
        isTheirs: isOfThese(group, full, failedShare),
        releases,
      };
      return [fullGroup(most, EXPLAINED, episode, known)];
    });
    if (findings.length > 0) return { is: 'found', findings };
    const unseen = unseenAmong(disks, ({ disk }) => disk !== undefined);
    if (unseen.length > 0) {
      const detail = 'disk usage was not seen: only the CloudWatch agent reports it';
      const ids = unseen.map(({ target }) => target.id);
      return unsure({ evidence: 'instanceMetrics', why: 'partial', detail, ids });
    }
    return ruledOut(
      text`no disk of ${groupsSaid(groupsOf(targets))} was at ${DISK_NEARLY_FULL} % of ${code('disk_used_percent')} as the errors began`,
      'instanceMetrics',
    );
  },
});

function isNearlyFull(one: DiskOf): one is DiskOf & { readonly disk: FullDisk } {
  return one.disk !== null && one.disk !== undefined;
}

/** They are all of the group, as far as was seen, or the failing ones of it, or as many as requests fail. */
function isOfThese(group: readonly DiskOf[], full: readonly DiskOf[], failedShare: number | null): boolean {
  const seen = group.filter(({ disk }) => disk !== undefined);
  const failing = group.filter(({ target }) => failsChecks(target));
  const [these, all]: (readonly Target[])[] = [full, group].map((part) => part.map(({ target }) => target));
  const isAll = full.length === seen.length && unseenAmong(group, ({ disk }) => disk !== undefined).length === 0;
  if (isAll && failing.every((one) => full.includes(one))) return true;
  return makeTheErrors(these ?? [], all ?? [], failedShare);
}
