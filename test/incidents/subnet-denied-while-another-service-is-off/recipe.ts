import { aclChange, aRuleTo, aSnapshot, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  changed,
  forwardTo,
  inGroup,
  onFargate,
  partOf,
  pathRule,
  routed,
  step,
  taskName,
} from '../../support/afternoon.ts';
import { fleet, told } from '../../support/fleet.ts';
import { during, elsewhere, today, wandering } from '../../support/traffic.ts';

const SITE = groupArn('site');
const ARCHIVE = groupArn('archive');
const site = wandering(411, 520, 0.1);
const silent = during(partOf(site, 1, '14:10'), '14:09', '14:10', 204);
const archive = wandering(412, 66, 0.25);
const withoutTask = during(partOf(archive, 1, '13:42'), '13:41', '13:42', 29);
const two = fleet(2, 'c6i.large', 22);
const off = onFargate('archive', ARCHIVE, [], {
  tasks: [],
  service: {
    events: [
      told('archive', '13:42', 'has reached a steady state.'),
      told('archive', '13:41', `deregistered 2 targets in (target-group ${ARCHIVE})`),
      told(
        'archive',
        '13:41',
        `has stopped 2 running tasks: (task ${taskName('archive', 0)}) (task ${taskName('archive', 1)}).`,
      ),
    ],
  },
});
const entry = (ruleNumber: number, egress: boolean, action: 'allow' | 'deny', ports: number | null = null) => ({
  ...{ ruleNumber, egress, action, cidr: '0.0.0.0/0', protocol: ports === null ? '-1' : '6' },
  ...{ fromPort: ports, toPort: ports },
});
const usual = [false, true].flatMap((egress) => [entry(100, egress, 'allow'), entry(32767, egress, 'deny')]);

export const recipe = elsewhere(
  aSnapshot({
    ...off,
    ...two,
    ...routed(targetGroup('site'), targetGroup('archive', { targetType: 'ip' })),
    listenerRules: [...aRuleTo(SITE), pathRule(5, '/archive/*', forwardTo(ARCHIVE))],
    targetHealth: inGroup(two.targetHealth, SITE, {
      state: 'unhealthy',
      reason: 'Target.Timeout',
      description: 'Request timed out',
    }),
    networkAcls: [
      {
        ...{ id: 'acl-public', isDefault: true, subnetIds: ['subnet-public-a', 'subnet-public-b'] },
        entries: usual,
        tags: {},
      },
      {
        ...{ id: 'acl-app', isDefault: false, subnetIds: ['subnet-app-a', 'subnet-app-b'] },
        entries: [entry(90, false, 'deny', 8080), ...usual],
        tags: {},
      },
    ],
    changes: [
      changed(['13:40', '40'], 'role/cost-saver', 'ecs', 'UpdateService', ['prod/archive', ARCHIVE], {
        is: 'settings',
        of: 'prod/archive',
        set: { desiredCount: '0' },
      }),
      aclChange(
        'creates',
        90,
        { cidr: '0.0.0.0/0' },
        {
          at: today('14:09', '18'),
          who: 'henrike',
          event: 'CreateNetworkAclEntry',
          resources: ['acl-app'],
          details: {
            ...{ is: 'network-acl-entry', does: 'creates', aclId: 'acl-app', ruleNumber: 90, egress: false },
            entry: entry(90, false, 'deny', 8080),
          },
          what: 'created inbound rule 90 of acl-app: deny tcp 8080 from 0.0.0.0/0',
        },
      ),
    ],
    ...afternoon(413, {
      [SITE]: {
        asked: site,
        failed: { '504': silent },
        refused: silent,
        seconds: [0.03, 0.25],
        healthy: step(2, '14:10', 0),
        unhealthy: step(0, '14:10', 2),
      },
      [ARCHIVE]: {
        asked: archive,
        failed: { '503': withoutTask },
        seconds: [0.2, 1.9],
        healthy: step(2, '13:42', 0),
      },
    }),
  }),
  { name: 'newsroom', region: 'eu-central-1', account: '410000000002' },
);
