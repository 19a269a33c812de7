import type { Subjected, Triggered } from '../incident/diagnosis.ts';
import type { AlarmContributor } from '../incident/evidence.ts';
import { ifSeen } from '../incident/observed.ts';
import type { Snapshot } from '../incident/snapshot.ts';
import { tellingTags } from './telling-tags.ts';

/** The trigger, with what was seen of the alarm; what the load balancer's tags say already is not said again. */
export function triggerOf({ question: { trigger }, evidence }: Snapshot, told: Subjected['tags']): Triggered {
  const alarm = ifSeen(evidence.alarm);
  if (alarm === undefined) return trigger;
  const tags = tellingTags(alarm.tags ?? {}).filter(
    ({ key, value }) => !told.some((tag) => tag.key.toLowerCase() === key.toLowerCase() && tag.value === value),
  );
  const mutedBy = alarm.mutedBy ?? [];
  const alsoInAlarm = (alarm.contributors ?? []).filter((one) => !isSame(one, trigger.contributor));
  return {
    ...trigger,
    ...(tags.length === 0 ? {} : { tags }),
    ...(mutedBy.length === 0 ? {} : { mutedBy }),
    ...(alsoInAlarm.length === 0 ? {} : { alsoInAlarm }),
  };
}

function isSame({ attributes }: AlarmContributor, contributor: Readonly<Record<string, string>> = {}): boolean {
  const names = Object.keys({ ...attributes, ...contributor });
  return names.every((name) => attributes[name] === contributor[name]);
}
