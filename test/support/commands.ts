import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { Argv, ToldFix } from '../../lambda/incident/finding.ts';

/** Every command that a diagnosis or a fix holds, wherever it stands: to run, to undo, to verify, to look. */
export function commandsOf(told: Diagnosis | ToldFix): readonly Argv[] {
  return [...commandsIn(told)];
}

function* commandsIn(part: unknown): Generator<Argv> {
  if (typeof part !== 'object' || part === null) return;
  if (isArgv(part)) yield part;
  else for (const inner of Object.values(part)) yield* commandsIn(inner);
}

function isArgv(part: object): part is Argv {
  return Array.isArray(part) && ['aws', 'kubectl', 'curl'].includes(part[0]);
}
