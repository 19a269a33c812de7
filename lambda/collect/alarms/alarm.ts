import { sorted } from '../../incident/evidence/order.ts';
import type { AlarmContributor, AlarmFacts, MuteRule } from '../../incident/evidence.ts';
import { type Gap, seen, unseen } from '../../incident/observed.ts';
import type { Aws, PartialList } from '../aws.ts';
import { oneByOne } from '../batches.ts';
import { defineCollector } from '../collector.ts';
import { CallFailed, gapOf } from '../errors.ts';
import { keptTags } from '../key-values.ts';
import {
  describeAlarmContributors,
  getAlarmMuteRule,
  listAlarmMuteRules,
  listTagsOfAlarm,
} from '../services/cloudwatch.ts';
import { utcTime } from '../time.ts';

const ALARMS = 'arn:*:cloudwatch:*:*:alarm:*';
const MUTE_RULES = 'arn:*:cloudwatch:*:*:alarm-mute-rule:*';
const RULES_AT_MOST = 3;

/** About the alarm itself. None of it decides anything, so that each part may be missing. */
export const alarm = defineCollector({
  key: 'alarm',
  worth: 'little',
  after: [],
  actions: [listTagsOfAlarm, listAlarmMuteRules, getAlarmMuteRule, describeAlarmContributors].map(
    ({ action }) => action,
  ),
  resources: {
    [listTagsOfAlarm.action]: ALARMS,
    [describeAlarmContributors.action]: ALARMS,
    [listAlarmMuteRules.action]: MUTE_RULES,
    [getAlarmMuteRule.action]: MUTE_RULES,
  },
  async collect({ trigger, subject }, _earlier, aws) {
    const { alarmName, contributor } = trigger;
    if (alarmName === undefined) return unseen('not-asked', 'no alarm started this triage');
    const { partition, region, accountId } = subject;
    const arn = trigger.alarmArn ?? `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${alarmName}`;
    const [tags, mutedBy, contributors] = await Promise.all([
      part(tagsOf(arn, aws)),
      part(muteRulesOf(alarmName, aws)),
      // Only an alarm over several time series has any.
      part(contributor === undefined ? Promise.resolve({ items: [], gaps: [] }) : contributorsOf(alarmName, aws)),
    ]);
    if (tags.failed && mutedBy.failed && (contributors.failed || contributor === undefined)) throw tags.failed;
    const facts: AlarmFacts = {
      tags: tags.items === null ? null : Object.assign({}, ...tags.items),
      mutedBy: mutedBy.items,
      contributors: contributors.items,
    };
    return seen(facts, [...tags.gaps, ...mutedBy.gaps, ...contributors.gaps]);
  },
});

interface Part<T> {
  /** `null`: not seen. */
  readonly items: readonly T[] | null;
  readonly gaps: readonly Gap[];
  readonly failed?: CallFailed;
}

async function part<T>(read: Promise<PartialList<T>>): Promise<Part<T>> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof CallFailed) return { items: null, gaps: [gapOf(error)], failed: error };
    throw error;
  }
}

async function tagsOf(ResourceARN: string, aws: Aws): Promise<PartialList<Readonly<Record<string, string>>>> {
  const { Tags } = await aws.ask(listTagsOfAlarm, { ResourceARN });
  return { items: [keptTags(Tags)], gaps: [] };
}

/** A summary holds no name but that in the ARN, and no word of what the rule is for. */
async function muteRulesOf(AlarmName: string, aws: Aws): Promise<PartialList<MuteRule>> {
  const active = await aws.pages(
    listAlarmMuteRules,
    { AlarmName, Statuses: ['ACTIVE'], MaxRecords: 100 },
    (answer) => answer.AlarmMuteRuleSummaries,
  );
  const names = sorted(
    active.items.map(({ AlarmMuteRuleArn = '' }) => AlarmMuteRuleArn.split(':alarm-mute-rule:').at(-1) ?? ''),
  );
  const described = await part(
    oneByOne(names.slice(0, RULES_AT_MOST), async (AlarmMuteRuleName) => [
      { name: AlarmMuteRuleName, description: (await aws.ask(getAlarmMuteRule, { AlarmMuteRuleName })).Description },
    ]),
  );
  const items = names.map((name) => {
    const description = described.items?.find((rule) => rule.name === name)?.description;
    return { name, description: description ? description : null };
  });
  return { items, gaps: [...active.gaps, ...described.gaps] };
}

async function contributorsOf(AlarmName: string, aws: Aws): Promise<PartialList<AlarmContributor>> {
  const { items, gaps } = await aws.pages(
    describeAlarmContributors,
    { AlarmName },
    (answer) => answer.AlarmContributors,
  );
  return {
    items: items.map(({ ContributorAttributes = {}, StateTransitionedTimestamp }) => ({
      attributes: ContributorAttributes,
      since: utcTime(StateTransitionedTimestamp),
    })),
    gaps,
  };
}
