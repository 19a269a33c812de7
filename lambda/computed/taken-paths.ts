import { pathsToTaken, type TakenPath } from '../semantics/network/taken-paths.ts';
import { pathEvidenceOf } from '../semantics/network/target-paths.ts';
import { defineFact } from './fact.ts';
import { paths } from './paths.ts';
import { takenTargets } from './taken-targets.ts';

/** The ways to the targets that ECS took away around the errors; none where what tells of them was not seen. */
export const takenPaths = defineFact({
  needs: [...paths.needs, ...takenTargets.needs],
  uses: [...paths.uses, ...takenTargets.uses],
  compute: (seen, moment): readonly TakenPath[] => {
    const evidence = pathEvidenceOf(seen);
    return evidence === null ? [] : pathsToTaken(takenTargets.compute(seen, moment), evidence);
  },
});
