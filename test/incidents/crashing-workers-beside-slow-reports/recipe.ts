import { aRuleTo, aSnapshot, groupArn, targetGroup } from '../../support/a-snapshot.ts';
import {
  afternoon,
  forwardTo,
  inGroup,
  onFargate,
  partOf,
  pathRule,
  routed,
  runningTask,
  step,
  taskName,
} from '../../support/afternoon.ts';
import { fleet, told } from '../../support/fleet.ts';
import { during, elsewhere, inMinutes, recurring, today, wandering } from '../../support/traffic.ts';

const QUOTES = groupArn('quotes');
const REPORTS = groupArn('reports');
const quotes = wandering(481, 520, 0.1);
const deaths = recurring('13:50', '14:30', 4);
const reset = inMinutes(Object.fromEntries(deaths.map((clock, index) => [clock, 61 + ((index * 19) % 37)])), 0);
const reports = wandering(482, 175, 0.15);
const late = during(partOf(reports, 0.58, '14:04'), '14:03', '14:04', 34);
const ADDRESSES = ['10.0.10.81', '10.0.11.82', '10.0.10.83'];
const born = (index: number): string => deaths[index - 3] ?? '13:20';
const died = deaths.map((clock, index) =>
  runningTask('quotes', ADDRESSES[index % 3] ?? '', index, {
    ...(index < 3 ? {} : { createdAt: today(born(index), '30'), startedAt: today(born(index), '55') }),
    ...{ status: 'STOPPED', stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
    ...{ stoppingAt: today(clock, '11'), stoppedAt: today(clock, '24') },
    containers: [{ name: 'app', exitCode: 139, reason: null }],
  }),
);
const alive = deaths.slice(-3).map((clock, index) =>
  runningTask('quotes', ADDRESSES[(deaths.length + index) % 3] ?? '', deaths.length + index, {
    ...{ createdAt: today(clock, '30'), startedAt: today(clock, '55') },
  }),
);
const tasks = onFargate('quotes', QUOTES, ADDRESSES, {
  tasks: [...died, ...alive],
  service: {
    events: [...deaths]
      .reverse()
      .flatMap((clock, back) => [
        told('quotes', clock, `registered 1 targets in (target-group ${QUOTES})`),
        told('quotes', clock, `has started 1 tasks: (task ${taskName('quotes', deaths.length + 2 - back)}).`),
      ]),
  },
});
const two = fleet(2, 'r6i.large', during(wandering(483, 24, 0.2, 1), '14:02', '14:30', 8.8), {
  mem_used_percent: wandering(484, 51, 0.03, 1),
  disk_used_percent: wandering(485, 38, 0.01, 1),
});

export const recipe = elsewhere(
  aSnapshot({
    ...tasks,
    ...two,
    ...routed(targetGroup('quotes', { targetType: 'ip' }), targetGroup('reports')),
    listenerRules: [...aRuleTo(QUOTES), pathRule(6, '/reports/*', forwardTo(REPORTS))],
    targetHealth: [...tasks.targetHealth, ...inGroup(two.targetHealth, REPORTS)],
    ...afternoon(486, {
      [QUOTES]: {
        asked: quotes,
        failed: { '502': reset },
        seconds: [0.04, 0.3],
        healthy: during(step(3, '14:30', 3), '13:50', '14:30', (_, minute) => (minute % 4 < 2 ? 2 : 3)),
      },
      [REPORTS]: {
        asked: reports,
        failed: { '504': late },
        seconds: [
          1.4,
          during(wandering(487, 9, 0.3, 2), '14:02', '14:30', (_, minute) => 57.2 + ((minute * 5) % 13) / 6),
        ],
        healthy: 2,
      },
    }),
  }),
  { name: 'broker', region: 'us-east-1', account: '410000000009' },
);
