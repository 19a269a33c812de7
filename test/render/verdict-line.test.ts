import { describe, expect, test } from 'vitest';
import type { Diagnosis, Episode } from '../../lambda/incident/diagnosis.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { verdictLine } from '../../lambda/render/verdict-line.ts';
import { identified, quiet } from './diagnoses.ts';

const NONE = { '500': 0, '502': 0, '503': 0, '504': 0, other5xx: 0 };

function failing(
  counts: Partial<Record<keyof typeof NONE | 'target5xx', number>>,
  more: Partial<Episode> = {},
): Diagnosis {
  const { target5xx = 0, ...elb } = counts;
  const { shareLately: _, ...episode } = identified.episode as Episode;
  return {
    ...identified,
    episode: { ...episode, errorShare: 0.8, trend: 'steady', ...more },
    symptoms: { requests: 1000, elb: { ...NONE, ...elb }, target5xx, errorShare: 0.8 },
  };
}

describe('the amount belongs to what it is said of', () => {
  test.each<[string, Diagnosis, string]>([
    ['one kind', failing({ '503': 800 }), ': 80% 503, '],
    ['one kind, and so few others that the amount is the same', failing({ '503': 797, '502': 3 }), ': 80% 503, '],
    ['a kind that most are of', failing({ '503': 640, '502': 160 }), ': 80% 5xx (mostly 503), '],
    ['most of the targets', failing({ '503': 200, target5xx: 600 }), ": 80% 5xx (mostly targets' own), "],
    ['two that share it, the larger first', failing({ '502': 360, '504': 440 }), ': 80% 5xx (504 and 502), '],
    ['three', failing({ '500': 270, '502': 260, '504': 270 }), ': 80% 5xx, '],
    ['of the targets alone', failing({ target5xx: 800 }), ': 80% 5xx, '],
  ])('%s', (_, diagnosis, says) => {
    expect(verdictLine(diagnosis)).toContain(says);
  });
});

describe('what it has risen to', () => {
  const curve = (...errors: NonNullable<Diagnosis['curve']>['errors']) => ({
    curve: { from: '2026-03-10T14:00:00Z', step: 60, requests: [], errors, all: [], unread: [] },
  });
  const rising = { ...failing({ '502': 400, '504': 400 }, { trend: 'rising', shareLately: 1 }) };

  test('is told, with the kind of the newest minutes', () => {
    const now = {
      ...rising,
      ...curve({ kind: '504', counts: [90, 0, 0, 0, 0] }, { kind: '502', counts: [0, 9, 9, 9, 9] }),
    };
    expect(verdictLine(now)).toContain(': 100% 502 now, ');
  });

  test('without a kind, where that is not known', () => {
    expect(verdictLine({ ...rising, ...curve() })).toContain(': 100% 5xx now, ');
  });

  test.each<[string, Diagnosis]>([
    ['falls', { ...rising, episode: { ...(rising.episode as Episode), trend: 'falling', shareLately: 0.1 } }],
    ['is over', { ...rising, episode: { ...(rising.episode as Episode), end: '2026-03-10T14:29:00Z' } }],
    ['was read long after', { ...rising, collectedAt: '2026-03-11T14:30:00Z' }],
  ])('is not told of what %s', (_, diagnosis) => {
    expect(verdictLine(diagnosis)).not.toContain('now');
  });
});

describe('where no request fails, but health checks do', () => {
  const episode = { ...(identified.episode as Episode), of: 'failing-targets', end: null } as const;

  test('the subject says so', () => {
    const none = { ...quiet, symptoms: { requests: 1000, elb: NONE, target5xx: 0, errorShare: 0 } };
    expect(verdictLine({ ...none, episode })).toBe('web: no 5xx, health checks failing');
    expect(verdictLine({ ...quiet, episode: { ...episode, end: '2026-03-10T14:20:00Z' } })).toBe('web: no 5xx outage');
  });

  test('what the headline says is not counted as one more finding', () => {
    const findings = quiet.findings.slice(0, 1);
    const [first] = findings;
    const told = { ...quiet, findings, verdict: { ...quiet.verdict, headline: first?.headline ?? [] } };
    expect(renderEmail({ ...quiet, findings })).toContain(first?.cause);
    expect(renderEmail(told)).not.toContain('more finding');
  });
});
