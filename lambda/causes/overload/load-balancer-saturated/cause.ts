import type { LoadBalancer, Subnet } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, formatNumber, listed, resource, text, time, verbatim } from '../../../incident/text.ts';
import { managedByField } from '../../../remedies/owner.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { riseOf } from '../../../semantics/errors/count-rise.ts';
import { type EpisodeSpan, errorEpisode } from '../../../semantics/errors/episode.ts';
import { allErrors, errorSeries, withZeros } from '../../../semantics/errors/error-series.ts';
import { sumOf, timeOfMinute, valuesIn } from '../../../semantics/time/minutes.ts';
import { defineCause, type Found, foundOr } from '../../cause.ts';

/** A few rejected connections beside many errors are a trace of the outage, not its cause. */
const FEW = 0.1;
/** Free addresses that the load balancer needs in each subnet to grow. */
const ROOM = 8;
/** Minutes at 100 % that make a limit reached, not touched. */
const SUSTAINED = 3;

type Finding = Found<'loadBalancer' | 'loadBalancerMetrics', 'loadBalancer' | 'loadBalancerMetrics' | 'subnets'>;

export default defineCause({
  id: 'load-balancer-saturated',
  needs: ['loadBalancer', 'loadBalancerMetrics'],
  uses: ['subnets', 'tags'],

  examine({ loadBalancer, loadBalancerMetrics: metrics, subnets, tags }, { window }) {
    const episode = errorEpisode(metrics, window);
    const rejected = episode && riseOf(withZeros(metrics, 'RejectedConnectionCount'), episode);
    const errors = episode ? (sumOf(valuesIn(allErrors(errorSeries(metrics)), episode.span)) ?? 0) : 0;
    const full = episode && fullSince(metrics.values.CapacityUtilization ?? [], episode);
    const name = resource(loadBalancer.name);
    const common = {
      affects: { targetGroups: [], targets: [] },
      explains: ['500', '502', '503', '504', 'other5xx'] as const,
      fixes: fixesFor(loadBalancer, ifSeen(tags)?.[loadBalancer.arn] ?? {}),
    };
    const findings: Finding[] = [];
    if (loadBalancer.state.code === 'active_impaired') {
      const reason = loadBalancer.state.reason === null ? text`` : text`: ${verbatim(loadBalancer.state.reason)}`;
      findings.push({
        ...common,
        strength: 'decisive',
        says: text`${name} lacks the resources to grow with its traffic`,
        because: [
          { from: 'loadBalancer', shows: text`its state is ${code('active_impaired')}${reason}` },
          ...crowded(loadBalancer, ifSeen(subnets) ?? []),
        ],
        facts: { state: loadBalancer.state.code },
      });
    } else if (rejected !== null) {
      findings.push({
        ...common,
        strength: rejected.count >= FEW * errors ? 'decisive' : 'circumstantial',
        says: text`${name} rejects connections: it is at its maximum`,
        since: rejected.since,
        because: [
          {
            from: 'loadBalancerMetrics',
            shows: text`${code('RejectedConnectionCount')}: ${formatNumber(rejected.count)} from ${time(rejected.since)} on, beside ${count(errors, 'error')}`,
            at: rejected.since,
          },
          ...crowded(loadBalancer, ifSeen(subnets) ?? []),
        ],
        facts: { rejected: rejected.count, errors },
      });
    } else if (full !== null) {
      findings.push({
        ...common,
        strength: 'strong',
        says: text`${name} is at 100 % of its capacity`,
        since: full.since,
        because: [
          {
            from: 'loadBalancerMetrics',
            shows: text`${code('CapacityUtilization')} at 100 % for ${full.minutes} min from ${time(full.since)} on`,
            at: full.since,
          },
          ...crowded(loadBalancer, ifSeen(subnets) ?? []),
        ],
        facts: { minutesAtCapacity: full.minutes },
      });
    }
    return foundOr(findings, text`the load balancer is ${code(loadBalancer.state.code)} and rejects no connection`);
  },
});

/** The run of minutes at full capacity that touches the episode; one that an hour without errors went through is none. */
function fullSince(utilization: readonly (number | null)[], { grid, span }: EpisodeSpan) {
  const full = (minute: number): boolean => (utilization[minute] ?? 0) >= 100;
  let first = span.first;
  while (first <= span.last && !full(first)) first += 1;
  if (first > span.last) return null;
  let last = first;
  while (full(last + 1)) last += 1;
  while (full(first - 1)) first -= 1;
  const minutes = last - first + 1;
  return minutes < SUSTAINED || span.first - first > 60 ? null : { since: timeOfMinute(grid, first), minutes };
}

function crowded({ zones }: LoadBalancer, subnets: readonly Subnet[]) {
  const ids = zones.map(({ subnetId }) => subnetId);
  const tight = subnets.filter(
    ({ id, availableAddresses }) => ids.includes(id) && availableAddresses !== null && availableAddresses < ROOM,
  );
  if (tight.length === 0) return [];
  const shown = listed(tight.map(({ id, availableAddresses }) => text`${resource(id)} has ${availableAddresses ?? 0}`));
  return [{ from: 'subnets' as const, shows: text`free addresses in its subnets, of ${ROOM} that it needs: ${shown}` }];
}

function fixesFor({ arn, zones }: LoadBalancer, tags: Readonly<Record<string, string>>): Remedy[] {
  const verify = ['aws', 'elbv2', 'describe-load-balancers', '--load-balancer-arns', arn];
  return [
    {
      does: text`see how many addresses are free in its subnets`,
      run: ['aws', 'ec2', 'describe-subnets', '--subnet-ids', ...zones.map(({ subnetId }) => subnetId)],
      changes: false,
      undo: null,
      verify: null,
    },
    {
      does: text`free addresses in those subnets, or reserve capacity at its peak with aws elbv2 modify-capacity-reservation, which costs money while it lasts`,
      run: null,
      changes: true,
      undo: null,
      verify,
      ...managedByField(tags),
    },
  ];
}
