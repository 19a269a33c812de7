import type { ChangeEvent } from '../../incident/evidence.ts';
import { CONTROLLER } from './names.ts';

/**
 * Whether a load balancer controller did it: its program says so, or the name that people give its role; EKS Auto Mode
 * acts as a service.
 */
export function byController({ who, tool }: Pick<ChangeEvent, 'who' | 'tool'>): boolean {
  return tool === CONTROLLER || /load-?balancer-?controller/i.test(who) || /^eks\./.test(who);
}
