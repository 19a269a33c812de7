import type { SecurityGroup } from '../../incident/evidence.ts';
import type { Fix } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import { code, count, listed, resource, type Text, text } from '../../incident/text.ts';
import { showHealth } from '../../semantics/commands.ts';
import { type JudgedPath, judgedPaths, reachedOn } from '../../semantics/network/judged-paths.ts';
import type { Blocker } from '../../semantics/network/path.ts';
import type { Admission } from '../../semantics/network/security-groups.ts';
import { managed } from '../../semantics/ownership.ts';
import { groupName, groupsOf, ref } from '../../semantics/targets.ts';
import { closedTo, errorsByDrop, explainsDrops, grouped, notSeenIn, portsSaid, strengthOf } from '../dropped.ts';
import { defineRule, type Found, foundOr, notApplicable, unsure } from '../rule.ts';

type Refusal = Extract<Blocker, { readonly verdict: Admission }>;

export const targetSecurityGroupClosed = defineRule({
  id: 'target-security-group-closed',
  category: 'network-block',
  title: 'No security group of the target admits the load balancer',
  explains: `The load balancer opens a connection to each target, on the port for traffic and on the port for health checks.
When no security group on the target's interface admits it there, the packets are dropped in silence: the connection is never made,
health checks end in \`Target.Timeout\`, and requests in 504 after ten seconds.`,
  proof: `Every rule of every group on the target's interface is evaluated against the load balancer's groups and subnets; none
admits it, and health checks on that port time out: decisive. AWS itself gets through on that port: circumstantial.`,
  resembles: `A network ACL, a missing route or a firewall on the host drop packets as silently: all that AWS shows of the path
is evaluated, and each blocker is named. A port on which nothing listens refuses at once (502, \`Target.FailedHealthChecks\`). An
application that hangs accepts the connection first: no connection errors, 504 only at the idle timeout.`,
  prevention: `Let the target's security group name the load balancer's security group as source, on the traffic port and on the
health-check port, and keep both rules in the same stack as the target group. Connections that are already open survive the removal of
a rule, so that such a change hurts slowly: watch the errors for some minutes after it.`,
  docs: [
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
  ],
  needs: ['loadBalancer', 'targetHealth', 'targetGroups', 'securityGroups', 'subnets', 'instances', 'targetInterfaces'],
  uses: ['loadBalancerInterfaces', 'targetGroupAttributes', 'loadBalancerMetrics'],
  causes: ['unresponsive-backend', 'slower-than-idle-timeout', 'host-firewall', 'no-registered-targets'],

  examine(seen, { window }) {
    const paths = judgedPaths({
      ...seen,
      loadBalancerInterfaces: ifSeen(seen.loadBalancerInterfaces),
      targetGroupAttributes: ifSeen(seen.targetGroupAttributes),
    });
    if (paths.length === 0) return notApplicable(text`no target is reached over a network`);

    const drops = errorsByDrop(ifSeen(seen.loadBalancerMetrics), window);
    const closed = paths.filter((one) => refusals(one).length > 0);
    const findings = grouped(closed, (one) => `${idsOf(one).join(' ')} ${one.port}`).map((group) =>
      found(group, seen.securityGroups, drops, paths),
    );
    if (findings.length > 0) return { is: 'found', findings };

    const missing = notSeenIn(paths, 'target-security-groups', 'securityGroups');
    if (missing !== null) return unsure(missing);
    return foundOr(
      [],
      text`the security groups of ${count(new Set(paths.map(({ target }) => `${target.targetGroup} ${target.id}`)).size, 'target')} admit the load balancer on ${portsSaid(paths)}`,
    );
  },
});

function refusals({ path }: JudgedPath): readonly Refusal[] {
  return path.blockers.filter((blocker): blocker is Refusal => blocker.layer === 'target-security-groups');
}

function idsOf({ end }: JudgedPath): readonly string[] {
  return [...(end.securityGroupIds ?? [])].sort();
}

function found(
  paths: readonly [JudgedPath, ...JudgedPath[]],
  securityGroups: readonly SecurityGroup[],
  drops: ReturnType<typeof errorsByDrop>,
  all: readonly JudgedPath[],
): Found<'securityGroups', 'targetHealth' | 'loadBalancerMetrics' | 'securityGroups'> {
  const [first] = paths;
  const { port } = first;
  const ids = idsOf(first);
  const targets = paths.map(({ target }) => target);
  const verdicts = refusals(first).flatMap(({ verdict }) => ('groups' in verdict ? [verdict] : []));
  const partly = first.path.layers['target-security-groups'] === 'partly-blocked';
  const one = ids.length === 1;
  const admits = partly ? `${one ? 'admits' : 'admit'} only a part of` : `${one ? 'does' : 'do'} not admit`;
  return {
    strength: strengthOf(paths, drops),
    says: text`${listed(ids.map(resource))} ${admits} the load balancer on port ${code(port)} of ${listed(groupsOf(targets).map((arn) => resource(groupName(arn))))}`,
    because: [
      { from: 'securityGroups', shows: evaluatedSays(verdicts, port, partly) },
      { from: 'targetHealth', shows: closedTo(paths) },
      ...(drops.shows === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: drops.shows }]),
    ],
    affects: { targetGroups: groupsOf(targets), targets: targets.map(ref) },
    explains: explainsDrops(paths, all),
    restsOn: ids,
    fixes: fixesFor(verdicts, port, first.target.targetGroup, securityGroups),
    facts: { securityGroups: ids, port, reachedNow: paths.some(({ target }) => reachedOn(target, port)) },
  };
}

type Refused = Extract<Refusal['verdict'], { is: 'closed' | 'partly' }>;

function evaluatedSays(verdicts: readonly Refused[], port: number, partly: boolean): Text {
  const groups = (verdicts[0]?.groups ?? []).map(({ id, name, ports, peersOnPort }) => {
    const open = ports.length === 0 ? text`admits no TCP port` : text`admits TCP ${listed(ports.map(rangeSaid), 6)}`;
    const whom =
      peersOnPort.length === 0 ? text`` : text`, on ${code(port)} only from ${listed(peersOnPort.map(resource))}`;
    return text`${resource(id)}${name === id ? '' : text` (${name})`} ${open}${whom}`;
  });
  const missing = sourcesOf(verdicts).map(([, source]) => resource(source));
  return text`${listed(groups)}: ${partly ? 'no rule for all of' : 'no rule for'} ${listed(missing, 5)} on ${code(port)}`;
}

function rangeSaid({ from, to }: { readonly from: number; readonly to: number }) {
  if (from === 0 && to === 65535) return code('all ports');
  return code(from === to ? from : `${from}-${to}`);
}

/** What a rule would have to name: the load balancer's group; where that was not seen, its subnets. */
function sourcesOf(verdicts: readonly Refused[]): readonly (readonly ['--source-group' | '--cidr', string])[] {
  const [group] = verdicts.flatMap(({ missing }) => missing.groupIds);
  if (group !== undefined) return [['--source-group', group]];
  return [...new Set(verdicts.flatMap(({ missing }) => missing.cidrs))].map((cidr) => ['--cidr', cidr] as const);
}

/** A rule in the group that already serves the load balancer on other ports, else in the first one. */
function fixesFor(
  verdicts: readonly Refused[],
  port: number,
  targetGroup: string,
  securityGroups: readonly SecurityGroup[],
): Fix<Text>[] {
  const groups = verdicts[0]?.groups ?? [];
  const into = groups.find(({ portsForPeer }) => portsForPeer.length > 0) ?? groups[0];
  if (into === undefined) return [];
  const tags = securityGroups.find(({ id }) => id === into.id)?.tags ?? {};
  return sourcesOf(verdicts).map((source) => {
    const rule = ['--group-id', into.id, '--protocol', 'tcp', '--port', String(port), ...source];
    return {
      does: text`let the load balancer in on port ${code(port)}`,
      run: ['aws', 'ec2', 'authorize-security-group-ingress', ...rule],
      changes: true,
      undo: ['aws', 'ec2', 'revoke-security-group-ingress', ...rule],
      verify: showHealth(targetGroup),
      ...managed(tags),
    };
  });
}
