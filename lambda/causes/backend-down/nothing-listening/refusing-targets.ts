import type { Errors } from '../../../computed/errors.ts';
import type { Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, type Time, text } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix } from '../../../remedies/remedy.ts';
import { connects, faultSince, type Probe } from '../../../semantics/targets/application-checks.ts';
import { groupName, groupsOf, portsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { type TargetTraffic, TRAFFIC_METRICS } from '../../../semantics/traffic/target-traffic.ts';
import { type Claim, namesOfUnseen, shownBy, strengthOfClaims } from '../../argue.ts';
import type { Found, SeenBy } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { probeSaid, probesSaid } from '../../kit/probe-words.ts';
import { accountsFor502s, hasFew504s, lookAtEnd, refusalsSaid } from './refusals.ts';
import { pastStartUp, type StartEvidence } from './start-up-grace.ts';

type Seen = StartEvidence & SeenBy<'errors' | 'traffic' | 'paths', 'instanceMetrics'>;
type Cites = TargetTraffic['from'] | 'securityGroups' | 'applicationStatus';

/** Targets that refuse their health checks, or EC2's own: what else speaks for it, and what does not. */
export function refusingTargets(
  targets: readonly Target[],
  probes: readonly Probe[],
  seen: Seen,
  at: Time,
): Found<'targetHealth', Cites | 'targetHealth'> {
  const proofs = probes.filter(({ found }) => found === 'refused');
  const proven = new Set(proofs.map(({ target }) => target));
  const started = targets.every((target) => pastStartUp(target, at, seen.errors.span.first, seen));
  const proves: Claim<Cites> = {
    holds: started && targets.every((target) => proven.has(target)),
    shows: probesSaid(proofs),
  };
  const own = seen.traffic.of(groupsOf(targets));
  const path = seen.paths.to(targets);
  const agrees: readonly Claim<Cites>[] = [
    requestsRefused(own, seen.errors),
    {
      holds: path === 'open' || 'unseen',
      named: text`that the network is open`,
      shows: [path === 'open' && { from: 'securityGroups', shows: OPEN }],
    },
    { holds: started || 'unseen', named: text`whether they were ever up`, shows: [] },
    {
      holds: hasFew504s(seen.errors) || 'unseen',
      named: text`${count(seen.errors.count('504'), 'request')} answered 504, which a refusal is not`,
      shows: [],
    },
    noneAnswers(probes, new Set(targets)),
  ];
  const strength = strengthOfClaims({ proves, agrees });
  const doubts = strength === 'decisive' ? [] : namesOfUnseen(agrees);
  const ports = portsOf(targets);
  const names = listed(
    targets.map(({ id }) => resource(id)),
    3,
  );
  return {
    strength,
    since: strength === 'decisive' ? faultSince(proofs, ifSeen(seen.instanceMetrics)) : undefined,
    says: text`Nothing ${strength === 'circumstantial' ? 'seems to listen' : 'listens'} on port ${listed(ports.map(code))} of ${names}`,
    because: [
      { from: 'targetHealth', shows: healthSaid(targets, proofs.length > 0) },
      ...shownBy([proves, ...agrees]),
      doubts.length > 0 && cite.targetHealth`not certain: ${listed(doubts)}`,
    ],
    affects: scopeOf(targets),
    explains: ['502'],
    restsOn: TRAFFIC_METRICS,
    fixes: [
      fix(text`start what should listen on ${listed(ports.map(code))}, on 0.0.0.0 and not only on 127.0.0.1`, {
        verify: showHealth(targets[0]?.targetGroup ?? ''),
      }),
      lookAtEnd(targets.find(({ id }) => id.startsWith('i-'))?.id),
    ],
    facts: {
      ports,
      failedConnections: own?.failedConnections ?? null,
      errors502: seen.errors.count('502'),
      path,
      pastStartUp: started,
    },
  };
}

const OPEN = text`security groups and network ACLs are open to them`;

function requestsRefused(traffic: TargetTraffic | null, errors: Errors): Claim<Cites> {
  const fits = accountsFor502s(traffic, errors);
  const shows = fits && { from: traffic.from, shows: refusalsSaid(traffic, errors.count('502'), errors.count('504')) };
  return { holds: fits || 'unseen', named: text`that requests are refused too`, shows: [shows] };
}

/** A probe that gets an answer there speaks against it. */
function noneAnswers(probes: readonly Probe[], refusing: ReadonlySet<Target>): Claim<never> {
  const answering = probes.find((probe) => connects(probe) && refusing.has(probe.target));
  const named = answering && text`that nothing listens there: ${probeSaid(answering)}`;
  return { holds: answering === undefined || 'unseen', named, shows: [] };
}

function healthSaid(targets: readonly Target[], probed: boolean): Text {
  const reasons = [...new Set(targets.map(({ state, reason }) => reason ?? state))].sort();
  const groups = listed(groupsOf(targets).map((arn) => resource(groupName(arn))));
  const where = probed ? '' : ' on the very port that requests go to';
  return text`${count(targets.length, 'target')} of ${groups}: ${listed(reasons.map(code))}${where}`;
}
