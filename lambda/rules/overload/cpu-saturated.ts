import type { ErrorKind } from '../../incident/cause.ts';
import type { Target } from '../../incident/evidence.ts';
import { ifSeen } from '../../incident/observed.ts';
import { count, listed, percent, resource, type Text, text, time } from '../../incident/text.ts';
import { type Cpu, cpuIn } from '../../semantics/cpu.ts';
import { type EpisodeSpan, errorEpisode } from '../../semantics/episode.ts';
import { type Span, spanOf, timeOf } from '../../semantics/minutes.ts';
import { routedGroups } from '../../semantics/routing.ts';
import { AT_LIMIT, type Saturation, saturationIn } from '../../semantics/saturation.ts';
import { affecting, codesIn, failsChecks, groupName, groupsOf, usable } from '../../semantics/targets.ts';
import { moreTargets } from '../capacity.ts';
import { grouped } from '../dropped.ts';
import { defineRule, type Found, foundOr, notApplicable, ruledOut, unsure } from '../rule.ts';

/** Targets that bore it for longer than this without an error are not why errors began. */
const LONG_BORNE = 60;

export const cpuSaturated = defineRule({
  id: 'cpu-saturated',
  category: 'overload',
  title: 'Targets are at the limit of their CPU',
  explains: `Targets whose CPU is at its limit answer late or not at all: requests wait until the idle timeout (504), connections
are cut or dropped (502), the application's own timeouts answer 5xx, health checks fail and take targets away from the others, which get
more to do.`,
  proof: `At least half of a group's targets, the failing ones among them, were at 90 % CPU or more for minutes, reached in the hour before the
errors or as they began: strong. Later, or on a few targets only: circumstantial.`,
  resembles: `When some targets are lost, the others get their requests, and their CPU rises after the errors began: then that loss is the
cause. A surge of traffic (\`traffic-surge\`) or burst credits that ran out (\`cpu-credits-exhausted\`) may stand behind it. Failing
health checks alone do not raise CPU.`,
  prevention: `Target tracking on CPU well below the limit, and an alarm at 80 %. Detailed monitoring, so that minutes are seen.
Shed load in the application before its CPU is gone.`,
  docs: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html',
  ],
  needs: ['targetHealth', 'loadBalancerMetrics'],
  uses: [
    'instanceMetrics',
    'serviceMetrics',
    'targetInterfaces',
    'tags',
    'listenerRules',
    'instances',
    'autoScalingInstances',
  ],
  causes: [
    'unresponsive-backend',
    'slower-than-idle-timeout',
    'health-check-timeout-too-short',
    'health-check-code-mismatch',
    'target-returns-5xx',
  ],

  examine(seen, { window }) {
    const { targetHealth, loadBalancerMetrics } = seen;
    const routed = ifSeen(seen.listenerRules) && routedGroups(ifSeen(seen.listenerRules) ?? []);
    const targets = targetHealth.filter(
      (target) => usable(target) && !target.id.startsWith('arn:') && (routed?.includes(target.targetGroup) ?? true),
    );
    if (targets.length === 0)
      return notApplicable(text`no target that gets requests has a CPU to look at`, 'targetHealth');

    const episode = errorEpisode(loadBalancerMetrics, window);
    const span = episode?.span ?? spanOf(loadBalancerMetrics.grid, window.from, window.to);
    const cpuOf = cpuIn(seen);
    const loaded = targets.map((target): Loaded => {
      const cpu = cpuOf(target);
      return { target, cpu, saturation: saturationIn(cpu?.values, span) };
    });
    const findings = grouped(loaded, ({ target }) => target.targetGroup).flatMap((group) =>
      judgedGroup(group, episode, span),
    );
    if (findings.length === 0) return denied(loaded);
    return foundOr(
      findings.map(({ hot, since, strong, of }): Found<'loadBalancerMetrics' | 'targetHealth', Cites> => {
        const most = Math.max(...hot.map(({ saturation }) => saturation.highest));
        const names = [...new Set(hot.map(({ cpu }) => cpu.of))].map((id) => resource(id));
        const [first, ...rest] = hot;
        return {
          strength: strong ? 'strong' : 'circumstantial',
          says: headline([first.target, ...rest.map(({ target }) => target)], of),
          since: timeOf(loadBalancerMetrics.grid, since),
          because: [
            episode === null
              ? { from: 'targetHealth', shows: text`${count(hot.length, 'target')} of the group can get requests` }
              : {
                  from: 'loadBalancerMetrics',
                  shows: text`the errors began at ${time(episode.onset)}`,
                  at: episode.onset,
                },
            {
              from: first.cpu.from,
              shows: text`CPU of ${listed(names)} at ${AT_LIMIT} % or more from ${time(timeOf(loadBalancerMetrics.grid, since))} on, up to ${percent(Math.min(1, most / 100))}`,
              at: timeOf(loadBalancerMetrics.grid, since),
            },
            ...(first.saturation.coarse
              ? [
                  {
                    from: first.cpu.from,
                    shows: text`in datapoints of five minutes: the order of things is known no better`,
                  },
                ]
              : []),
          ],
          affects: affecting(hot.map(({ target }) => target)),
          explains: EXPLAINED,
          fixes: moreTargets(
            hot.map(({ target }) => target),
            seen,
          ),
          facts: { saturated: hot.length, of, highest: most },
        };
      }),
      text``,
    );
  },
});

type Cites = 'loadBalancerMetrics' | 'targetHealth' | 'instanceMetrics' | 'serviceMetrics';

const EXPLAINED: readonly ErrorKind[] = ['502', '503', '504', 'target5xx'];

interface Loaded {
  readonly target: Target;
  readonly cpu: Cpu | undefined;
  readonly saturation: Saturation | null | undefined;
}

interface Hot extends Loaded {
  readonly cpu: Cpu;
  readonly saturation: Saturation;
}

function isHot(loaded: Loaded): loaded is Hot {
  return loaded.cpu !== undefined && loaded.saturation !== null && loaded.saturation !== undefined;
}

function headline(hot: readonly [Target, ...Target[]], of: number): Text {
  const [first] = hot;
  const group = resource(groupName(first.targetGroup));
  if (hot.length === 1)
    return text`${resource(first.id)}, ${of === 1 ? 'the only target' : `1 of ${of} targets`} of ${group}, is at the limit of its CPU`;
  return text`${hot.length === of ? (of === 2 ? 'Both' : `All ${of}`) : `${hot.length} of ${of}`} targets of ${group} are at the limit of their CPU`;
}

/** Saturation makes a group fail when it is that of most of it, and of whatever fails its health checks there. */
function judgedGroup(group: readonly Loaded[], episode: EpisodeSpan | null, span: Span) {
  const hot = group.filter(isHot);
  const known = group.filter(({ saturation }) => saturation !== undefined);
  const inTime = hot.filter(({ saturation }) => episode !== null && reachedBefore(saturation, episode));
  const early = new Set<Loaded>(inTime);
  const failing = group.filter(({ target }) => failsChecks(target));
  const strong =
    inTime.length > 0 &&
    2 * inTime.length >= known.length &&
    failing.every((one) => early.has(one) && !answersOtherwise(one.target)) &&
    inTime.some(
      ({ saturation }) => 2 * (Math.min(saturation.last, span.last) - span.first + 1) >= span.last - span.first,
    );
  const [first, ...rest] = strong ? inTime : hot;
  if (first === undefined) return [];
  const since = Math.min(first.saturation.first, ...rest.map(({ saturation }) => saturation.first));
  return [{ hot: [first, ...rest] as const, since, strong, of: group.length }];
}

/**
 * Before or at the onset, and not for long before. A mean over five minutes must begin before the onset: one that begins
 * with it may be what the loss of other targets brought. Of an episode older than what was read, nobody knows the order.
 */
function reachedBefore({ first, coarse }: Saturation, { span, older }: EpisodeSpan): boolean {
  return !older && first <= span.first + (coarse ? -1 : 1) && first >= span.first - LONG_BORNE;
}

/** An application that answers its health check with a redirect or 404 is not too busy to answer. */
function answersOtherwise({ reason, description }: Target): boolean {
  const codes = codesIn(description);
  return (
    reason === 'Target.ResponseCodeMismatch' &&
    codes.length > 0 &&
    codes.every((status) => status < 500 && status !== 429)
  );
}

function denied(loaded: readonly Loaded[]) {
  const blind = loaded.filter(({ saturation }) => saturation === undefined);
  // Of many healthy targets only some are asked about: those speak for their group; a failing one speaks for itself.
  const spoken = new Set(
    loaded.filter(({ saturation }) => saturation !== undefined).map(({ target }) => target.targetGroup),
  );
  const open = blind.filter(({ target }) => failsChecks(target) || !spoken.has(target.targetGroup));
  if (open.length === 0) {
    return ruledOut(
      text`no target of ${listed(groupsOf(loaded.map(({ target }) => target)).map((arn) => resource(groupName(arn))))} stayed at ${AT_LIMIT} % CPU`,
    );
  }
  return unsure({
    evidence: 'instanceMetrics',
    why: 'partial',
    ids: open.slice(0, 50).map(({ target }) => target.id),
    detail: `no CPU was seen of ${count(open.length, 'target')}`,
  });
}
