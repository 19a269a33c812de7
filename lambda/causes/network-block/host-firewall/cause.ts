import type { ApplicationStatus, EvidenceKey, Target } from '../../../incident/evidence.ts';
import { ifSeen, type Observed } from '../../../incident/observed.ts';
import { andList, code, count, resource, type Text, text } from '../../../incident/text.ts';
import { lookOnHost } from '../../../remedies/host.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix } from '../../../remedies/remedy.ts';
import type { PathLayer } from '../../../semantics/network/path.ts';
import { silentPathsAmong } from '../../../semantics/network/silent-paths.ts';
import { connects, probesOf } from '../../../semantics/targets/application-checks.ts';
import { scopeOf } from '../../../semantics/targets/targets.ts';
import { type Claim, shownBy, strengthOfClaims } from '../../argue.ts';
import { defineCause, ruledOut, unsure } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { takenAway } from '../../kit/ecs-words.ts';
import { probeSaid } from '../../kit/probe-words.ts';
import { ENDS, missingIn } from '../path/closed-layer.ts';
import { dropsAt, dropsIn, nothingRegistered, pathGroupsSaid } from '../path/silent-drops.ts';

const LAYERS: readonly PathLayer[] = [
  'load-balancer-security-groups',
  'target-security-groups',
  'network-acls',
  'routes',
];

export default defineCause({
  id: 'host-firewall',
  needs: [...ENDS, 'securityGroups', 'networkAcls', 'errors', 'paths', 'traffic'],
  uses: ['routeTables', 'prefixLists', 'instanceStatus', 'applicationStatus', 'takenTargets'],
  breaksHealthChecks: true,

  examine({ paths, errors, traffic, routeTables, prefixLists, instanceStatus, applicationStatus, takenTargets }) {
    const gone = dropsIn(errors).shows === null ? undefined : takenAway(takenTargets, 'Target.Timeout');
    const all = silentPathsAmong(paths.all, ifSeen(instanceStatus) ?? []);
    if (all.length === 0 && gone !== undefined) return unsure(gone);
    if (paths.all.length === 0) return nothingRegistered(dropsIn(errors));
    if (all.length === 0)
      return ruledOut(text`no target is silent: none fails with ${code('Target.Timeout')}`, 'targetHealth');

    // Each group is judged by its own: what others fail with tells nothing of it.
    const silent = all.filter((path) => {
      const arns = [path.group.arn];
      return (
        dropsAt([path], { errors, traffic }).shows !== null &&
        traffic.of(arns, traffic.errorsOf(arns).span)?.failedConnections !== 0
      );
    });
    if (silent.length === 0) {
      return ruledOut(text`no request ended in ${code('504')} because a connection to these targets was not made`);
    }
    const open = silent.filter(({ path }) => path.is === 'open');
    const unknown = silent.filter(({ path }) => path.is === 'unknown');
    const [missing, ...more] = LAYERS.flatMap((layer) => missingIn(layer, unknown, { routeTables, prefixLists }));
    if (open.length === 0) {
      if (missing !== undefined) return unsure(missing, ...more);
      return ruledOut(text`the path to the silent targets is closed before it reaches the host`);
    }
    const targets = [...new Set(open.map(({ target }) => target))];
    const drops = dropsAt(open, { errors, traffic });
    const claims = claimsOf(targets, applicationStatus);
    return {
      is: 'found',
      findings: [
        {
          strength: strengthOfClaims({ agrees: claims }),
          says: text`Packets to ${count(targets.length, 'target')} of ${pathGroupsSaid(open)} seem to be dropped on the host: security groups, network ACLs and routes let them through`,
          because: [{ from: 'loadBalancerMetrics', shows: drops.shows ?? text`` }, ...shownBy(claims)],
          affects: scopeOf(targets),
          explains: ['504'],
          fromAbsence: true,
          fixes: [
            fix(
              text`allow the load balancer's subnets in the host's firewall (iptables, nftables, firewalld, or an agent with its own policy)`,
              { verify: showHealth(targets[0]?.targetGroup ?? '') },
            ),
            lookOnHost(
              targets,
              text`check on the host whether the packets arrive (tcpdump) and what its firewall does with them`,
            ),
          ],
          restart: {
            says: text`it removes rules that were set by hand since the last start, not those set at every start`,
            ifAllFail: true,
          },
          facts: { targets: targets.map(({ id }) => id) },
        },
      ],
    };
  },
});

type Cites = Extract<EvidenceKey, 'targetHealth' | 'securityGroups' | 'applicationStatus'>;

function claimsOf(targets: readonly Target[], status: Observed<readonly ApplicationStatus[]>): readonly Claim<Cites>[] {
  const way = text`security groups, network ACLs and routes are open to ${targets.length === 1 ? 'it' : 'them'}`;
  const probes = probesOf(targets, ifSeen(status) ?? []).slice(0, 3);
  return [
    { holds: true, shows: [cite.targetHealth`${andList(targets.map(healthSaid))}`] },
    { holds: true, shows: [{ from: 'securityGroups', shows: way }] },
    {
      // What the host does with packets nobody sees; EC2's own check comes from another address than the load balancer.
      holds: 'unseen',
      shows: probes.map(
        (probe) =>
          cite.applicationStatus`${probeSaid(probe)}${connects(probe) ? ': EC2 gets through, from its own address' : ''}`,
      ),
    },
  ];
}

function healthSaid({ id, state, reason }: Target): Text {
  return text`${resource(id)} is ${code(state)}${reason === null ? '' : text`: ${code(reason)}`}`;
}
