import {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetAlarmMuteRuleCommand,
  GetMetricDataCommand,
  ListAlarmMuteRulesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch';
import { openService } from '../service.ts';

/** It allows far more than is ever asked. */
const cloudWatch = openService({
  name: 'cloudwatch',
  client: (config) => new CloudWatchClient(config),
  limit: { concurrency: 10, burst: 50, perSecond: 50 },
  paging: { from: 'NextToken', into: 'NextToken' },
});

export const getMetricData = cloudWatch.paged('GetMetricData', () => GetMetricDataCommand);

export const describeAlarms = cloudWatch.paged('DescribeAlarms', () => DescribeAlarmsCommand);
export const describeAlarmContributors = cloudWatch.paged(
  'DescribeAlarmContributors',
  () => DescribeAlarmContributorsCommand,
);
export const describeAlarmHistory = cloudWatch.operation('DescribeAlarmHistory', () => DescribeAlarmHistoryCommand);
export const listAlarmMuteRules = cloudWatch.paged('ListAlarmMuteRules', () => ListAlarmMuteRulesCommand);
export const getAlarmMuteRule = cloudWatch.operation('GetAlarmMuteRule', () => GetAlarmMuteRuleCommand);
export const listTagsOfAlarm = cloudWatch.operation('ListTagsForResource', () => ListTagsForResourceCommand);
