import type { Errors } from '../../../computed/errors.ts';
import { ERROR_KINDS } from '../../../incident/cause.ts';
import type { LoadBalancer, Subnet } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { andList, asQuoted, code, count, formatNumber, resource, text, time } from '../../../incident/text.ts';
import { showLoadBalancer } from '../../../remedies/load-balancer.ts';
import { managerOf } from '../../../remedies/owner.ts';
import { aws, fix, look } from '../../../remedies/remedy.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { withZeros } from '../../../semantics/errors/error-series.ts';
import { fullCapacityRun } from '../../../semantics/load/full-capacity.ts';
import { defineCause, type Found, foundOr, oneFinding } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';

/** A few rejected connections beside many errors are a trace of the outage, not its cause. */
const FEW = 0.1;
/** Free addresses that the load balancer needs in each subnet to grow. */
const ROOM = 8;

export default defineCause({
  id: 'load-balancer-saturated',
  needs: ['loadBalancer', 'errors'],
  uses: ['subnets', 'tags'],

  examine({ loadBalancer, errors, subnets, tags }) {
    const { arn, name, state, zones } = loadBalancer;
    const limit = shortageOf(loadBalancer) ?? rejectionOf(name, errors) ?? fullnessOf(name, errors);
    if (limit === null) return foundOr([], text`the load balancer is ${code(state.code)} and rejects no connection`);
    const { proof, ...rest } = limit;
    const does = text`free addresses in those subnets, or reserve peak capacity with aws elbv2 modify-capacity-reservation, which costs money while it lasts`;
    const subnetIds = zones.map(({ subnetId }) => subnetId);
    const finding: Found<Proof, Proof | 'subnets'> = {
      ...rest,
      because: [proof, crowdingOf(subnetIds, subnets)],
      affects: { targetGroups: [], targets: [] },
      explains: ['500', '502', '503', '504', 'other5xx'],
      fixes: [
        fix(does, { verify: showLoadBalancer(arn), managedBy: managerOf(ifSeen(tags)?.[arn] ?? {}) }),
        look(text`see how many addresses are free in its subnets`, aws('ec2', 'describe-subnets', { subnetIds })),
      ],
    };
    return oneFinding(finding);
  },
});

type Proof = 'loadBalancer' | 'loadBalancerMetrics';

/** A limit of the load balancer that was reached. */
type Limit = Pick<Found<Proof, Proof>, 'strength' | 'says' | 'since' | 'facts'> & {
  readonly proof: Found<Proof, Proof>['because'][0];
};

function shortageOf({ name, state }: LoadBalancer): Limit | null {
  if (state.code !== 'active_impaired') return null;
  const reason = state.reason === null ? text`` : text`: ${asQuoted(state.reason)}`;
  return {
    strength: 'decisive',
    says: text`${resource(name)} lacks the resources to grow with its traffic`,
    proof: cite.loadBalancer`its state is ${code(state.code)}${reason}`,
    facts: { state: state.code },
  };
}

function rejectionOf(name: string, { metrics, episode, count: countOf }: Errors): Limit | null {
  const rejected = episode && riseOf(withZeros(metrics, 'RejectedConnectionCount'), episode);
  if (rejected === null) return null;
  const errors = countOf(...ERROR_KINDS);
  return {
    // Where nobody knows how many it always rejects, that it began to is not known either.
    strength: rejected.before !== null && rejected.count >= FEW * errors ? 'decisive' : 'circumstantial',
    says: text`${resource(name)} rejects connections: it has reached its maximum number`,
    since: rejected.since,
    proof: citeAt(rejected.since)
      .loadBalancerMetrics`${code('RejectedConnectionCount')}: ${formatNumber(rejected.count)} from ${time(rejected.since)} on, beside ${count(errors, 'error')}`,
    facts: { rejected: rejected.count, errors },
  };
}

function fullnessOf(name: string, { metrics, episode }: Errors): Limit | null {
  const full = episode && fullCapacityRun(metrics.values.CapacityUtilization, episode);
  if (full === null) return null;
  const { since, minutes } = full;
  return {
    strength: 'strong',
    says: text`${resource(name)} is at 100 % of its capacity`,
    since,
    proof: citeAt(since)
      .loadBalancerMetrics`${code('CapacityUtilization')} at 100 % for ${minutes} min from ${time(since)} on`,
    facts: { minutesAtCapacity: minutes },
  };
}

function crowdingOf(subnetIds: readonly string[], subnets: Observed<readonly Subnet[]>) {
  const tight = (ifSeen(subnets) ?? []).filter(
    ({ id, availableAddresses }) => subnetIds.includes(id) && availableAddresses !== null && availableAddresses < ROOM,
  );
  const shown = andList(
    tight.map(({ id, availableAddresses }) => text`${resource(id)} has ${availableAddresses ?? 0}`),
  );
  return tight.length > 0 && cite.subnets`free addresses in its subnets, of ${ROOM} that it needs: ${shown}`;
}
