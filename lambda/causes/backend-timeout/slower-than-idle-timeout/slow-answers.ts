import { inSeconds, listed, resource, type Text, text, time } from '../../../incident/text.ts';
import { setLoadBalancerAttribute } from '../../../remedies/load-balancer.ts';
import { whoCalled } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import type { DiskLimit } from '../../../semantics/load/disk-limits.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import { DEFAULT_IDLE_TIMEOUT, IDLE_TIMEOUT } from '../../../semantics/traffic/idle-timeout.ts';

/** Who set the idle timeout, and when. */
export function changed(does: Text, { onset }: Pick<EpisodeSpan, 'onset'>): Remedy {
  const run = whoCalled('ModifyLoadBalancerAttributes', plusSeconds(onset, -24 * 3600));
  return { does, run, changes: false, undo: null, verify: null };
}

export function relieved(disks: readonly DiskLimit[]): readonly Remedy[] {
  const ids = [...new Set(disks.map(({ instanceId }) => instanceId))];
  if (ids.length === 0) return [];
  return [
    {
      does: text`relieve the disks of ${listed(ids.map(resource))}: stop what reads and writes most, or move to a larger instance type`,
      ...{ run: null, changes: true, undo: null, verify: null },
    },
  ];
}

/** What helps where answers come later than the idle timeout of now. */
export function fixesFor(
  arn: string,
  idle: number,
  slowestAnswer: number | null,
  onset: string,
  tags: Readonly<Record<string, string>>,
): Remedy[] {
  // Enough for the answers that just came in time, and no less than the default.
  const longer = Math.min(4000, Math.max(DEFAULT_IDLE_TIMEOUT, 2 * Math.ceil(Math.max(idle, slowestAnswer ?? 0))));
  const does = text`raise the idle timeout to ${inSeconds(longer)}${idle < DEFAULT_IDLE_TIMEOUT ? '' : ' until the answers are fast again'}`;
  const raise = setLoadBalancerAttribute({ arn, tags }, IDLE_TIMEOUT, { from: idle, to: longer }, does);
  const lately = changed(text`see whether the idle timeout was changed lately`, { onset });
  const slow: Remedy = {
    does: text`find what makes the application slow since ${time(onset)}: its log, its database, the services it calls`,
    run: null,
    changes: false,
    undo: null,
    verify: null,
  };
  return idle < DEFAULT_IDLE_TIMEOUT ? [raise, lately, slow] : [slow, raise];
}
