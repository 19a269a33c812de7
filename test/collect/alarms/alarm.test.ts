import {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  GetAlarmMuteRuleCommand,
  ListAlarmMuteRulesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { beforeEach, expect, test } from 'vitest';
import { alarm } from '../../../lambda/collect/alarms/alarm.ts';
import type { Trigger } from '../../../lambda/incident/question.ts';
import { NOW } from '../../support/a-snapshot.ts';
import { mockClient } from '../../support/mock-client.ts';
import { accessDenied, read, throttling } from '../support.ts';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => {
  cloudWatch.reset();
  cloudWatch.on(ListTagsForResourceCommand).resolves({ Tags: [] });
  cloudWatch.on(ListAlarmMuteRulesCommand).resolves({ AlarmMuteRuleSummaries: [] });
});

const ALARM = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-5xx';
const rule = (name: string) => `arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:${name}`;
const asked = (more: Partial<Trigger> = {}) => ({
  trigger: { kind: 'alarm' as const, at: NOW, alarmName: 'web-5xx', alarmArn: ALARM, ...more },
});

test('an alarm that nobody muted, and nobody owns', async () => {
  const value = { tags: {}, mutedBy: [], contributors: [] };
  expect(await read(alarm, asked())).toMatchObject({ seen: true, value, gaps: [] });
  const input = { AlarmName: 'web-5xx', Statuses: ['ACTIVE'] };
  expect(cloudWatch.commandCalls(ListAlarmMuteRulesCommand)[0]?.args[0].input).toMatchObject(input);
  expect(cloudWatch.calls()).toHaveLength(2);
});

test('its tags', async () => {
  cloudWatch
    .on(ListTagsForResourceCommand, { ResourceARN: ALARM })
    .resolves({ Tags: [{ Key: 'team', Value: 'checkout' }] });
  expect(await read(alarm, asked())).toMatchObject({ value: { tags: { team: 'checkout' } } });
  const { alarmArn: _, ...byName } = asked().trigger;
  expect(await read(alarm, { trigger: byName })).toMatchObject({ value: { tags: { team: 'checkout' } } });
});

test('the rules that mute it, and what for, over all pages', async () => {
  cloudWatch
    .on(ListAlarmMuteRulesCommand)
    .resolvesOnce({ AlarmMuteRuleSummaries: [{ AlarmMuteRuleArn: rule('deploys') }], NextToken: 'more' })
    .resolvesOnce({ AlarmMuteRuleSummaries: [{ AlarmMuteRuleArn: rule('night') }] });
  cloudWatch.on(GetAlarmMuteRuleCommand, { AlarmMuteRuleName: 'deploys' }).resolves({ Description: 'on Tuesdays' });
  cloudWatch.on(GetAlarmMuteRuleCommand, { AlarmMuteRuleName: 'night' }).resolves({});
  expect(await read(alarm, asked())).toMatchObject({
    value: {
      mutedBy: [
        { name: 'deploys', description: 'on Tuesdays' },
        { name: 'night', description: null },
      ],
    },
    gaps: [],
  });
});

test('a rule that may not be read is named all the same', async () => {
  cloudWatch
    .on(ListAlarmMuteRulesCommand)
    .resolves({ AlarmMuteRuleSummaries: [{ AlarmMuteRuleArn: rule('deploys') }] });
  cloudWatch.on(GetAlarmMuteRuleCommand).rejects(accessDenied);
  expect(await read(alarm, asked())).toMatchObject({
    value: { mutedBy: [{ name: 'deploys', description: null }] },
    gaps: [{ why: 'denied', action: 'cloudwatch:GetAlarmMuteRule' }],
  });
});

test('what else went off, of an alarm over several time series', async () => {
  cloudWatch.on(DescribeAlarmContributorsCommand, { AlarmName: 'web-5xx' }).resolves({
    AlarmContributors: [
      {
        ContributorId: '1',
        ContributorAttributes: { LoadBalancer: 'app/api/1' },
        StateReason: 'Threshold Crossed',
        StateTransitionedTimestamp: new Date('2026-03-10T14:20:00Z'),
      },
    ],
  });
  expect(await read(alarm, asked({ contributor: { LoadBalancer: 'app/web/1' } }))).toMatchObject({
    value: { contributors: [{ attributes: { LoadBalancer: 'app/api/1' }, since: '2026-03-10T14:20:00Z' }] },
  });
});

test('each part may be missing', async () => {
  cloudWatch.on(ListTagsForResourceCommand).rejects(accessDenied);
  cloudWatch.on(DescribeAlarmContributorsCommand).rejects(throttling);
  expect(await read(alarm, asked({ contributor: {} }))).toMatchObject({
    seen: true,
    value: { tags: null, mutedBy: [], contributors: null },
    gaps: [
      { why: 'denied', action: 'cloudwatch:ListTagsForResource' },
      { why: 'throttled', action: 'cloudwatch:DescribeAlarmContributors' },
    ],
  });
});

test('is not asked where no alarm did', async () => {
  expect(await read(alarm)).toMatchObject({ seen: false, why: 'not-asked' });
  expect(cloudWatch.calls()).toHaveLength(0);
});
