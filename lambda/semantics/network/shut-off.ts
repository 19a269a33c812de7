import type { CauseId } from '../../incident/cause.ts';

/** What drops packets between the load balancer and its targets by AWS's own settings: whoever else asks a target gets through. */
export const SHUT_OFF: readonly CauseId[] = [
  'route-missing',
  'load-balancer-security-group-closed',
  'network-acl-blocks',
  'target-security-group-closed',
];
