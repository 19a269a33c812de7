import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { toMessage } from '../../lambda/render/message.ts';
import { aSnapshot, instance, lately, metrics, unhealthy } from '../support/a-snapshot.ts';

/** How long judging and telling take, without AWS: medians in milliseconds. */
function fleet(size: number) {
  const ids = Array.from({ length: size }, (_, index) => `i-${index}`);
  return aSnapshot({
    targetHealth: ids.map((id, index) =>
      unhealthy(id, index % 3 === 0 ? 'Target.Timeout' : 'Target.FailedHealthChecks'),
    ),
    instances: ids.map((id) => instance(id)),
    loadBalancerMetrics: metrics({ HTTPCode_ELB_504_Count: lately(9, 50), HTTPCode_ELB_5XX_Count: lately(9, 50) }),
  });
}

function median(run: () => unknown, times = 15): number {
  const taken = Array.from({ length: times }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

/** A line for each size. */
export function judging(): readonly string[] {
  return [2, 20, 1000, 5000].map((size) => {
    const snapshot = fleet(size);
    const diagnosis = diagnose(snapshot, CAUSES);
    // A fresh copy each time: whatever is kept by the evidence is of one run, and each snapshot is judged once.
    const judge = median(() => diagnose(structuredClone(snapshot), CAUSES)) - median(() => structuredClone(snapshot));
    const tell = median(() => toMessage(diagnosis));
    return `judging ${size} targets: judge ${judge.toFixed(1)} ms, tell ${tell.toFixed(1)} ms`;
  });
}
