import { text } from '../../../incident/text.ts';
import type { TakenTarget } from '../../../semantics/ecs/taken-targets.ts';
import { wasSoAndWorked } from '../../../semantics/network/borne-drops.ts';
import { wereReopenedIn } from '../../../semantics/network/reopened-paths.ts';
import { timedOutBefore } from '../../../semantics/network/taken-paths.ts';
import type { TargetPath } from '../../../semantics/network/target-paths.ts';
import { failsChecks, isUsable, scopeOf } from '../../../semantics/targets/targets.ts';
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
import { dropStrength, dropsAt, dropsIn, explainsDrops, firstTargetSaid, nothingRegistered } from './silent-drops.ts';
import { closedToTaken, takenSaid } from './taken-closed.ts';

type Cites = LayerEvidence | 'targetHealth' | 'loadBalancerMetrics' | 'changes' | 'ecsServices' | 'ecsTasks';

/** What a layer closes, or closed when the errors began: every layer is judged in the same way. */
export function examineLayer<From extends LayerEvidence>(
  layer: Layer<From>,
  seen: PathsSeen,
  moment: Moment,
): Answer<From, Cites> {
  const registered = seen.paths.all;
  const all = registered.filter(({ end }) => !end.isAnothers);
  const takenPaths = seen.takenPaths ?? [];
  // What is registered tells of itself; where nothing is, those tell that were.
  const held = new Set(registered.map(({ group }) => group.arn));
  const gone = takenPaths.filter(({ group }) => !held.has(group.arn));
  if (all.length === 0 && gone.length === 0) {
    if (registered.length === 0) return nothingRegistered(dropsIn(seen.errors));
    return notApplicable(text`something else holds the addresses of the targets`);
  }
  const taken = takenPaths.map(({ target }) => target);
  const findings = [
    ...closedIn(layer, all).map((closed) => findingOf(layer, closed, all, taken, seen)),
    ...closedIn(layer, gone).map((closed) => closedToTaken(layer, closed, gone, dropsAt(closed, seen))),
    ...revertedFindings(layer, seen, moment, gone),
  ];
  const [missing, ...more] = missingIn(layer.name, [...all, ...gone], { prefixLists: seen.prefixLists });
  if (findings.length === 0 && missing !== undefined) return unsure(missing, ...more);
  if (findings.length === 0 && !seen.errors && wereReopenedIn(moment.window, layer.name, seen.paths, seen.changes)) {
    const detail = 'a path was closed for a while: whether requests failed then is not known';
    return unsure({ evidence: 'loadBalancerMetrics', why: 'partial', detail });
  }
  return foundOr(findings, layer.whereOpen([...all, ...gone]));
}

function findingOf<From extends LayerEvidence>(
  layer: Layer<From>,
  closed: ClosedPaths,
  all: readonly TargetPath[],
  taken: readonly TakenTarget[],
  seen: PathsSeen,
): Found<From, Cites> {
  const { from, name } = layer;
  const drops = dropsAt(closed, seen);
  const { says, shows, restsOn, fixes, madeBy, facts } = layer.tell(closed, all);
  const [proof = text``, ...more] = shows;
  // Those before them in their groups got requests.
  const wereAsked = taken.some(({ targetGroup }) => closed.some(({ group }) => group.arn === targetGroup));
  // One that is judged tells of itself.
  const before = closed.some(({ target }) => failsChecks(target)) ? undefined : timedOutBefore(closed, taken);
  return {
    strength: dropStrength(closed, drops, all, taken),
    says,
    because: [
      { from, shows: proof },
      ...more.map((each) => ({ from, shows: each })),
      { from: 'targetHealth', shows: firstTargetSaid(closed) },
      before && takenSaid(before),
      drops.shows && { from: 'loadBalancerMetrics', shows: drops.shows },
      ...alsoInTheWay(closed, name),
    ],
    affects: scopeOf(closed.map(({ target }) => target)),
    explains: explainsDrops(closed, all),
    together: togetherWith(closed, name),
    // To such targets nothing is sent: what stops packets on the way stops them when the targets are back.
    comesNext:
      !wereAsked &&
      closed.every(({ target }) => !isUsable(target)) &&
      (closed.every(({ path }) => path.layers[name] === 'blocked') ||
        !wasSoAndWorked(restsOn, seen.errors, seen.changes)),
    ...{ restsOn, fixes, madeBy, facts },
  };
}
