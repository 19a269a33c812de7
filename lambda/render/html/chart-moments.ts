import type { Diagnosis } from '../../incident/diagnosis.ts';
import type { Time } from '../../incident/text.ts';
import type { Frame } from './chart-frame.ts';

/**
 * What stands on the curve. Those of a kind share a row; one without a label is told in the timeline. Among several, a label
 * stands in a row of its own above them.
 */
export interface ChartMoment {
  readonly kind: 'change' | 'onset' | 'alarm';
  /** In percent of the width. */
  readonly x: number;
  readonly row: number;
  readonly label: string | null;
  readonly labelRow: number;
}

const KINDS = ['change', 'onset', 'alarm'] as const;

export function momentsIn(frame: Frame, { timeline, episode, findings, trigger }: Diagnosis): readonly ChartMoment[] {
  const isInFrame = (at: Time) => frame.at(at) >= 0 && frame.at(at) <= 100;
  const changes = timeline.filter(({ kind, at }) => kind === 'change' && isInFrame(at)).map(({ at }) => at);
  const alarms = timeline.filter(({ kind, at }) => kind === 'alarm' && isInFrame(at)).map(({ at }) => at);
  const onset = episode !== null && !episode.older && isInFrame(episode.onset) ? [episode.onset] : [];
  const blamed = findings[0]?.change?.at;
  // Of several, the one that counts: that of the cause, or the last before the errors.
  const told =
    changes.find((at) => at === blamed) ??
    changes.findLast((at) => episode !== null && at <= episode.onset) ??
    changes[0];
  const times = { change: [...new Set(changes)], onset, alarm: [...new Set(alarms)] };
  const labels: Readonly<Record<ChartMoment['kind'], string>> = {
    change: 'Change',
    onset: episode?.of === 'failing-targets' ? 'First failing target' : 'First errors',
    alarm: trigger.state === 'OK' ? 'Alarm OK' : 'Alarm',
  };
  const isCrowded = (kind: ChartMoment['kind']) => kind === 'change' && times.change.length > 1;
  const kinds = KINDS.filter((kind) => times[kind].length > 0);
  const rowsOf = (some: readonly ChartMoment['kind'][]) => some.length + some.filter(isCrowded).length;
  return kinds.flatMap((kind, index) => {
    const labelRow = rowsOf(kinds.slice(0, index));
    return times[kind].map((at) => ({
      ...{ kind, labelRow, row: isCrowded(kind) ? labelRow + 1 : labelRow },
      x: frame.at(at),
      label: kind === 'change' && at !== told ? null : `${labels[kind]} ${frame.written(at)}`,
    }));
  });
}
