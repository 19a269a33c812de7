import { describe, expect, test } from 'vitest';
import cause from '../../../lambda/causes/deployment/targets-not-yet-healthy/cause.ts';
import { diagnose } from '../../../lambda/diagnose/diagnose.ts';
import { asString } from '../../../lambda/render/json.ts';
import {
  aSnapshot,
  denied,
  groupMetrics,
  instance,
  lately,
  metrics,
  newest,
  TG,
  target,
} from '../../support/a-snapshot.ts';
import { scalingGroup } from '../../support/auto-scaling.ts';
import { foundFirst, outcome, readable } from '../../support/judged.ts';

const answered5xx = (...values: number[]) => metrics({ HTTPCode_Target_5XX_Count: newest(...values) });

describe('a new target that answers 5xx itself', () => {
  const young = (id: string, launchedAt: string) => instance(id, { launchedAt });
  const launching = (at: string, id: string) => ({
    at,
    description: `Launching a new EC2 instance: ${id}`,
    cause: 'an instance was started in response to a difference between desired and actual capacity',
    status: 'Successful',
    message: null,
    endedAt: at,
  });
  const answers = (code: number) => ({
    state: 'unhealthy' as const,
    reason: 'Target.ResponseCodeMismatch',
    description: `Health checks failed with these codes: [${code}]`,
  });
  /** Two fail since 14:27; the newest of five was launched at 14:26:30. */
  const scaled = {
    loadBalancerMetrics: answered5xx(12, 15, 14),
    targetHealth: [...['i-1', 'i-2', 'i-3', 'i-4'].map((id) => target(id)), target('i-5', answers(503))],
    instances: [
      ...['i-1', 'i-2', 'i-3', 'i-4'].map((id) => young(id, '2026-03-10T08:00:00Z')),
      young('i-5', '2026-03-10T14:26:40Z'),
    ],
    autoScalingGroups: [scalingGroup({ activities: [launching('2026-03-10T14:26:30Z', 'i-5')] })],
    targetGroupMetrics: groupMetrics({ [TG]: { 'HealthyHostCount.min': lately(60, 4) } }),
  };
  const healthy = scaled.targetHealth.slice(0, 4);

  test.each([
    ['while all others are healthy', {}, 'found strong'],
    ['its check gets no 5xx', { targetHealth: [...healthy, target('i-5', answers(404))] }, 'ruled-out'],
    ['it makes more than it can get', { loadBalancerMetrics: answered5xx(60, 62, 61) }, 'ruled-out'],
    [
      'an old one fails as well',
      { targetHealth: [...healthy.slice(1), target('i-1', answers(503)), target('i-5', answers(503))] },
      'ruled-out',
    ],
    [
      'it was launched eleven minutes ago',
      { instances: scaled.instances.map((one) => (one.id === 'i-5' ? young('i-5', '2026-03-10T14:19:00Z') : one)) },
      'ruled-out',
    ],
    ['nobody saw when it was launched', { instances: denied() }, 'ruled-out'],
    ['no launch was seen', { autoScalingGroups: [] }, 'ruled-out'],
  ])('%s', (_, ill, expected) => {
    expect(outcome(cause, { ...scaled, ...ill })).toBe(expected);
  });

  test('stands above what the application answers, and says why', () => {
    expect(foundFirst(scaled)).toBe('targets-not-yet-healthy');
    const said = readable(cause, scaled);
    expect(said).toContain('i-5 answers health checks with `503` as well; none of the 4 other targets fails');
    expect(said).toContain('the new target i-5 is still `unhealthy`, and the errors go on');
    expect(said).not.toContain('bursts');
  });

  test.each([
    ['the new target that fails', {}, ['i-5']],
    ['no target, where the new ones are healthy by now', { targetHealth: [...healthy, target('i-5')] }, []],
  ])('affects, and is marked at, %s', (_, ill, expected) => {
    const { findings, topology } = diagnose(aSnapshot({ ...scaled, ...ill }), [cause]);
    expect((findings[0]?.affected.targets ?? []).map(({ id }) => id)).toEqual(expected);
    const marked = (topology?.groups ?? []).flatMap(({ targets }) => targets.filter(({ marks }) => marks.length > 0));
    expect(marked.map(({ id }) => id)).toEqual(expected);
  });

  test('counts the bursts before that began with a launch', () => {
    const minutes = Array.from({ length: 180 }, (_, n) => ([60, 61, 120, 121].includes(n) ? 13 : n > 176 ? 14 : 0));
    const before = [launching('2026-03-10T13:29:20Z', 'i-4'), launching('2026-03-10T12:29:20Z', 'i-3')];
    const activities = [...(scaled.autoScalingGroups[0]?.activities ?? []), ...before];
    const recurring = {
      ...scaled,
      loadBalancerMetrics: answered5xx(...minutes),
      autoScalingGroups: [scalingGroup({ activities })],
    };
    expect(readable(cause, recurring)).toContain(
      'each of 2 bursts of errors before also began within 5 minutes of a launch',
    );
    const once = { ...recurring, autoScalingGroups: [scalingGroup({ activities: activities.slice(0, 2) })] };
    expect(readable(cause, once)).not.toContain('of errors before');
  });

  test('began with the first launch of the episode, and never after the errors did', () => {
    const minutes = Array.from({ length: 180 }, (_, n) => ([137, 138, 157, 158].includes(n) ? 13 : n > 176 ? 14 : 0));
    const before = [launching('2026-03-10T14:06:20Z', 'i-4'), launching('2026-03-10T13:46:20Z', 'i-3')];
    const recurring = {
      ...scaled,
      loadBalancerMetrics: answered5xx(...minutes),
      autoScalingGroups: [
        scalingGroup({ activities: [...(scaled.autoScalingGroups[0]?.activities ?? []), ...before] }),
      ],
    };
    const told = readable(cause, recurring);
    expect(told).toContain('3 new targets of web got requests before they were ready');
    expect(told).toContain('since 2026-03-10T13:46:20Z');
    expect(told).toContain('3 targets of web-asg started at 13:46, 14:06 and 14:26');
    const { timeline, episode } = diagnose(aSnapshot(recurring), [cause]);
    expect(episode?.onset).toBe('2026-03-10T13:47:00Z');
    expect(timeline.map(({ at, what }) => `${at} ${asString(what)}`)).toContain(
      '2026-03-10T13:46:20Z 3 new targets of web got requests before they were ready (the last time at 2026-03-10T14:26:30Z)',
    );
  });
});
