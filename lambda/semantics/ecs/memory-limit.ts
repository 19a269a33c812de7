import type { EcsTaskDefinition } from '../../incident/evidence.ts';
import { killedForMemory, type Stop } from './stops.ts';

export interface MemoryLimit {
  readonly mebibytes: number;
  /** `null`: that of the whole task, where its containers have none of their own. */
  readonly container: string | null;
}

/** Exit codes of a process that was killed (SIGKILL), or that aborted itself because its heap was full. */
export const KILLED: readonly number[] = [134, 137];

/** What the container that a stop is about may use; `null` where its definition was not read. */
export function memoryLimitOf(
  { task }: Stop,
  definitions: readonly EcsTaskDefinition[] | undefined,
): MemoryLimit | null {
  const definition = definitions?.find(({ arn }) => arn === task.taskDefinition);
  if (definition === undefined) return null;
  const killed =
    task.containers.find(killedForMemory) ??
    task.containers.find(({ exitCode }) => exitCode !== null && KILLED.includes(exitCode));
  const own = definition.containers.find(({ name }) => name === killed?.name);
  if (own?.memory != null) return { mebibytes: own.memory, container: own.name };
  return definition.memory === null ? null : { mebibytes: definition.memory, container: null };
}
