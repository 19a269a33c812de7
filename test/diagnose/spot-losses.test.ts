import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { AutoScalingGroup } from '../../lambda/incident/evidence.ts';
import {
  always,
  aSnapshot,
  ecsService,
  groupMetrics,
  type Ill,
  instance,
  lately,
  metrics,
  TG,
  target,
  task,
} from '../support/a-snapshot.ts';
import { plain } from '../support/judged.ts';

const failing = (kind: '503' | '504') =>
  metrics({ [`HTTPCode_ELB_${kind}_Count`]: lately(9, 60), HTTPCode_ELB_5XX_Count: lately(9, 60) });
const group = (ill: Partial<AutoScalingGroup> = {}): AutoScalingGroup => ({
  ...{ name: 'shop-asg', min: 2, max: 4, desired: 2, healthCheckTypes: ['EC2'], gracePeriod: 300, targetGroups: [TG] },
  ...{ suspendedProcesses: [], instances: [], activities: [], refreshes: [], tags: {} },
  ...ill,
});
const gone = (code: string) =>
  instance('i-1', {
    state: 'terminated',
    stateReason: { code, message: code },
    stateSince: '2026-03-10T14:21:00Z',
    spot: true,
  });
const lost = (code: string, ill: Partial<AutoScalingGroup> = {}): Ill => ({
  targetHealth: [target('i-1', { state: 'unused', reason: 'Target.InvalidState' }), target('i-2')],
  instances: [gone(code), instance('i-2')],
  autoScalingInstances: [
    { instanceId: 'i-1', group: 'shop-asg', lifecycleState: 'Terminating', healthStatus: 'Unhealthy' },
  ],
  autoScalingGroups: [group(ill)],
  loadBalancerMetrics: failing('504'),
});
const activity = (description: string, cause: string, status: string, message: string | null = null) => ({
  ...{ at: '2026-03-10T14:23:00Z', endedAt: '2026-03-10T14:24:00Z' },
  ...{ description, cause, status, message },
});
const wanted = 'an instance was started in response to a difference between desired and actual capacity.';

const fixesOf = (ill: Ill) => {
  const [first] = diagnose(aSnapshot(ill), CAUSES).findings;
  return (first?.fixes ?? []).map(({ does, run, undo }) => ({
    does: plain(does),
    run: run?.join(' '),
    undo: undo?.join(' '),
  }));
};

describe('instances that AWS took back as Spot', () => {
  test('are replaced now, and kept from being missed again', () => {
    const [now, onDemand, ahead] = fixesOf(lost('Server.SpotInstanceTermination'));
    expect(now?.run).toMatch(
      /^aws autoscaling update-auto-scaling-group --auto-scaling-group-name shop-asg --max-size 4 --desired-capacity 3 /,
    );
    expect(now?.undo).toMatch(/ --max-size 4 --desired-capacity 2 /);
    expect(onDemand?.does).toMatch(/On-Demand base.*add instance types and zones/);
    expect(ahead?.run).toMatch(/ --capacity-rebalance /);
    expect(ahead?.undo).toMatch(/ --no-capacity-rebalance /);
  });

  test('are not asked for again where none can be launched: by others', () => {
    const failed = activity('Launching a new EC2 instance', wanted, 'Failed', 'There is no Spot capacity available.');
    const [first] = fixesOf(lost('Server.SpotInstanceTermination', { activities: [failed] }));
    expect(first?.does).toMatch(/On-Demand/);
    expect(first?.run).toBeUndefined();
  });

  test('show that rebalancing is on, where they were replaced for it', () => {
    const terminated = activity(
      'Terminating EC2 instance: i-9',
      'taken out of service in response to an EC2 instance rebalance recommendation.',
      'Successful',
    );
    const all = fixesOf(lost('Server.SpotInstanceTermination', { activities: [terminated] }));
    expect(JSON.stringify(all)).not.toContain('capacity-rebalance');
    // That one, and the one whose reason tells it.
    expect(all[0]?.run).toMatch(/ --max-size 4 --desired-capacity 4 /);
  });

  test.each(['Client.UserInitiatedShutdown', 'Server.InternalError'])('are not those that ended by %s', (code) => {
    expect(JSON.stringify(fixesOf(lost(code)))).not.toMatch(/On-Demand base|capacity-rebalance/);
  });
});

describe('tasks of Fargate that AWS took back', () => {
  const stopped = (reason: string, ill = {}): Ill => ({
    ecsServices: [ecsService({ running: 0, ...ill })],
    ecsTasks: [
      task('t1', {
        ...{ status: 'STOPPED', stoppingAt: '2026-03-10T14:20:40Z', stoppedAt: '2026-03-10T14:21:00Z' },
        ...{ stopCode: 'SpotInterruption', stoppedReason: reason },
      }),
    ],
    targetHealth: [],
    loadBalancerMetrics: failing('503'),
    targetGroupMetrics: groupMetrics({
      [TG]: { 'HealthyHostCount.min': [...always(2).slice(9), ...lately(9, 0).slice(-9)] },
    }),
  });

  test('run On-Demand meanwhile', () => {
    const [first] = fixesOf(stopped('Your Spot Task was interrupted.'));
    expect(first?.run).toMatch(
      /^aws ecs update-service --cluster prod --service web --capacity-provider-strategy capacityProvider=FARGATE,weight=1 --force-new-deployment /,
    );
    expect(first?.undo).toBeUndefined();
  });

  test('are deployed by whoever deploys them', () => {
    const [first] = fixesOf(stopped('Your Spot Task was interrupted.', { controller: 'CODE_DEPLOY' }));
    expect(first?.does).toMatch(/Fargate instead of Fargate Spot/);
    expect(first?.run).toBeUndefined();
  });

  test('are not those whose host went away', () => {
    expect(JSON.stringify(fixesOf(stopped('Host EC2 (instance i-1) terminated.')))).not.toContain('FARGATE');
  });
});
