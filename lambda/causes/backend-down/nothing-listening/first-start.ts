import type { Instance, Target } from '../../../incident/evidence.ts';
import { ifSeen } from '../../../incident/observed.ts';
import { andList, code, resource, type Text, text, verbatim } from '../../../incident/text.ts';
import { ownerOfInstance } from '../../../remedies/host.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix, inSteps, type Remedy } from '../../../remedies/remedy.ts';
import { giveWayOut } from '../../../remedies/way-out.ts';
import { ANYWHERE, type MissingWayOut, missingWaysOut } from '../../../semantics/network/internet-egress.ts';
import { type FirstStartTrouble, firstStartTroubleIn } from '../../../semantics/targets/first-start-lines.ts';
import type { SeenBy } from '../../cause.ts';
import { cite } from '../../cite.ts';

export type FirstStartSeen = SeenBy<never, 'instances' | 'consoleOutput' | 'routeTables' | 'autoScalingInstances'>;

/** What the consoles tell of the first start of hosts that never were healthy; `null` where they tell of no trouble. */
export function failedFirstStart(targets: readonly Target[], seen: FirstStartSeen) {
  const troubled = targets.flatMap(({ id }) => {
    const lines = ifSeen(seen.consoleOutput)?.find(({ instanceId }) => instanceId === id)?.lines ?? [];
    const trouble = firstStartTroubleIn(lines);
    return trouble === null ? [] : [{ id, trouble }];
  });
  const [first] = troubled;
  if (first === undefined) return null;
  const hosts = troubled.flatMap(({ id }) => ifSeen(seen.instances)?.find((one) => one.id === id) ?? []);
  // Only where something outside was not reached does a missing route tell anything of the start.
  const outside = troubled.filter(({ trouble }) => trouble.unreached !== null).map(({ id }) => id);
  const ways = missingWaysOut(
    hosts.filter(({ id }) => outside.includes(id)),
    seen.routeTables,
  );
  const hasFailed = troubled.length === targets.length && troubled.every(({ trouble }) => trouble.failed !== null);
  return {
    /** To follow that nothing listens there. */
    said: hasFailed ? text`: ${targets.length === 1 ? 'its' : 'their'} first start (cloud-init) failed` : text``,
    shows: [
      ...linesOf(first.trouble).map((line) => cite.consoleOutput`console of ${resource(first.id)}: ${verbatim(line)}`),
      troubled.length > 1 &&
        cite.consoleOutput`${andList(troubled.slice(1).map(({ id }) => resource(id)))} ${troubled.length === 2 ? 'shows' : 'show'} the same trouble`,
      ways.length > 0 && cite.routeTables`${andList(ways.map(wayMissing))}`,
    ],
    fixes: remediesOf(first.trouble, targets[0]?.targetGroup ?? '', ways, hosts[0], seen),
  };
}

/** What came first, first: what was not reached, what that made fail, and that all of it failed. */
function linesOf({ unreached, step, failed }: FirstStartTrouble): readonly string[] {
  return [...new Set([unreached, step, failed])].filter((line) => line !== null);
}

function wayMissing({ table, subnetIds, blackhole }: MissingWayOut): Text {
  const subnets = andList(subnetIds.map(resource));
  return blackhole === null
    ? text`${resource(table.id)} of ${subnets} has no route ${code(ANYWHERE)}, so no way to the internet`
    : text`the route ${code(blackhole.destination)} of ${subnets} leads to ${resource(blackhole.target.id)}, which is gone`;
}

/** User data runs once: what it missed comes only with a new host. */
function remediesOf(
  { unreached }: FirstStartTrouble,
  targetGroup: string,
  ways: readonly MissingWayOut[],
  host: Instance | undefined,
  { routeTables, autoScalingInstances }: FirstStartSeen,
): readonly Remedy[] {
  const mended = ways.length > 0 ? text`then launch new hosts` : null;
  const lets = unreached === null ? '' : text`let the hosts reach what they download at launch, `;
  const anew = fix(
    mended === null
      ? text`${lets}fix what fails in the user data, and launch new hosts: user data runs only at the first start`
      : text`${mended}: user data runs only at the first start`,
    { verify: showHealth(targetGroup), managedBy: host && ownerOfInstance(host, autoScalingInstances) },
  );
  return inSteps([...ways.map((way) => giveWayOut(way, ifSeen(routeTables) ?? [])), anew]);
}
