import type { ContainerDefinition, PortMapping, TaskDefinition } from '@aws-sdk/client-ecs';
import type { EcsTaskDefinition } from '../../incident/evidence.ts';
import { seen } from '../../incident/observed.ts';
import { oneByOne } from '../batches.ts';
import { defineCollector, unseenLike } from '../collector.ts';
import { describeTaskDefinition } from '../services/ecs.ts';

/** More are in use at a time only where many services stand behind one load balancer. */
const DEFINITIONS = 12;

export const ecsTaskDefinitions = defineCollector({
  key: 'ecsTaskDefinitions',
  after: ['ecsServices'],
  actions: [describeTaskDefinition.action],
  async collect(_question, { ecsServices }, aws) {
    if (!ecsServices.seen) return unseenLike(ecsServices, 'the ECS services');
    const used = ecsServices.value.flatMap(({ taskDefinition, deployments }) => [
      taskDefinition,
      ...deployments.map((deployment) => deployment.taskDefinition),
    ]);
    const arns = [...new Set(used.flatMap((arn) => arn ?? []))];
    const { items, gaps } = await oneByOne(arns.slice(0, DEFINITIONS), async (arn) => {
      const { taskDefinition } = await aws.ask(describeTaskDefinition, { taskDefinition: arn });
      return taskDefinition === undefined ? [] : [definitionOf(taskDefinition)];
    });
    const left = arns.slice(DEFINITIONS);
    const detail = `only ${DEFINITIONS} of ${arns.length} task definitions were asked for`;
    const beyond = left.length === 0 ? [] : [{ why: 'not-asked' as const, detail, ids: left }];
    return seen(items, [...ecsServices.gaps, ...gaps, ...beyond]);
  },
});

function definitionOf(definition: TaskDefinition): EcsTaskDefinition {
  const memory = Number(definition.memory);
  return {
    arn: definition.taskDefinitionArn ?? '',
    memory: memory > 0 ? memory : null,
    containers: (definition.containerDefinitions ?? []).map(containerOf),
  };
}

function containerOf(container: ContainerDefinition): EcsTaskDefinition['containers'][number] {
  return {
    name: container.name ?? '',
    // AWS says so only where somebody set it to false.
    essential: container.essential ?? true,
    memory: container.memory ?? null,
    stopTimeout: container.stopTimeout ?? null,
    ports: (container.portMappings ?? []).flatMap(portsOf),
  };
}

/** Nothing of a load balancer arrives by UDP. A range holds a hundred ports at most. */
function portsOf({ protocol, containerPort, containerPortRange }: PortMapping): readonly number[] {
  if (protocol === 'udp') return [];
  if (containerPort !== undefined) return [containerPort];
  const [first = 0, last = -1] = (containerPortRange ?? '').split('-').map(Number);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
