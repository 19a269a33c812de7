import type { Values } from '../../../lambda/incident/evidence.ts';
import { aRuleTo, aSnapshot, deployment, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  changed,
  noInstances,
  onFargate,
  partOf,
  routed,
  runningTask,
  step,
  taskName,
  total,
} from '../../support/afternoon.ts';
import { told } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, recurring, today, wandering } from '../../support/traffic.ts';

const GROUP = groupArn('timetable');
const asked = wandering(461, 1180, 0.07);
const deaths = recurring('13:47', '14:30', 5);
const reset = inMinutes(Object.fromEntries(deaths.map((clock, index) => [clock, 88 + ((index * 23) % 41)])), 0);
const silent = during(partOf(asked, 0.47, '14:07'), '14:06', '14:07', 190);
const POINTS = ['10.0.10.51', '10.0.11.52', '10.0.10.53', '10.0.11.54'];
const born = (index: number): string => deaths[index - 4] ?? '13:41';
const ofRelease = { taskDefinition: 'timetable:88', startedBy: 'ecs-svc/88' };
const crashed = (clock: string, index: number) =>
  runningTask('timetable', POINTS[index % 4] ?? '', index, {
    ...ofRelease,
    ...{ createdAt: today(born(index), '20'), startedAt: today(born(index), '48') },
    ...{ status: 'STOPPED', stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
    ...{ stoppingAt: today(clock, '09'), stoppedAt: today(clock, '31') },
    containers: [{ name: 'app', exitCode: 1, reason: null }],
  });
const alive = (address: string, index: number) => {
  const last = deaths.findLast((_, death) => death % 4 === index) ?? '13:41';
  const times = { createdAt: today(last, '40'), startedAt: today(last, '58') };
  return runningTask('timetable', address, deaths.length + index, { ...ofRelease, ...times });
};
const tasks = onFargate('timetable', GROUP, POINTS, {
  service: {
    taskDefinition: 'timetable:88',
    deployments: [
      deployment({
        id: 'ecs-svc/88',
        ...{ desired: 4, running: 4, taskDefinition: 'timetable:88' },
        createdAt: today('13:41'),
        updatedAt: today('13:46', '10'),
      }),
    ],
    events: [
      ...[...deaths]
        .reverse()
        .map((clock, back) =>
          told(
            'timetable',
            clock,
            `has started 1 tasks: (task ${taskName('timetable', deaths.length - 1 - back + 4)}).`,
          ),
        ),
      told('timetable', '13:46', 'has reached a steady state.'),
      told('timetable', '13:42', 'has started 4 tasks.'),
    ],
  },
  tasks: [
    ...deaths.map((clock, index) => crashed(clock, index)),
    ...POINTS.map((address, index) => alive(address, index)),
  ],
});
const entry = (
  ruleNumber: number,
  egress: boolean,
  action: 'allow' | 'deny',
  from: number | null = null,
  to = from,
) => ({
  ...{ ruleNumber, egress, action, cidr: '0.0.0.0/0', protocol: from === null ? '-1' : '6' },
  ...{ fromPort: from, toPort: to },
});
const final = [entry(32767, false, 'deny'), entry(32767, true, 'deny')];
const http = entry(100, false, 'allow', 80);
const returning = entry(110, false, 'allow', 1024, 65535);
const acl = (id: string, subnetIds: string[], ...entries: ReturnType<typeof entry>[]) => ({
  ...{ id, isDefault: false, subnetIds, entries: [...entries, ...final], tags: {} },
});
const half = (values: Values, part: number): Values => values.map((value) => Math.round((value ?? 0) * part) || null);
const inB = during(half(reset, 0.47), '14:07', '14:30', null);
const inA = reset.map((value, index) => (value ?? 0) - (inB[index] ?? 0) || null);

export const recipe = elsewhere(
  aSnapshot({
    ...noInstances,
    ...tasks,
    ...routed(targetGroup('timetable', { targetType: 'ip' })),
    listenerRules: aRuleTo(GROUP),
    networkAcls: [
      acl('acl-public-a', ['subnet-public-a'], http, returning, entry(100, true, 'allow')),
      acl('acl-public-b', ['subnet-public-b'], http, entry(100, true, 'allow')),
      acl('acl-app', ['subnet-app-a', 'subnet-app-b'], entry(100, false, 'allow'), entry(100, true, 'allow')),
    ],
    changes: [
      changed(['13:41', '03'], 'role/ship-it (rail-904)', 'ecs', 'UpdateService', ['prod/timetable', GROUP], {
        is: 'settings',
        of: 'prod/timetable',
        set: { taskDefinition: 'timetable:88' },
      }),
      changed(['14:05', '57'], 'oskar', 'ec2', 'DeleteNetworkAclEntry', ['acl-public-b'], {
        ...{
          is: 'network-acl-entry',
          does: 'deletes',
          aclId: 'acl-public-b',
          ruleNumber: 110,
          egress: false,
          entry: null,
        },
      }),
    ],
    zoneMetrics: {
      grid: { from: '2026-03-10T11:30:00Z', minutes: 180 },
      of: [
        {
          id: 'us-east-1a',
          values: { RequestCount: half(asked, 0.53), HTTPCode_ELB_5XX_Count: inA, HTTPCode_ELB_502_Count: inA },
        },
        {
          id: 'us-east-1b',
          values: {
            RequestCount: half(asked, 0.47),
            HTTPCode_ELB_502_Count: inB,
            HTTPCode_ELB_5XX_Count: total([half(silent, 1), inB]),
            HTTPCode_ELB_504_Count: half(silent, 1),
          },
        },
      ],
    },
    ...afternoon(462, {
      [GROUP]: {
        asked,
        failed: { '504': silent, '502': reset },
        refused: total([silent, reset]),
        seconds: [0.06, 0.5],
        healthy: during(step(4, '14:30', 4), '13:47', '14:30', (_, minute) => (minute % 5 < 2 ? 3 : 4)),
      },
    }),
  }),
  { name: 'trains', region: 'eu-south-1', account: '410000000007' },
);
