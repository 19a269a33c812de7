import type { EcsService, EcsTask } from '../../incident/evidence.ts';
import { primaryOf } from './services.ts';

/**
 * The task definition that a service ran before: that of an older deployment, or of the tasks that such a one has left.
 * `failed`: the definitions of what fails; none of them is one to go back to.
 */
export function definitionBefore(
  service: EcsService,
  tasks: readonly EcsTask[],
  failed: readonly (string | null)[],
): string | null {
  const primary = primaryOf(service);
  const now = primary?.taskDefinition ?? service.taskDefinition;
  const older = service.deployments.filter((each) => each !== primary && each.rolloutState !== 'FAILED');
  const left = tasks
    .filter(({ startedAt, startedBy }) => startedAt !== null && startedBy !== primary?.id)
    .sort((a, b) => Date.parse(b.startedAt ?? '') - Date.parse(a.startedAt ?? ''));
  const known = [...older, ...left].flatMap(({ taskDefinition }) => taskDefinition ?? []);
  return (
    known.find((definition) => definition !== now && !failed.includes(definition) && !isNewer(definition, now)) ?? null
  );
}

/** `web:9` is newer than `web:8`; of different families, nobody can say. */
function isNewer(definition: string, than: string | null): boolean {
  const [family, revision] = splitRevision(definition);
  const [other, its] = splitRevision(than ?? '');
  return family === other && revision > its;
}

function splitRevision(definition: string): readonly [string, number] {
  const colon = definition.lastIndexOf(':');
  return [definition.slice(0, colon), Number(definition.slice(colon + 1))];
}
