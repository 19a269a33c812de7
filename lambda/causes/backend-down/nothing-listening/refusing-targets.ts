import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, type Time, text } from '../../../incident/text.ts';
import { lookAtConsole } from '../../../remedies/host.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix, type Remedy } from '../../../remedies/remedy.ts';
import { SHUT_OFF } from '../../../semantics/network/shut-off.ts';
import { connects, faultSince, type Probe } from '../../../semantics/targets/application-checks.ts';
import { haveNeverBeenUp, isPastStartUp, type StartEvidence } from '../../../semantics/targets/start-up.ts';
import { groupsOf, portsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { accountsFor502s, hasFew504s } from '../../../semantics/traffic/refused-connections.ts';
import { type TargetTraffic, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { assumption, type Claim, claim, namesOfUnseen, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found, RestartWorth, SeenBy } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { datingSaid, probeSaid, probesSaid } from '../../kit/probe-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { type FirstStartSeen, failedFirstStart } from './first-start.ts';
import { lookForWhy, refusalsSaid } from './refusals.ts';

type Seen = StartEvidence & FirstStartSeen & SeenBy<'errors' | 'traffic' | 'paths', 'instanceMetrics'>;
type Cites =
  | TargetTraffic['from']
  | 'securityGroups'
  | 'applicationStatus'
  | 'instanceMetrics'
  | 'consoleOutput'
  | 'routeTables';

/** Targets that refuse their health checks, or EC2's own: what else speaks for it, and what does not. */
export function refusingTargets(
  targets: readonly Target[],
  probes: readonly Probe[],
  seen: Seen,
  at: Time,
): Found<'targetHealth', Cites | 'targetHealth'> {
  const groups = groupsOf(targets);
  const errors = seen.traffic.errorsOf(groups);
  const [errors502, errors504] = [errors.count('502'), errors.count('504')];
  const proofs = probes.filter(({ found }) => found === 'refused');
  const proven = new Set(proofs.map(({ target }) => target));
  const pastStartUp = targets.every((target) => isPastStartUp(target, at, errors.span.first, seen));
  const traffic = seen.traffic.of(groups, errors.span);
  const fits = accountsFor502s(traffic, errors502);
  const path = seen.paths.to(targets);
  // A probe that gets an answer there speaks against it.
  const answering = probes.find((probe) => connects(probe) && targets.includes(probe.target));

  const proves = claim<Cites>(pastStartUp && targets.every((target) => proven.has(target)), ...probesSaid(proofs));
  const agrees: readonly Claim<Cites>[] = [
    assumption<Cites>(
      fits,
      text`that requests are refused too`,
      fits && { from: traffic.from, shows: refusalsSaid(traffic, errors502, errors504) },
    ),
    assumption(
      path === 'open',
      text`that the network is open`,
      cite.securityGroups`security groups and network ACLs are open to ${targets.length === 1 ? 'the target' : 'the targets'}`,
    ),
    assumption(pastStartUp, text`whether they were ever healthy`),
    assumption(
      hasFew504s(errors504, errors502),
      text`${count(errors504, 'request')} answered 504, which a refusal is not`,
    ),
    answering ? assumption(false, text`that nothing listens there: ${probeSaid(answering)}`) : claim(true),
  ];
  const strength = strengthOfClaims({ proves, agrees });
  const doubts = strength === 'decisive' ? [] : namesOfUnseen(agrees);
  const since = strength === 'decisive' ? faultSince(proofs, ifSeen(seen.instanceMetrics)) : undefined;
  const ports = portsOf(targets);
  const instanceId = targets.find(({ id }) => id.startsWith('i-'))?.id;
  const names = targets.map(({ id }) => resource(id));
  const isFirstStart = haveNeverBeenUp(targets, seen);
  const firstStart = isFirstStart ? failedFirstStart(targets, seen) : null;
  return {
    strength,
    since,
    says: text`Nothing ${strength === 'circumstantial' ? 'seems to listen' : 'listens'} on port ${andList(ports.map(code))} of ${andList(names, 3)}${firstStart?.said ?? text``}`,
    because: [
      cite.targetHealth`${healthSaid(targets, proofs.length > 0)}`,
      ...(firstStart?.shows ?? []),
      ...shownBy([proves, ...agrees]),
      datingSaid(since, proofs),
      doubts.length > 0 && cite.targetHealth`not certain: ${andList(doubts)}`,
    ],
    affects: scopeOf(targets),
    explains: ['502'],
    // EC2 asked the port itself: what shuts the load balancer off has not closed it.
    // What refuses now does not do so for what has left.
    notOf: ['deployment-replacing-targets', ...(strength === 'decisive' ? SHUT_OFF : [])],
    restsOn: TRAFFIC_METRICS,
    fixes: firstStart?.fixes ?? [
      listenOn(targets),
      isFirstStart
        ? lookAtConsole(instanceId, text`see in the console output how the first start went (user data, cloud-init)`)
        : lookForWhy(instanceId),
    ],
    // What its first start has not done no other start does.
    restart: isFirstStart ? undefined : RESTART,
    facts: { ports, failedConnections: traffic?.failedConnections ?? null, errors502, path, pastStartUp },
  };
}

/** Where no count tells of requests: failing targets that EC2 was refused by itself. */
export function refusedByState(refused: readonly Probe[]): readonly Found<'targetHealth', Cites | 'targetHealth'>[] {
  const targets = [...new Set(refused.map(({ target }) => target))];
  const [names, ports] = [targets.map(({ id }) => resource(id)), portsOf(targets)];
  if (targets.length === 0) return [];
  return [
    {
      strength: 'decisive',
      says: text`Nothing listens on port ${andList(ports.map(code))} of ${andList(names, 3)}`,
      because: [cite.targetHealth`${healthSaid(targets, true)}`, ...probesSaid(refused)],
      affects: scopeOf(targets),
      explains: ['502'],
      notOf: ['deployment-replacing-targets'],
      fixes: [listenOn(targets), lookForWhy(targets.find(({ id }) => id.startsWith('i-'))?.id)],
      restart: RESTART,
      facts: { ports },
    },
  ];
}

function listenOn(targets: readonly Target[]): Remedy {
  const ports = andList(portsOf(targets).map(code));
  return fix(text`start what should listen on ${ports}, on 0.0.0.0 and not only on 127.0.0.1`, {
    verify: showHealth(targets[0]?.targetGroup ?? ''),
  });
}

const RESTART: RestartWorth = {
  says: text`only what starts with the system comes back, nothing that is started by hand`,
};

function healthSaid(targets: readonly Target[], probed: boolean): Text {
  const reasons = [...new Set(targets.map(({ state, reason }) => reason ?? state))].sort();
  const where = probed ? '' : ' on the very port that requests go to';
  return text`${count(targets.length, 'target')} of ${groupsSaid(groupsOf(targets))}: ${andList(reasons.map(code))}${where}`;
}
