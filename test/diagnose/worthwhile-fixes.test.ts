import { describe, expect, test } from 'vitest';
import { defineCause } from '../../lambda/causes/cause.ts';
import { CAUSES } from '../../lambda/causes/index.ts';
import surge from '../../lambda/causes/overload/traffic-surge/cause.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { ErrorKind } from '../../lambda/incident/cause.ts';
import { words } from '../../lambda/incident/text.ts';
import { aws, fix, look } from '../../lambda/remedies/remedy.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { always, aSnapshot, between, type Ill, instance, metrics, target } from '../support/a-snapshot.ts';
import { readable } from '../support/judged.ts';

const faultOf = (...explains: ErrorKind[]) =>
  defineCause({
    id: 'authentication-failing',
    needs: ['loadBalancerMetrics'],
    examine: () => ({
      is: 'found',
      findings: [
        {
          strength: 'strong',
          says: words('it fails'),
          because: [{ from: 'loadBalancerMetrics', shows: words('it does') }],
          affects: { targetGroups: [], targets: [] },
          explains,
          fixes: [
            fix(words('add machines'), { run: aws('ec2', 'run-instances'), forMany: true }),
            fix(words('let requests finish'), { run: aws('elbv2', 'modify-target-group-attributes') }),
            look(words('look at it'), aws('ec2', 'describe-instances')),
          ],
        },
      ],
    }),
  });

/** Errors of 502 so many minutes ago, one a minute, until others were answered. */
const failed = (from: number, until: number, of = 120): Ill => {
  const errors = between(from, until, 1);
  return {
    loadBalancerMetrics: metrics({
      RequestCount: always(of),
      HTTPCode_ELB_502_Count: errors,
      HTTPCode_ELB_5XX_Count: errors,
    }),
  };
};
const offered = (ill: Ill, ...explains: ErrorKind[]): readonly string[] =>
  diagnose(aSnapshot(ill), [faultOf(...explains)]).findings.flatMap(({ fixes }) =>
    fixes.map(({ does }) => does.map((part) => ('text' in part ? part.text : '')).join('')),
  );

const COSTLY = 'add machines';

test.each<[string, Ill, boolean]>([
  ['one error', failed(20, 19), false],
  ['two of them, and the window ends', failed(2, 0), false],
  ['two of few requests', failed(20, 18, 2), false],
  ['five that are over', failed(20, 15), false],
  ['six', failed(20, 14), true],
  ['five that go on', failed(5, 0), true],
  ['five of a few requests', failed(20, 15, 10), true],
  ['five of enough', failed(20, 15, 17), false],
])('for %s, what costs more than they do is offered: %s', (_, ill, isOffered) => {
  const all = offered(ill, '502');
  expect(all.includes(COSTLY)).toBe(isOffered);
  expect(all).toContain('let requests finish');
  expect(all).toContain('look at it');
});

test('nothing is changed for errors that it explains none of', () => {
  expect(offered(failed(20, 2), '500')).toEqual(['look at it']);
  expect(offered(failed(20, 2), '502')).toHaveLength(3);
  // What makes no 5xx by itself has none to explain.
  expect(offered(failed(20, 2))).toHaveLength(3);
});

test('a surge that one request did not survive is told so, and nobody adds targets', () => {
  const requests = always(120).map((level, minute) => (minute >= 155 && minute < 165 ? 400 : level));
  const [one, many] = [1, 40].map((count) => {
    const errors = between(20, 18, null).map((_, minute) => (minute === 160 ? count : null));
    return readable(surge, {
      loadBalancerMetrics: metrics({
        RequestCount: requests,
        HTTPCode_ELB_504_Count: errors,
        HTTPCode_ELB_5XX_Count: errors,
      }),
    });
  });
  expect(one).toContain('times the usual before 1 request failed');
  expect(one).toContain('1 error from 14:10 on');
  expect(one).not.toMatch(/the errors began|fix /);
  expect(many).toContain('times the usual before the errors began');
  expect(many).toContain('fix');
});

describe('an instance that was stopped', () => {
  const stoppedAt = (stateSince: string, ill: Ill): Ill => ({
    ...ill,
    targetHealth: [target('i-1'), target('i-2', { state: 'unused', reason: 'Target.InvalidState' })],
    instances: [instance('i-1'), instance('i-2', { state: 'stopped', stateSince })],
  });
  const read = (ill: Ill) => renderEmail(diagnose(aSnapshot(ill), CAUSES)).replace(/\s+/g, ' ');

  test('after the errors is told, and neither suspected nor started', () => {
    const diagnosis = diagnose(aSnapshot(stoppedAt('2026-03-10T14:27:00Z', failed(20, 10))), CAUSES);
    expect(diagnosis.verdict.cause).not.toBe('instance-not-running');
    expect(diagnosis.findings.find(({ cause }) => cause === 'instance-not-running')).toMatchObject({
      strength: 'circumstantial',
      share: 0,
      fixes: [],
    });
    const told = read(stoppedAt('2026-03-10T14:27:00Z', failed(20, 10)));
    expect(told).toContain('i-2 is stopped');
    expect(told).not.toContain('start-instances');
    expect(told).not.toMatch(/Suspected: i-2/);
  });

  test('as they began is started again', () => {
    expect(read(stoppedAt('2026-03-10T14:10:00Z', failed(20, 0)))).toContain('start-instances');
  });

  test('in a minute whose errors are not counted yet is not called later than they are', () => {
    const told = read(stoppedAt('2026-03-10T14:29:30Z', failed(20, 0)));
    expect(told).not.toContain('explains none of the errors');
  });
});
