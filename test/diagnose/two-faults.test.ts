import { describe, expect, test } from 'vitest';
import { type Cause, defineCause } from '../../lambda/causes/cause.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId, ErrorKind, Strength } from '../../lambda/incident/cause.ts';
import { words } from '../../lambda/incident/text.ts';
import { aws, fix } from '../../lambda/remedies/remedy.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { aSnapshot, between, lately, metrics, TG } from '../support/a-snapshot.ts';

interface Fault {
  readonly explains: readonly ErrorKind[];
  readonly since?: string;
  readonly strength?: Strength;
}

function fault(id: CauseId, { explains, since, strength = 'decisive' }: Fault): Cause {
  return defineCause({
    id,
    needs: ['targetHealth'],
    examine: () => ({
      is: 'found',
      findings: [
        {
          strength,
          since,
          says: words(`${id} it is` as 'it is'),
          because: [{ from: 'targetHealth', shows: words('AWS shows it') }],
          affects: { targetGroups: [TG], targets: [] },
          explains,
          fixes: [fix(words(`mend ${id}` as 'mend it'), { run: aws('elbv2', 'mend', { id }) })],
        },
      ],
    }),
  });
}

/** 504s from 14:00 on, and as many 503s on top of them from 14:20 on. */
const both = aSnapshot({
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_504_Count: lately(30, 40),
    HTTPCode_ELB_503_Count: lately(10, 40),
    HTTPCode_ELB_5XX_Count: between(30, 10, 40).map((value, minute) => (minute >= 170 ? 80 : value)),
  }),
});
const silent = fault('unresponsive-backend', { explains: ['504'], since: '2026-03-10T14:00:00Z' });
const stopped = (more: Partial<Fault> = {}) =>
  fault('instance-not-running', { explains: ['503'], since: '2026-03-10T14:20:00Z', ...more });

describe('two faults at once', () => {
  const told = (...causes: Cause[]) => {
    const diagnosis = diagnose(both, causes);
    return { diagnosis, mail: renderEmail(diagnosis).replace(/\s+/g, ' ') };
  };

  test('are each told with when it began and what mends it, as shares of the same errors', () => {
    const { diagnosis, mail } = told(silent, stopped());
    expect(diagnosis.findings.map(({ cause, share }) => [cause, share])).toEqual([
      ['unresponsive-backend', 0.75],
      ['instance-not-running', 0.25],
    ]);
    expect(mail).toContain(
      '(instance-not-running, decisive, explains 25 % of the errors): since 14:20 UTC; AWS shows it',
    );
    expect(mail).toContain('Fix (changes AWS): mend instance-not-running:');
    expect(mail).not.toContain('Fix, if this is the cause');
  });

  test('a second one that only may be is still told as that', () => {
    const { mail } = told(silent, stopped({ strength: 'circumstantial' }));
    expect(mail).toContain('Fix, if this is the cause (changes AWS): mend instance-not-running:');
  });

  test('what would explain the same errors is no second fault; but it is known, and to be mended, too', () => {
    const { mail } = told(silent, stopped({ explains: ['504'], since: '2026-03-10T14:00:00Z' }));
    expect(mail).toMatch(/of the errors\): AWS shows it/);
    expect(mail).toContain('Fix (changes AWS): mend instance-not-running:');
    expect(mail).not.toContain('Fix, if this is the cause');
  });

  test('a fault that is alone explains the errors since it began', () => {
    const { diagnosis } = told(stopped({ explains: ['503', '504'] }));
    expect(diagnosis.findings[0]?.share).toBe(1);
  });
});
