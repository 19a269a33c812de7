import { describe, expect, test } from 'vitest';
import { defineCause, notApplicable, ruledOut } from '../../lambda/causes/cause.ts';
import { judge } from '../../lambda/diagnose/judge.ts';
import type { EvidenceKey } from '../../lambda/incident/evidence.ts';
import { words } from '../../lambda/incident/text.ts';
import { aSnapshot, denied, type Ill, partly } from '../support/a-snapshot.ts';

const READ = Date.parse('2026-03-10T14:30:00Z');
const over = (seconds: number, errors = 9) => ({
  onset: '2026-03-10T14:00:00Z',
  end: new Date(READ - seconds * 1000).toISOString(),
  of: 'errors' as const,
  errors,
});

const verdict = (
  by: readonly EvidenceKey[],
  episode: Parameters<typeof judge>[2],
  ill: Ill = {},
  says: typeof ruledOut | typeof notApplicable = ruledOut,
  more: { readonly ofSettings?: true } = {},
) =>
  judge(
    defineCause({
      id: 'host-firewall',
      needs: by,
      examine: () => says(words('nothing is wrong')),
      ...more,
    }),
    aSnapshot(ill),
    episode,
  );

describe('that nothing is wrong rules the cause out', () => {
  test.each<[string, readonly EvidenceKey[], Parameters<typeof judge>[2], Ill]>([
    [
      'while the errors go on',
      ['targetHealth'],
      { onset: '2026-03-10T14:00:00Z', end: null, of: 'errors', errors: 9 },
      {},
    ],
    ['as they end: health checks have not noticed yet', ['targetHealth'], over(150), {}],
    ['after two bad requests: nothing was to be mended', ['targetHealth'], over(720, 2), {}],
    ['by what is of then', ['loadBalancerMetrics'], over(600), {}],
    ['where mending it takes a change, and changes were seen', ['securityGroups'], over(600), {}],
  ])('%s', (_, by, episode, ill) => {
    expect(verdict(by, episode, ill).is).toBe('ruled-out');
  });
});

describe('nothing is ruled out', () => {
  test.each<[string, readonly EvidenceKey[], Ill, string]>([
    ['by health read after the errors', ['targetHealth'], {}, 'the targets may have recovered'],
    ['by status checks read after the errors', ['instanceStatus'], {}, 'the instances may have recovered'],
    [
      'by settings that may have been mended unseen',
      ['securityGroups'],
      { changes: denied('cloudtrail:LookupEvents') },
      'what was wrong may have been fixed',
    ],
    [
      'by settings of which not all changes were seen',
      ['securityGroups'],
      { changes: partly([], { why: 'throttled', detail: 'slow down', ids: ['sg-app'] }) },
      'what was wrong may have been fixed',
    ],
  ])('%s', (_, by, ill, mended) => {
    expect(verdict(by, over(720), ill)).toMatchObject({
      is: 'undetermined',
      missing: [
        {
          evidence: by[0],
          detail: `it was read 12 min after the errors were over: ${mended} by then`,
        },
      ],
    });
  });
});

test('of targets that failed without an error, it says what is over', () => {
  const episode = { ...over(720, 0), of: 'failing-targets' as const };
  expect(verdict(['targetHealth'], episode, {})).toMatchObject({
    missing: [{ detail: 'it was read 12 min after targets stopped failing: the targets may have recovered by then' }],
  });
});

test('of targets, settings ask no more than which there are', () => {
  expect(verdict(['targetHealth'], over(720), {}, ruledOut, { ofSettings: true }).is).toBe('ruled-out');
});

test('what a load balancer has not is as little its trouble when the errors are over', () => {
  expect(verdict(['targetHealth'], over(720), {}, notApplicable).is).toBe('not-applicable');
});
