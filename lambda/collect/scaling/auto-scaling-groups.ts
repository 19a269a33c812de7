import type { Activity, AutoScalingGroup as Described, InstanceRefresh as Refresh } from '@aws-sdk/client-auto-scaling';
import { sortedBy } from '../../incident/evidence/order.ts';
import type {
  AutoScalingGroup,
  InstanceRefresh,
  ScalingActivity,
  Target,
  TargetGroup,
} from '../../incident/evidence.ts';
import { type Gap, missingIds, type Seen, seen } from '../../incident/observed.ts';
import { METRIC_MINUTES } from '../../incident/question.ts';
import type { Time } from '../../incident/text.ts';
import { plusSeconds } from '../../semantics/time/minutes.ts';
import type { Aws, PartialList } from '../aws.ts';
import { inBatches, withGapForMissing } from '../batches.ts';
import { defineCollector, gapLike, keptNoLonger, unseenLike } from '../collector.ts';
import { CallFailed, gapOf } from '../errors.ts';
import { keptTags } from '../key-values.ts';
import {
  describeAutoScalingGroups,
  describeInstanceRefreshes,
  describeScalingActivities,
} from '../services/auto-scaling.ts';
import { utcTime } from '../time.ts';
import { membershipOf } from './auto-scaling-instances.ts';

const NAMES_A_CALL = 50;
/** Each takes a call of its own for its activities. */
const GROUPS_AT_MOST = 6;

export const autoScalingGroups = defineCollector({
  key: 'autoScalingGroups',
  after: ['autoScalingInstances', 'targetGroups', 'targetHealth'],
  actions: [describeAutoScalingGroups.action, describeScalingActivities.action, describeInstanceRefreshes.action],
  async collect({ at }, { autoScalingInstances, targetGroups, targetHealth }, aws) {
    if (!targetGroups.seen) return unseenLike(targetGroups, 'the target groups');
    if (!targetHealth.seen) return unseenLike(targetHealth, 'the targets');
    const arns = targetGroups.value.map(({ arn }) => arn);
    const unknown = missingIds(targetHealth);
    const empty = targetGroups.value.some(
      (group) => !unknown.has(group.arn) && couldBeScaledToNothing(group, targetHealth.value),
    );
    if (!autoScalingInstances.seen && !empty) return unseenLike(autoScalingInstances, 'the Auto Scaling groups');
    const names = autoScalingInstances.seen ? namesIn(autoScalingInstances.value) : [];
    const untold = autoScalingInstances.seen
      ? autoScalingInstances.gaps
      : [gapLike(autoScalingInstances, 'the Auto Scaling groups')];

    const read = empty ? await allServing(arns, names, aws) : await byName(names, aws);
    const known = sortedBy(read.items, ({ AutoScalingGroupName = '' }) => AutoScalingGroupName);
    const asked = known.slice(0, GROUPS_AT_MOST);
    const groups = await Promise.all(asked.map((group) => withHistory(group, at, aws)));
    const late = asked.length > 0 ? keptNoLonger(at, ACTIVITIES_KEPT, ACTIVITIES_GONE, aws) : [];
    const gaps = [...targetHealth.gaps, ...untold, ...read.gaps, ...beyond(known), ...late];
    return seen(
      groups.map(({ value }) => value),
      [...gaps, ...groups.flatMap((group) => group.gaps)],
    );
  },
});

const ACTIVITIES_KEPT = 42 * 86_400;
const ACTIVITIES_GONE = 'Auto Scaling keeps its activities for six weeks: those of that time are gone';

/** Nothing but the list of all groups tells which one serves a target group that has no instance. */
function couldBeScaledToNothing({ arn, targetType }: TargetGroup, targets: readonly Target[]): boolean {
  return targetType === 'instance' && !targets.some(({ targetGroup }) => targetGroup === arn);
}

function namesIn(memberships: readonly { readonly group: string }[]): readonly string[] {
  return [...new Set(memberships.map(({ group }) => group))].sort();
}

async function allServing(
  arns: readonly string[],
  names: readonly string[],
  aws: Aws,
): Promise<PartialList<Described>> {
  const { items, gaps } = await aws.pages(
    describeAutoScalingGroups,
    { MaxRecords: 100 },
    (answer) => answer.AutoScalingGroups,
  );
  const ours = items.filter(
    (group) => names.includes(group.AutoScalingGroupName ?? '') || servedBy(group).some((arn) => arns.includes(arn)),
  );
  return { items: ours, gaps };
}

function byName(names: readonly string[], aws: Aws): Promise<PartialList<Described>> {
  const { action } = describeAutoScalingGroups;
  return inBatches(names, NAMES_A_CALL, async (batch) => {
    const input = { AutoScalingGroupNames: [...batch], MaxRecords: 100 };
    const read = await aws.pages(describeAutoScalingGroups, input, (answer) => answer.AutoScalingGroups);
    return withGapForMissing(batch, read, ({ AutoScalingGroupName = '' }) => [AutoScalingGroupName], action, 'group');
  });
}

function beyond(groups: readonly Described[]): readonly Gap[] {
  const ids = groups.slice(GROUPS_AT_MOST).flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []);
  const detail = `more than ${GROUPS_AT_MOST} Auto Scaling groups: the others were not read`;
  return ids.length === 0 ? [] : [{ why: 'not-asked', detail, ids }];
}

async function withHistory(described: Described, at: Time, aws: Aws): Promise<Seen<AutoScalingGroup>> {
  const group = groupOf(described);
  const history = await orGap(activitiesOf(group.name, at, aws), group.name);
  const refreshed = history.items.some(({ cause }) => /instance refresh/i.test(cause));
  const refreshes = refreshed ? await orGap(refreshesOf(group.name, aws), group.name) : NOTHING;
  return seen({ ...group, activities: history.items, refreshes: refreshes.items }, [
    ...history.gaps,
    ...refreshes.gaps,
  ]);
}

const NOTHING: PartialList<InstanceRefresh> = { items: [], gaps: [] };

/** The newest come first, and AWS keeps six weeks of them: one page is enough unless it ends too early. */
async function activitiesOf(name: string, at: Time, aws: Aws): Promise<PartialList<ScalingActivity>> {
  const from = plusSeconds(at, -60 * METRIC_MINUTES);
  const { Activities = [], NextToken } = await aws.ask(describeScalingActivities, {
    AutoScalingGroupName: name,
    MaxRecords: 100,
  });
  const all = Activities.map(activityOf);
  const items = all.filter((activity) => activity.at >= from).reverse();
  const cutOff = NextToken !== undefined && items.length === all.length;
  const detail = `${describeScalingActivities.action} has more than 100 activities, and the newest were read`;
  return { items, gaps: cutOff ? [{ why: 'not-asked', detail, ids: [name] }] : [] };
}

async function refreshesOf(name: string, aws: Aws): Promise<PartialList<InstanceRefresh>> {
  const input = { AutoScalingGroupName: name, MaxRecords: 10 };
  const { InstanceRefreshes = [] } = await aws.ask(describeInstanceRefreshes, input);
  return { items: InstanceRefreshes.map(refreshOf), gaps: [] };
}

/** A group is worth knowing without its history. */
async function orGap<T>(reading: Promise<PartialList<T>>, name: string): Promise<PartialList<T>> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof CallFailed) return { items: [], gaps: [gapOf(error, [name])] };
    throw error;
  }
}

function groupOf(described: Described): AutoScalingGroup {
  return {
    name: described.AutoScalingGroupName ?? '',
    min: described.MinSize ?? 0,
    max: described.MaxSize ?? 0,
    desired: described.DesiredCapacity ?? 0,
    healthCheckTypes: (described.HealthCheckType ?? 'EC2').split(',').map((type) => type.trim()),
    gracePeriod: described.HealthCheckGracePeriod ?? 0,
    targetGroups: servedBy(described),
    suspendedProcesses: (described.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
    instances: (described.Instances ?? []).map((instance) =>
      membershipOf({ ...instance, AutoScalingGroupName: described.AutoScalingGroupName }),
    ),
    activities: [],
    refreshes: [],
    tags: keptTags(described.Tags),
  };
}

/** A target group can be attached in two ways, as one and as a traffic source. */
function servedBy({ TargetGroupARNs = [], TrafficSources = [] }: Described): readonly string[] {
  const sources = TrafficSources.flatMap(({ Identifier }) => Identifier ?? []);
  return [...new Set([...TargetGroupARNs, ...sources.filter((id) => id.includes(':targetgroup/'))])];
}

function activityOf(activity: Activity): ScalingActivity {
  return {
    at: utcTime(activity.StartTime) ?? '',
    endedAt: utcTime(activity.EndTime),
    description: activity.Description ?? '',
    cause: activity.Cause ?? '',
    status: activity.StatusCode ?? '',
    message: activity.StatusMessage ?? null,
  };
}

function refreshOf(refresh: Refresh): InstanceRefresh {
  return {
    id: refresh.InstanceRefreshId ?? '',
    status: refresh.Status ?? '',
    reason: refresh.StatusReason ?? null,
    startedAt: utcTime(refresh.StartTime),
    endedAt: utcTime(refresh.EndTime),
    percentage: refresh.PercentageComplete ?? null,
  };
}
