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

const RENDER = groupArn('render');
const FORUM = groupArn('forum');
const ADDRESSES = ['10.0.10.71', '10.0.11.72'];
const render = wandering(421, 310, 0.12);
const deaths = recurring('13:52', '14:30', 6);
const killed = inMinutes(Object.fromEntries(deaths.map((clock, index) => [clock, 74 + ((index * 17) % 29)])), 0);
const forum = wandering(422, [380, 450], 0.08);
const late = during(partOf(forum, 0.36, '14:06'), '14:05', '14:06', 37);
const OOM = 'OutOfMemoryError: Container killed due to memory usage';
const dead = deaths.map((clock, index) =>
  runningTask('render', ADDRESSES[index % 2] ?? '', index, {
    status: 'STOPPED',
    ...(index < 2
      ? {}
      : { createdAt: today(deaths[index - 2] ?? clock, '25'), startedAt: today(deaths[index - 2] ?? clock, '52') }),
    stoppingAt: today(clock, '08'),
    stoppedAt: today(clock, '21'),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', exitCode: 137, reason: OOM }],
  }),
);
const alive = ADDRESSES.map((address, index) =>
  runningTask('render', address, deaths.length + index, {
    createdAt: today(deaths.at(index - 2) ?? '14:20', '25'),
    startedAt: today(deaths.at(index - 2) ?? '14:20', '52'),
  }),
);
const tasks = onFargate('render', RENDER, ADDRESSES, {
  tasks: [...dead, ...alive],
  cpu: wandering(423, 44, 0.3, 1),
  memory: during(wandering(424, [61, 78], 0.06, 1), '13:49', '14:30', (_, minute) => 84 + (minute % 6) * 2.7),
  service: {
    events: [...deaths]
      .reverse()
      .flatMap((clock, back) => [
        told('render', clock, `has started 1 tasks: (task ${taskName('render', deaths.length + 1 - back)}).`),
        told('render', clock, `registered 1 targets in (target-group ${RENDER})`),
      ]),
  },
});
const two = fleet(2, 't3.small', during(wandering(425, 47, 0.15, 1), '14:04', '14:30', 20.1), {
  CPUCreditBalance: during(wandering(0, [64, 9], 0), '14:04', '14:30', 0).map((value, minute) =>
    minute % 5 === 0 ? value : null,
  ),
  CPUSurplusCreditBalance: step(0, '14:30', 0),
});

export const recipe = elsewhere(
  aSnapshot({
    ...tasks,
    ...two,
    creditModes: two.instances.map(({ id }) => ({ instanceId: id, mode: 'standard' })),
    ...routed(targetGroup('render', { targetType: 'ip' }), targetGroup('forum')),
    listenerRules: [...aRuleTo(FORUM), pathRule(20, '/render/*', forwardTo(RENDER))],
    targetHealth: [...tasks.targetHealth, ...inGroup(two.targetHealth, FORUM)],
    ...afternoon(426, {
      [FORUM]: {
        asked: forum,
        failed: { '504': late },
        target: { '4XX': wandering(427, 12, 0.5) },
        seconds: [0.11, during(wandering(428, 1.2, 0.3, 3), '14:04', '14:30', (_, minute) => 41 + ((minute * 7) % 17))],
        healthy: 2,
      },
      [RENDER]: {
        asked: render,
        failed: { '502': killed },
        seconds: [0.4, 2.6],
        healthy: during(step(2, '14:30', 2), '13:52', '14:30', (_, minute) => (minute % 6 < 2 ? 1 : 2)),
      },
    }),
  }),
  { name: 'community', region: 'us-west-2', account: '410000000003' },
);
