import type { Symptoms } from '../incident/diagnosis.ts';
import type { Finding } from '../incident/finding.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import type { Text } from '../incident/text.ts';
import { type ClusterFault, fixesWithCluster } from '../remedies/kubernetes/cluster-fixes.ts';
import { reportFix } from '../remedies/writers/report-fix.ts';
import { checksOfWhatFailed } from './check-of-what-failed.ts';
import { mayBeOlder } from './edge-of-reading.ts';
import { clusterProofsOf } from './kubernetes/cluster-proofs.ts';
import { causeOf } from './rank.ts';
import type { FindingWithShare } from './temper-by-errors.ts';

const MOST_TARGETS = 50;

/** A finding as it is told: with what of it is whose symptom, and the commands for what it would do. */
export function reportFinding(
  finding: FindingWithShare,
  all: readonly FindingWithShare[],
  symptoms: Symptoms,
  snapshot: Snapshot,
): Finding<Text> {
  const { cause, found, share, effect, usual, attribution, blocks, capped } = finding;
  // The errors since it began came before it as well: how many there are since then proves nothing.
  const isEffect = effect === true && blocks === undefined;
  const symptomOf = causeOf(finding, all);
  const { evidence, question } = snapshot;
  const registered = ifSeen(evidence.targetHealth)?.filter((target) =>
    found.affects.targetGroups.includes(target.targetGroup),
  );
  return {
    cause: cause.id,
    category: cause.category,
    strength: found.strength,
    headline: found.says,
    ...(found.since === undefined ? {} : { since: found.since }),
    ...(found.since !== undefined && mayBeOlder(found.since, evidence) ? { older: true } : {}),
    because: [...found.because, ...clusterProofsOf(found, evidence)],
    ...(found.change === undefined ? {} : { change: found.change }),
    affected: {
      targetGroups: found.affects.targetGroups,
      targets: found.affects.targets.slice(0, MOST_TARGETS),
      omitted: Math.max(0, found.affects.targets.length - MOST_TARGETS),
      of: registered?.length ?? found.affects.targets.length,
    },
    explains: found.explains,
    ...(symptomOf === undefined ? {} : { symptomOf }),
    share: isEffect ? null : share,
    ...(isEffect ? { effect } : {}),
    ...(usual === undefined ? {} : { usual }),
    ...(attribution === undefined ? {} : { attribution }),
    ...(blocks === undefined ? {} : { waiting: true, blocks }),
    fixes: fixesWithCluster(inCluster(finding), evidence)
      .map(checksOfWhatFailed(finding, symptoms, snapshot))
      .map((fix) => reportFix(fix, question.subject.region)),
    facts: found.facts ?? {},
    ...(capped === undefined ? {} : { capped }),
  };
}

function inCluster({ cause: { inCluster }, found }: FindingWithShare): ClusterFault {
  const { mends = [], see = [] } = inCluster;
  return { ...found, mends: [...mends, ...(found.mendsInCluster ?? [])], see };
}
