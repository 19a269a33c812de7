import type { ChangeEvent } from '../../incident/evidence.ts';

/**
 * Whether a load balancer controller did it: its program says so, or the name that people give its role; EKS Auto Mode
 * acts as a service.
 */
export function byController({ who, tool }: Pick<ChangeEvent, 'who' | 'tool'>): boolean {
  return tool === 'load balancer controller' || /load-?balancer-?controller/i.test(who) || /^eks\./.test(who);
}
