import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
  type Service,
} from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, test } from 'vitest';
import { ecsServices } from '../../../lambda/collect/containers/ecs-services.ts';
import { ecsTaskDefinitions } from '../../../lambda/collect/containers/ecs-task-definitions.ts';
import { ecsTasks } from '../../../lambda/collect/containers/ecs-tasks.ts';
import { denied, ecsService, groupArn, TG, targetGroup } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, anAws, read, refusal, throttling } from '../support.ts';

const ecs = mockClient(ECSClient);
beforeEach(() => ecs.reset());

const arn = (kind: string, name: string) => `arn:aws:ecs:us-east-1:123456789012:${kind}/${name}`;
const at = (minute: number) => new Date(Date.UTC(2026, 2, 10, 14, minute));
const ip = targetGroup('web', { targetType: 'ip' });

const web: Service = {
  serviceName: 'web',
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 1,
  pendingCount: 1,
  taskDefinition: 'web:7',
  loadBalancers: [{ targetGroupArn: TG, containerName: 'app', containerPort: 8080 }],
  deploymentConfiguration: {
    minimumHealthyPercent: 50,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
  healthCheckGracePeriodSeconds: 30,
  deployments: [
    {
      id: 'ecs-svc/7',
      status: 'PRIMARY',
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: 'ECS deployment ecs-svc/7 in progress.',
      taskDefinition: 'web:7',
      desiredCount: 2,
      runningCount: 1,
      pendingCount: 1,
      failedTasks: 3,
      createdAt: at(10),
      updatedAt: at(12),
    },
  ],
  events: [{ id: '1', createdAt: at(11), message: '(service web) has started 1 tasks: (task a).' }],
  tags: [{ key: 'aws:cloudformation:stack-name', value: 'shop' }],
};
const other: Service = { serviceName: 'batch', status: 'ACTIVE', desiredCount: 1, runningCount: 1, pendingCount: 0 };

function oneCluster(...services: Service[]): void {
  ecs.on(ListClustersCommand).resolves({ clusterArns: [arn('cluster', 'prod')] });
  ecs
    .on(ListServicesCommand)
    .resolves({ serviceArns: services.map(({ serviceName = '' }) => arn('service', `prod/${serviceName}`)) });
  ecs.on(DescribeServicesCommand).resolves({ services });
}

test.each([
  [
    'tasks with interfaces of their own',
    { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
    { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
  ],
  [
    'in the default group of the VPC',
    { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    { subnetIds: ['subnet-1'], securityGroupIds: [] },
  ],
  ['tasks that share those of their instances', undefined, undefined],
])('where %s are in the network', async (_, networkConfiguration, network) => {
  ecs.on(ListClustersCommand).resolves({ clusterArns: [arn('cluster', 'prod')] });
  ecs.on(ListServicesCommand).resolves({ serviceArns: [arn('service', 'prod/web')] });
  ecs
    .on(DescribeServicesCommand)
    .resolves({ services: [{ ...web, ...(networkConfiguration && { networkConfiguration }) }] });
  const observed = await read(ecsServices, { targetGroups: [ip] });
  expect(observed.seen && observed.value[0]?.network).toEqual(network);
});

describe('services', () => {
  test('are those bound to a group of the load balancer, with what they want, have and do', async () => {
    oneCluster(web, other);
    expect(await read(ecsServices, { targetGroups: [ip] })).toMatchObject({
      seen: true,
      gaps: [],
      value: [
        {
          id: 'prod/web',
          cluster: 'prod',
          name: 'web',
          targetGroups: [{ arn: TG, container: 'app', containerPort: 8080 }],
          desired: 2,
          running: 1,
          pending: 1,
          controller: 'ECS',
          healthCheckGrace: 30,
          minimumHealthyPercent: 50,
          circuitBreaker: { enabled: true, rollsBack: true },
          deployments: [
            { id: 'ecs-svc/7', rolloutState: 'IN_PROGRESS', failedTasks: 3, createdAt: '2026-03-10T14:10:00Z' },
          ],
          events: [{ at: '2026-03-10T14:11:00Z', message: '(service web) has started 1 tasks: (task a).' }],
          tags: { 'aws:cloudformation:stack-name': 'shop' },
        },
      ],
    });
  });

  test('that a tag names are found where services may not be listed', async () => {
    ecs.on(ListClustersCommand).rejects(accessDenied);
    ecs.on(DescribeServicesCommand).resolves({ services: [web] });
    const tags = { [TG]: { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'web' } };
    expect(await read(ecsServices, { targetGroups: [ip], tags })).toMatchObject({
      value: [{ id: 'prod/web' }],
      gaps: [],
    });
  });

  test('of a few are all looked at, whoever names one, and once', async () => {
    oneCluster(web);
    const tags = { [TG]: { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'web' } };
    expect(await read(ecsServices, { targetGroups: [ip], tags })).toMatchObject({ value: [{ id: 'prod/web' }] });
    expect(ecs.commandCalls(DescribeServicesCommand)).toHaveLength(1);
  });

  test('that were deleted are listed no more, and still described to who names them', async () => {
    oneCluster();
    ecs.on(DescribeServicesCommand).resolves({ services: [{ ...web, status: 'INACTIVE' }] });
    const tags = { [TG]: { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'web' } };
    expect(await read(ecsServices, { targetGroups: [ip], tags })).toMatchObject({
      value: [{ id: 'prod/web', status: 'INACTIVE' }],
    });
  });

  test('are looked through where a tag is left over from a cluster that is gone', async () => {
    oneCluster(web);
    ecs
      .on(DescribeServicesCommand, { cluster: 'old' })
      .rejects(refusal('ClusterNotFoundException', 'Cluster not found.'));
    const tags = { [TG]: { 'aws:ecs:clusterName': 'old', 'aws:ecs:serviceName': 'web' } };
    expect(await read(ecsServices, { targetGroups: [ip], tags })).toMatchObject({
      value: [{ id: 'prod/web' }],
      gaps: [],
    });
  });

  test('of a blue/green deployment are bound by their alternate group, or by a task set', async () => {
    const green = targetGroup('green', { targetType: 'ip' });
    const alternate = { alternateTargetGroupArn: green.arn };
    oneCluster({
      ...web,
      loadBalancers: [{ targetGroupArn: 'elsewhere', advancedConfiguration: alternate }],
    });
    expect(await read(ecsServices, { targetGroups: [green] })).toMatchObject({ value: [{ id: 'prod/web' }] });
    const taskSets = [{ id: 'ecs-svc/8', loadBalancers: [{ targetGroupArn: green.arn }], runningCount: 2 }];
    oneCluster({ ...web, loadBalancers: [], deployments: [], taskSets });
    expect(await read(ecsServices, { targetGroups: [green] })).toMatchObject({
      value: [{ deployments: [{ id: 'ecs-svc/8', rolloutState: null, running: 2 }] }],
    });
  });

  test('are described ten at a time', async () => {
    oneCluster(...Array.from({ length: 11 }, (_, n) => ({ ...other, serviceName: `batch-${n}` })));
    await read(ecsServices, { targetGroups: [ip] });
    const sizes = ecs.commandCalls(DescribeServicesCommand).map(({ args }) => args[0].input.services?.length);
    expect(sizes).toEqual([10, 1]);
  });

  test('beyond a limit are a gap of the groups whose service was not found, and those of like name come first', async () => {
    const many = Array.from({ length: 260 }, (_, n) => ({ ...other, serviceName: `batch-${n}` }));
    oneCluster(...many, web);
    ecs.on(DescribeServicesCommand).resolves({ services: [] });
    expect(await read(ecsServices, { targetGroups: [ip] })).toMatchObject({
      gaps: [{ why: 'not-asked', detail: 'only 250 of 261 ECS services were looked through', ids: [TG] }],
    });
    expect(ecs.commandCalls(DescribeServicesCommand)[0]?.args[0].input.services?.[0]).toBe('web');
    ecs.on(DescribeServicesCommand).resolves({ services: [web] });
    expect(await read(ecsServices, { targetGroups: [ip] })).toMatchObject({ gaps: [] });
  });

  test.each([
    ['a Lambda function', targetGroup('web', { targetType: 'lambda' }), {}],
    ['pods', ip, { [TG]: { 'elbv2.k8s.aws/cluster': 'prod' } }],
  ])('behind %s there are none to ask for', async (_, group, tags) => {
    expect(await read(ecsServices, { targetGroups: [group], tags })).toMatchObject({ seen: true, value: [], gaps: [] });
    expect(ecs.calls()).toHaveLength(0);
  });

  test.each([
    ['denied', accessDenied],
    ['throttled', throttling],
  ])('are unseen where clusters are %s', async (why, error) => {
    ecs.on(ListClustersCommand).rejects(error);
    await expect(read(ecsServices)).rejects.toMatchObject({ why, action: 'ecs:ListClusters' });
  });

  test('found by a tag are kept where the others are denied', async () => {
    ecs.on(DescribeServicesCommand).resolves({ services: [web] });
    ecs.on(ListClustersCommand).rejects(accessDenied);
    const tags = { [TG]: { 'aws:ecs:clusterName': 'prod', 'aws:ecs:serviceName': 'web' } };
    const targetGroups = [ip, targetGroup('api', { targetType: 'ip' })];
    expect(await read(ecsServices, { targetGroups, tags })).toMatchObject({
      value: [{ id: 'prod/web' }],
      gaps: [{ why: 'denied', action: 'ecs:ListClusters', ids: [groupArn('api')] }],
    });
  });
});

describe('tasks', () => {
  const running = { taskArn: arn('task', 'prod/a'), lastStatus: 'RUNNING', startedAt: at(1), startedBy: 'ecs-svc/7' };
  const stopped = {
    taskArn: arn('task', 'prod/b'),
    lastStatus: 'STOPPED',
    startedAt: at(1),
    stoppingAt: at(20),
    executionStoppedAt: at(19),
    stoppedAt: at(21),
    stopCode: 'EssentialContainerExited' as const,
    stoppedReason: 'Essential container in task exited',
    attachments: [{ details: [{ name: 'privateIPv4Address', value: '10.0.10.21' }] }],
    containers: [{ name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
  };
  const services = { ecsServices: [ecsService()] };

  test('that run and that stopped are read, with why they stopped', async () => {
    ecs.on(ListTasksCommand, { desiredStatus: 'RUNNING' }).resolves({ taskArns: [running.taskArn] });
    ecs.on(ListTasksCommand, { desiredStatus: 'STOPPED' }).resolves({ taskArns: [stopped.taskArn] });
    ecs.on(DescribeTasksCommand).resolves({ tasks: [running, stopped] });
    expect(await read(ecsTasks, services)).toMatchObject({
      gaps: [],
      value: [
        { id: 'a', service: 'prod/web', status: 'RUNNING', startedBy: 'ecs-svc/7', stoppedAt: null, stopCode: null },
        {
          id: 'b',
          stoppingAt: '2026-03-10T14:20:00Z',
          stoppedAt: '2026-03-10T14:19:00Z',
          stopCode: 'EssentialContainerExited',
          addresses: ['10.0.10.21'],
          containers: [
            { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
          ],
        },
      ],
    });
  });

  test('on instances are told by instance and host port', async () => {
    const containerInstanceArn = arn('container-instance', 'prod/1');
    const bridged = {
      ...running,
      containerInstanceArn,
      containers: [{ networkBindings: [{ hostPort: 32768 }, { hostPort: 32769, protocol: 'udp' as const }] }],
    };
    ecs.on(ListTasksCommand).resolves({ taskArns: [] });
    ecs.on(ListTasksCommand, { desiredStatus: 'RUNNING' }).resolves({ taskArns: [bridged.taskArn] });
    ecs.on(DescribeTasksCommand).resolves({ tasks: [bridged] });
    ecs
      .on(DescribeContainerInstancesCommand)
      .resolves({ containerInstances: [{ containerInstanceArn, ec2InstanceId: 'i-1' }] });
    expect(await read(ecsTasks, services)).toMatchObject({ value: [{ instanceId: 'i-1', hostPorts: [32768] }] });
  });

  test('that are gone between two calls are a gap', async () => {
    ecs.on(ListTasksCommand).resolves({ taskArns: [] });
    ecs.on(ListTasksCommand, { desiredStatus: 'STOPPED' }).resolves({ taskArns: [stopped.taskArn] });
    ecs.on(DescribeTasksCommand).resolves({ tasks: [], failures: [{ arn: stopped.taskArn, reason: 'MISSING' }] });
    expect(await read(ecsTasks, services)).toMatchObject({
      value: [],
      gaps: [{ why: 'partial', ids: [stopped.taskArn] }],
    });
  });

  test.each([
    ['ListTasks', ListTasksCommand],
    ['DescribeTasks', DescribeTasksCommand],
  ])('are unseen where %s is denied', async (name, command) => {
    ecs.on(ListTasksCommand).resolves({ taskArns: [running.taskArn] });
    // The cast: the mock's overloads take one command type at a time.
    ecs.on(command as typeof ListTasksCommand).rejects(accessDenied);
    await expect(read(ecsTasks, services)).rejects.toMatchObject({ why: 'denied', action: `ecs:${name}` });
  });

  test.each([
    ['an hour', '2026-03-10T15:30:00Z', []],
    ['a second more', '2026-03-10T15:30:01Z', [{ why: 'not-asked', detail: expect.stringContaining('about an hour') }]],
  ])('that stopped are gone %s after the moment that is judged', async (_, now, gaps) => {
    ecs.on(ListTasksCommand).resolves({ taskArns: [] });
    expect(await read(ecsTasks, services, { ...anAws(), readAt: () => now })).toMatchObject({ seen: true, gaps });
  });

  test('of one service that are throttled are a gap of that service', async () => {
    ecs.on(ListTasksCommand).resolves({ taskArns: [] });
    ecs.on(ListTasksCommand, { serviceName: 'api' }).rejects(throttling);
    const two = { ecsServices: [ecsService(), ecsService({ id: 'prod/api', name: 'api' })] };
    expect(await read(ecsTasks, two)).toMatchObject({ value: [], gaps: [{ why: 'throttled', ids: ['prod/api'] }] });
  });

  test('are none, without a call, where there is no service', async () => {
    expect(await read(ecsTasks)).toMatchObject({ seen: true, value: [], gaps: [] });
    expect(ecs.calls()).toHaveLength(0);
  });
});

describe('task definitions', () => {
  test('in use are read once each: memory, ports, stop timeouts', async () => {
    ecs.on(DescribeTaskDefinitionCommand).resolves({
      taskDefinition: {
        taskDefinitionArn: 'web:7',
        memory: '512',
        containerDefinitions: [
          { name: 'app', memory: 400, stopTimeout: 5, portMappings: [{ containerPort: 8080 }] },
          { name: 'log', essential: false },
        ],
      },
    });
    expect(await read(ecsTaskDefinitions, { ecsServices: [ecsService(), ecsService()] })).toMatchObject({
      value: [
        {
          arn: 'web:7',
          memory: 512,
          containers: [
            { name: 'app', essential: true, memory: 400, stopTimeout: 5, ports: [8080] },
            { name: 'log', essential: false, memory: null, stopTimeout: null, ports: [] },
          ],
        },
      ],
      gaps: [],
    });
    expect(ecs.calls()).toHaveLength(1);
  });

  test('map ranges of ports as well, and by UDP none that a load balancer could reach', async () => {
    const portMappings = [
      { containerPort: 8080, hostPort: 0 },
      { containerPortRange: '9000-9002', protocol: 'tcp' as const },
      { containerPort: 8125, protocol: 'udp' as const },
    ];
    ecs.on(DescribeTaskDefinitionCommand).resolves({
      taskDefinition: { taskDefinitionArn: 'web:7', containerDefinitions: [{ name: 'app', portMappings }] },
    });
    expect(await read(ecsTaskDefinitions, { ecsServices: [ecsService()] })).toMatchObject({
      value: [{ containers: [{ ports: [8080, 9000, 9001, 9002] }] }],
    });
  });

  test('without the services there is nothing to ask about', async () => {
    expect(await read(ecsTaskDefinitions, { ecsServices: denied() })).toMatchObject({ seen: false, why: 'denied' });
  });
});
