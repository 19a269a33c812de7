import type { Load } from '../../../computed/load.ts';
import type { TrafficByGroups } from '../../../computed/traffic.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { asQuoted, code, count, percentBelow, type Text, text, time } from '../../../incident/text.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix } from '../../../remedies/remedy.ts';
import { CPU_LIMIT } from '../../../semantics/load/cpu-saturation.ts';
import { limitReached } from '../../../semantics/load/target-load.ts';
import { groupsOf } from '../../../semantics/targets/targets.ts';
import { failedHandshakes } from '../../../semantics/traffic/failures-beside-timeouts.ts';
import { failedConnectionsTo, unansweredShare } from '../../../semantics/traffic/target-traffic.ts';
import { assumption, claim, doubtsIn, shownBy, strengthOfClaims } from '../../argue.ts';
import { type Found, type RestartWorth, type SeenBy, unsure } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { takenAway } from '../../kit/ecs-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { isMany } from './rivals.ts';

export const DUMP_THEN_RESTART = text`take a thread dump or a profile of one target, then restart the application on it`;

/** What a restart is worth to what hangs. */
export const ENDS_A_HANG: RestartWorth = {
  says: text`it ends a hang, but not a wait for a database or another service`,
  before: text`take a thread dump of one target, if that takes a minute at most`,
  inPlaceOf: 'by hand',
};

/** Where fewer of the requests than this waited in vain, only the health checks did. */
const FEW = 0.05;

const HUNG = text`accepted connections but did not answer`;

type Seen = SeenBy<never, 'takenTargets' | 'targetGroupMetrics'>;

/** Where no target of now is silent, of those that were taken away for it; `null` where none was. */
export function answerOfThen(seen: Seen, traffic: TrafficByGroups, load: Load) {
  const before = hungBefore(seen, traffic, load);
  if (before !== null) return { is: 'found' as const, findings: [before] };
  const gone = takenAway(seen.takenTargets, 'Target.Timeout');
  return gone === undefined ? null : unsure(gone);
}

/**
 * Targets that were taken away because their checks timed out, while requests to them waited in vain: every connection was
 * made, so the path was open, and nobody answered. What took their place tells nothing of them.
 */
function hungBefore(
  { takenTargets = [], targetGroupMetrics }: Seen,
  traffic: TrafficByGroups,
  load: Load,
): Found<'loadBalancerMetrics', 'ecsServices' | 'ecsTasks' | 'loadBalancerMetrics' | 'serviceMetrics'> | null {
  const groupMetrics = ifSeen(targetGroupMetrics);
  const silent = takenTargets.filter(({ reason }) => reason === 'Target.Timeout');
  const [first] = silent;
  const groups = groupsOf(silent);
  const errors = traffic.errorsOf(groups);
  const [errors504, { episode }] = [errors.count('504'), errors];
  const refused = failedConnectionsTo(groups, errors, groupMetrics);
  if (first === undefined || episode === null || errors504 === 0 || refused === null) return null;
  if (isMany(refused + failedHandshakes(errors.metrics, errors.span), errors504)) return null;
  const busy = load.of(silent, errors.span);
  if (limitReached(busy) !== null || unansweredShare(groups, errors, groupMetrics) < FEW) return null;
  const agrees = [
    claim(load.surges !== true),
    assumption(refused === 0, text`that all connections were made`),
    assumption(
      busy.cpu !== null,
      text`CPU`,
      cite.serviceMetrics`CPU at ${percentBelow((busy.cpu ?? 0) / 100, CPU_LIMIT / 100)}: not overloaded`,
    ),
    assumption(busy.memory !== null, text`memory`),
    assumption(busy.credits !== null, text`CPU credits`),
    assumption(load.surges !== null, text`the requests before`),
  ];
  const strength = strengthOfClaims({ agrees });
  const one = silent.length === 1;
  const all = takenTargets.filter(({ targetGroup }) => groups.includes(targetGroup)).length;
  return {
    strength,
    says: text`${one ? 'A target' : 'Targets'} of ${groupsSaid(groups)} ${strength === 'strong' ? HUNG : text`${one ? 'seems' : 'seem'} to have accepted connections without an answer`}, until ECS replaced ${one ? 'it' : 'them'}`,
    because: [
      citeAt(episode.onset)
        .loadBalancerMetrics`${count(errors504, 'request')} answered ${code(504)} since ${time(episode.onset)}${refused === 0 ? ', with no connection error: connections were made, and the path was open' : ''}`,
      {
        from: first.from,
        shows: text`ECS gave ${asQuoted(first.description ?? 'Request timed out')} as the reason why it replaced ${silent.length < all ? text`${silent.length} of ${count(all, 'target')}` : count(silent.length, 'target')} for failed health checks`,
        at: first.at,
      },
      ...shownBy(agrees),
      ...doubtsIn('loadBalancerMetrics', agrees),
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['504', '502'],
    fromAbsence: true,
    fixes: [
      fix(text`take a thread dump or a profile of the next one that hangs, before ECS replaces it`, {
        verify: showHealth(groups[0] ?? ''),
      }),
    ],
    facts: { targets: silent.map(({ id }) => id), connectionErrors: refused, cpu: busy.cpu, memory: busy.memory },
  };
}

/** As sure as it is. */
export function hangSaid(targets: number, decisive: boolean): Text {
  if (!decisive) return text`${targets === 1 ? 'seems' : 'seem'} to accept connections but not to answer`;
  return targets === 1 ? text`accepts connections but does not answer` : text`accept connections but do not answer`;
}
