import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { FAULTS, twoGroups } from '../support/two-groups.ts';

/** As a reader reads it, whatever the width of the lines. */
const mailOf = (diagnosis: ReturnType<typeof diagnose>) => renderEmail(diagnosis).replace(/\s+/g, ' ');

type Fault = keyof typeof FAULTS;
const ALL = Object.keys(FAULTS) as Fault[];
const pairs = ALL.flatMap((first) => ALL.filter((one) => one !== first).map((second) => [first, second] as const));

function told(first: Fault, second: Fault) {
  const snapshot = twoGroups(
    { name: 'carts', asked: 240, since: '14:04', fault: FAULTS[first] },
    { name: 'mails', asked: 260, since: '14:16', fault: FAULTS[second] },
  );
  const diagnosis = diagnose(snapshot, CAUSES);
  const faults = diagnosis.findings.filter(
    ({ strength, symptomOf, waiting }) => strength !== 'circumstantial' && symptomOf === undefined && !waiting,
  );
  return { diagnosis, faults };
}

describe('two faults, each in a group of its own', () => {
  test.each(pairs)('%s, and %s minutes later', (first, second) => {
    const { diagnosis, faults } = told(first, second);
    expect(diagnosis.verdict.status).toBe('identified');
    expect(faults.map(({ cause }) => cause).sort()).toEqual([first, second].sort());
    const of = (cause: Fault) => faults.find((one) => one.cause === cause);
    expect(of(first)?.affected.targetGroups).toEqual([expect.stringContaining('/carts/')]);
    expect(of(second)?.affected.targetGroups).toEqual([expect.stringContaining('/mails/')]);
    // Each with its own beginning: what shuts off or is full may be so some minutes before.
    expect(of(first)?.since?.slice(11, 16)).toMatch(/^14:0[2-4]$/);
    expect(of(second)?.since?.slice(11, 16)).toMatch(/^14:1[4-6]$/);
    expect(faults.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeLessThanOrEqual(1.005);
    const mail = mailOf(diagnosis);
    expect(mail).not.toContain('if this is the cause');
    if ([first, second].includes('slower-than-idle-timeout')) expect(mail).not.toContain('504s are failed connections');
  });
});

describe('what another group fails with', () => {
  test('is no proof of a shut way', () => {
    const { faults, diagnosis } = told('unresponsive-backend', 'target-security-group-closed');
    const closed = faults.find(({ cause }) => cause === 'target-security-group-closed');
    expect(closed?.change?.who).toBe('alice');
    expect(mailOf(diagnosis)).toMatch(/changed at 14:15:30 UTC by alice/i);
    expect(mailOf(diagnosis)).toMatch(/answered 504 since 14:16 UTC, with [0-9,]+ connection errors/);
    expect(mailOf(diagnosis)).not.toMatch(/answered 504 since 14:04 UTC, with [1-9]/);
  });

  test('is not among the requests of which a share is told', () => {
    const { diagnosis } = told('instance-not-running', 'target-returns-5xx');
    expect(mailOf(diagnosis)).toContain('of the requests to mails');
    expect(mailOf(diagnosis)).not.toContain('of all requests');
  });

  test('a limit of other hosts makes nothing slow', () => {
    const { diagnosis } = told('slower-than-idle-timeout', 'cpu-saturated');
    const slow = diagnosis.findings.filter(({ cause }) => cause === 'slower-than-idle-timeout');
    expect(slow.map(({ affected, symptomOf }) => [affected.targetGroups[0]?.includes('/carts/'), symptomOf])).toEqual([
      [true, undefined],
      [false, 'cpu-saturated'],
    ]);
  });

  test('two applications that began to fail apart are told apart', () => {
    const snapshot = twoGroups(
      { name: 'carts', asked: 240, since: '14:04', fault: FAULTS['target-returns-5xx'] },
      { name: 'mails', asked: 60, since: '14:20', fault: FAULTS['target-returns-5xx'] },
    );
    const { findings } = diagnose(snapshot, CAUSES);
    expect(findings.map(({ cause, since }) => [cause, since?.slice(11, 16)])).toEqual([
      ['target-returns-5xx', '14:04'],
      ['target-returns-5xx', '14:20'],
    ]);
  });
});
