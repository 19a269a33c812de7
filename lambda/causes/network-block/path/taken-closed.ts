import { asQuoted, resource, text } from '../../../incident/text.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import { type TakenPath, timedOutBefore } from '../../../semantics/network/taken-paths.ts';
import { groupsOf } from '../../../semantics/targets/targets.ts';
import type { Found } from '../../cause.ts';
import type { ClosedPaths, Layer, LayerEvidence } from './closed-layer.ts';
import { alsoInTheWay, togetherWith } from './other-layers.ts';
import { areDropped, type Drops, fitErrors } from './silent-drops.ts';

type Cites = LayerEvidence | 'loadBalancerMetrics' | 'ecsServices' | 'ecsTasks';

/**
 * A layer closes the way to what a service registers, and nothing is registered at this moment: what ECS took away tells how it
 * failed, and the configuration of its service where it was.
 */
export function closedToTaken<From extends LayerEvidence>(
  layer: Layer<From>,
  closed: ClosedPaths<TakenPath>,
  gone: readonly TakenPath[],
  drops: Drops,
): Found<From, Cites> {
  const { from, name } = layer;
  const { says, shows, restsOn, fixes, madeBy, facts } = layer.tell(closed, gone);
  const [proof = text``, ...more] = shows;
  const targets = closed.map(({ target }) => target);
  const told = timedOutBefore(closed, targets);
  const unsaid = targets.every(({ reason }) => reason === null);
  const fits = told === undefined ? unsaid && areDropped(drops) : fitErrors(closed, drops);
  const checks = closed.some(({ uses }) => uses.includes('health-check'));
  const requests = closed.some(({ uses }) => uses.includes('traffic'));
  const last = told ?? targets.at(-1);
  return {
    strength: fits ? 'strong' : 'circumstantial',
    says,
    because: [
      { from, shows: proof },
      ...more.map((each) => ({ from, shows: each })),
      last && takenSaid(last),
      drops.shows && { from: 'loadBalancerMetrics', shows: drops.shows },
      ...alsoInTheWay(closed, name),
    ],
    affects: { targetGroups: groupsOf(targets), targets: [] },
    explains: [...(requests ? (['504'] as const) : []), ...(checks ? (['502', '503'] as const) : [])],
    together: togetherWith(closed, name),
    ...{ restsOn, fixes, madeBy, facts },
  };
}

export function takenSaid({ id, from, at, description }: TakenTarget) {
  const why = description === null ? text`` : text`: ${asQuoted(description)}`;
  return { from, shows: text`ECS replaced ${resource(id)} for failed health checks${why}`, at };
}
