import type { Values } from '../../../incident/evidence.ts';
import type { Citation } from '../../../incident/finding.ts';
import type { Window } from '../../../incident/question.ts';
import { code, count, percent, resource, type Text, text, time } from '../../../incident/text.ts';
import { lookAtTasks, serviceOwner, waysBack } from '../../../remedies/ecs-service.ts';
import { showHealth } from '../../../remedies/look.ts';
import { fix, look } from '../../../remedies/remedy.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import { accountsForErrors, type CrashEvidence, serviceCrashesIn } from '../../../semantics/ecs/task-crashes.ts';
import { exitCodesOf, type TaskStop, taskStopsBetween, taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import type { EpisodeSpan } from '../../../semantics/errors/episode.ts';
import type { Found, Sometimes } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { exitsSaid, stopSaid } from '../../kit/ecs-words.ts';
import { groupsSaid } from '../../kit/target-words.ts';
import { doubtsOf } from '../crashes/crash-doubts.ts';

type Cites = 'ecsTasks' | 'ecsServices' | 'loadBalancerMetrics' | 'targetGroupMetrics';
type Exited = Found<'ecsTasks', Cites>;

/** A service whose tasks end by themselves. */
export function exitedTasks(
  inUse: ServiceInUse,
  episode: EpisodeSpan,
  errors: Values,
  evidence: CrashEvidence,
): readonly Exited[] {
  const { service, tasks, groups } = inUse;
  // One that was killed for memory is told as such.
  const exits = taskStopsIn(tasks, service).filter(({ kind }) => kind === 'exited');
  const crashing = serviceCrashesIn(inUse, exits, episode, errors, evidence);
  if (crashing === null) return [];
  const { stops, earlier, since, covered } = crashing;
  const [first] = stops;
  const back = waysBack(
    inUse,
    stops.map(({ task }) => task.taskDefinition),
    episode.onset,
  );
  const verify = showHealth(groups[0] ?? '');
  const told = toldOf(stops, inUse, [
    earlier.length > 0 && {
      from: evidence.groupMetrics === undefined ? 'ecsServices' : 'targetGroupMetrics',
      shows: text`before what ECS still shows, ${groupsSaid(groups)} lost targets at the same pace: ${count(earlier.length, 'time')} since ${time(earlier[0] ?? first.at)}`,
      at: earlier[0] ?? first.at,
    },
  ]);
  return [
    {
      ...told,
      strength: accountsForErrors(crashing) ? 'decisive' : 'circumstantial',
      since,
      because: [
        ...told.because,
        cite.loadBalancerMetrics`${percent(covered)} of the ${code('502')} and ${code('503')} came while a task was missing: from a minute before ECS recorded it as stopped${earlier.length > 0 ? ', or the group lost its target at that pace,' : ''} until another could take its place`,
        ...doubtsOf(inUse, crashing),
      ],
      fixes: [...back, ...told.fixes, back.length === 0 && fix(STAYS_UP, { verify, managedBy: serviceOwner(service) })],
      facts: { ...told.facts, covered },
    },
  ];
}

/** Where nothing tells when requests failed. */
export function exitedIn(window: Window, inUse: ServiceInUse): readonly Exited[] {
  const [first, ...more] = taskStopsBetween(window, 'exited', inUse.tasks, inUse.service);
  return first === undefined ? [] : [toldOf([first, ...more], inUse, [])];
}

function toldOf(
  stops: readonly [TaskStop, ...TaskStop[]],
  inUse: ServiceInUse,
  before: readonly Sometimes<Citation<Text, Cites>>[],
): Exited {
  const { service, groups } = inUse;
  const [first, ...more] = stops;
  const codes = [...new Set(stops.flatMap(exitCodesOf))].sort((a, b) => a - b);
  const last = more.at(-1)?.at ?? first.at;
  return {
    strength: 'decisive',
    says: text`${count(stops.length, 'task')} of ${resource(service.name)} exited by ${more.length === 0 ? 'itself' : 'themselves'}${exitsSaid(codes)}`,
    happened: { first: first.at, last, recordedBy: 'ECS' },
    because: [
      citeAt(first.at).ecsTasks`${stopSaid(first)}`,
      more.length > 0 && cite.ecsTasks`${count(more.length, 'more task')} since, the last one at ${time(last)}`,
      ...before,
      ...codes.map((each) => MEANING[each] && cite.ecsTasks`exit code ${code(each)}: ${MEANING[each]}`),
    ],
    affects: { targetGroups: groups, targets: [] },
    explains: ['502', '503'],
    fixes: [
      lookAtTasks(inUse, stops),
      look(text`read the last lines of the container's log before ${time(last)}`, null, showHealth(groups[0] ?? '')),
    ],
    facts: { service: service.id, exited: stops.length, exitCodes: codes },
  };
}

const STAYS_UP = text`fix what makes it exit (its log shows what: the configuration, a dependency), or deploy a version that stays up. ECS already restarts each task: another restart adds nothing`;

/** As a shell and the container runtime use them. */
const MEANING: Readonly<Record<number, Text>> = {
  0: text`it exited normally, which a server should not do`,
  126: text`its command cannot be executed`,
  127: text`its command was not found`,
  134: text`it aborted itself: a failed assertion, or a full V8 heap`,
  137: text`it was killed (SIGKILL), and nothing says by what: perhaps for lack of memory`,
  139: text`it accessed memory that is not its own (SIGSEGV)`,
  143: text`it was asked to stop (SIGTERM), but not by ECS`,
};
