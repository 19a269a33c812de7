import type { Strength } from '../../../incident/cause.ts';
import type { EcsTask, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, count, resource, text, time } from '../../../incident/text.ts';
import type { StaleAddress } from '../../../semantics/network/stale-addresses.ts';
import { groupName, isUsable, scopeOf, targetsOf } from '../../../semantics/targets/targets.ts';
import { failedConnectionsTo } from '../../../semantics/traffic/target-traffic.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { holdersSaid, whySaid } from './holder-words.ts';
import { type KeeperSeen, keeperOf } from './keeper.ts';

type Cites =
  | 'targetHealth'
  | 'targetInterfaces'
  | 'subnets'
  | 'ecsTasks'
  | 'loadBalancerMetrics'
  | 'failedCalls'
  | 'tags';

const STRENGTH_ORDER: readonly Strength[] = ['decisive', 'strong', 'circumstantial'];

/** The addresses of one group behind which it is not any more: those of which most is known. */
export function staleGroup(
  arn: string,
  all: readonly StaleAddress[],
  targetHealth: readonly Target[],
  seen: KeeperSeen,
): Found<'targetHealth', Cites> {
  const tasks = ifSeen(seen.ecsTasks) ?? [];
  const own = all.filter(({ target }) => target.targetGroup === arn);
  const known = own.map((one) => ({ ...one, task: stoppedTaskAt(one.target.id, tasks) }));
  const best = STRENGTH_ORDER.find((strength) => known.some((one) => strengthOf(one) === strength)) ?? 'circumstantial';
  const told = known.filter((one) => strengthOf(one) === best);
  const targets = told.map(({ target }) => target);
  const others = targetsOf(targetHealth, arn).filter((one) => isUsable(one) && !targets.includes(one));
  const doubt = doubtOf(arn, told, others, seen);
  const keeper = keeperOf(arn, targets, others, seen);
  const reasons = [...new Set(targets.flatMap(({ reason }) => reason ?? []))].sort();
  const stopped = told.flatMap(({ target, task }) => (task === undefined ? [] : [{ target, task }]));
  return {
    strength: doubt === null ? best : 'circumstantial',
    says: text`${whySaid(told)}, still registered with ${resource(groupName(arn))}${keeper.inShort}`,
    since: stopped.length === targets.length ? latestStop(stopped) : undefined,
    because: [
      cite.targetHealth`${andList(targets.map(({ id }) => resource(id)))} of ${resource(groupName(arn))}: ${andList(reasons.map(code))}`,
      ...holdersSaid(told),
      ...stopped
        .slice(0, 4)
        .map(
          ({ target, task }) =>
            citeAt(task.stoppedAt)
              .ecsTasks`${resource(target.id)} was the address of a task of ${resource(task.service)} that stopped${task.stoppedAt === null ? '' : text` at ${time(task.stoppedAt)}`}`,
        ),
      ...keeper.because,
      doubt,
    ],
    affects: scopeOf(targets),
    // What makes none of them may be true all the same: it is told after what does.
    explains: doubt === null ? ['502', '503', '504'] : [],
    fixes: keeper.fixes,
    facts: { stale: targets.map(({ id }) => id), why: told.map(({ why }) => why.is), left: others.length },
  };
}

type Known = StaleAddress & { readonly task: EcsTask | undefined };

/** What refuses a connection is somebody: unless a task had the address, this account may not see who. */
function strengthOf({ why, task }: Known): Strength {
  if (why.is === 'in-no-subnet') return 'strong';
  if (why.is !== 'unheld' || why.silent) return 'decisive';
  return task === undefined ? 'circumstantial' : 'strong';
}

function stoppedTaskAt(address: string, tasks: readonly EcsTask[]): EcsTask | undefined {
  return tasks.findLast(({ status, addresses }) => status === 'STOPPED' && addresses.includes(address));
}

/** The last of them went then: from then on none was left. */
function latestStop(stopped: readonly { readonly task: EcsTask }[]) {
  const times = stopped.flatMap(({ task }) => task.stoppedAt ?? []).sort();
  return times.length === stopped.length ? times.at(-1) : undefined;
}

/**
 * Where nobody is, no connection is made. While healthy targets are left, the others get no requests: then the errors are
 * theirs only where as many connections failed.
 */
function doubtOf(
  arn: string,
  told: readonly Known[],
  others: readonly Target[],
  { errors, targetGroupMetrics }: KeeperSeen,
) {
  if (errors === undefined || errors.episode === null || errors.episode.of !== 'errors') return null;
  const failed = failedConnectionsTo([arn], errors, ifSeen(targetGroupMetrics));
  const made = errors.count('502', '504');
  if (made === 0) return null;
  const healthy = others.filter(({ state }) => state === 'healthy').length;
  const served = text`not certain: ${count(healthy, 'target')} of the group ${healthy === 1 ? 'is' : 'are'} healthy and ${healthy === 1 ? 'gets' : 'get'} the requests, and`;
  if (failed === null) {
    return healthy === 0 ? null : cite.loadBalancerMetrics`${served} how many connections failed was not seen`;
  }
  const isEmpty = told.every(({ why }) => why.is === 'unheld' || why.is === 'in-no-subnet');
  if (isEmpty && failed === 0) {
    return cite.loadBalancerMetrics`not certain: for ${count(made, 'request')} answered 502 or 504, every connection was made`;
  }
  if (healthy === 0 || failed >= made / 2) return null;
  return cite.loadBalancerMetrics`${served} only ${count(failed, 'connection')} failed for ${count(made, 'request')} answered 502 or 504`;
}
