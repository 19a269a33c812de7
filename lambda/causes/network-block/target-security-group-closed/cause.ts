import { ifSeen } from '../../../incident/observed.ts';
import { count, text } from '../../../incident/text.ts';
import { defineCause, foundOr, notApplicable, unsure } from '../../cause.ts';
import { ENDS, missingIn, pathsTo } from '../path/judged-paths.ts';
import { refusedBy, refusedThen } from '../path/security-group-refusals.ts';
import { errorsByDrop, portsSaid } from '../path/silent-drops.ts';

const LAYER = 'target-security-groups';

export const targetSecurityGroupClosed = defineCause({
  id: 'target-security-group-closed',
  category: 'network-block',
  title: 'No security group of the target admits the load balancer',
  explains: `The load balancer opens a connection to each target, on the port for traffic and on the port for health checks.
When no security group on the target's interface admits it there, the packets are dropped in silence: the connection is never made,
health checks end in \`Target.Timeout\`, and requests in 504 after ten seconds.`,
  proof: `Every rule of every group on the target's interface is evaluated against the load balancer's groups and subnets; none
admits it, and health checks on that port time out: decisive. AWS itself gets through on that port: circumstantial. Open now, and
closed while the errors lasted, as a revoke before and an authorize after them in CloudTrail show: strong.`,
  resembles: `A network ACL, a missing route or a firewall on the host drop packets as silently: all that AWS shows of the path
is evaluated, and each blocker is named. A port on which nothing listens refuses at once (502, \`Target.FailedHealthChecks\`). An
application that hangs accepts the connection first: no connection errors, 504 only at the idle timeout.`,
  remedy: `Admit the load balancer's security group in the target's, on the port that is closed: the report has the command with
both ids. Name the group as source, never 0.0.0.0/0. Where a stack or a controller keeps the group, change it there as well.`,
  prevention: `Let the target's security group name the load balancer's security group as source, on the traffic port
and on the health-check port, and keep both rules in the same stack as the target group. Connections that are already
open survive the removal of a rule, so that such a change hurts slowly: watch the errors for some minutes after it. On
Kubernetes the load balancer controller keeps these rules, unless the ingress names security groups without
\`manage-backend-security-group-rules\`; what is opened by hand it may close.`,
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
    const targets = new Set(paths.map(({ target }) => target)).size;
    return foundOr(
      findings,
      text`the security groups of ${count(targets, 'target')} admit the load balancer on ${portsSaid(paths)}`,
    );
  },
});
