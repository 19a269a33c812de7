import type { ErrorKind } from '../../../incident/cause.ts';
import type { ChangeEvent, Instance, Target } from '../../../incident/evidence.ts';
import {
  andList,
  code,
  count,
  duration,
  percentBelow,
  resource,
  type Text,
  type Time,
  text,
  time,
  verbatim,
} from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { jointOwner, managerOf } from '../../../remedies/owner.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { DISK_FULL, DISK_NEARLY_FULL, type FullDisk } from '../../../semantics/load/full-disks.ts';
import { failsChecks, groupName, scopeOf } from '../../../semantics/targets/targets.ts';
import { secondsBetween, timeOfMinute } from '../../../semantics/time/minutes.ts';
import { claim, strengthOfClaims } from '../../argue.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** A target and its fullest file system; `null`: there was room, `undefined`: not seen. */
export interface DiskOf {
  readonly target: Target;
  readonly disk: FullDisk | null | undefined;
}

interface Full extends DiskOf {
  readonly disk: FullDisk;
}

export interface FullGroup {
  readonly full: readonly [Full, ...Full[]];
  /** The targets of the group. */
  readonly of: number;
  /** The errors are those of these targets, as far as can be told. */
  readonly isTheirs: boolean;
  /** Of another version to this group, before the errors. */
  readonly releases: readonly ChangeEvent[];
}

type Cites = 'instanceMetrics' | 'loadBalancerMetrics' | 'targetHealth' | 'changes';

/** Full for so long without an error, in seconds, before another version came: then that may be why as well. */
const BORNE = 300;

/** Targets of a group that have hardly any room left to write, and whether that explains the errors. */
export function fullGroup(
  { full, of, isTheirs, releases }: FullGroup,
  explains: readonly ErrorKind[],
  episode: EpisodeSpan,
  instances: ReadonlyMap<string, Instance>,
): Found<'instanceMetrics' | 'loadBalancerMetrics', Cites> {
  const [{ target }] = full;
  const { onset, grid } = episode;
  const targets = full.map((one) => one.target);
  const ids = [...new Set(targets.map(({ id }) => id))];
  const isFull = full.every((one) => one.disk.isFull);
  const limit = isFull ? DISK_FULL : DISK_NEARLY_FULL;
  const since = timeOfMinute(grid, Math.min(...full.map((one) => one.disk.first)));
  const most = Math.max(...full.map((one) => one.disk.used));
  const upTo = percentBelow(Math.min(1, most / 100), isFull ? 1 : DISK_FULL / 100);
  const explained = full.every((one) => one.disk.explains);
  const release = releases.find(({ at }) => secondsBetween(since, at) >= BORNE);
  const agrees = [claim(isFull), claim(explained), claim(isTheirs), claim(release === undefined)];
  const owners = ids.flatMap((id) => managerOf(instances.get(id)?.tags) ?? []);
  return {
    strength: strengthOfClaims({ agrees }),
    says: headline(ids, of, target, isFull),
    since: explained ? since : undefined,
    because: [
      citeAt(since)
        .instanceMetrics`${code('disk_used_percent')} of ${andList(ids.map(resource))} at ${limit} % or more from ${time(since)} on, up to ${upTo}, of the fullest file system`,
      citeAt(onset).loadBalancerMetrics`the errors began at ${time(onset)}`,
      release && citeAt(release.at).changes`${bornesSaid(release, since)}`,
      !isTheirs &&
        cite.targetHealth`${count(of, 'target')} of ${resource(groupName(target.targetGroup))}, and nothing shows that those with a full disk are the ones that fail`,
      !explained &&
        cite.instanceMetrics`it had been full for more than an hour before the errors, or there was room again while they went on`,
    ],
    affects: scopeOf(targets),
    explains,
    restsOn: ids,
    // Where they pass their checks all the while, these would tell nothing.
    fixes: roomFixes(ids, targets.some(failsChecks) ? target.targetGroup : null, jointOwner(owners)),
    facts: { full: ids.slice(0, 50), of, used: most },
  };
}

function bornesSaid({ at, who, what }: ChangeEvent, since: Time): Text {
  return text`${code(who)} ${verbatim(what)} as the errors began: the disks had been this full for ${duration(secondsBetween(since, at))} without an error until then, so a new version may also be the cause`;
}

function headline(ids: readonly string[], of: number, { targetGroup }: Target, isFull: boolean): Text {
  const state = isFull ? 'full' : 'nearly full';
  const [only = '', ...more] = ids;
  const group = resource(groupName(targetGroup));
  if (more.length === 0) return text`A file system of ${resource(only)}, a target of ${group}, is ${state}`;
  return text`A file system of ${ids.length < of ? text`${ids.length} of ${of}` : text`each of ${of}`} targets of ${group} is ${state}`;
}

/** Which volume holds the full file system is known on the host only. */
function roomFixes(
  ids: readonly string[],
  targetGroup: string | null,
  managedBy: ReturnType<typeof jointOwner>,
): readonly Remedy[] {
  const hosts = andList(ids.map(resource), 6);
  const verify = targetGroup === null ? null : showHealth(targetGroup);
  return [
    fix(
      text`make room on ${hosts}: ${code('df -h; df -i')} there shows which file system is full; then what fits of ${code('sudo journalctl --vacuum-size=200M')}, ${code('sudo docker system prune')}, or emptying the log that grew (${code('sudo truncate -s 0 FILE')}); start the application again where it ended`,
      { verify },
    ),
    fix(
      text`or grow the volume that holds it (${code('aws ec2 modify-volume')}), then the partition and the file system on the host (${code('growpart')}, ${code('xfs_growfs')} or ${code('resize2fs')})`,
      { verify, managedBy },
    ),
  ];
}
