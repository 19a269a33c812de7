import { expect, test } from 'vitest';
import { triggerOf } from '../../lambda/diagnose/report-trigger.ts';
import type { AlarmFacts } from '../../lambda/incident/evidence.ts';
import type { Trigger } from '../../lambda/incident/question.ts';
import { aSnapshot, denied, NOW } from '../support/a-snapshot.ts';

const trigger: Trigger = { kind: 'alarm', at: NOW, alarmName: 'any-5xx', contributor: { LoadBalancer: 'app/web/1' } };
const nothing: AlarmFacts = { tags: {}, mutedBy: [], contributors: [] };
const told = (facts: Partial<AlarmFacts>, tags: { key: string; value: string }[] = []) =>
  triggerOf(aSnapshot({ trigger, alarm: { ...nothing, ...facts } }), tags);

test('an alarm of which there is nothing to tell, or nothing was seen, is the trigger as it is', () => {
  expect(told({})).toEqual(trigger);
  expect(told({ tags: null, mutedBy: null, contributors: null })).toEqual(trigger);
  expect(triggerOf(aSnapshot({ trigger, alarm: denied() }), [])).toEqual(trigger);
});

test('of its tags, those that tell whom to call, and that the load balancer does not have', () => {
  const tags = { Team: 'checkout', runbook: 'wiki/5xx', cost: '7', owner: 'shop' };
  expect(
    told({ tags }, [
      { key: 'team', value: 'checkout' },
      { key: 'owner', value: 'platform' },
    ]).tags,
  ).toEqual([
    { key: 'owner', value: 'shop' },
    { key: 'runbook', value: 'wiki/5xx' },
  ]);
});

test('what mutes it', () => {
  const mutedBy = [{ name: 'deploys', description: null }];
  expect(told({ mutedBy })).toEqual({ ...trigger, mutedBy });
});

test('which others went off with it', () => {
  const [own, api] = ['app/web/1', 'app/api/1'].map((LoadBalancer) => ({ attributes: { LoadBalancer }, since: null }));
  expect(told({ contributors: [own, api].flatMap((one) => one ?? []) }).alsoInAlarm).toEqual([api]);
  expect(told({ contributors: own === undefined ? [] : [own] })).toEqual(trigger);
  const part = { attributes: { LoadBalancer: 'app/web/1', AvailabilityZone: 'us-east-1a' }, since: null };
  expect(told({ contributors: [part] }).alsoInAlarm).toEqual([part]);
});
