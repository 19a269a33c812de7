import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/deployment/deployment-failing/cause.ts';
import type { AutoScalingGroup, EcsDeployment } from '../../../lambda/incident/evidence.ts';
import {
  afterLevel,
  always,
  change,
  denied,
  deployment,
  ecsService,
  groupMetrics,
  type Ill,
  lately,
  metrics,
  newest,
  partly,
  TG,
  target,
  task,
  unhealthy,
} from '../../support/a-snapshot.ts';
import { launch, replacedForChecks, scalingGroup } from '../../support/auto-scaling.ts';
import { ago, errors, exited, FAILED_CHECKS, inTasks, unscheduled } from '../../support/containers.ts';
import { outcome, readable } from '../../support/judged.ts';

const failing = {
  ...inTasks,
  loadBalancerMetrics: errors('502', 9, 11, 4, 8, 9, 9),
  targetHealth: [],
  targetGroupMetrics: groupMetrics({}),
};
const rollout = (ill = {}, createdAt = ago(10)) =>
  ecsService({
    deployments: [
      deployment({
        id: 'ecs-svc/8',
        taskDefinition: 'web:8',
        rolloutState: 'IN_PROGRESS',
        rolloutReason: null,
        createdAt,
        ...ill,
      }),
      deployment({ status: 'ACTIVE' }),
    ],
  });
const loop = [8, 5, 2].map((minutes) =>
  unscheduled(`t${minutes}`, minutes, FAILED_CHECKS, { startedBy: 'ecs-svc/8', startedAt: ago(minutes + 2) }),
);
const late = { ...failing, loadBalancerMetrics: errors('502', ...Array.from({ length: 30 }, () => 9)) };

/** ECS gave `ecs-svc/8` up, went back to `web:7` with a deployment of its own, and lists the old one no more. */
const gaveUp = (before: readonly EcsDeployment[] = [], back = 3) => ({
  ...failing,
  ecsServices: [
    ecsService({
      deployments: [deployment({ id: 'ecs-svc/9', createdAt: ago(back) }), ...before],
      events: [
        { at: ago(3), message: '(service web) rolling back to deployment ecs-svc/9.' },
        { at: ago(3), message: '(service web) (deployment ecs-svc/8) deployment failed: tasks failed to start.' },
      ],
    }),
  ],
  ecsTasks: [
    { ...exited('f1', 6, 1), startedBy: 'ecs-svc/8', taskDefinition: 'web:8', createdAt: ago(9) },
    { ...exited('f2', 4, 1), startedBy: 'ecs-svc/8', taskDefinition: 'web:8', createdAt: ago(6) },
  ],
});

/** ECS goes back to `web:7` with a deployment of its own, beside others that it still lists. */
const goingBack = (...others: EcsDeployment[]) => ({
  ...failing,
  ecsServices: [
    ecsService({
      deployments: [
        deployment({
          ...{ id: 'ecs-svc/9', rolloutState: 'IN_PROGRESS', createdAt: ago(3) },
          rolloutReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/7.',
        }),
        ...others,
      ],
    }),
  ],
});

test.each([
  ['its rollout failed', { ...failing, ecsServices: [rollout({ rolloutState: 'FAILED' })] }, 'found decisive'],
  [
    'the circuit breaker tripped',
    { ...failing, ecsServices: [rollout({ rolloutReason: 'ECS deployment circuit breaker: tasks failed to start.' })] },
    'found decisive',
  ],
  [
    'its tasks fail their health checks, one after the other',
    { ...failing, ecsServices: [rollout()], ecsTasks: loop },
    'found decisive',
  ],
  ['one of its tasks failed once', { ...failing, ecsServices: [rollout()], ecsTasks: loop.slice(0, 1) }, 'ruled-out'],
  [
    'some failed, and another one is healthy',
    {
      ...failing,
      ecsServices: [rollout()],
      ecsTasks: [...loop.slice(1), task('ok', { startedBy: 'ecs-svc/8', addresses: ['10.0.10.21'] })],
      targetHealth: [target('10.0.10.21')],
    },
    'ruled-out',
  ],
  [
    'the tasks of the version before fail',
    {
      ...failing,
      ecsServices: [rollout()],
      ecsTasks: loop.slice(1).map((each) => ({ ...each, startedBy: 'ecs-svc/7' })),
    },
    'ruled-out',
  ],
  ['it failed yesterday', { ...failing, ecsServices: [rollout({ rolloutState: 'FAILED' }, ago(1440))] }, 'ruled-out'],
  [
    'two hours before the errors',
    { ...failing, ecsServices: [rollout({ rolloutState: 'FAILED' }, ago(126))] },
    'found decisive',
  ],
  ['a minute more', { ...failing, ecsServices: [rollout({ rolloutState: 'FAILED' }, ago(127))] }, 'ruled-out'],
  [
    'the old version carries on in full number',
    {
      ...failing,
      ecsServices: [rollout({ rolloutState: 'FAILED' })],
      targetGroupMetrics: groupMetrics({
        [TG]: { 'HealthyHostCount.min': newest(...Array.from({ length: 25 }, () => 2)) },
      }),
    },
    'found circumstantial',
  ],
  [
    'half of the old version is gone',
    {
      ...failing,
      ecsServices: [rollout({ rolloutState: 'FAILED' })],
      targetGroupMetrics: groupMetrics({
        [TG]: { 'HealthyHostCount.min': newest(...Array.from({ length: 25 }, (_, n) => (n < 18 ? 2 : 1))) },
      }),
    },
    'found decisive',
  ],
  [
    'a loop of young tasks, and nothing deployed',
    { ...failing, ecsServices: [ecsService()], ecsTasks: loop },
    'found strong',
  ],
  ['two of them only', { ...failing, ecsServices: [ecsService()], ecsTasks: loop.slice(1) }, 'ruled-out'],
  [
    'the first of them had been up for long',
    {
      ...failing,
      ecsServices: [ecsService()],
      ecsTasks: [unscheduled('old', 9, FAILED_CHECKS, { startedAt: ago(600) }), ...loop],
    },
    'found circumstantial',
  ],
  [
    'a loop of which the load balancer knows why',
    {
      ...failing,
      ecsServices: [ecsService()],
      ecsTasks: loop,
      targetHealth: [unhealthy('10.0.10.21', 'Target.Timeout')],
    },
    'found circumstantial',
  ],
  [
    'no error',
    { ...failing, loadBalancerMetrics: errors('502'), ecsServices: [rollout({ rolloutState: 'FAILED' })] },
    'ruled-out',
  ],
  ['ECS gave it up, went back, and lists it no more', gaveUp(), 'found decisive'],
  [
    'ECS gave it up, and still lists it',
    gaveUp([deployment({ id: 'ecs-svc/8', status: 'ACTIVE', rolloutState: 'FAILED', createdAt: ago(10) })]),
    'found decisive',
  ],
  ['ECS is on its way back, and lists what it gave up no more', goingBack(), 'ruled-out'],
  ['ECS went back ten minutes before the errors', gaveUp([], 16), 'found decisive'],
  ['a minute more: the errors are not its own', gaveUp([], 17), 'ruled-out'],
  [
    'its tasks were healthy once, and fail now',
    { ...failing, ecsServices: [rollout({ rolloutState: 'COMPLETED' })], ecsTasks: loop.slice(1) },
    'ruled-out',
  ],
  ['what ECS went back to is no new version', { ...gaveUp(), ecsTasks: [] }, 'ruled-out'],
  ['no ECS service', failing, 'not-applicable'],
  [
    'tasks denied',
    { ...failing, ecsServices: [rollout({ rolloutState: 'FAILED' })], ecsTasks: denied() },
    'undetermined',
  ],
])('%s', (_, ill, expected) => {
  expect(outcome(cause, ill)).toBe(expected);
});

test('one that began after the errors is no cause of them', () => {
  expect(readable(cause, { ...late, ecsServices: [rollout({ rolloutState: 'FAILED' })] })).toContain(
    '[circumstantial]',
  );
});

test('says which version, why, and how to go back', () => {
  const events = [
    {
      at: ago(2),
      message: `(service web) (task t2) (port 8080) is unhealthy in (target-group ${TG}) due to (reason Health checks failed with these codes: [404])`,
    },
  ];
  const ill = { ...failing, ecsServices: [{ ...rollout({ failedTasks: 3, running: 0 }), events }], ecsTasks: loop };
  expect(readable(cause, ill)).toMatchInlineSnapshot(`
    "The new version of web (\`web:8\`) does not become healthy: its tasks fail their health checks [decisive] since 2026-03-10T14:20:00Z
      because  ecs-svc/8: \`IN_PROGRESS\`, 0 of 2 tasks running, 3 failed   [ecsServices]
      because  3 tasks of the new version stopped since; t2: "Task failed ELB health checks in (target-group web)"   [ecsTasks]
      because  ECS reports its targets as unhealthy: "Health checks failed with these codes: [404]"   [ecsServices]
      fix      roll web back from \`web:8\` to \`web:7\`
               aws ecs update-service --cluster prod --service web --task-definition web:7 --region us-east-1
         undo  aws ecs update-service --cluster prod --service web --task-definition web:8 --region us-east-1
      look     see why 3 tasks stopped, while ECS still shows them
               aws ecs describe-tasks --cluster prod --tasks t8 t5 t2 --region us-east-1
      look     see how the deployment of web proceeds
               aws ecs describe-services --cluster prod --services web --region us-east-1"
  `);
});

test('offers no way back where ECS has gone back', () => {
  expect(readable(cause, gaveUp())).toMatchInlineSnapshot(`
    "The new version of web (\`web:8\`) did not become healthy: its tasks exit [decisive] since 2026-03-10T14:21:00Z
      because  ecs-svc/8: \`FAILED\`, 0 of 2 tasks running, 2 failed; "deployment failed: tasks failed to start"   [ecsServices]
      because  2 tasks of the new version stopped since; f2: "Essential container in task exited", exit code \`1\`   [ecsTasks]
      because  ECS has gone back to the version before   [ecsServices]
      look     see why 2 tasks stopped, while ECS still shows them
               aws ecs describe-tasks --cluster prod --tasks f1 f2 --region us-east-1
      look     see how the deployment of web proceeds
               aws ecs describe-services --cluster prod --services web --region us-east-1"
  `);
  const listed = deployment({ id: 'ecs-svc/8', status: 'ACTIVE', rolloutState: 'FAILED', taskDefinition: 'web:8' });
  expect(readable(cause, gaveUp([{ ...listed, createdAt: ago(10) }]))).not.toContain('update-service');
});

test('blames the version that ECS gave up, not the one that it goes back to', () => {
  const failed = deployment({
    ...{ id: 'ecs-svc/8', status: 'ACTIVE', taskDefinition: 'web:8', createdAt: ago(10), running: 0 },
    ...{ rolloutState: 'FAILED', rolloutReason: 'ECS deployment circuit breaker: tasks failed to start.' },
  });
  const told = readable(cause, goingBack(failed));
  expect(told).toContain('The new version of web (`web:8`) did not become healthy [decisive]');
  expect(told).not.toMatch(/web:7|update-service/);
});

describe('an Auto Scaling group that replaces its instances again and again', () => {
  /** Launched and taken away two minutes later, from 14:10 on. */
  const pairs = (...clocks: [launched: string, gone: string][]) =>
    clocks.flatMap(([launched, gone], n) => [launch(launched, `i-a${n}`), replacedForChecks(gone, `i-a${n}`)]);
  const LOOP = pairs(['14:10', '14:12'], ['14:14', '14:16'], ['14:18', '14:20']);
  const group = (activities: AutoScalingGroup['activities'], ill: Partial<AutoScalingGroup> = {}): Ill => ({
    targetHealth: [target('i-1', { state: 'initial', reason: 'Elb.InitialHealthChecking' })],
    loadBalancerMetrics: errors('502', ...Array.from({ length: 18 }, () => 30)),
    autoScalingGroups: [scalingGroup({ gracePeriod: 60, activities, ...ill })],
    targetGroupMetrics: groupMetrics({}),
  });
  const refresh = (startedAt: string): Partial<AutoScalingGroup> => ({
    refreshes: [{ id: 'r-1', status: 'InProgress', reason: null, startedAt, endedAt: null }],
  });
  const CUT_OFF = { why: 'not-asked', detail: 'more than 100', ids: ['web-asg'] } as const;
  const old = replacedForChecks('14:11', 'i-old');
  const levels = (level: number): Ill => ({
    targetGroupMetrics: groupMetrics({
      [TG]: { 'HealthyHostCount.min': [...always(2).slice(0, 160), ...lately(20, level).slice(160)] },
    }),
  });

  test.each<[string, Ill, string]>([
    ['without a rollout', group(LOOP), 'found strong'],
    ['since an instance refresh began', group(LOOP, refresh('2026-03-10T14:09:00Z')), 'found decisive'],
    ['long after an instance refresh began', group(LOOP, refresh('2026-03-10T12:09:00Z')), 'found strong'],
    ['twice only', group(LOOP.slice(2)), 'ruled-out'],
    ['and ones that had served fail, too', group([...LOOP, old]), 'found circumstantial'],
    ['each after half an hour', group(pairs(['13:20', '14:10'], ['13:21', '14:14'], ['13:22', '14:16'])), 'ruled-out'],
    [
      'since the errors began, no sooner',
      group(pairs(['14:15', '14:17'], ['14:18', '14:20'], ['14:22', '14:24'])),
      'found circumstantial',
    ],
    [
      'and the load balancer gets an answer of another code',
      { ...group(LOOP), targetHealth: [unhealthy('i-1', 'Target.ResponseCodeMismatch')] },
      'found circumstantial',
    ],
    [
      'whose older activities were not read',
      { ...group(LOOP), autoScalingGroups: partly([scalingGroup({ gracePeriod: 60, activities: LOOP })], CUT_OFF) },
      'found circumstantial',
    ],
    [
      'of which only the instance refreshes were not read',
      {
        ...group(LOOP),
        autoScalingGroups: partly([scalingGroup({ gracePeriod: 60, activities: LOOP })], {
          ...{ why: 'denied', detail: 'denied', ids: ['web-asg'] },
          action: 'autoscaling:DescribeInstanceRefreshes',
        }),
      },
      'found strong',
    ],
    [
      'in an outage that is older than what was read',
      {
        ...group(LOOP),
        loadBalancerMetrics: metrics({ HTTPCode_ELB_502_Count: always(30), HTTPCode_ELB_5XX_Count: always(30) }),
      },
      'found circumstantial',
    ],
    [
      'which do not listen yet',
      { ...group(LOOP), targetHealth: [unhealthy('i-1', 'Target.FailedHealthChecks')] },
      'found strong',
    ],
    ['while the old ones carry on', { ...group(LOOP), ...levels(2) }, 'found circumstantial'],
    ['while fewer are left', { ...group(LOOP), ...levels(1) }, 'found strong'],
    ['of another target group', group(LOOP, { targetGroups: ['other'] }), 'not-applicable'],
    ['and no error', { ...group(LOOP), loadBalancerMetrics: metrics() }, 'ruled-out'],
    ['Auto Scaling was denied', { ...group(LOOP), autoScalingGroups: denied() }, 'undetermined'],
    [
      'its activities were not read',
      {
        ...group([]),
        autoScalingGroups: partly([scalingGroup()], { why: 'denied', detail: 'denied', ids: ['web-asg'] }),
      },
      'undetermined',
    ],
    [
      'Auto Scaling was denied, and no target is an instance',
      { ...group(LOOP), autoScalingGroups: denied(), targetHealth: [target('10.0.10.5')] },
      'not-applicable',
    ],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('says how old they got, what their grace period is, and how to give them time', () => {
    expect(readable(cause, group(LOOP, refresh('2026-03-10T14:09:00Z')))).toMatchInlineSnapshot(`
      "web-asg replaces its instances again and again: they are not healthy within 2 min [decisive] since 2026-03-10T14:10:00Z
        because  errors since 14:12; the first of these instances was launched at 14:10   [loadBalancerMetrics]
        because  3 instances terminated for failed health checks at 14:12, 14:16 and 14:20, none older than 2 min   [autoScalingGroups]
        because  its health check grace period, which keeps a new instance from being judged, is \`60 s\`   [autoScalingGroups]
        because  an instance refresh had begun at 14:09: \`InProgress\`   [autoScalingGroups]
        fix      give new instances 10 min to become healthy: enough for a slow start, and to see on one why it does not start
                 aws autoscaling update-auto-scaling-group --auto-scaling-group-name web-asg --health-check-grace-period 600 --region us-east-1
           undo  aws autoscaling update-auto-scaling-group --auto-scaling-group-name web-asg --health-check-grace-period 60 --region us-east-1
        fix      cancel the instance refresh, so that it replaces no more old instances
                 aws autoscaling cancel-instance-refresh --auto-scaling-group-name web-asg --region us-east-1
        look     see why they were replaced, and read on a new instance what its application logs at startup
                 aws autoscaling describe-scaling-activities --auto-scaling-group-name web-asg --max-items 20 --region us-east-1"
    `);
  });
});

describe('where the errors are older than what ECS shows', () => {
  const deploys = (minutes: number, version: string, ill: object = {}) =>
    change(
      { is: 'settings', of: 'web', set: { taskDefinition: version } },
      { at: ago(minutes), event: 'UpdateService', who: 'alice', what: `set taskDefinition=${version} on web`, ...ill },
    );
  /** Errors from 80 until 60 minutes ago, or so. */
  const errorsUntil = (minutes: number) =>
    errors('502', ...Array.from({ length: 80 }, (_, minute) => (minute < 80 - minutes ? 9 : 0)));
  const reason = 'Health checks failed with these codes: [500]';
  const target = '(target-group arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067)';
  const told = {
    events: [
      { at: ago(70), message: `(service web) (port 8080) is unhealthy in ${target} due to (reason ${reason}).` },
      { at: ago(75), message: `(service web) (port 8080) is unhealthy in ${target} due to (reason ${reason}).` },
    ],
  };
  const past = (ill: Ill = {}, service = {}) => ({
    ...failing,
    windowSeconds: 7200,
    loadBalancerMetrics: errorsUntil(58),
    ecsServices: [ecsService({ deployments: [deployment({ id: 'ecs-svc/9', createdAt: ago(60) })], ...service })],
    changes: [deploys(85, 'web:8'), deploys(60, 'web:7')],
    ...ill,
  });

  test.each([
    ['a version came, failed its checks, and was left', past({}, told), 'found strong'],
    ['nothing tells what it failed at', past(), 'found circumstantial'],
    ['nobody deployed', past({ changes: [] }), 'undetermined'],
    ['changes denied', past({ changes: denied() }), 'undetermined'],
    [
      'it came with the first minute of errors',
      past({ changes: [deploys(80, 'web:8'), deploys(60, 'web:7')] }, told),
      'found strong',
    ],
    ['it came after the errors', past({ changes: [deploys(78, 'web:8'), deploys(60, 'web:7')] }, told), 'undetermined'],
    ['it came long before', past({ changes: [deploys(111, 'web:8'), deploys(60, 'web:7')] }, told), 'undetermined'],
    [
      'the same version was deployed again',
      past({ changes: [deploys(85, 'web:7'), deploys(60, 'web:7')] }, told),
      'undetermined',
    ],
    ['it was never left', past({ changes: [deploys(85, 'web:8')] }, told), 'undetermined'],
    ['the errors ended 10 minutes later', past({ loadBalancerMetrics: errorsUntil(49) }, told), 'found strong'],
    ['the errors went on for 11 minutes', past({ loadBalancerMetrics: errorsUntil(48) }, told), 'undetermined'],
    [
      'a service of the same name, in other groups',
      past({ changes: [deploys(85, 'web:8', { resources: ['web', `${TG}x`] }), deploys(60, 'web:7')] }, told),
      'undetermined',
    ],
    [
      'no deployment, and as many tasks as are wanted stayed',
      past({ changes: [], ecsTasks: ['a', 'b'].map((id) => task(id, { startedAt: ago(600) })) }),
      'ruled-out',
    ],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, ill)).toBe(expected);
  });

  test('tells of the version that was left, by the changes and the events', () => {
    expect(readable(cause, past({}, told))).toMatchInlineSnapshot(`
      "The new version of web (\`web:8\`) did not become healthy, and was replaced at 13:30 [strong] since 2026-03-10T13:05:00Z
        because  the errors began at 13:10 and ended at 13:32   [loadBalancerMetrics]
        because  \`alice\` set taskDefinition=web:7 on web   [changes]
        because  in between, 2 events of the service report tasks that do not become healthy: "Health checks failed with these codes: [500]"   [ecsServices]
        look     find out why \`web:8\` fails before it is deployed again
        look     read the events of web: ECS keeps the last 100
                 aws ecs describe-services --cluster prod --services web --region us-east-1
        look     see who deployed what
                 aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=UpdateService --start-time 2026-03-10T12:10:00Z --region us-east-1"
    `);
  });
});

// --- the old version carries on only where there is one, and it is healthy

const levels = (level: number) => ({
  targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': newest(...Array<number>(25).fill(level)) } }),
});
const gaveUpNow = { ...failing, ecsServices: [rollout({ rolloutState: 'FAILED' })] };
const onlyOne = ecsService({
  deployments: [deployment({ id: 'ecs-svc/8', rolloutState: 'FAILED', createdAt: ago(10) })],
});

test.each([
  ['it is healthy in full number', { ...gaveUpNow, ...levels(2) }, true],
  ['no target is healthy, then or before', { ...gaveUpNow, ...levels(0) }, false],
  ['it is the first deployment of the service', { ...gaveUpNow, ecsServices: [onlyOne], ...levels(2) }, false],
  [
    'tasks of another one run, which ECS lists no more',
    { ...gaveUpNow, ecsServices: [onlyOne], ecsTasks: [task('a'), task('b')], ...levels(2) },
    true,
  ],
  [
    'nothing of the old version runs',
    {
      ...gaveUpNow,
      ecsServices: [
        ecsService({
          deployments: [
            deployment({ id: 'ecs-svc/8', rolloutState: 'FAILED', createdAt: ago(10) }),
            deployment({ status: 'ACTIVE', running: 0 }),
          ],
        }),
      ],
      ...levels(2),
    },
    false,
  ],
])('the old version: %s', (_, ill, carriesOn) => {
  expect(readable(cause, ill).includes('the old version carries on')).toBe(carriesOn);
  expect(outcome(cause, ill)).toBe(carriesOn ? 'found circumstantial' : 'found decisive');
});

/** Of a service that wants none now: so many healthy until the errors began, or from some minutes before on. */
const setToNone = (desired: number, healthyBefore: number) => ({
  ...gaveUpNow,
  ecsServices: [
    {
      ...onlyOne,
      desired,
      deployments: [deployment({ id: 'ecs-svc/8', rolloutState: 'FAILED', createdAt: ago(20) })],
    },
  ],
  targetGroupMetrics: groupMetrics({
    [TG]: { 'HealthyHostCount.min': afterLevel(2, ...Array(4).fill(healthyBefore), ...Array(6).fill(0)) },
  }),
});
test.each([
  ['as many as before were healthy until then', setToNone(0, 2), true],
  ['fewer were', setToNone(0, 1), false],
  ['it was set to none by nobody', setToNone(2, 2), false],
])('a service that wants no task, which fails since: %s', (_, ill, wasHarmless) => {
  const told = readable(cause, ill);
  expect(told.includes('as many targets as before stayed healthy until errors began')).toBe(wasHarmless);
  expect(outcome(cause, ill)).toBe(wasHarmless ? 'found circumstantial' : 'found decisive');
});

// --- a loop proves that checks fail, never why

const undeployed = [9, 6, 3].map((minutes) =>
  unscheduled(`u${minutes}`, minutes, FAILED_CHECKS, { startedAt: ago(minutes + 2) }),
);
const told = (reason: string) =>
  ecsService({
    events: [
      {
        at: ago(3.5),
        message: `(service web) (task u3) (port 8080) is unhealthy in (target-group ${TG}) due to (reason ${reason})`,
      },
    ],
  });
const undeployedLoop = {
  ...failing,
  loadBalancerMetrics: errors('502', ...Array<number>(10).fill(9)),
  ecsTasks: undeployed,
};

test.each([
  ['nobody says', ecsService(), 'found strong'],
  ['they are refused', told('Health checks failed'), 'found strong'],
  ['they end in silence', told('Request timed out'), 'found circumstantial'],
  ['they are answered with another code', told('Health checks failed with these codes: [503]'), 'found circumstantial'],
])('why checks of replaced tasks fail: %s', (_, service, expected) => {
  expect(outcome(cause, { ...undeployedLoop, ecsServices: [service] })).toBe(expected);
});

describe("a container's own health check is not the target group's", () => {
  const OWN = 'Task failed container health checks';
  const loop = (...reasons: string[]) => ({
    ...undeployedLoop,
    ecsServices: [ecsService()],
    ecsTasks: reasons.map((reason, n) => unscheduled(`u${n}`, 9 - 3 * n, reason, { startedAt: ago(11 - 3 * n) })),
  });
  test.each([
    [
      'their own',
      [OWN, OWN, OWN],
      "they fail their containers' own health check, which is not the target group's",
      true,
    ],
    ['both', [OWN, FAILED_CHECKS, FAILED_CHECKS], "they fail their health checks, 1 of 3 their containers' own", false],
    ["the group's", [FAILED_CHECKS, FAILED_CHECKS, FAILED_CHECKS], 'they fail their health checks [', false],
  ])('%s', (_, reasons, says, isOwn) => {
    const said = readable(cause, loop(...reasons));
    expect(said).toContain(says);
    expect(said.includes('aws ecs describe-task-definition')).toBe(isOwn);
    expect(said.includes('why its targets are unhealthy')).toBe(!isOwn);
  });
});
