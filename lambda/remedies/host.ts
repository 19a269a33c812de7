import type { Target } from '../incident/evidence.ts';
import type { Text } from '../incident/text.ts';
import { aws, look, type Remedy } from './remedy.ts';

/** By a session on the first instance among these targets; without one, in the words alone. */
export function lookOnHost(targets: readonly Target[], does: Text): Remedy {
  const instance = targets.find(({ id }) => id.startsWith('i-'));
  return look(does, instance === undefined ? null : aws('ssm', 'start-session', { target: instance.id }));
}
