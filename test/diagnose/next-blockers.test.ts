import { describe, expect, test } from 'vitest';
import { type Cause, defineCause } from '../../lambda/causes/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId, ErrorKind } from '../../lambda/incident/cause.ts';
import type { EcsTask } from '../../lambda/incident/evidence.ts';
import { words } from '../../lambda/incident/text.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import {
  aRuleTo,
  aSnapshot,
  between,
  deployment,
  ecsService,
  groupArn,
  groupMetrics,
  type Ill,
  ingress,
  instance,
  LB,
  lately,
  metrics,
  denied as notRead,
  securityGroup,
  TG,
  target,
  unhealthy,
} from '../support/a-snapshot.ts';
import { ago, inTasks, SCALING, stopped as stoppedTask, unscheduled } from '../support/containers.ts';

interface Fault {
  readonly explains: readonly ErrorKind[];
  readonly targetGroups?: readonly string[];
  readonly from?: 'targetHealth' | 'targetGroupMetrics';
  readonly causes?: readonly CauseId[];
  readonly targets?: readonly string[];
}

function fault(
  id: CauseId,
  { explains, targetGroups = [TG], from = 'targetHealth', causes = [], targets = [] }: Fault,
): Cause {
  return defineCause({
    id,
    needs: ['targetHealth', 'targetGroupMetrics'],
    causes,
    examine: () => ({
      is: 'found',
      findings: [
        {
          strength: 'decisive',
          says: words(`${id} it is` as 'it is'),
          because: [{ from, shows: words('AWS shows it') }],
          affects: {
            targetGroups,
            targets: targets.map((one) => ({ id: one, port: 8080, targetGroup: TG })),
          },
          explains,
          fixes: [],
        },
      ],
    }),
  });
}

/** All requests are answered 503 for nine minutes. */
const outage: Ill = {
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_503_Count: lately(9, 120),
    HTTPCode_ELB_5XX_Count: lately(9, 120),
  }),
  targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: between(180, 9, 120) } }),
};
const stopped = fault('instance-not-running', { explains: ['503'] });
const closed = (more: Partial<Fault> = {}) => fault('target-security-group-closed', { explains: ['504'], ...more });

test('what would keep it broken is told after what makes the errors, and is no cause found', () => {
  const diagnosis = diagnose(aSnapshot(outage), [closed(), stopped]);
  expect(diagnosis.verdict).toMatchObject({ status: 'identified', cause: 'instance-not-running' });
  expect(diagnosis.findings[1]).toMatchObject({
    cause: 'target-security-group-closed',
    strength: 'circumstantial',
    waiting: true,
    blocks: ['instance-not-running'],
  });
  const mail = renderEmail(diagnosis).replace(/\s+/g, ' ');
  expect(mail).toContain(
    'THEN This causes none of the errors yet, but requests would still fail once their cause is fixed: - target-security-group-closed it is',
  );
  expect(mail).toContain(' 1 found');
  expect(mail).not.toContain('ALSO FOUND');
});

describe('a fault of a part of the targets', () => {
  const before = (healthy: number | null): Ill => ({
    ...outage,
    targetHealth: ['i-1', 'i-2', 'i-3'].map((id) => target(id)),
    targetGroupMetrics: groupMetrics({
      [TG]: { HTTPCode_Target_2XX_Count: between(180, 9, 120), 'HealthyHostCount.min': between(180, 9, healthy) },
    }),
  });
  test.each<[string, readonly string[], Ill, boolean]>([
    ['the two others served before without it', ['i-1'], before(2), false],
    ['one of them did', ['i-1'], before(1), false],
    ['all three were healthy before: it is new', ['i-1'], before(3), true],
    ['one served before, without the two', ['i-1', 'i-2'], before(1), false],
    ['two were healthy before, one of them among these', ['i-1', 'i-2'], before(2), true],
    ['all are shut off', ['i-1', 'i-2', 'i-3'], before(2), true],
    ['nobody saw how many were healthy before', ['i-1'], before(null), true],
  ])('%s', (_, targets, ill, waits) => {
    const diagnosis = diagnose(aSnapshot(ill), [closed({ targets }), stopped]);
    expect(diagnosis.findings.filter(({ waiting }) => waiting).map(({ cause }) => cause)).toEqual(
      waits ? ['target-security-group-closed'] : [],
    );
    const mail = renderEmail(diagnosis).replace(/\s+/g, ' ');
    expect(mail.includes('but requests would still fail once')).toBe(waits);
    if (!waits) expect(mail).toContain('causes none of these errors');
    expect(diagnosis.verdict).toMatchObject({ status: 'identified', cause: 'instance-not-running' });
  });
});

test.each<[string, readonly Cause[], Ill]>([
  ['it is of another group', [stopped, closed({ targetGroups: [groupArn('api')] })], outage],
  ['it explains no errors at all', [stopped, closed({ explains: [] })], outage],
  ['it is read from what was then, and may be mended', [stopped, closed({ from: 'targetGroupMetrics' })], outage],
  [
    'it comes of the first',
    [fault('instance-not-running', { explains: ['503'], causes: ['target-security-group-closed'] }), closed()],
    outage,
  ],
  ['it explains the errors itself', [stopped, closed({ explains: ['503'] })], outage],
  ['nothing explains the errors', [closed()], outage],
  [
    'the targets answer all the same',
    [stopped, closed()],
    { ...outage, targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: lately(180, 3) } }) },
  ],
  ['AWS was read long after', [stopped, closed()], { ...outage, readAt: '2026-03-10T16:30:00Z' }],
])('nothing waits where %s', (_, causes, ill) => {
  const diagnosis = diagnose(aSnapshot(ill), causes);
  expect(diagnosis.findings.filter(({ waiting }) => waiting)).toEqual([]);
  expect(renderEmail(diagnosis)).not.toMatch(/^THEN$/m);
});

describe('what nothing gets to yet', () => {
  const is503 = (more = {}) => ({
    loadBalancerMetrics: metrics({
      HTTPCode_ELB_503_Count: lately(9, 117),
      HTTPCode_ELB_5XX_Count: lately(9, 117),
      ...more,
    }),
    targetGroupMetrics: groupMetrics({
      [TG]: { RequestCount: between(180, 9, 117), HTTPCode_Target_2XX_Count: between(180, 9, 117) },
    }),
  });
  const off = (id: string) =>
    target(id, { state: 'unused', reason: 'Target.InvalidState', description: 'Target is in the stopped state' });
  const stoppedHosts: Ill = {
    ...is503(),
    targetHealth: [off('i-1'), off('i-2')],
    instances: [instance('i-1', { state: 'stopped' }), instance('i-2', { state: 'stopped' })],
  };
  const ssh = ingress('tcp', 22, 22, { cidr: '10.0.0.0/16' });
  const shut: Ill = { securityGroups: [securityGroup('sg-alb', []), securityGroup('sg-app', [ssh])] };
  const web = ingress('tcp', 8080, 8080, { group: 'sg-alb' });
  const letsNothingOut: Ill = {
    securityGroups: [
      securityGroup('sg-alb', [], [ingress('tcp', 443, 443, { cidr: '10.0.0.0/16' })]),
      securityGroup('sg-app', [web]),
    ],
  };
  const entry = (
    ruleNumber: number,
    action: 'allow' | 'deny',
    egress = false,
    ports: readonly [number, number] | null = null,
  ) => ({
    ...{ ruleNumber, egress, action, protocol: ports === null ? '-1' : '6', cidr: '0.0.0.0/0' },
    ...{ fromPort: ports?.[0] ?? null, toPort: ports?.[1] ?? null },
  });
  const denied: Ill = {
    networkAcls: [
      {
        ...{ id: 'acl-default', isDefault: true, tags: {} },
        subnetIds: ['subnet-public-a', 'subnet-public-b', 'subnet-app-a', 'subnet-app-b'],
        entries: [
          ...[entry(50, 'deny', false, [8080, 8080]), entry(100, 'allow'), entry(32767, 'deny')],
          ...[entry(100, 'allow', true), entry(32767, 'deny', true)],
        ],
      },
    ],
  };
  const notInZone = (id: string) =>
    target(id, {
      ...{ state: 'unused', reason: 'Target.NotInUse' },
      description: 'Target is in an Availability Zone that is not enabled for the load balancer',
    });
  const outsideZones: Ill = { ...is503(), targetHealth: [notInZone('i-1'), notInZone('i-2')] };

  const [byDefault] = aRuleTo(TG);
  const maintenance = (condition: string): Ill => ({
    ...is503({ HTTP_Fixed_Response_Count: lately(9, 117) }),
    listenerRules: [
      {
        ...{ arn: `${LB}/rule-1`, listenerArn: `${LB}/listener-80`, priority: 1, conditions: [condition] },
        actions: [{ type: 'fixed-response' as const, statusCode: '503' }],
      },
      ...(byDefault === undefined ? [] : [byDefault]),
    ],
    targetHealth: [unhealthy('i-1', 'Target.Timeout'), unhealthy('i-2', 'Target.Timeout')],
  });

  const neverStarted = (id: string, minutes: number, stoppedReason: string) =>
    stoppedTask(id, minutes, {
      ...{ startedAt: null, startedBy: 'ecs-svc/8', taskDefinition: 'web:8' },
      ...{ stopCode: 'TaskFailedToStart', stoppedReason },
    });
  const wantsNone = (reason: string, lastRan = 9, taskDefinition = 'web:8'): Ill => ({
    ...inTasks,
    ...is503(),
    targetHealth: [],
    ecsServices: [
      ecsService({
        ...{ desired: 0, running: 0, taskDefinition },
        deployments: [
          deployment({
            id: 'ecs-svc/8',
            taskDefinition,
            createdAt: ago(25),
            rolloutState: 'IN_PROGRESS',
            desired: 0,
            running: 0,
          }),
        ],
      }),
    ],
    ecsTasks: [
      neverStarted('c', 20, reason),
      neverStarted('d', 12, reason),
      unscheduled('a', lastRan, SCALING),
      unscheduled('b', lastRan, SCALING),
    ],
  });
  const GONE = 'CannotPullContainerError: pull image manifest has been retried 7 time(s): shop/web:8: not found';
  const UNREACHED =
    'ResourceInitializationError: unable to pull secrets or registry auth: dial tcp 10.0.3.9:443: i/o timeout';
  const REFUSED =
    'ResourceInitializationError: unable to pull secrets: AccessDeniedException: not authorized to perform secretsmanager:GetSecretValue';

  const told = (ill: Ill) => {
    const diagnosis = diagnose(aSnapshot(ill), CAUSES);
    const mail = renderEmail(diagnosis).replace(/\s+/g, ' ');
    const waiting = diagnosis.findings.filter((finding) => finding.waiting);
    return { diagnosis, mail, waiting, causes: waiting.map(({ cause }) => cause) };
  };

  test.each<[string, Ill, CauseId, readonly CauseId[]]>([
    [
      'hosts are stopped, their group is shut',
      { ...stoppedHosts, ...shut },
      'instance-not-running',
      ['target-security-group-closed'],
    ],
    [
      'hosts are stopped, their subnets denied',
      { ...stoppedHosts, ...denied },
      'instance-not-running',
      ['network-acl-blocks'],
    ],
    [
      'hosts are stopped, nothing is let out to them',
      { ...stoppedHosts, ...letsNothingOut },
      'instance-not-running',
      ['load-balancer-security-group-closed'],
    ],
    [
      'hosts are stopped, and shut off twice',
      { ...stoppedHosts, ...shut, ...denied },
      'instance-not-running',
      ['network-acl-blocks', 'target-security-group-closed'],
    ],
    [
      'their zone is not enabled, their group is shut',
      { ...outsideZones, ...shut },
      'zone-not-enabled',
      ['target-security-group-closed'],
    ],
    [
      'their zone is not enabled, their subnets denied',
      { ...outsideZones, ...denied },
      'zone-not-enabled',
      ['network-acl-blocks'],
    ],
    [
      'a rule answers for them, their group is shut',
      { ...maintenance('path is /*'), ...shut },
      'fixed-response-5xx',
      ['target-security-group-closed'],
    ],
    [
      'a rule answers for them, their subnets are denied',
      { ...maintenance('path is /*'), ...denied },
      'fixed-response-5xx',
      ['network-acl-blocks'],
    ],
    ['no task is wanted, and the image is gone', wantsNone(GONE), 'no-running-tasks', ['deployment-failing']],
    [
      'no task is wanted, and none reaches the registry',
      wantsNone(UNREACHED),
      'no-running-tasks',
      ['deployment-failing'],
    ],
    ['no task is wanted, and none may read its secret', wantsNone(REFUSED), 'no-running-tasks', ['deployment-failing']],
  ])('is told after what fails now: %s', (_, ill, first, then) => {
    const { diagnosis, mail, waiting, causes } = told(ill);
    expect(diagnosis.verdict).toMatchObject({ status: 'identified', cause: first });
    expect(causes).toEqual(then);
    for (const finding of waiting) expect(finding).toMatchObject({ share: 0, blocks: [first] });
    expect(mail).toContain(
      then.length === 1
        ? 'THEN This causes none of the errors yet, but requests would still fail once their cause is fixed:'
        : 'THEN These cause none of the errors yet, but requests would still fail once their cause is fixed, for one after another:',
    );
    expect(mail).toMatch(/THEN .* (Fix, after that|By hand)/);
    expect(mail).not.toMatch(/THEN .*Fix, if this is the cause.* COVERAGE/);
    expect(mail).toContain(` ${diagnosis.findings.filter((finding) => !finding.waiting).length} found`);
  });

  test.each<[string, Ill]>([
    [
      'some requests got as far as that',
      {
        ...stoppedHosts,
        ...shut,
        ...is503({ HTTPCode_ELB_504_Count: lately(9, 20), HTTPCode_ELB_5XX_Count: lately(9, 137) }),
      },
    ],
    ['nothing is shut', stoppedHosts],
    ['a rule answers for another path only', { ...maintenance('path is /old/*'), ...shut }],
    [
      'targets behind the rule are reached',
      { ...maintenance('path is /*'), ...shut, targetHealth: [target('i-1'), target('i-2')] },
    ],
    ['no task ran any more when the errors began', wantsNone(GONE, 30)],
    ['the service has left the version that could not start', wantsNone(GONE, 9, 'web:7')],
    [
      'what it is was not read',
      {
        ...stoppedHosts,
        securityGroups: notRead('ec2:DescribeSecurityGroups'),
      },
    ],
  ])('nothing is said to come next where %s', (_, ill) => {
    const { causes, mail } = told(ill);
    expect(causes).toEqual([]);
    expect(mail).not.toContain(' THEN ');
  });

  test('what no command mends is told by hand, and not as something to look at', () => {
    const first = wantsNone(UNREACHED);
    const { mail } = told({
      ...first,
      ecsTasks: (first.ecsTasks as EcsTask[]).map((one) => ({
        ...one,
        taskDefinition: one.startedAt === null ? 'web:8' : null,
      })),
    });
    expect(mail).toMatch(
      /THEN .* By hand, after that: give the tasks' subnets a way to what they could not reach: .* ALSO FOUND/,
    );
    expect(mail).not.toMatch(/THEN .* To look closer.* ALSO FOUND/);
  });

  test('what keeps tasks from starting is mended as AWS words it', () => {
    const mends = (reason: string) => {
      const [first] = told(wantsNone(reason)).waiting;
      return first?.fixes.map(({ does }) => does.map((part) => ('text' in part ? part.text : '')).join('')).join(' | ');
    };
    expect(mends(GONE)).toContain('push the image that the task definition names');
    expect(mends(GONE)).not.toContain('NAT gateway');
    expect(mends(UNREACHED)).toContain('a NAT gateway, or VPC endpoints');
    expect(mends(UNREACHED)).not.toContain('push the image');
    expect(mends(REFUSED)).toContain('allow the task execution role to read');
    expect(mends('ContainerRuntimeError: shim exited')).toContain('fix what ECS reports');
  });
});
