import type { InstanceStatus, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { code, count, listed, resource, type Text, text } from '../../../incident/text.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { errorEpisode } from '../../../semantics/errors/episode.ts';
import type { PathLayer } from '../../../semantics/network/path.ts';
import { type TargetPath, timesOutOn } from '../../../semantics/network/target-paths.ts';
import { connects, probeSaid, probesOf } from '../../../semantics/targets/application-checks.ts';
import { groupName, groupsOf, scopeOf } from '../../../semantics/targets/targets.ts';
import { trafficOf } from '../../../semantics/traffic/target-traffic.ts';
import { defineCause, foundOr, notApplicable, ruledOut, unsure } from '../../cause.ts';
import { ENDS, missingIn, pathsTo } from '../path/judged-paths.ts';
import { errorsByDrop } from '../path/silent-drops.ts';

const LAYERS: readonly PathLayer[] = [
  'load-balancer-security-groups',
  'target-security-groups',
  'network-acls',
  'routes',
];

export default defineCause({
  id: 'host-firewall',
  needs: [...ENDS, 'securityGroups', 'networkAcls', 'loadBalancerMetrics'],
  uses: [
    'loadBalancerInterfaces',
    'targetGroupAttributes',
    'routeTables',
    'prefixLists',
    'targetGroupMetrics',
    'listenerRules',
    'instanceStatus',
    'applicationStatus',
  ],

  examine(seen, { window }) {
    const paths = pathsTo(seen);
    if (paths.length === 0) return notApplicable(text`no target is reached over a network`);

    const impaired = impairedAmong(ifSeen(seen.instanceStatus) ?? []);
    const silent = silentAmong(paths.filter(({ target }) => !impaired.has(target.id)));
    if (silent.length === 0)
      return ruledOut(text`no target is silent: none ends in ${code('Target.Timeout')}`, 'targetHealth');

    const episode = errorEpisode(seen.loadBalancerMetrics, window);
    const drops = errorsByDrop(seen.loadBalancerMetrics, window);
    const groups = groupsOf(silent.map(({ target }) => target));
    const traffic = episode === null ? null : trafficOf(groups, seen, episode.span);
    if (drops.shows === null || traffic?.failedConnections === 0) {
      return ruledOut(text`no request ended in ${code('504')} because a connection to these targets was not made`);
    }
    const open = silent.filter(({ path }) => path.is === 'open');
    const unknown = silent.filter(({ path }) => path.is === 'unknown');
    const [missing, ...more] = LAYERS.flatMap((layer) => missingIn(unknown, layer, seen));
    if (open.length === 0 && missing !== undefined) return unsure(missing, ...more);
    if (open.length === 0) return ruledOut(text`the path to the silent targets is closed before it reaches the host`);

    const targets = [...new Set(open.map(({ target }) => target))];
    const probes = probesOf(targets, ifSeen(seen.applicationStatus) ?? []);
    return foundOr(
      [
        {
          strength: 'circumstantial',
          says: text`Packets to ${count(targets.length, 'target')} of ${listed(groupsOf(targets).map((arn) => resource(groupName(arn))))} seem to vanish on the host: AWS lets them through`,
          because: [
            { from: 'loadBalancerMetrics', shows: drops.shows },
            { from: 'targetHealth', shows: text`${listed(targets.map(healthSaid))}` },
            {
              from: 'securityGroups',
              shows: text`security groups, network ACLs and routes are open to ${targets.length === 1 ? 'it' : 'them'}`,
            },
            ...probes.slice(0, 3).map((probe) => ({
              from: 'applicationStatus' as const,
              shows: text`${probeSaid(probe)}${connects(probe) ? ': from its own address EC2 gets through' : ''}`,
            })),
          ],
          affects: scopeOf(targets),
          explains: ['504'],
          fromAbsence: true,
          fixes: lookingAt(targets),
          facts: { targets: targets.map(({ id }) => id) },
        },
      ],
      text``,
    );
  },
});

/** Those whose health checks end in silence; where none do, those whose health check is on another port and says nothing. */
function silentAmong(paths: readonly TargetPath[]): readonly TargetPath[] {
  const silent = paths.filter(({ target, port }) => timesOutOn(target, port));
  if (silent.length > 0) return silent;
  return paths.filter(
    ({ target, port, uses }) =>
      uses.includes('traffic') && target.healthCheckPort !== port && target.state === 'healthy',
  );
}

/** A host that is down drops packets as well, and EC2 says so. */
function impairedAmong(status: readonly InstanceStatus[]): ReadonlySet<string> {
  return new Set(
    status
      .filter(({ system, instance }) => system.status === 'impaired' || instance.status === 'impaired')
      .map(({ id }) => id),
  );
}

function healthSaid({ id, state, reason }: Target): Text {
  return text`${resource(id)} is ${code(state)}${reason === null ? '' : text`: ${code(reason)}`}`;
}

function lookingAt(targets: readonly Target[]): readonly Remedy[] {
  const [instance] = targets.filter(({ id }) => id.startsWith('i-'));
  return [
    {
      does: text`look on the host whether the packets arrive (tcpdump) and what its firewall does with them`,
      run: instance === undefined ? null : ['aws', 'ssm', 'start-session', '--target', instance.id],
      changes: false,
      undo: null,
      verify: null,
    },
  ];
}
