import type { Errors } from '../../../computed/errors.ts';
import type { Target, Values } from '../../../incident/evidence.ts';
import { andList, code, count, formatNumber, resource, type Text, text, time } from '../../../incident/text.ts';
import { awaitHealth, readyBeforeRequests } from '../../../remedies/target-group.ts';
import { baselineOf, type EpisodeSpan } from '../../../semantics/errors/episode.ts';
import {
  COINCIDES,
  type ErrorsOfLaunch,
  type LaunchReadiness,
  READY_WITHIN,
} from '../../../semantics/targets/launches.ts';
import type { TargetWave } from '../../../semantics/targets/target-waves.ts';
import { codesIn, scopeOf } from '../../../semantics/targets/targets.ts';
import { meanOf, type Span, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { groupsSaid } from '../../kit/target-words.ts';

/** So many times the requests of the hour before may well be why there are new targets. */
const SURGE = 1.5;
/** Requests are not dealt out evenly: new targets may get so many times their share of them. */
const UNEVEN = 1.5;

type LaunchFound = Found<
  'loadBalancerMetrics',
  'loadBalancerMetrics' | 'targetHealth' | TargetWave['from'] | 'targetGroupMetrics'
>;

interface Seen {
  readonly targetHealth: readonly Target[];
  /** Those that are not healthy because they start. */
  readonly awaited: readonly Target[];
  readonly errors: Errors;
  readonly episode: EpisodeSpan;
}

/** More requests than before are a reason of their own, both for errors and for new targets; so they may be where it was not seen. */
function maySurge(requests: Values, { first }: Span, episode: EpisodeSpan): boolean {
  const now = meanOf(valuesIn(requests, { first: first - 1, last: first + 2 }));
  const before = baselineOf(requests, episode);
  return now === null || before === null || now >= SURGE * before;
}

/** How one knows that the errors end with its readiness. */
function readySaid(readiness: LaunchReadiness, awaited: readonly Target[]) {
  if (readiness === 'reached') {
    return cite.targetGroupMetrics`one more target was healthy within ${READY_WITHIN} minutes of the last error`;
  }
  const states = [...new Set(awaited.map(({ state }) => state))].sort();
  return awaited.length === 1
    ? cite.targetHealth`the new target ${resource(awaited[0]?.id ?? '')} is still ${andList(states.map(code))}, and the errors go on`
    : cite.targetHealth`${count(awaited.length, 'new target')} are still ${andList(states.map(code))}, and the errors go on`;
}

/** `null` where what failed is nothing that new targets make. */
export function launchFinding(
  began: ErrorsOfLaunch,
  readiness: LaunchReadiness,
  { targetHealth, awaited, errors, episode }: Seen,
): LaunchFound | null {
  const { launch, launches, burst, others, someLeft } = began;
  const { at, from, by, targetGroups } = launch;
  const times = [...new Set(launches.map((one) => one.at))].sort();
  const [first = at] = times;
  const launched = launches.reduce((sum, one) => sum + one.count, 0);
  const isOfLaunch = ({ targetGroup }: Target) => targetGroups.includes(targetGroup);
  const ofLaunch = awaited.filter(isOfLaunch);
  const own = ownErrors(began, ofLaunch, targetHealth.filter(isOfLaunch).length, errors);
  const byLoadBalancer = errors.count('502', '503');
  const isOwn = own.count > 0 && own.fits && (own.telling || readiness === 'reached');
  // That errors end with its readiness is little for answers that an application may give at any time.
  const isSure = byLoadBalancer >= own.count || (isOwn && own.telling);
  if (!isOwn && byLoadBalancer === 0) return null;
  const mayBeCut = someLeft && errors.count('502', '504') > 0;
  return {
    strength: isSure && !mayBeCut && !maySurge(errors.requests, burst, episode) ? 'strong' : 'circumstantial',
    says: text`${count(launched, 'new target')} of ${groupsSaid(targetGroups)} got requests before ${launched === 1 ? 'it was' : 'they were'} ready`,
    since: first,
    happened: { first, last: at },
    because: [
      citeAt(episode.onset).loadBalancerMetrics`the errors began at ${time(episode.onset)}`,
      {
        from,
        shows: text`${count(launched, 'target')} of ${resource(by)} started at ${andList(times.map(time), 5)}`,
        at: first,
      },
      readySaid(readiness, ofLaunch),
      others > 0 &&
        cite.loadBalancerMetrics`${others === 1 ? 'one burst' : text`each of ${others} bursts`} of errors before also began within ${COINCIDES} minutes of a launch`,
      ...(isOwn ? own.shows : []),
    ],
    affects: { targetGroups, targets: scopeOf(ofLaunch).targets },
    explains: isOwn ? ['502', '503', 'target5xx'] : ['502', '503'],
    causes: isOwn ? ['target-returns-5xx'] : [],
    fixes: [readyBeforeRequests(targetGroups[0] ?? ''), awaitHealth(targetGroups[0] ?? '')],
    facts: { launched, by },
  };
}

/** What targets answered themselves, and whether new ones can have made it. */
function ownErrors(
  { launch, burst, others }: ErrorsOfLaunch,
  ofLaunch: readonly Target[],
  all: number,
  { series, requests }: Errors,
) {
  const answers = ownAnswers(ofLaunch);
  const byTargets = sumOf(valuesIn(series.target5xx, burst)) ?? 0;
  const asked = sumOf(valuesIn(requests, burst));
  return {
    count: byTargets,
    /** No more than what these targets can have got of the requests. */
    fits: asked !== null && byTargets * all <= UNEVEN * Math.max(launch.count, ofLaunch.length) * asked,
    telling: answers !== null || others > 0,
    shows: [
      answers !== null && cite.targetHealth`${answersSaid(ofLaunch, answers, all)}`,
      cite.loadBalancerMetrics`targets answered ${formatNumber(byTargets)} of ${count(asked ?? 0, 'request')} with 5xx, and ${launch.count} of ${count(all, 'target')} ${launch.count === 1 ? 'is' : 'are'} new`,
    ],
  };
}

/** The 5xx codes with which all of them answer their health checks; `null` where one does not. */
function ownAnswers(targets: readonly Target[]): readonly number[] | null {
  const codes = targets.map(({ description }) => codesIn(description).filter((status) => status >= 500));
  return targets.length > 0 && codes.every((of) => of.length > 0) ? [...new Set(codes.flat())] : null;
}

function answersSaid(targets: readonly Target[], codes: readonly number[], all: number): Text {
  const rest = all - targets.length;
  const others =
    rest === 0
      ? ''
      : text`; ${rest === 1 ? 'the other target does not fail' : text`none of the ${rest} other targets fails`}`;
  return text`${andList(targets.map(({ id }) => resource(id)))} ${targets.length === 1 ? 'answers' : 'answer'} health checks with ${andList(codes.map(code))} as well${others}`;
}
