import { expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { words } from '../../lambda/incident/text.ts';
import { asString } from '../../lambda/render/json.ts';
import {
  always,
  aSnapshot,
  denied,
  ecsService,
  groupArn,
  groupMetrics,
  type Ill,
  instance,
  instanceMetrics,
  lately,
  metrics,
  securityGroup,
  serviceMetrics,
  TG,
  target,
  targetGroup,
  unhealthy,
} from '../support/a-snapshot.ts';
import { scalingGroup } from '../support/auto-scaling.ts';
import { FAILED_CHECKS, unscheduled } from '../support/containers.ts';

const findingsOf = (ill: Ill) => diagnose(aSnapshot(ill), CAUSES).findings;
const toldFirst = (ill: Ill): readonly string[] =>
  (findingsOf(ill)[0]?.fixes ?? []).map(({ does, run }) => [asString(does), ...(run ?? [])].join(' '));
const allTold = (ill: Ill): string =>
  findingsOf(ill)
    .flatMap(({ fixes }) => fixes.map(({ run }) => run?.join(' ')))
    .join('\n');

const IDS = ['i-1', 'i-2'];
const busy = (minutes = lately(9, 60)) =>
  metrics({ HTTPCode_ELB_504_Count: minutes, HTTPCode_ELB_5XX_Count: minutes, RequestCount: always(60) });
/** Both hosts accept and never answer. */
const hang = (ill: Ill = {}): Ill => ({
  targetHealth: IDS.map((id) => unhealthy(id, 'Target.Timeout')),
  instances: IDS.map((id) => instance(id)),
  instanceMetrics: instanceMetrics(Object.fromEntries(IDS.map((id) => [id, { CPUUtilization: always(12) }]))),
  loadBalancerMetrics: busy(),
  ...ill,
});
const REBOOT = 'aws ec2 reboot-instances --instance-ids i-1 i-2 ';

test('what hangs is restarted by a command, and what that costs is said', () => {
  expect(findingsOf(hang())[0]?.cause).toBe('unresponsive-backend');
  const [first = '', ...more] = toldFirst(hang());
  expect(first).toContain(REBOOT);
  expect(first).toMatch(/^take a thread dump of one target, if that takes a minute at most, then reboot /);
  expect(more.join()).not.toContain('thread dump');
});

test('in an Auto Scaling group, a new instance may take the place of one', () => {
  const tags = { 'aws:autoscaling:groupName': 'web-asg' };
  const told = toldFirst(
    hang({ instances: IDS.map((id) => instance(id, { tags })), autoScalingGroups: [scalingGroup()] }),
  );
  expect(told[0]).toContain(REBOOT);
  expect(told[1]).toContain(
    'aws autoscaling terminate-instance-in-auto-scaling-group --instance-id i-1 --no-should-decrement-desired-capacity',
  );
  expect(told[1]).toContain('if that does not help');
});

const TASKS = ['10.0.10.21', '10.0.11.22'];
const tasksHang = (ill: Ill = {}): Ill =>
  hang({
    targetGroups: [targetGroup('web', { targetType: 'ip' })],
    targetHealth: TASKS.map((id) => unhealthy(id, 'Target.Timeout')),
    ecsServices: [ecsService()],
    serviceMetrics: serviceMetrics({ 'prod/web': { CPUUtilization: always(12), MemoryUtilization: always(40) } }),
    ...ill,
  });
const stops = (...minutes: number[]) => minutes.map((ago) => unscheduled(`task-${ago}`, ago, FAILED_CHECKS));
const ANEW = 'aws ecs update-service --cluster prod --service web --force-new-deployment';

test('tasks are started anew', () => {
  expect(toldFirst(tasksHang())[0]).toContain(ANEW);
});

test('tasks that something else deploys are started anew in words alone', () => {
  expect(allTold(tasksHang({ ecsServices: [ecsService({ controller: 'CODE_DEPLOY' })] }))).not.toContain('force-new');
});

test('what is replaced again and again already is not restarted besides, and that is said', () => {
  const replaced = tasksHang({ ecsTasks: stops(9, 6, 3) });
  const told = toldFirst(replaced).join('\n');
  expect(findingsOf(replaced).map(({ cause }) => cause)).toContain('deployment-failing');
  expect(told).toContain('A restart adds nothing: these targets are already being replaced');
  expect(allTold(replaced)).not.toContain('--force-new-deployment');
});

test.each<[string, Ill]>([
  ['whether tasks share the hosts was not seen', hang({ ecsServices: denied('ecs:DescribeServices') })],
  [
    'the hosts serve another group',
    hang({
      targetGroups: [targetGroup('web'), targetGroup('admin')],
      targetHealth: [
        ...IDS.map((id) => unhealthy(id, 'Target.Timeout')),
        ...IDS.map((id) => target(id, { targetGroup: groupArn('admin'), port: 9090 })),
      ],
    }),
  ],
  [
    'the security group is closed, whose rule mends it',
    hang({ securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [])] }),
  ],
])('nothing is rebooted where %s', (_, ill) => {
  expect(allTold(ill)).not.toContain('reboot-instances');
});

const answers5xx = (count: number): Ill => ({
  targetHealth: IDS.map((id) => target(id)),
  instances: IDS.map((id) => instance(id)),
  loadBalancerMetrics: metrics({
    RequestCount: always(60),
    HTTPCode_Target_5XX_Count: lately(9, count),
    HTTPCode_Target_2XX_Count: lately(9, 60 - count),
  }),
  targetGroupMetrics: groupMetrics({
    [TG]: { HTTPCode_Target_5XX_Count: lately(9, count), 'HealthyHostCount.min': always(2) },
  }),
});

test('an application that answers nothing but 5xx may be restarted, once its log was read', () => {
  const told = toldFirst(answers5xx(59));
  expect(told[0]).toContain('log');
  expect(told[1]).toContain(REBOOT);
  expect(told[1]).toContain('It does not help if the log names a database');
});

test('an application that answers some is not restarted', () => {
  expect(allTold(answers5xx(40))).not.toContain('reboot-instances');
});

/** Tasks answer their health check with another code; `minutes`: as many ago ECS stopped one for it. */
const refusedCheck = (code: number, ...minutes: number[]): Ill => ({
  targetGroups: [targetGroup('web', { targetType: 'ip' })],
  targetHealth: TASKS.map((id) =>
    unhealthy(id, 'Target.ResponseCodeMismatch', { description: `Health checks failed with these codes: [${code}]` }),
  ),
  ecsServices: [ecsService({ healthCheckGrace: 30 })],
  ecsTasks: stops(...minutes),
  loadBalancerMetrics: metrics({ HTTPCode_ELB_503_Count: lately(9, 20), HTTPCode_ELB_5XX_Count: lately(9, 20) }),
});
const KEEP = 'aws ecs update-service --cluster prod --service web --health-check-grace-period-seconds';

test('tasks that ECS takes away for a page alone are kept, and what that costs is said', () => {
  const ill = refusedCheck(404, 9, 6, 3);
  const [first] = findingsOf(ill)[0]?.fixes ?? [];
  expect(findingsOf(ill)[0]?.cause).toBe('health-check-code-mismatch');
  expect(first?.run?.join(' ')).toContain(`${KEEP} 86400`);
  expect(first?.undo?.join(' ')).toContain(`${KEEP} 30`);
  expect(asString(first?.does ?? words(''))).toContain('ECS replaces no task for failed checks');
});

test('tasks that nobody takes away need not be kept', () => {
  expect(allTold(refusedCheck(404))).not.toContain('grace-period');
});
