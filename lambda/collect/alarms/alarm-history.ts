import type { AlarmHistoryItem } from '@aws-sdk/client-cloudwatch';
import { seen, unseen } from '../../incident/observed.ts';
import { defineCollector } from '../collector.ts';
import { describeAlarmHistory } from '../services/cloudwatch.ts';
import { utcTime } from '../time.ts';

const DAYS = 7;
const ITEMS_A_CALL = 100;

/** One page, the newest: an alarm that flaps by the minute has thousands of changes a week. */
export const alarmHistory = defineCollector({
  key: 'alarmHistory',
  worth: 'little',
  after: [],
  actions: [describeAlarmHistory.action],
  resources: { [describeAlarmHistory.action]: 'arn:*:cloudwatch:*:*:alarm:*' },
  async collect({ trigger, at, asked }, _earlier, aws) {
    if (trigger.alarmName === undefined) return unseen('not-asked', 'no alarm started this triage');
    const end = new Date(asked?.to ?? at);
    const start = new Date(end.getTime() - DAYS * 86_400_000);
    const { AlarmHistoryItems = [], NextToken } = await aws.ask(describeAlarmHistory, {
      AlarmName: trigger.alarmName,
      // Without AlarmTypes AWS answers for metric alarms only.
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      HistoryItemType: 'StateUpdate',
      StartDate: start,
      EndDate: end,
      ScanBy: 'TimestampDescending',
      MaxRecords: ITEMS_A_CALL,
    });
    const oldest = utcTime(AlarmHistoryItems.at(-1)?.Timestamp);
    const from = utcTime(start) ?? at;
    return seen({
      from: NextToken ? (oldest ?? from) : from,
      alarmedAt: AlarmHistoryItems.filter(entersAlarm)
        .flatMap(({ Timestamp }) => utcTime(Timestamp) ?? [])
        .sort(),
    });
  },
});

/** The data of an item is JSON in text; its summary is a sentence, and says the same. */
function entersAlarm({ HistoryData = '', HistorySummary = '' }: AlarmHistoryItem): boolean {
  const states = /"newState"\s*:\s*\{[^{}]*"stateValue"\s*:\s*"(\w+)"/.exec(HistoryData);
  return states === null ? /to ALARM\b/.test(HistorySummary) : states[1] === 'ALARM';
}
