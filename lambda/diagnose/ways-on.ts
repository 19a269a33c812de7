import type { RestartWorth } from '../causes/cause.ts';
import type { Moment } from '../computed/fact.ts';
import type { Target } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { ObservedEvidence } from '../incident/snapshot.ts';
import { text } from '../incident/text.ts';
import { keepFailingTasks } from '../remedies/ecs-service.ts';
import { isSameCall, look, type Remedy } from '../remedies/remedy.ts';
import { restartsOf } from '../remedies/restart.ts';
import { keepFailingInstances, replacesForChecks } from '../remedies/scaling-processes.ts';
import { servicesInUse } from '../semantics/ecs/services.ts';
import type { EpisodeSpan } from '../semantics/errors/episode.ts';
import { shareOfRequests } from '../semantics/errors/requests.ts';
import { clusterTargetIn } from '../semantics/kubernetes/cluster-targets.ts';
import { controlledResourcesOf } from '../semantics/kubernetes/controlled-resources.ts';
import { isUsable } from '../semantics/targets/targets.ts';
import { isLate } from './state-age.ts';
import { type FindingWithShare, isConfident } from './temper-by-errors.ts';

/**
 * While it lasts, there is something to run: targets that are taken away for their checks alone are kept, and what a restart
 * ends is restarted. What puts a change back, or mends the fault itself, stays above both. What is only suspected beside a
 * fault that is known gets neither.
 */
export function withWaysOn(
  findings: readonly FindingWithShare[],
  episode: EpisodeSpan | null,
  evidence: ObservedEvidence,
  moment: Moment,
): readonly FindingWithShare[] {
  if (episode === null || episode.end !== null || isLate(moment)) return findings;
  const told: Remedy[] = [];
  return findings.map((finding, index) => {
    const { found } = finding;
    const isBeside = !isConfident(finding) && findings.slice(0, index).some(isConfident);
    const fixes =
      finding.blocks !== undefined || isBeside || isByCluster(finding, evidence)
        ? found.fixes
        : withRestart(withTargetsKept(finding, findings, evidence), finding, {
            ...{ evidence, told, isReplaced: replaces(finding, findings) },
            allFail: isOutage(episode, evidence),
          });
    told.push(...fixes);
    return fixes === found.fixes ? finding : { ...finding, found: { ...found, fixes } };
  });
}

/** Whoever keeps pods starts and ends them. */
function isByCluster({ found }: FindingWithShare, evidence: ObservedEvidence): boolean {
  return controlledResourcesOf(found, evidence).length > 0 || clusterTargetIn(found, evidence) !== null;
}

/** Tasks or instances of its groups are replaced, one after the other, for failing their checks. */
function replaces({ found }: FindingWithShare, findings: readonly FindingWithShare[]): boolean {
  const groups = new Set(found.affects.targetGroups);
  return findings.some(
    ({ cause, found: loop }) =>
      cause.id === 'deployment-failing' && loop.affects.targetGroups.some((arn) => groups.has(arn)),
  );
}

/** What a command mends needs no such help. */
function withTargetsKept(
  finding: FindingWithShare,
  findings: readonly FindingWithShare[],
  { ecsServices, ecsTasks, autoScalingGroups }: ObservedEvidence,
): readonly Remedy[] {
  const { fixes, serves, affects, change } = finding.found;
  if (serves !== true || fixes.some(isCommand) || !replaces(finding, findings)) return fixes;
  const [group = ''] = affects.targetGroups;
  const services = servicesInUse(ifSeen(ecsServices) ?? [], ifSeen(ecsTasks) ?? [], affects.targetGroups);
  const hosts = (ifSeen(autoScalingGroups) ?? []).filter(
    (one) => one.targetGroups.includes(group) && replacesForChecks(one),
  );
  // Whoever changed it is asked first.
  const asked = change === undefined ? 0 : 1;
  const kept = services.length > 0 ? services.map(keepFailingTasks) : hosts.map(keepFailingInstances);
  return [...fixes.slice(0, asked), ...kept, ...fixes.slice(asked)];
}

interface Around {
  readonly evidence: ObservedEvidence;
  /** What is told above. */
  readonly told: readonly Remedy[];
  readonly isReplaced: boolean;
  readonly allFail: boolean;
}

function withRestart(
  fixes: readonly Remedy[],
  { found: { restart, affects } }: FindingWithShare,
  { evidence, told, isReplaced, allFail }: Around,
): readonly Remedy[] {
  if (restart === undefined || (restart.ifAllFail && !allFail) || fixes.some(isCommand)) return fixes;
  if (isReplaced) return [...(restart.inPlaceOf === 'by hand' ? notByHand(fixes) : fixes), NO_RESTART];
  const anew = restartsOf(targetsIn(affects, evidence), restart, evidence);
  if (anew.some(({ run }) => told.some((one) => isSameCall(one.run, run)))) return fixes;
  return placed(anew, fixes, restart);
}

const NO_RESTART = look(
  text`look at a target before it is replaced (a thread dump, its log). A restart adds nothing: these targets are already being replaced one after the other, and that has not helped`,
);

function targetsIn(
  { targets, targetGroups }: FindingWithShare['found']['affects'],
  { targetHealth }: ObservedEvidence,
): readonly Target[] {
  const named = new Set(targets.map(({ id, targetGroup }) => `${id} ${targetGroup}`));
  const isNamed = (one: Target) =>
    targets.length === 0
      ? targetGroups.includes(one.targetGroup) && isUsable(one)
      : named.has(`${one.id} ${one.targetGroup}`);
  return (ifSeen(targetHealth) ?? []).filter(isNamed);
}

/** In place of what would be done by hand to the same end; else after that, and after the look that decides. */
function placed(anew: readonly Remedy[], fixes: readonly Remedy[], { inPlaceOf }: RestartWorth): readonly Remedy[] {
  const [first] = anew;
  if (first === undefined) return fixes;
  if (inPlaceOf === 'by hand') return [...anew, ...notByHand(fixes)];
  const after = Math.max(1, fixes.findLastIndex(({ changes }) => changes) + 1);
  return [...fixes.slice(0, after), ...anew, ...fixes.slice(after)];
}

const notByHand = (fixes: readonly Remedy[]) => fixes.filter(({ changes, run }) => !changes || run !== null);
const isCommand = ({ changes, run }: Remedy): boolean => changes && run !== null;

/** From this share of the requests on, nobody is left whom a restart could hurt. */
const ALL = 0.9;
/** The newest minutes of the episode. */
const LATELY = 5;

function isOutage({ span: { first, last } }: EpisodeSpan, { loadBalancerMetrics }: ObservedEvidence): boolean {
  if (!loadBalancerMetrics.seen) return false;
  const share = shareOfRequests(loadBalancerMetrics.value, { first: Math.max(first, last + 1 - LATELY), last });
  return share !== null && share >= ALL;
}
