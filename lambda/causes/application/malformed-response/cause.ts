import type { ChangeEvent, EcsService, EcsTask } from '../../../incident/evidence.ts';
import type { Change } from '../../../incident/finding.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, type Time, text, time, verbatim } from '../../../incident/text.ts';
import { rollBack } from '../../../remedies/ecs-service.ts';
import { whatChangedBefore } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { primaryOf, servicesInUse } from '../../../semantics/ecs/services.ts';
import { errorEpisode, errorsInEpisode } from '../../../semantics/errors/episode.ts';
import { errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { maxOf, secondsBetween, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { groupsInUse } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, foundOr, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { rollout } from '../../kit/changes.ts';

/** A release began at most so long before the first error: new targets are started and checked first. */
const BEFORE = 1800;
/** … and not later than in the minute of the first error. */
const AFTER = 60;
/** From this share of the 502s on, connections or handshakes that fail are what they are made of. */
const FEW = 0.1;

export default defineCause({
  id: 'malformed-response',
  needs: ['loadBalancerMetrics', 'targetHealth', 'targetGroups'],
  uses: ['targetGroupMetrics', 'listenerRules', 'ecsServices', 'ecsTasks', 'changes'],
  setOffBy: [rollout],
  inCluster: { see: ['logs'] },

  examine(seen, { window }) {
    const { loadBalancerMetrics: metrics, targetHealth, targetGroups, listenerRules, targetGroupMetrics } = seen;
    const episode = errorEpisode(metrics, window);
    const errors = episode === null ? 0 : errorsInEpisode(errorSeries(metrics), '502', episode);
    if (episode === null || errors === 0) {
      return ruledOut(text`the load balancer answered no ${code(502)}`, 'loadBalancerMetrics');
    }
    const failed = (['TargetConnectionErrorCount', 'TargetTLSNegotiationErrorCount'] as const).reduce(
      (sum, name) => sum + (sumOf(valuesIn(withZeros(metrics, name), episode.span)) ?? 0),
      0,
    );
    if (failed >= FEW * errors) {
      return ruledOut(text`connections or TLS handshakes with targets failed`, 'loadBalancerMetrics');
    }

    const inUse = groupsInUse({ targetGroups, listenerRules });
    const groups = targetGroups.filter(({ arn }) => inUse.includes(arn));
    // What a function answers in the wrong shape is a cause of its own.
    if (groups.some(({ targetType }) => targetType === 'lambda')) {
      return notApplicable(text`a function is among the targets`, 'targetGroups');
    }
    const arns = groups.map(({ arn }) => arn);
    // What the release took away may still drain: it gets no new requests.
    const targets = targetHealth.filter(({ targetGroup, state }) => arns.includes(targetGroup) && state !== 'draining');
    const failing = (ifSeen(targetGroupMetrics)?.of ?? []).some(
      ({ id, values }) =>
        arns.includes(id) && (maxOf(valuesIn(values['UnHealthyHostCount.max'], episode.span)) ?? 0) > 0,
    );
    if (failing || targets.length === 0 || targets.some(({ state }) => state !== 'healthy')) {
      return ruledOut(text`targets did not stay healthy, or came and went`);
    }

    const release = releaseIn(ifSeen(seen.ecsServices), ifSeen(seen.changes), arns, episode.onset);
    if (release === null) {
      for (const key of ['changes', 'ecsServices'] as const) {
        const observed = seen[key];
        if (observed.seen && observed.gaps.length === 0) continue;
        return unsure({
          evidence: key,
          why: observed.seen ? 'partial' : observed.why,
          detail: 'whether a release came before the errors',
        });
      }
      return notApplicable(text`no release was seen just before the first ${code(502)}`);
    }
    return foundOr(
      [
        {
          strength: 'circumstantial',
          says: text`Answers of ${listed(groups.map(({ name }) => resource(name)))} may break HTTP since a release`,
          because: [
            {
              from: 'loadBalancerMetrics',
              shows: text`${count(errors, 'request')} answered ${code(502)} since ${time(episode.onset)}, with ${failed === 0 ? 'no failed connection or TLS handshake' : count(failed, 'failed connection or TLS handshake', 'failed connections or TLS handshakes')}`,
              at: episode.onset,
            },
            {
              from: 'targetHealth',
              shows: text`${targets.length === 1 ? 'the one target is' : text`${count(targets.length, 'target')} are`} healthy`,
            },
            { from: release.from, shows: text`${release.shows} at ${time(release.at)}`, at: release.at },
          ],
          ...(release.change === null ? {} : { change: release.change }),
          affects: { targetGroups: arns, targets: [] },
          explains: ['502'],
          fixes: [
            ...waysBack(ifSeen(seen.ecsServices), ifSeen(seen.ecsTasks), arns, release),
            {
              does: text`read the access log, if it is written: a target is named, its status is ${code('-')}`,
              run: null,
              changes: false,
              undo: null,
              verify: null,
            },
            {
              does: text`see what else was changed before the errors`,
              run: whatChangedBefore(episode.onset, BEFORE),
              changes: false,
              undo: null,
              verify: null,
            },
          ],
          facts: { errors, failedConnections: failed, releasedAt: release.at },
        },
      ],
      text``,
    );
  },
});

interface Release {
  readonly at: Time;
  readonly from: 'ecsServices' | 'changes';
  readonly shows: Text;
  readonly change: Change | null;
}

function waysBack(
  services: readonly EcsService[] | undefined,
  tasks: readonly EcsTask[] | undefined,
  groups: readonly string[],
  release: Release,
): readonly Remedy[] {
  const now = servicesInUse(services ?? [], tasks ?? [], groups).filter(
    ({ service }) => primaryOf(service)?.createdAt === release.at,
  );
  return now.flatMap((inUse) => rollBack(inUse, [inUse.service.taskDefinition]));
}

/** The last release before the first error. */
function releaseIn(
  services: readonly EcsService[] | undefined,
  changes: readonly ChangeEvent[] | undefined,
  groups: readonly string[],
  onset: Time,
): Release | null {
  const ofServices = (services ?? [])
    .filter(({ targetGroups }) => targetGroups.some(({ arn }) => groups.includes(arn)))
    .flatMap(({ id, deployments }) =>
      deployments.flatMap(({ createdAt, taskDefinition }): readonly Release[] => {
        if (createdAt === null) return [];
        const what = taskDefinition === null ? text`` : text` of ${resource(taskDefinition)}`;
        return [
          { at: createdAt, from: 'ecsServices', shows: text`${resource(id)} began a deployment${what}`, change: null },
        ];
      }),
    );
  const ofChanges = (changes ?? [])
    .filter((change) => isRelease(change, groups))
    .map((change): Release => {
      const { at, who, what } = change;
      return { at, from: 'changes', shows: text`${code(who)} ${verbatim(what)}`, change: { at, who, what } };
    });
  const near = [...ofServices, ...ofChanges].filter(({ at }) => {
    const before = secondsBetween(at, onset);
    return before <= BEFORE && before >= -AFTER;
  });
  return near.reduce<Release | null>((last, one) => (last && secondsBetween(one.at, last.at) >= 0 ? last : one), null);
}

/** A change of size, or of the listener's other settings, releases nothing. */
function isRelease({ event, details, resources }: ChangeEvent, groups: readonly string[]): boolean {
  if (details.is === 'routing') {
    return details.to.some(({ targetGroup, weight }) => weight > 0 && groups.includes(targetGroup));
  }
  if (!resources.some((id) => groups.includes(id))) return false;
  if (event === 'UpdateService') {
    return details.is === 'settings' && ['taskDefinition', 'forceNewDeployment'].some((name) => name in details.set);
  }
  return event === 'StartInstanceRefresh';
}
