import { ERROR_KINDS } from '../../../incident/cause.ts';
import { code, resource, text, time, verbatim } from '../../../incident/text.ts';
import { whoCalled } from '../../../remedies/look.ts';
import type { Remedy } from '../../../remedies/remedy.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import { defineCause, foundOr } from '../../cause.ts';

/** `active_impaired` routes requests: it is short of resources, not out of work. */
const ROUTES = ['active', 'active_impaired'];

export default defineCause({
  id: 'load-balancer-not-active',
  needs: ['loadBalancer'],

  examine({ loadBalancer: { arn, name, state, createdAt } }, { window }) {
    if (ROUTES.includes(state.code)) return foundOr([], text`the load balancer is ${code(state.code)}`);
    const made = createdAt === null ? text`` : text`, made at ${time(createdAt)}`;
    const reason = state.reason === null ? text`` : text`: ${verbatim(state.reason)}`;
    return foundOr(
      [
        {
          strength: 'decisive',
          says: text`${resource(name)} is not active: its state is ${code(state.code)}`,
          // What is being set up has been so since it was made; when something failed, nobody says.
          ...(state.code === 'provisioning' && createdAt !== null ? { since: createdAt } : {}),
          because: [{ from: 'loadBalancer', shows: text`state ${code(state.code)}${made}${reason}` }],
          affects: { targetGroups: [], targets: [] },
          explains: ERROR_KINDS,
          fixes: fixesFor(arn, state.code, createdAt ?? window.from),
          facts: { state: state.code, reason: state.reason },
        },
      ],
      text``,
    );
  },
});

function fixesFor(arn: string, state: string, made: string): Remedy[] {
  const verify = ['aws', 'elbv2', 'describe-load-balancers', '--load-balancer-arns', arn];
  const look = { changes: false, undo: null, verify };
  if (state === 'provisioning') {
    const run = ['aws', 'elbv2', 'wait', 'load-balancer-available', '--load-balancer-arns', arn];
    return [{ does: text`wait until it is active, with traffic elsewhere meanwhile`, run, ...look }];
  }
  return [
    {
      does: text`see how it was made, and what AWS answered`,
      run: whoCalled('CreateLoadBalancer', plusSeconds(made, -3600)),
      ...look,
    },
    {
      does: text`make it anew: a load balancer that failed to be set up does not recover`,
      run: null,
      changes: true,
      undo: null,
      verify,
    },
  ];
}
