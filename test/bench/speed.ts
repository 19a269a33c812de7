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

for (const size of [2, 100, 1000]) {
  const snapshot = fleet(size);
  const diagnosis = diagnose(snapshot, CAUSES);
  // A fresh copy each time: whatever is kept by the evidence is of one run, and each snapshot is judged once.
  const judging = median(() => diagnose(structuredClone(snapshot), CAUSES)) - median(() => structuredClone(snapshot));
  const telling = median(() => toMessage(diagnosis));
  process.stdout.write(
    `${String(size).padStart(5)} targets  judge ${judging.toFixed(1)}  tell ${telling.toFixed(1)}\n`,
  );
}
