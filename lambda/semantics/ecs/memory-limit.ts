import type { EcsTaskDefinition } from '../../incident/evidence.ts';
import { type TaskStop, wasKilledForMemory } from './task-stops.ts';

export interface MemoryLimit {
  readonly mebibytes: number;
  /** `null`: that of the whole task, where its containers have none of their own. */
  readonly container: string | null;
}

/** Exit codes of a process that was killed (SIGKILL), or that aborted itself because its heap was full. */
export const KILLED_EXIT_CODES: readonly number[] = [134, 137];

/** What the container that a stop is about may use; `null` where its definition was not read. */
export function memoryLimitOf(
  { task }: TaskStop,
  definitions: readonly EcsTaskDefinition[] | undefined,
): MemoryLimit | null {
  const definition = definitions?.find(({ arn }) => arn === task.taskDefinition);
  if (definition === undefined) return null;
  const killed =
    task.containers.find(wasKilledForMemory) ??
    task.containers.find(({ exitCode }) => exitCode !== null && KILLED_EXIT_CODES.includes(exitCode));
  const own = definition.containers.find(({ name }) => name === killed?.name);
  if (own?.memory != null) return { mebibytes: own.memory, container: own.name };
  return definition.memory === null ? null : { mebibytes: definition.memory, container: null };
}
