import type { AutoScalingGroup, ChangeEvent, Evidence, ScalingActivity, Target } from '../../../incident/evidence.ts';
import type { TargetRef } from '../../../incident/finding.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { code, count, listed, resource, text, time, verbatim } from '../../../incident/text.ts';
import { showActivities, whoCalled } from '../../../remedies/look.ts';
import { type AwsCall, look, type Remedy } from '../../../remedies/remedy.ts';
import { type EpisodeSpan, errorEpisode } from '../../../semantics/errors/episode.ts';
import { groupName, targetRef } from '../../../semantics/targets/targets.ts';
import { earliest, plusSeconds, secondsBetween } from '../../../semantics/time/minutes.ts';
import type { Found, Moment } from '../../cause.ts';

/** Instances that run again, or were replaced: what stopped them fell on the onset of the errors. */

interface Seen {
  readonly targetHealth: readonly Target[];
  readonly changes: Observed<Evidence['changes']>;
  readonly autoScalingGroups: Observed<Evidence['autoScalingGroups']>;
  readonly loadBalancerMetrics: Observed<Evidence['loadBalancerMetrics']>;
}

type StoppedFound = Found<'targetHealth', 'changes' | 'autoScalingGroups'>;

export function stoppedThen(seen: Seen, { window }: Moment): readonly StoppedFound[] {
  const metrics = ifSeen(seen.loadBalancerMetrics);
  const episode = metrics === undefined ? null : errorEpisode(metrics, window);
  if (episode === null) return [];
  const stops = (ifSeen(seen.changes) ?? []).filter((change) => isStop(change) && fallsOn(change.at, episode, MINUTE));
  return [
    ...stops.flatMap((stop) => byChange(stop, seen.targetHealth, episode)),
    ...(ifSeen(seen.autoScalingGroups) ?? []).flatMap((group) => byActivity(group, seen.targetHealth, episode)),
  ].slice(0, 1);
}

const MINUTE = 60;
/** So long before the first error it may have happened: connections that are open live on while an instance shuts down. */
const BEFORE = 300;
/** Auto Scaling acts when it has noticed. */
const NOTICED = 300;

function fallsOn(at: string, { onset }: EpisodeSpan, later: number): boolean {
  const seconds = secondsBetween(onset, at);
  return -BEFORE <= seconds && seconds <= later;
}

/** Auto Scaling terminates what it takes away on purpose: that is no fault of the instance. */
function isStop({ details, by, tool }: ChangeEvent): boolean {
  const ends = details.is === 'instances' && (details.does === 'stops' || details.does === 'terminates');
  return ends && !(by === 'service' && tool === null);
}

function byChange({ at, who, what, details }: ChangeEvent, all: readonly Target[], episode: EpisodeSpan) {
  const ids = details.is === 'instances' ? details.instanceIds : [];
  const hit = all.filter(({ id }) => ids.includes(id));
  const [first] = hit;
  if (first === undefined) return [];
  const names = [...new Set(hit.map(({ id }) => id))];
  const found: StoppedFound = {
    strength: strengthOf(hit.length, sameGroups(hit, all), episode),
    says: text`${listed(names.map(resource), 3)} ${names.length === 1 ? 'was' : 'were'} stopped at ${time(at)}, just before the errors began`,
    since: at,
    because: [
      { from: 'targetHealth', shows: text`${resource(first.id)} is ${code(first.state)} now` },
      { from: 'changes', shows: text`${code(who)} ${verbatim(what)}`, at },
    ],
    change: { at, who, what },
    affects: {
      targetGroups: [...new Set(hit.map(({ targetGroup }) => targetGroup))].sort(),
      targets: hit.map(targetRef),
    },
    explains: ['502', '503', '504'],
    fixes: [lookUp(whoCalled('StopInstances', plusSeconds(episode.onset, -3600)))],
    facts: { instances: names },
  };
  return [found];
}

function byActivity(group: AutoScalingGroup, all: readonly Target[], episode: EpisodeSpan): readonly StoppedFound[] {
  const replaced = group.activities.filter((activity) => isLoss(activity) && fallsOn(activity.at, episode, NOTICED));
  const [first] = replaced;
  const arns = group.targetGroups.filter((arn) => all.some(({ targetGroup }) => targetGroup === arn));
  const ids = [...new Set(replaced.flatMap(({ description }) => description.match(/\bi-\w+/g) ?? []))];
  if (first === undefined || arns.length === 0 || ids.length === 0) return [];
  const gone = ids.flatMap((id) => arns.map((targetGroup): TargetRef => ({ id, port: null, targetGroup })));
  const own = all.filter(({ targetGroup }) => arns.includes(targetGroup));
  return [
    {
      strength: strengthOf(gone.length, own.length, episode),
      says: text`${listed(ids.map(resource), 3)} stopped or went away: Auto Scaling group ${resource(group.name)} replaced ${ids.length === 1 ? 'it' : 'them'} at ${time(first.at)}`,
      since: earliest([first.at, episode.onset]) ?? first.at,
      because: [
        {
          from: 'targetHealth',
          shows: text`${listed(arns.map((arn) => resource(groupName(arn))))} ${arns.length === 1 ? 'has' : 'have'} ${count(own.length, 'target')} now`,
        },
        ...replaced
          .slice(0, 3)
          .map(({ at, cause }) => ({ from: 'autoScalingGroups' as const, shows: verbatim(cause), at })),
      ],
      affects: { targetGroups: arns, targets: gone },
      explains: ['502', '503', '504'],
      fixes: [lookUp(showActivities(group.name, 20))],
      facts: { instances: ids, autoScalingGroup: group.name },
    },
  ];
}

/** `… taken out of service in response to an EC2 health check indicating it has been terminated or stopped.` */
function isLoss({ cause }: ScalingActivity): boolean {
  return /terminated or stopped/i.test(cause);
}

function sameGroups(hit: readonly Target[], all: readonly Target[]): number {
  const groups = new Set(hit.map(({ targetGroup }) => targetGroup));
  return all.filter(({ targetGroup }) => groups.has(targetGroup)).length;
}

/** One of twenty that goes away does not make half of the requests fail. */
function strengthOf(hit: number, all: number, { errorShare }: EpisodeSpan): 'strong' | 'circumstantial' {
  const share = hit / Math.max(1, all, hit);
  return errorShare === null || errorShare <= 2 * share ? 'strong' : 'circumstantial';
}

function lookUp(run: AwsCall): Remedy {
  return look(text`find out why, so that it does not happen again`, run);
}
