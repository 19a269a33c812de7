import { disksSaid } from '../../causes/kit/disk-words.ts';
import { probesSaid } from '../../causes/kit/probe-words.ts';
import type { CauseId } from '../../incident/cause.ts';
import type { Citation } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import type { Snapshot } from '../../incident/snapshot.ts';
import { andList, resource, type Text, text } from '../../incident/text.ts';
import { disksAtLimit } from '../../semantics/load/disk-limits.ts';
import { probesOf } from '../../semantics/targets/application-checks.ts';
import { failsChecks } from '../../semantics/targets/targets.ts';
import { spanOf } from '../../semantics/time/minutes.ts';

/** What ails instances and is no cause of the catalogue by itself: any of several may come of it. */
export function instanceCircumstances(
  snapshot: Snapshot,
  isFound: (cause: CauseId) => boolean = () => false,
): readonly Citation<Text>[] {
  return [...broken(snapshot), ...suppressed(snapshot), ...(isFound('disk-full') ? [] : fullDisks(snapshot))];
}

/** A reset is a crash, or another protocol than HTTP: EC2 cannot tell, and nor can this. */
function broken({ evidence }: Snapshot): readonly Citation<Text>[] {
  const failing = (ifSeen(evidence.targetHealth) ?? []).filter(failsChecks);
  const probes = probesOf(failing, ifSeen(evidence.applicationStatus) ?? []);
  return probesSaid(probes.filter(({ found }) => found === 'reset'));
}

/** Somebody told EC2 not to look, e.g. for a release: then nothing is replaced for what it finds. */
function suppressed({ evidence }: Snapshot): readonly Citation<Text>[] {
  const ids = (ifSeen(evidence.applicationStatus) ?? [])
    .filter(({ status }) => status === 'suppressed')
    .map(({ instanceId }) => resource(instanceId));
  if (ids.length === 0) return [];
  const shows = text`EC2's checks of the application on ${andList(ids)} are suppressed: no instance is replaced for what they find`;
  return [{ from: 'applicationStatus', shows }];
}

/** What cannot write its log or its session stops, hangs or answers 500. */
function fullDisks({ evidence, question }: Snapshot): readonly Citation<Text>[] {
  const metrics = ifSeen(evidence.instanceMetrics);
  if (metrics === undefined) return [];
  const ids = (ifSeen(evidence.targetHealth) ?? []).map(({ id }) => id);
  const limits = disksAtLimit(ids, metrics, spanOf(metrics.grid, question.window.from, question.window.to));
  return disksSaid(limits.filter(({ is }) => is === 'full'));
}
