import type { Citation } from '../../../incident/finding.ts';
import {
  andList,
  code,
  count,
  inSeconds,
  percent,
  resource,
  type Text,
  type Time,
  text,
  time,
} from '../../../incident/text.ts';
import type { RequestCut } from '../../../semantics/targets/request-cut.ts';
import type { Rollout } from '../../../semantics/targets/rollout.ts';
import type { TargetWave, WaveReason } from '../../../semantics/targets/target-waves.ts';
import { citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** How the causes about rollouts tell of what left, and of the errors next to it. */

export const ELSEWHERE = text`targets left close to some of the errors, but most errors came later, with as many targets as before`;

export const FAILED = text`the targets that left close to the errors were lost, or removed because they failed: not by a rollout, a scale-in or a person`;

const SAID = {
  rollout: 'replaced by a newer deployment',
  scaling: 'removed by a scale-in',
  'by-hand': 'removed by a person or a script',
  interrupted: 'lost with their host, or to a Spot interruption',
  lost: 'lost',
  unknown: 'removed',
} as const satisfies Record<WaveReason, string>;

/** `3 targets of prod/web were replaced by a newer deployment`. */
export function wavesSaid(waves: readonly TargetWave[]): Text {
  const gone = goneIn(waves);
  const reasons = [...new Set(waves.map(reasonSaid))];
  const by = [...new Set(waves.map((wave) => wave.by))];
  return text`${count(gone, 'target')} of ${andList(by.map(resource))} ${gone === 1 ? 'was' : 'were'} ${andList(reasons)}`;
}

export function goneIn(waves: readonly TargetWave[]): number {
  return waves.reduce((sum, wave) => sum + wave.count, 0);
}

/**
 * Who registers targets by their addresses may as well have moved them to another host, and Auto Scaling replaces instances for
 * their age as well: only ECS tells of a deployment. What a user asks of Auto Scaling, Auto Scaling does.
 */
function reasonSaid({ why, from }: TargetWave) {
  if (why === 'by-hand' && from === 'autoScalingGroups') return 'removed by Auto Scaling on request';
  if (why !== 'rollout' || from === 'ecsTasks' || from === 'ecsServices') return SAID[why];
  return from === 'autoScalingGroups' ? 'replaced by Auto Scaling' : 'replaced';
}

function timesSaid(waves: readonly TargetWave[]): Text {
  const times = [...new Set(waves.map(({ at }) => at))];
  return andList(times.map(time), 5);
}

/** `3 of 4 error bursts`; of one, `1 of 1` says nothing more. */
const burstsSaid = (begun: number, bursts: number): Text =>
  begun === 1 && bursts === 1 ? text`the only error burst` : text`${begun} of ${count(bursts, 'error burst')}`;

/** How many of the errors were next to what left, and what that was. */
export function nearSaid(
  { waves, before, begun, bursts, share, groups }: Rollout,
  onset: Time,
): readonly [Citation<Text, 'loadBalancerMetrics'>, Citation<Text, TargetWave['from']>] {
  const wave = waves.length === 1 ? 'targets leaving' : 'a time when targets left';
  const [{ from, at }] = waves;
  return [
    citeAt(onset)
      .loadBalancerMetrics`${begun === 0 ? text`${percent(share)} of the errors since ${time(onset)} came within 2 minutes of ${wave}, or while targets were missing, though ${bursts === 1 ? 'they began' : text`all ${bursts} error bursts began`} at another time` : text`${burstsSaid(begun, bursts)} since ${time(onset)} began within 2 minutes of ${wave}; ${percent(share)} of the errors came then, or while targets were missing`}`,
    { from, shows: text`targets of ${groupsSaid(groups)} left at ${timesSaid(waves)}${beforeSaid(before)}`, at },
  ];
}

function beforeSaid(before: readonly TargetWave[]): Text {
  return before.length === 0 ? [] : text`; ${goneIn(before)} more had left at ${timesSaid(before)}, without errors`;
}

/** Whether capacity was short, and how that is known; nothing where it was not seen. */
export function capacitySaid({ short, fewer }: Rollout): Citation<Text, 'targetGroupMetrics'> | null {
  if (short === null) return null;
  const enough = fewer
    ? text`no more targets were healthy in the minutes without errors: those that are left are enough`
    : text`as many targets as before stayed healthy throughout`;
  return { from: 'targetGroupMetrics', shows: short ? text`fewer targets were healthy than before` : enough };
}

export function cutSaid(cut: RequestCut): Text {
  return cut.by === 'deregistration-delay'
    ? text`${code('deregistration_delay.timeout_seconds')} is ${code(cut.delay)}, and responses took up to ${inSeconds(cut.slowest)}`
    : text`ECS kills a task ${inSeconds(cut.timeout)} after its stop signal, while the load balancer lets requests finish for ${inSeconds(cut.delay)}`;
}
