import type { Deployment, Service, TaskSet } from '@aws-sdk/client-ecs';
import type { EcsDeployment, EcsService } from '../../incident/evidence.ts';
import { keptTags } from '../key-values.ts';
import { utcTime } from '../time.ts';

export function describedService(service: Service, cluster: string): EcsService {
  const name = service.serviceName ?? '';
  const { deploymentConfiguration: rules, deployments = [], taskSets = [] } = service;
  return {
    id: `${cluster}/${name}`,
    cluster,
    name,
    targetGroups: targetGroupsOf(service),
    status: service.status ?? '',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    controller: service.deploymentController?.type ?? 'ECS',
    taskDefinition: service.taskDefinition ?? null,
    ...networkOf(service),
    healthCheckGrace: service.healthCheckGracePeriodSeconds ?? null,
    minimumHealthyPercent: rules?.minimumHealthyPercent ?? null,
    maximumPercent: rules?.maximumPercent ?? null,
    circuitBreaker: {
      enabled: rules?.deploymentCircuitBreaker?.enable ?? false,
      rollsBack: rules?.deploymentCircuitBreaker?.rollback ?? false,
    },
    deployments: [...deployments.map(deploymentOf), ...taskSets.map(taskSetOf)],
    events: (service.events ?? []).flatMap(({ createdAt, message }) => {
      const at = utcTime(createdAt);
      return at === null || message === undefined ? [] : [{ at, message }];
    }),
    tags: keptTags(service.tags?.map(({ key: Key, value: Value }) => ({ Key, Value }))),
  };
}

function networkOf({ networkConfiguration }: Service): Pick<EcsService, 'network'> {
  const own = networkConfiguration?.awsvpcConfiguration;
  if (own === undefined) return {};
  return { network: { subnetIds: own.subnets ?? [], securityGroupIds: own.securityGroups ?? [] } };
}

function targetGroupsOf({ loadBalancers = [], taskSets = [] }: Service): EcsService['targetGroups'] {
  const all = [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
  const groups = all.flatMap(({ targetGroupArn, containerName, containerPort, advancedConfiguration }) =>
    [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].flatMap((arn) =>
      arn === undefined ? [] : [{ arn, container: containerName ?? null, containerPort: containerPort ?? null }],
    ),
  );
  return [...new Map(groups.map((group) => [`${group.arn} ${group.containerPort}`, group])).values()];
}

function deploymentOf(deployment: Deployment): EcsDeployment {
  return {
    id: deployment.id ?? '',
    status: deployment.status ?? '',
    rolloutState: deployment.rolloutState ?? null,
    rolloutReason: deployment.rolloutStateReason ?? null,
    taskDefinition: deployment.taskDefinition ?? null,
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: utcTime(deployment.createdAt),
    updatedAt: utcTime(deployment.updatedAt),
  };
}

/** What CodeDeploy and other controllers make instead of deployments. */
function taskSetOf(set: TaskSet): EcsDeployment {
  return {
    id: set.id ?? '',
    status: set.status ?? '',
    rolloutState: null,
    rolloutReason: null,
    taskDefinition: set.taskDefinition ?? null,
    desired: set.computedDesiredCount ?? 0,
    running: set.runningCount ?? 0,
    pending: set.pendingCount ?? 0,
    failedTasks: 0,
    createdAt: utcTime(set.createdAt),
    updatedAt: utcTime(set.updatedAt),
  };
}
