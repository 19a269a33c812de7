import { ERROR_KINDS } from '../../../incident/cause.ts';
import { asQuoted, code, resource, text, time } from '../../../incident/text.ts';
import { showLoadBalancer } from '../../../remedies/load-balancer.ts';
import { whoCalled } from '../../../remedies/look.ts';
import { aws, fix, look, type Remedy } from '../../../remedies/remedy.ts';
import { plusSeconds } from '../../../semantics/time/minutes.ts';
import { defineCause, oneFinding, ruledOut } from '../../cause.ts';
import { cite } from '../../cite.ts';

/** `active_impaired` routes requests: it is short of resources, not out of work. */
const ROUTES = ['active', 'active_impaired'];

export default defineCause({
  id: 'load-balancer-not-active',
  needs: ['loadBalancer'],

  examine({ loadBalancer: { arn, name, state, createdAt } }, { window }) {
    if (ROUTES.includes(state.code)) return ruledOut(text`the load balancer is ${code(state.code)}`);
    const made = createdAt === null ? text`` : text`, created at ${time(createdAt)}`;
    const reason = state.reason === null ? text`` : text`: ${asQuoted(state.reason)}`;
    const isSetUp = state.code === 'provisioning';
    return oneFinding({
      strength: 'decisive',
      says: text`${resource(name)} is not active: its state is ${code(state.code)}`,
      // What is being set up has been so since it was made; when something failed, nobody says.
      since: isSetUp && createdAt !== null ? createdAt : undefined,
      because: [cite.loadBalancer`state ${code(state.code)}${made}${reason}`],
      affects: { targetGroups: [], targets: [] },
      explains: ERROR_KINDS,
      fixes: isSetUp ? [untilActive(arn)] : anew(arn, createdAt ?? window.from),
      facts: { state: state.code, reason: state.reason },
    });
  },
});

function untilActive(arn: string): Remedy {
  const wait = aws('elbv2', 'wait load-balancer-available', { loadBalancerArns: arn });
  return look(text`wait until it is active; send traffic elsewhere in the meantime`, wait, showLoadBalancer(arn));
}

function anew(arn: string, made: string): readonly Remedy[] {
  const verify = showLoadBalancer(arn);
  const creation = whoCalled('CreateLoadBalancer', plusSeconds(made, -3600));
  return [
    look(text`see how it was created, and what AWS answered`, creation, verify),
    fix(text`create it again: a load balancer in state failed does not recover`, { verify }),
  ];
}
