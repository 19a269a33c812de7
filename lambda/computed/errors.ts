import { countedErrors } from '../semantics/errors/errors.ts';
import { defineFact } from './fact.ts';

export type { Errors } from '../semantics/errors/errors.ts';

/** The errors that the load balancer counted, and their episode. */
export const errors = defineFact({
  needs: ['loadBalancerMetrics'],
  compute: ({ loadBalancerMetrics }, { window }) => countedErrors(loadBalancerMetrics, window),
});
