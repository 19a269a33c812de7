import type { NetworkAcl, Subnet } from '../../incident/evidence.ts';
import type { Fix } from '../../incident/finding.ts';
import { ifSeen } from '../../incident/observed.ts';
import { code, count, listed, percent, resource, type Text, text } from '../../incident/text.ts';
import { showHealth } from '../../semantics/commands.ts';
import { type JudgedPath, judgedPaths } from '../../semantics/network/judged-paths.ts';
import type { Blocker } from '../../semantics/network/path.ts';
import { managed } from '../../semantics/ownership.ts';
import { groupName, groupsOf, ref } from '../../semantics/targets.ts';
import { closedTo, errorsByDrop, explainsDrops, grouped, notSeenIn, portsSaid, strengthOf } from '../dropped.ts';
import { defineRule, type Found, foundOr, notApplicable, unsure } from '../rule.ts';

type Drop = Extract<Blocker, { layer: 'network-acls' }>;

export const networkAclBlocks = defineRule({
  id: 'network-acl-blocks',
  category: 'network-block',
  title: 'A network ACL drops packets between the load balancer and its targets',
  explains: `Network ACLs keep no state: between two subnets, each of four directions needs a rule of its own. Out of the load
balancer's subnet and into the target's on the target's port; out of the target's subnet and into the load balancer's on the ports
1024-65535, from which the load balancer's nodes connect. What is dropped is dropped in silence: health checks end in
\`Target.Timeout\` and requests in 504 after ten seconds. Where a part of the return ports is open, a part of the connections fails.`,
  proof: `The rules of both ACLs are evaluated in all four directions; one drops packets, and health checks time out: decisive.
A part of the connections is dropped and requests end in 504 with connection errors: strong. AWS itself gets through:
circumstantial.`,
  resembles: `A closed security group looks the same from outside; both are evaluated. One subnet's ACL hits one zone only: the
errors are then in that zone's metrics.`,
  prevention: `Leave network ACLs open inside the VPC and filter with security groups. Where they must filter, allow the whole
range 1024-65535 back: examples that open 32768-65535 only lose a part of a load balancer's connections.`,
  docs: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues',
  ],
  needs: ['loadBalancer', 'targetHealth', 'targetGroups', 'networkAcls', 'subnets', 'instances', 'targetInterfaces'],
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
    const blocked = paths.filter((one) => dropsOn(one).length > 0);
    const findings = grouped(blocked, (one) => aclsOf(one).join(' ')).map((group) =>
      found(group, seen.networkAcls, seen.subnets, drops, paths),
    );
    if (findings.length > 0) return { is: 'found', findings };

    const missing = notSeenIn(paths, 'network-acls', 'networkAcls');
    if (missing !== null) return unsure(missing);
    return foundOr(
      [],
      text`the network ACLs let the load balancer's subnets and the targets talk on ${portsSaid(paths)}, both ways`,
    );
  },
});

function dropsOn({ path }: JudgedPath): readonly Drop[] {
  return path.blockers.filter((blocker): blocker is Drop => blocker.layer === 'network-acls');
}

function aclsOf(path: JudgedPath): readonly string[] {
  return [...new Set(dropsOn(path).flatMap(({ verdict }) => ('aclId' in verdict ? [verdict.aclId] : [])))].sort();
}

function found(
  paths: readonly [JudgedPath, ...JudgedPath[]],
  networkAcls: readonly NetworkAcl[],
  subnets: readonly Subnet[],
  drops: ReturnType<typeof errorsByDrop>,
  all: readonly JudgedPath[],
): Found<'networkAcls', 'networkAcls' | 'targetHealth' | 'loadBalancerMetrics'> {
  const [first] = paths;
  const targets = paths.map(({ target }) => target);
  const blockers = distinctDrops(paths);
  const [proof = text``, ...more] = blockers.map((drop) => says(drop, subnets));
  const acls = aclsOf(first);
  const whole = paths.some(({ path }) => path.layers['network-acls'] === 'blocked');
  return {
    strength: strengthOf(paths, drops),
    says: text`Network ACL ${listed(acls.map(resource))} drops ${whole ? 'the packets' : 'a part of the packets'} between the load balancer and ${count(new Set(targets.map(({ id }) => id)).size, 'target')} of ${listed(groupsOf(targets).map((arn) => resource(groupName(arn))))}`,
    because: [
      { from: 'networkAcls', shows: proof },
      ...more.slice(0, 5).map((shows) => ({ from: 'networkAcls' as const, shows })),
      { from: 'targetHealth', shows: closedTo(paths) },
      ...(drops.shows === null ? [] : [{ from: 'loadBalancerMetrics' as const, shows: drops.shows }]),
    ],
    affects: { targetGroups: groupsOf(targets), targets: targets.map(ref) },
    explains: explainsDrops(paths, all),
    restsOn: [...acls, ...new Set(blockers.flatMap(({ pairs }) => pairs.map(({ from }) => from)))],
    fixes: fixesFor(blockers, networkAcls, subnets, first.target.targetGroup),
    facts: { networkAcls: acls },
  };
}

/** The same rule of the same ACL drops for many targets and subnets: told once, for all of them. */
function distinctDrops(paths: readonly JudgedPath[]): readonly Drop[] {
  return grouped(paths.flatMap(dropsOn), (drop) =>
    JSON.stringify([drop.at, drop.direction, drop.ports, entryNumbers(drop)]),
  ).map((same) => ({ ...same[0], pairs: same.flatMap(({ pairs }) => pairs) }));
}

function entryNumbers({ verdict }: Drop): readonly unknown[] {
  return 'denied' in verdict ? [verdict.aclId, ...verdict.denied.map(({ ruleNumber }) => ruleNumber)] : [];
}

/** 32767 and 32768 are the deny at the end of every ACL, shown as `*` in the console. */
const FINAL = 32767;

function says({ verdict, direction, at, ports, pairs }: Drop, subnets: readonly Subnet[]): Text {
  if (!('denied' in verdict)) return text``;
  const rules = [...new Set(verdict.denied.map(({ ruleNumber }) => (ruleNumber >= FINAL ? '*' : String(ruleNumber))))];
  const here = [...new Set(pairs.map(({ from, to }) => (at === 'load-balancer' ? from : to)))];
  const there = [...new Set(pairs.map(({ from, to }) => (at === 'load-balancer' ? to : from)))];
  const range = ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
  const share = verdict.is === 'partly' ? text` (about ${percent(verdict.share)} of it)` : text``;
  const cidrOf = (subnet: string | null) =>
    resource(subnets.find(({ id }) => id === subnet)?.cidr ?? subnet ?? 'the target');
  const [way, from] = direction === 'ingress' ? ['into', 'from'] : ['out of', 'to'];
  return text`${resource(verdict.aclId)} rule ${listed(rules.map(code))} denies TCP ${code(range)} ${way} ${listed(here.map((subnet) => resource(subnet ?? 'the subnet')))} ${from} ${listed(there.map(cidrOf))}${share}`;
}

/** An allow rule before the rule that denies, for exactly what is needed. */
function fixesFor(
  blockers: readonly Drop[],
  networkAcls: readonly NetworkAcl[],
  subnets: readonly Subnet[],
  targetGroup: string,
): Fix<Text>[] {
  const taken = new Map<string, number[]>();
  return blockers.flatMap(({ verdict, direction, at, ports, pairs }) => {
    if (!('denied' in verdict)) return [];
    const acl = networkAcls.find(({ id }) => id === verdict.aclId);
    if (acl === undefined) return [];
    const peers = [...new Set(pairs.map(({ from, to }) => (at === 'load-balancer' ? to : from)))];
    return peers.flatMap((peer): Fix<Text>[] => {
      const cidr = subnets.find(({ id }) => id === peer)?.cidr;
      const key = `${acl.id} ${direction}`;
      const used =
        taken.get(key) ??
        acl.entries.filter(({ egress }) => egress === (direction === 'egress')).map(({ ruleNumber }) => ruleNumber);
      const number = numberBefore(Math.min(...verdict.denied.map(({ ruleNumber }) => ruleNumber)), used);
      if (cidr === undefined || number === undefined) return [];
      taken.set(key, [...used, number]);
      const entry = [
        '--network-acl-id',
        acl.id,
        '--rule-number',
        String(number),
        direction === 'egress' ? '--egress' : '--ingress',
      ];
      return [
        {
          does: text`let TCP ${code(ports.from === ports.to ? ports.from : `${ports.from}-${ports.to}`)} ${direction === 'ingress' ? 'in from' : 'out to'} ${resource(cidr)} through ${resource(acl.id)}`,
          run: [
            'aws',
            'ec2',
            'create-network-acl-entry',
            ...entry,
            '--protocol',
            '6',
            '--port-range',
            `From=${ports.from},To=${ports.to}`,
            '--cidr-block',
            cidr,
            '--rule-action',
            'allow',
          ],
          changes: true,
          undo: ['aws', 'ec2', 'delete-network-acl-entry', ...entry],
          verify: showHealth(targetGroup),
          ...managed(acl.tags),
        },
      ];
    });
  });
}

/** A free rule number before the one that denies; after all others where the final deny does. */
function numberBefore(denying: number, used: readonly number[]): number | undefined {
  if (denying >= FINAL) {
    const last = Math.max(0, ...used.filter((number) => number < FINAL));
    const next = Math.min(32766, Math.floor(last / 10) * 10 + 10);
    return used.includes(next) ? free(32766, used) : next;
  }
  return free(denying - 1, used);
}

function free(from: number, used: readonly number[]): number | undefined {
  for (let number = from; number >= 1; number -= 1) if (!used.includes(number)) return number;
  return undefined;
}
