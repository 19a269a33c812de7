import { count, resource, type Text, type Time, text, time } from '../../../incident/text.ts';
import { lookAtStarts } from '../../../remedies/ecs-service.ts';
import type { ServiceInUse } from '../../../semantics/ecs/services.ts';
import { isBetweenTasks, type SignsOfTasks, type TaskGaps, taskGapsIn } from '../../../semantics/ecs/task-gaps.ts';
import { taskStopsIn } from '../../../semantics/ecs/task-stops.ts';
import type { Errors } from '../../../semantics/errors/errors.ts';
import { minuteOf, secondsBetween, sumOf, valuesIn } from '../../../semantics/time/minutes.ts';
import type { Found } from '../../cause.ts';
import { cite, citeAt } from '../../cite.ts';
import { stopSaid } from '../../kit/ecs-words.ts';

/** A service that has run none for this share of the errors has run none over them. */
const MOST = 0.8;
/** A new task takes this long, in minutes, until it gets requests. */
const START_UP = 2;
/** A gap that is shorter, in minutes, is told by its length: its ends say nothing more. */
const BRIEF = 3;

/** A service that runs tasks now, and ran none for some of the time of the errors. */
export function gapWithoutTasks(
  inUse: ServiceInUse,
  { episode, series }: Errors,
  readAt: Time,
  signs: SignsOfTasks,
): readonly Found<'ecsTasks', 'ecsTasks' | 'ecsServices'>[] {
  const { service, groups, tasks } = inUse;
  const without = episode && taskGapsIn(inUse, episode, readAt, signs);
  if (episode === null || without === null) return [];
  const { gaps } = without;
  const [{ from, to, after }, ...more] = gaps;
  const end = more.at(-1)?.to ?? to;
  const stops = taskStopsIn(tasks, service).filter(({ at }) => secondsBetween(at, end) >= 0);
  const [first, last] = [minuteOf(episode.grid, from), minuteOf(episode.grid, to) + START_UP];
  const within = sumOf(valuesIn(series['503'], { first, last: Math.min(last, episode.span.last) })) ?? 0;
  const all = sumOf(valuesIn(series['503'], episode.span)) ?? 0;
  const isWhy = more.length === 0 && within >= MOST * all && !isBetweenTasks(inUse, after, to);
  return [
    {
      strength: isWhy ? 'strong' : 'circumstantial',
      says: text`${resource(service.name)} ran no task ${when(without)}`,
      since: after === undefined || secondsBetween(after.at, from) !== 0 ? undefined : from,
      happened: { first: from, last: more.at(-1)?.from ?? from },
      because: [
        more.length === 0
          ? citeAt(from)
              .ecsTasks`none of its tasks ran from ${time(from)} to ${time(to)}; the errors began at ${time(episode.onset)}`
          : citeAt(from)
              .ecsTasks`the first of these times began at ${time(from)}, the last at ${time(more.at(-1)?.from ?? from)}; in between, tasks ran`,
        after && citeAt(after.at).ecsTasks`the last task before it, ${stopSaid(after)}`,
        cite.ecsServices`now ${service.running} of ${count(service.desired, 'task')} run`,
      ],
      affects: { targetGroups: groups, targets: [] },
      explains: ['503'],
      fromAbsence: true,
      fixes: lookAtStarts(inUse, stops),
      facts: {
        service: service.id,
        desired: service.desired,
        running: service.running,
        gaps: gaps.map((gap) => [gap.from, gap.to]),
      },
    },
  ];
}

/** Only what held throughout is told as an interval. */
function when({ gaps, shown }: TaskGaps): Text {
  const [{ from, to }, ...more] = gaps;
  const lengths = gaps.map((gap) => secondsBetween(gap.from, gap.to) / 60);
  const [shortest, longest] = [Math.round(Math.min(...lengths)), Math.round(Math.max(...lengths))];
  if (more.length > 0) {
    const each = shortest === longest ? about(shortest) : text`${shortest} to ${count(longest, 'minute')}`;
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const of = shown.last - shown.first + 1;
    return text`in ${gaps.length} gaps of ${each}, ${Math.round(total)} of ${count(of, 'minute')}`;
  }
  if (longest >= BRIEF) return text`from ${time(from)} to ${time(to)}`;
  return text`for ${about(longest)}, at ${time(from)}`;
}

const about = (minutes: number): Text => (minutes === 1 ? text`about a minute` : text`about ${minutes} minutes`);
