import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, percentBelow, resource, type Text, text, time } from '../../../incident/text.ts';
import { restartPods } from '../../../remedies/kubernetes/pod-remedies.ts';
import { mendByHand } from '../../../remedies/target-group.ts';
import { rollout } from '../../../semantics/changes/change-kinds.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import { CPU_LIMIT } from '../../../semantics/load/cpu-saturation.ts';
import { areDisksSeen, disksAtLimit } from '../../../semantics/load/disk-limits.ts';
import { targetsWithoutInterface } from '../../../semantics/network/targets-without-interface.ts';
import { faultSince } from '../../../semantics/targets/application-checks.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { failedConnectionsTo } from '../../../semantics/traffic/target-traffic.ts';
import { assumption, claim, doubtsIn, shownBy, strengthOfClaims } from '../../argue.ts';
import { defineCause, oneFinding, ruledOut, unsure } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { disksSaid } from '../../kit/disk-words.ts';
import { roomClaim } from '../../kit/load-words.ts';
import { datingSaid, probesSaid } from '../../kit/probe-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { answerOfThen, DUMP_THEN_RESTART, ENDS_A_HANG, hangSaid } from './hung-before.ts';
import { hangingGroups, isMany, rivalOf, withoutHealthy } from './rivals.ts';

export default defineCause({
  id: 'unresponsive-backend',
  needs: ['targetHealth', 'targetGroups', 'errors', 'traffic', 'paths', 'load'],
  uses: ['routed', 'targetGroupMetrics', 'instanceMetrics', 'probes', 'targetInterfaces', 'ecsTasks', 'takenTargets'],
  breaksHealthChecks: true,
  causes: ['no-registered-targets'],
  setOffBy: [rollout],
  fromHealthChecks: true,
  inCluster: { mends: [restartPods], see: ['logs', 'restarts'] },

  examine({ targetHealth, errors: all5xx, traffic, paths, load, routed, probes, ...seen }) {
    const allSilent = targetHealth.filter(({ reason }) => reason === 'Target.Timeout');
    if (allSilent.length === 0) {
      const none = ruledOut(text`no health check ends in ${code('Target.Timeout')}`, 'targetHealth');
      return answerOfThen(seen, traffic, load) ?? none;
    }

    const groups = hangingGroups(allSilent, { traffic, paths, load, byGroup: ifSeen(seen.targetGroupMetrics) });
    const silent = allSilent.filter(({ targetGroup }) => groups.includes(targetGroup));
    const errors = traffic.errorsOf(groups);
    const errors504 = errors.count('504');
    const refused = failedConnectionsTo(groups, errors, ifSeen(seen.targetGroupMetrics));
    if (refused !== null && isMany(refused, errors504)) {
      return ruledOut(text`connections to the failing targets fail: ${count(refused, 'connection error')}`);
    }
    const gone = targetsWithoutInterface(silent, seen.targetInterfaces, seen.ecsTasks);
    const there = silent.filter((target) => !gone.has(target));
    // Where requests wait and every connection was made, somebody is there, whatever this account sees of it.
    const hanging = there.length === 0 && refused === 0 && errors504 > 0 ? withoutHealthy(silent, targetHealth) : there;
    const ids = hanging.map(({ id }) => id);
    if (hanging.length === 0) {
      const detail = 'no network interface that this account sees holds the silent targets';
      return unsure({ evidence: 'targetInterfaces', why: 'partial', detail, ids: silent.map(({ id }) => id) });
    }
    const [path, busy] = [paths.to(hanging), load.of(hanging, errors.span)];
    const rival = rivalOf({ hanging, groups, path, busy }, targetHealth, routed, errors);
    if (rival !== null) return ruledOut(rival);

    const asked = probes.of(hanging);
    const hung = asked.filter(({ found }) => found === 'hung');
    const others = asked.filter((probe) => !hung.includes(probe));
    const disks = disksAtLimit(ids, ifSeen(seen.instanceMetrics), errors.span);
    const proven = hanging.every((target) => hung.some((probe) => probe.target === target)) && busy.cpu !== null;
    const symptoms = [
      claim(others.length === 0, ...probesSaid([...hung, ...others])),
      claim(disks.length === 0, ...disksSaid(disks)),
      claim(errors504 > 0),
      roomClaim(hanging, load, errors.span),
      claim(load.surges === false),
    ];
    const open = assumption(
      path === 'open',
      text`the network path`,
      cite.securityGroups`security groups and network ACLs are open to ${hanging.length === 1 ? 'the target' : 'the targets'}`,
    );
    const made = assumption(
      refused === 0,
      text`that all connections are made`,
      cite.loadBalancerMetrics`no connection error${waitingSaid(errors504, errors.episode)}: connections are made`,
    );
    const idle = cite.instanceMetrics`CPU at ${percentBelow((busy.cpu ?? 0) / 100, CPU_LIMIT / 100)}: not overloaded`;
    const rest = [
      assumption(busy.cpu !== null, text`CPU`, idle),
      assumption(busy.memory !== null, text`memory`),
      assumption(areDisksSeen(hanging, ifSeen(seen.instanceMetrics), errors.span), text`disks`),
      assumption(busy.credits !== null, text`CPU credits`),
      assumption(load.surges !== null, text`the requests before`),
    ];
    const decisive = proven && symptoms.every(({ holds }) => holds);
    const agrees = [...symptoms, open, made, ...rest];
    const since = proven ? faultSince(hung, ifSeen(seen.instanceMetrics)) : undefined;
    return oneFinding({
      strength: strengthOfClaims({ proves: claim(decisive), agrees }),
      says: text`${count(ids.length, 'target')} of ${groupsSaid(groups)} ${hangSaid(ids.length, decisive)}`,
      since,
      because: [
        cite.targetHealth`health checks of ${andList(ids.map(resource))} end in ${code('Target.Timeout')}`,
        ...shownBy([...symptoms, made, open, ...rest]),
        datingSaid(since, hung),
        ...(decisive ? [] : doubtsIn('targetHealth', agrees)),
      ],
      affects: scopeOf(hanging),
      explains: ['504', '502'],
      fromAbsence: true,
      fixes: [mendByHand(groups[0] ?? '', undefined, DUMP_THEN_RESTART)],
      restart: ENDS_A_HANG,
      facts: { targets: ids, connectionErrors: refused, cpu: busy.cpu, memory: busy.memory },
    });
  },
});

function waitingSaid(errors504: number, episode: EpisodeSpan | null): Text {
  if (errors504 === 0 || episode === null) return text``;
  return text`, while ${count(errors504, 'request')} got ${code(504)} since ${time(episode.onset)}`;
}
