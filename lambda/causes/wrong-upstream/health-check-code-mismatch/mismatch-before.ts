import type { Errors } from '../../../computed/errors.ts';
import { andList, code, count, resource, text, verbatim } from '../../../incident/text.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import type { Found } from '../../cause.ts';
import { cite } from '../../cite.ts';
import { meaningOf } from './code-meaning.ts';
import { type CodeMismatch, errorsIn } from './code-mismatch.ts';

type Before = Found<'targetGroups', 'targetGroups' | 'targetHealth' | 'ecsServices' | 'ecsTasks'>;

/** Targets that ECS took away for answering their health checks with another code, in a group where none does now. */
export function mismatchBefore(
  { group, codes, failing }: CodeMismatch<TakenTarget>,
  errors: Errors | undefined,
): Omit<Before, 'fixes'> | null {
  const [first] = failing;
  if (first === undefined) return null;
  const { path, matcher } = group.healthCheck;
  const fails = codes.some((status) => status >= 500);
  const explained = errors === undefined ? 0 : errorsIn(errors, fails);
  const answer = codes.length === 0 ? text`another code` : andList(codes.map(code));
  return {
    strength: explained > 0 ? 'strong' : 'circumstantial',
    says: text`The health check of ${resource(group.name)} got ${answer} from ${count(failing.length, 'target')}, and ECS replaced ${failing.length === 1 ? 'it' : 'them'} for that`,
    because: [
      cite.targetGroups`it asks ${code(path ?? '/')}, and its matcher accepts ${code(matcher ?? '200')} only`,
      {
        from: first.from,
        shows: text`${resource(first.id)}: ${verbatim(first.description ?? 'no reason')}`,
        at: first.at,
      },
      ...codes.map(meaningOf),
    ],
    affects: { targetGroups: [group.arn], targets: [] },
    explains: fails ? ['502', '503', 'target5xx'] : ['502', '503'],
    facts: { targetGroup: group.arn, path, matcher, codes, replaced: failing.length },
  };
}
