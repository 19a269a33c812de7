import { count, listed, percent, resource, type Text, text, time } from '../../../incident/text.ts';
import type { TargetWave, WaveReason } from '../../../semantics/targets/target-waves.ts';
import type { Rollout } from './rollouts.ts';

/** How the rules about rollouts tell of what left, and of the errors next to it. */

export const ELSEWHERE = text`targets left next to some of the errors, but most came later, with as many targets as before`;

const SAID = {
  rollout: 'replaced by a newer version',
  scaling: 'taken away to have fewer',
  'by-hand': 'taken away by a person or a script',
  interrupted: 'taken back: Spot, or the host',
  lost: 'lost',
  unknown: 'taken away',
} as const satisfies Record<WaveReason, string>;

/** `3 targets of prod/web were replaced by a newer version`. */
export function wavesSaid(waves: readonly TargetWave[]): Text {
  const gone = goneIn(waves);
  const reasons = [...new Set(waves.map(reasonSaid))];
  const by = [...new Set(waves.map((wave) => wave.by))];
  return text`${count(gone, 'target')} of ${listed(by.map(resource))} ${gone === 1 ? 'was' : 'were'} ${listed(reasons)}`;
}

export function goneIn(waves: readonly TargetWave[]): number {
  return waves.reduce((sum, wave) => sum + wave.count, 0);
}

/** Who registers targets by their addresses may as well have moved them to another host: nothing tells of a version. */
function reasonSaid({ why, from }: TargetWave) {
  return why === 'rollout' && from === 'changes' ? 'replaced' : SAID[why];
}

export function timesSaid(waves: readonly TargetWave[]): Text {
  const times = [...new Set(waves.map(({ at }) => at))];
  return listed(
    times.map((at) => time(at)),
    5,
  );
}

export function nearSaid({ near, waves, episode }: Rollout): Text {
  const wave = waves.length === 1 ? 'targets leaving' : 'a time when targets left';
  return text`${near.begun} of ${count(near.bursts, 'burst')} of errors since ${time(episode.onset)} began within 2 minutes of ${wave}; ${percent(near.share)} of the errors fell then, or while targets were missing`;
}

/** Whether capacity was short, and how that is known; nothing where it was not seen. */
export function capacitySaid({ near }: Rollout): readonly { from: 'targetGroupMetrics'; shows: Text }[] {
  if (near.short === null) return [];
  const shows = near.short
    ? text`fewer targets were healthy than before`
    : near.fewer
      ? text`no more were healthy in the minutes without errors: those that are left are enough`
      : text`as many targets were healthy as before, all the time`;
  return [{ from: 'targetGroupMetrics', shows }];
}
