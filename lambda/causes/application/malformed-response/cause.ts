import { ifSeen, isWhole, whyUnseen } from '../../../incident/observed.ts';
import { code, count, type Text, text, time } from '../../../incident/text.ts';
import { waysBack } from '../../../remedies/ecs-service.ts';
import { whatChangedBefore } from '../../../remedies/look.ts';
import { look, type Remedy } from '../../../remedies/remedy.ts';
import { rollout } from '../../../semantics/changes/change-kinds.ts';
import { primaryOf, servicesInUse } from '../../../semantics/ecs/services.ts';
import { withZeros } from '../../../semantics/errors/error-series.ts';
import { hadUnhealthy } from '../../../semantics/targets/health-history.ts';
import { sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import { groupsAskedIn } from '../../../semantics/traffic/target-traffic.ts';
import { assumption, strengthOfClaims } from '../../argue.ts';
import { defineCause, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { logProof } from '../../kit/log-proof.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { BEFORE, releaseBefore, releaseSaid } from './release.ts';

/** What breaks HTTP breaks it again: fewer requests than this may have failed of anything. */
const SOME = 3;
/** From this share of the 502s on, connections or handshakes that fail are what they are made of. */
const FEW = 0.1;

export default defineCause({
  id: 'malformed-response',
  needs: ['errors', 'targetHealth', 'targetGroups'],
  uses: ['targetGroupMetrics', 'routed', 'ecsServices', 'ecsTasks', 'changes', 'logEndings'],
  setOffBy: [rollout],
  inCluster: { see: ['logs'] },

  examine({ errors, targetHealth, targetGroups, routed, ...seen }) {
    const { episode, metrics, span } = errors;
    const errors502 = errors.count('502');
    if (episode === null || errors502 === 0) {
      return ruledOut(text`the load balancer answered no ${code(502)}`, 'loadBalancerMetrics');
    }
    if (errors502 < SOME) {
      const few = text`only ${count(errors502, 'request')} answered ${code('502')}: nothing shows that responses are malformed`;
      return notApplicable(few, 'loadBalancerMetrics');
    }
    const failed = (['TargetConnectionErrorCount', 'TargetTLSNegotiationErrorCount'] as const)
      .map((name) => sumOf(valuesIn(withZeros(metrics, name), span)) ?? 0)
      .reduce((sum, each) => sum + each);
    if (failed >= FEW * errors502) {
      return ruledOut(text`connections or TLS handshakes with targets failed`, 'loadBalancerMetrics');
    }
    const groups = targetGroups.filter(({ arn }) => routed.has(arn));
    // What a function answers in the wrong shape is a cause of its own.
    if (groups.some(({ targetType }) => targetType === 'lambda')) {
      return notApplicable(text`a function is among the targets`, 'targetGroups');
    }
    const all = groups.map(({ arn }) => arn);
    const arns = groupsAskedIn(all, ifSeen(seen.targetGroupMetrics), span);
    // What the release took away may still drain: it gets no new requests.
    const targets = targetHealth.filter(({ targetGroup, state }) => arns.includes(targetGroup) && state !== 'draining');
    const areSteady = targets.length > 0 && targets.every(({ state }) => state === 'healthy');
    if (!areSteady || hadUnhealthy(ifSeen(seen.targetGroupMetrics), arns, span)) {
      return ruledOut(text`targets did not stay healthy, or were registered or deregistered`);
    }

    const log = logProof(seen.logEndings, '502', arns, errors, { ending: 'bad-answer' });
    if (log.denies !== null) return log.denies;
    const services = ifSeen(seen.ecsServices) ?? [];
    const release = releaseBefore(episode.onset, services, ifSeen(seen.changes) ?? [], arns);
    if (release === undefined && !log.holds) {
      const open = (['changes', 'ecsServices'] as const).find((key) => !isWhole(seen[key]));
      if (open === undefined) return notApplicable(text`no release was seen just before the first ${code(502)}`);
      return unsure({
        ...{ evidence: open, detail: 'whether a release came before the errors' },
        ...whyUnseen(seen[open]),
      });
    }
    const { deployedAt, began, since, shown, change } = releaseSaid(release);
    const deployed = servicesInUse(services, ifSeen(seen.ecsTasks) ?? [], arns).filter(({ service }) =>
      began(primaryOf(service)?.createdAt),
    );
    const back = deployed.flatMap((inUse) => waysBack(inUse, [inUse.service.taskDefinition], episode.onset));
    return {
      is: 'found',
      findings: [
        {
          // What a target answered is in no metric: only the access log tells.
          strength: strengthOfClaims({
            proves: log,
            agrees: [assumption(false, text`the answers themselves`)],
          }),
          says: text`Targets of ${groupsSaid(arns)} ${log.holds ? 'send' : 'may have sent'} malformed HTTP responses${since}`,
          because: [
            citeAt(episode.onset)
              .loadBalancerMetrics`${count(errors502, 'request')} answered ${code(502)} since ${time(episode.onset)}, with ${notMade(failed)}`,
            cite.targetHealth`${targets.length === 1 ? 'the one target is' : text`${count(targets.length, 'target')} are`} healthy`,
            ...log.shows,
            ...shown,
          ],
          ...change,
          affects: { targetGroups: arns, targets: [] },
          explains: ['502'],
          fixes: [
            ...back.filter(isReady),
            look(
              text`read the access log, if it is on, for entries with ${code('elb_status_code')} 502 and ${code('target_status_code')} ${code('-')}: see which targets they name`,
            ),
            ...back.filter((way) => !isReady(way)),
            look(text`see what else changed before the errors`, whatChangedBefore(episode.onset, BEFORE)),
          ],
          facts: { errors: errors502, failedConnections: failed, releasedAt: deployedAt },
        },
      ],
    };
  },
});

function notMade(failed: number): Text {
  if (failed === 0) return text`no failed connection or TLS handshake`;
  return text`${count(failed, 'failed connection or TLS handshake', 'failed connections or TLS handshakes')}`;
}

/** A version to go back to is known; which one it was is found out after what tells whether that is the cause. */
const isReady = ({ changes, run }: Remedy): boolean => changes && run !== null;
