import { text } from '../../../incident/text.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { isUsable, scopeOf } from '../../../semantics/targets/targets.ts';
import { type Answer, type Found, foundOr, type Moment, notApplicable, unsure } from '../../cause.ts';
import {
  type ClosedPaths,
  closedIn,
  type Layer,
  type LayerEvidence,
  missingIn,
  type PathsSeen,
} from './closed-layer.ts';
import { alsoInTheWay, togetherWith } from './other-layers.ts';
import { revertedFindings } from './reverted-changes.ts';
import { type Drops, dropStrength, dropsIn, explainsDrops, firstTargetSaid } from './silent-drops.ts';

type Cites = LayerEvidence | 'targetHealth' | 'loadBalancerMetrics' | 'changes';

/** What a layer closes, or closed when the errors began: every layer is judged in the same way. */
export function examineLayer<From extends LayerEvidence>(
  layer: Layer<From>,
  seen: PathsSeen,
  moment: Moment,
): Answer<From, Cites> {
  if (seen.paths.all.length === 0) return notApplicable(text`no target is reached over a network`);
  const all = seen.paths.all.filter(({ end }) => !end.isAnothers);
  if (all.length === 0) return notApplicable(text`something else has the addresses of the targets`);

  const drops = dropsIn(seen.errors);
  const findings = [
    ...closedIn(layer, all).map((closed) => findingOf(layer, closed, all, drops)),
    ...revertedFindings(layer, seen, drops, moment),
  ];
  const [missing, ...more] = missingIn(layer.name, all, { prefixLists: seen.prefixLists });
  if (findings.length === 0 && missing !== undefined) return unsure(missing, ...more);
  return foundOr(findings, layer.whereOpen(all));
}

function findingOf<From extends LayerEvidence>(
  layer: Layer<From>,
  closed: ClosedPaths,
  all: readonly TargetPath[],
  drops: Drops,
): Found<From, Cites> {
  const { from, name } = layer;
  const { says, shows, restsOn, fixes, madeBy, facts } = layer.tell(closed, all);
  const [proof = text``, ...more] = shows;
  return {
    strength: dropStrength(closed, drops),
    says,
    because: [
      { from, shows: proof },
      ...more.map((each) => ({ from, shows: each })),
      { from: 'targetHealth', shows: firstTargetSaid(closed) },
      drops.shows && { from: 'loadBalancerMetrics', shows: drops.shows },
      ...alsoInTheWay(closed, name),
    ],
    affects: scopeOf(closed.map(({ target }) => target)),
    explains: explainsDrops(closed, all),
    together: togetherWith(closed, name),
    // To such targets nothing is sent: what stops packets on the way stops them when the targets are back.
    comesNext: closed.every(({ target, path }) => !isUsable(target) && path.layers[name] === 'blocked'),
    ...{ restsOn, fixes, madeBy, facts },
  };
}
