import { ifSeen } from '../../../incident/observed.ts';
import { text } from '../../../incident/text.ts';
import { defineCause, foundOr, notApplicable, unsure } from '../../cause.ts';
import { ENDS, missingIn, pathsTo } from '../path/judged-paths.ts';
import { refusedBy, refusedThen } from '../path/security-group-refusals.ts';
import { errorsByDrop, portsSaid } from '../path/silent-drops.ts';

const LAYER = 'load-balancer-security-groups';

export const loadBalancerSecurityGroupClosed = defineCause({
  id: 'load-balancer-security-group-closed',
  category: 'network-block',
  title: 'No security group of the load balancer lets it out to its targets',
  explains: `A security group of the load balancer filters what leaves it, too. A new group lets everything out; one whose outbound
rules were narrowed must let the load balancer out to its targets, on the port for traffic and on the port for health checks. What it
does not let out is dropped in silence: health checks end in \`Target.Timeout\`, and requests in 504 after ten seconds.`,
  proof: `Every outbound rule of every group of the load balancer is evaluated against the targets' groups and addresses; none lets
it out, and health checks on that port time out: decisive. AWS itself gets through on that port: circumstantial. Open now, and closed
while the errors lasted, as a revoke before and an authorize after them in CloudTrail show: strong.`,
  resembles: `The target's own security group, a network ACL, a missing route or a firewall on the host drop packets as silently: all
that AWS shows of the path is evaluated, and each blocker is named. Identity providers that the load balancer cannot reach end in 500
or 561, not in 504.`,
  remedy: `Let the load balancer's security group out to the targets' group, on the ports for traffic and for health checks: the
report has the commands. Where a stack or a controller keeps the group, change it there as well.`,
  prevention: `Name the targets' security group as destination, on the traffic port and on the health-check port, and keep these rules
in the same stack as the target group. The default, everything out, is also what most load balancers have: what may come in is decided
at the targets.`,
  docs: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  ],
  needs: [...ENDS, 'securityGroups'],
  uses: [
    'loadBalancerInterfaces',
    'targetGroupAttributes',
    'networkAcls',
    'routeTables',
    'prefixLists',
    'loadBalancerMetrics',
    'changes',
  ],
  causes: ['unresponsive-backend', 'slower-than-idle-timeout', 'host-firewall', 'no-registered-targets'],
  ofSettings: true,

  examine(seen, moment) {
    const paths = pathsTo(seen);
    if (paths.length === 0) return notApplicable(text`no target is reached over a network`);

    const drops = errorsByDrop(ifSeen(seen.loadBalancerMetrics), moment.window);
    const findings = [
      ...refusedBy(LAYER, paths, seen.securityGroups, drops),
      ...refusedThen(LAYER, paths, seen, drops, moment),
    ];
    const [missing, ...more] = missingIn(paths, LAYER, seen);
    if (findings.length === 0 && missing !== undefined) return unsure(missing, ...more);
    return foundOr(
      findings,
      text`the load balancer's security groups let it out to ${portsSaid(paths)} of the targets`,
    );
  },
});
