import type { Cause } from '../causes/cause.ts';
import { factsOf } from '../computed/index.ts';
import type { TrafficByGroups } from '../computed/traffic.ts';
import type { CauseId } from '../incident/cause.ts';
import { type Diagnosis, type Episode, REPORT_VERSION, type Subjected, withFewIds } from '../incident/diagnosis.ts';
import type { EvidenceKey } from '../incident/evidence.ts';
import type { Citation } from '../incident/finding.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import type { Text } from '../incident/text.ts';
import { type EpisodeSpan, episodeOf } from '../semantics/errors/episode.ts';
import { symptomsOf } from '../semantics/errors/symptoms.ts';
import { wholeEpisode } from '../semantics/errors/whole-episode.ts';
import { kinGroupsIn } from '../semantics/targets/kin-groups.ts';
import { groupName } from '../semantics/targets/targets.ts';
import { secondsBetween } from '../semantics/time/minutes.ts';
import { allRoutedGroups, routedGroups } from '../semantics/traffic/routing.ts';
import { withAlarmStart } from './alarm-start.ts';
import { risenRefusals } from './circumstances/client-view.ts';
import { circumstancesOf } from './circumstances/index.ts';
import { conclude } from './conclude.ts';
import { consoleLinks } from './console-links.ts';
import { curveOf } from './curve.ts';
import { foundWithout } from './found-without.ts';
import { incidentIdOf } from './incident-id.ts';
import { withJointFixes } from './joint-fixes.ts';
import { judge, type Verdict } from './judge.ts';
import { clusterProofsOfGroups } from './kubernetes/cluster-proofs.ts';
import { withLentRollbacks } from './lent-rollback.ts';
import { logAdvice } from './log-advice.ts';
import { maintenanceOf } from './maintenance.ts';
import { toldByNames } from './names.ts';
import { withNextBlockers } from './next-blockers.ts';
import { withOwnBeginnings } from './own-beginnings.ts';
import { rank } from './rank.ts';
import { asRecovered } from './recovery.ts';
import { reportedChanges, unseenChanges } from './report-changes.ts';
import { reportFinding } from './report-finding.ts';
import { triggerOf } from './report-trigger.ts';
import { responsible } from './responsible.ts';
import { withSharesOfAll } from './shares-of-all.ts';
import { withSpotRemedies } from './spot-losses.ts';
import { withStandingFault } from './standing-fault.ts';
import { isLate, isOfThenOnly } from './state-age.ts';
import { stepsSeen } from './steps-seen.ts';
import { tellingTags } from './telling-tags.ts';
import { type FindingWithShare, temperByErrors } from './temper-by-errors.ts';
import { timelineOf } from './timeline.ts';
import { topologyOf } from './topology.ts';
import { withWaysOn } from './ways-on.ts';
import { withWorthwhileFixes } from './worthwhile-fixes.ts';

/** The engine: examines the causes over a snapshot, tempers, weighs and ranks what they found, and concludes. Pure. */
export function diagnose(read: Snapshot, causes: readonly Cause[]): Diagnosis {
  const snapshot = withAlarmStart(read);
  const { evidence, question } = snapshot;
  const window = question.asked ?? question.window;
  const errors = episodeOf(
    evidence.loadBalancerMetrics,
    evidence.targetGroupMetrics,
    allRoutedGroups(evidence.listenerRules),
    question.window,
  );
  const facts = factsOf(snapshot);
  const dated = (episode: EpisodeSpan | null) => wholeEpisode(episode, evidence.loadBalancerMetrics);
  const judgedIn = (episode: EpisodeSpan | null) => {
    const verdicts = causes.map((cause) => judge(cause, snapshot, dated(episode), facts));
    const judged = verdicts.flatMap((verdict) => (verdict.is === 'found' ? verdict.findings : []));
    const order = causes.map(({ id }) => id);
    return {
      verdicts,
      ranked: rank(temperByErrors(judged, snapshot, episode), order, kinGroupsIn(evidence), episode?.onset),
    };
  };
  const symptoms = symptomsOf(evidence.loadBalancerMetrics, window);
  const first = judgedIn(errors);
  const standing = withStandingFault(errors, first.ranked, evidence, facts.moment);
  // What good health rules out depends on whether the errors are over.
  const { verdicts, ranked } = standing === errors ? first : judgedIn(standing);
  const episode = dated(standing);
  const concluded = conclude(
    withNextBlockers(ranked, { symptoms, episode: standing, evidence, moment: facts.moment }),
    symptoms,
    episode,
    snapshot,
  );
  const traffic = facts.get('traffic') as TrafficByGroups | undefined;
  const loadBalancer = subjectOf(snapshot);
  const trigger = triggerOf(snapshot, loadBalancer.tags);
  const curve = curveOf(evidence.loadBalancerMetrics);
  const incidentKey = `${question.subject.accountId}/${question.subject.region}/${question.subject.dimension}`;

  const isBlind = concluded.verdict.status === 'inconclusive' && isOfThenOnly(episode, snapshot);
  const findings = withWorthwhileFixes(
    withOwnBeginnings(
      withWaysOn(withFixesOfOthers(withSharesOfAll(concluded.findings), evidence), standing, evidence, facts.moment),
      traffic,
    ),
    { symptoms, episode, isBlind },
  ).map((finding, _, all) => reportFinding(finding, all, symptoms, snapshot));
  const changes = reportedChanges(snapshot);
  const unjudged = {
    undetermined: verdicts.flatMap((verdict) =>
      verdict.is === 'undetermined'
        ? [{ cause: verdict.cause.id, missing: verdict.missing.map((one) => withFewIds(one, IDS_AT_MOST)) }]
        : [],
    ),
    ...unseenChanges(snapshot),
  };

  const diagnosis: Diagnosis = {
    schemaVersion: REPORT_VERSION,
    tool: snapshot.tool,
    kind: 'triage',
    collectedAt: snapshot.collectedAt,
    incidentKey,
    incidentId: incidentIdOf(incidentKey, question.trigger, episode?.onset ?? window.to),
    fingerprint: fingerprint(incidentKey, concluded.verdict.cause, concluded.findings),
    loadBalancer: { ...loadBalancer, ...responsible(loadBalancer.tags, trigger) },
    trigger,
    window,
    episode: episode === null ? null : withoutSpan(episode),
    symptoms,
    ...risenRefusals(snapshot),
    verdict: concluded.verdict,
    findings,
    ...(snapshot.redacted === undefined ? {} : { redacted: snapshot.redacted }),
    changes,
    ...unjudged,
    timeline: timelineOf(snapshot, episode, withOwnBeginnings(concluded.findings, traffic)),
    circumstances: [
      ...circumstancesOf(snapshot, episode, (cause) => concluded.findings.some((one) => one.cause.id === cause)).filter(
        (one) => !isProof(one, concluded.findings),
      ),
      ...behindErrors(snapshot, episode, concluded.findings),
    ],
    ...logAdvice(snapshot, concluded.verdict.status),
    ruledOut: denials(verdicts, 'ruled-out'),
    notApplicable: denials(verdicts, 'not-applicable'),
    ...foundWithout(concluded.findings, unjudged, evidence),
    broken: verdicts.flatMap((verdict) =>
      verdict.is === 'broken' ? [{ cause: verdict.cause.id, error: verdict.error }] : [],
    ),
    coverage: {
      judged: verdicts.filter(({ is }) => is === 'found' || is === 'ruled-out' || is === 'not-applicable').length,
      of: verdicts.length,
      denied: deniedActions(snapshot),
      steps: stepsSeen(evidence, facts.moment),
    },
    ...recurrenceOf(snapshot),
    links: consoleLinks(question, ifSeen(evidence.targetGroups) ?? [], { findings, changes }),
    cost: snapshot.cost,
    topology: topologyOf(snapshot, concluded.findings, { status: concluded.verdict.status, episode }),
    ...(curve === undefined ? {} : { curve }),
    ...maintenanceOf(snapshot),
    ...(isLate(facts.moment) ? { readLate: true } : {}),
  };
  const isAskedAgain = trigger.state === 'OK' || trigger.kind === 'second-look';
  return toldByNames(isAskedAgain ? asRecovered(diagnosis) : diagnosis, evidence);
}

/** Calls that a finding tells of are its proof. */
function isProof({ from, at }: Citation<Text>, findings: readonly FindingWithShare[]): boolean {
  const proofs = findings.flatMap(({ found }) => found.because);
  return from === 'failedCalls' && proofs.some((proof) => proof.from === from && proof.at === at);
}

/** What helps only together, and what another finding knows to help. */
function withFixesOfOthers(
  findings: readonly FindingWithShare[],
  evidence: Snapshot['evidence'],
): readonly FindingWithShare[] {
  return withJointFixes(withSpotRemedies(withLentRollbacks(findings, ifSeen(evidence.targetGroupMetrics)), evidence));
}

/** The same fault again: the same load balancer, cause and target groups. */
function fingerprint(incidentKey: string, cause: CauseId | null, findings: readonly FindingWithShare[]): string {
  const groups = cause === null ? [] : (findings[0]?.found.affects.targetGroups ?? []);
  return [incidentKey, cause ?? 'none', ...groups.map(groupName).sort()].join('/');
}

/** What groups stand for that get requests: a finding says it of its own, and where there is none, nothing else would. */
function behindErrors({ evidence }: Snapshot, episode: Episode | null, findings: readonly FindingWithShare[]) {
  if (episode === null || findings.length > 0) return [];
  return clusterProofsOfGroups(routedGroups(ifSeen(evidence.listenerRules) ?? []), evidence);
}

/** The times before this one; the history holds this one, too, as soon as CloudWatch has written it. */
function recurrenceOf({ evidence, question: { trigger, at, asked } }: Snapshot): Pick<Diagnosis, 'recurrence'> {
  const history = ifSeen(evidence.alarmHistory);
  const then = trigger.at ?? asked?.to ?? at;
  const now = trigger.state === 'OK' ? (trigger.previousStateAt ?? then) : then;
  const before = (history?.alarmedAt ?? []).filter((on) => secondsBetween(on, now) > SAME_ALARM);
  const last = before.at(-1);
  return history === undefined || last === undefined
    ? {}
    : { recurrence: { count: before.length, since: history.from, last } };
}

/** The event and the history tell the same change within this many seconds of each other. */
const SAME_ALARM = 60;

/** So many ids of what was not seen are listed; the others are counted. */
const IDS_AT_MOST = 50;

function subjectOf({ question, evidence }: Snapshot): Subjected {
  const { arn, name, region, accountId, accountName } = question.subject;
  const dnsName = ifSeen(evidence.loadBalancer)?.dnsName;
  const tags = ifSeen(evidence.tags) ?? {};
  const own = tellingTags(tags[arn] ?? {});
  const ofGroups = tellingTags(Object.assign({}, ...Object.values(tags).reverse()));
  return {
    arn,
    name,
    region,
    accountId,
    ...(accountName === undefined ? {} : { accountName }),
    ...(dnsName === undefined ? {} : { dnsName }),
    tags: [...own, ...ofGroups.filter(({ key }) => !own.some((tag) => tag.key === key))],
  };
}

function withoutSpan({
  span: _span,
  grid: _grid,
  bursts: _bursts,
  earlier: _earlier,
  quiet: _quiet,
  ...rest
}: EpisodeSpan): Episode {
  return rest;
}

function denials(verdicts: readonly Verdict[], is: 'ruled-out' | 'not-applicable') {
  return verdicts.flatMap((verdict) =>
    verdict.is === is && 'because' in verdict ? [{ cause: verdict.cause.id, because: verdict.because }] : [],
  );
}

function deniedActions({ evidence }: Snapshot): readonly string[] {
  const actions = (Object.keys(evidence) as EvidenceKey[]).flatMap((key) => {
    const observed = evidence[key];
    const failures = observed.seen ? observed.gaps : [observed];
    return failures.flatMap(({ why, action }) => (why === 'denied' && action !== undefined ? [action] : []));
  });
  return [...new Set(actions)].sort();
}
