import { expect, test } from 'vitest';
import { type Cause, defineCause } from '../../lambda/causes/cause.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { CauseId, ErrorKind } from '../../lambda/incident/cause.ts';
import { words } from '../../lambda/incident/text.ts';
import { renderEmail } from '../../lambda/render/email.ts';
import { aSnapshot, between, groupArn, groupMetrics, type Ill, lately, metrics, TG } from '../support/a-snapshot.ts';

interface Fault {
  readonly explains: readonly ErrorKind[];
  readonly targetGroups?: readonly string[];
  readonly from?: 'targetHealth' | 'targetGroupMetrics';
  readonly causes?: readonly CauseId[];
}

function fault(id: CauseId, { explains, targetGroups = [TG], from = 'targetHealth', causes = [] }: Fault): Cause {
  return defineCause({
    id,
    needs: ['targetHealth', 'targetGroupMetrics'],
    causes,
    examine: () => ({
      is: 'found',
      findings: [
        {
          strength: 'decisive',
          says: words(`${id} it is` as 'it is'),
          because: [{ from, shows: words('AWS shows it') }],
          affects: { targetGroups, targets: [] },
          explains,
          fixes: [],
        },
      ],
    }),
  });
}

/** All requests are answered 503 for nine minutes. */
const outage: Ill = {
  loadBalancerMetrics: metrics({
    HTTPCode_ELB_503_Count: lately(9, 120),
    HTTPCode_ELB_5XX_Count: lately(9, 120),
  }),
  targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: between(180, 9, 120) } }),
};
const stopped = fault('instance-not-running', { explains: ['503'] });
const closed = (more: Partial<Fault> = {}) => fault('target-security-group-closed', { explains: ['504'], ...more });

test('what would keep it broken is told after what makes the errors, and is no cause found', () => {
  const diagnosis = diagnose(aSnapshot(outage), [closed(), stopped]);
  expect(diagnosis.verdict).toMatchObject({ status: 'identified', cause: 'instance-not-running' });
  expect(diagnosis.findings[1]).toMatchObject({
    cause: 'target-security-group-closed',
    strength: 'circumstantial',
    waiting: true,
    blocks: ['instance-not-running'],
  });
  const mail = renderEmail(diagnosis).replace(/\s+/g, ' ');
  expect(mail).toContain(
    'THEN None of the errors come of this, but it would go on failing once the above is mended: - target-security-group-closed it is',
  );
  expect(mail).toContain(' 1 found');
  expect(mail).not.toContain('ALSO FOUND');
});

test.each<[string, readonly Cause[], Ill]>([
  ['it is of another group', [stopped, closed({ targetGroups: [groupArn('api')] })], outage],
  ['it explains no errors at all', [stopped, closed({ explains: [] })], outage],
  ['it is read from what was then, and may be mended', [stopped, closed({ from: 'targetGroupMetrics' })], outage],
  [
    'it comes of the first',
    [fault('instance-not-running', { explains: ['503'], causes: ['target-security-group-closed'] }), closed()],
    outage,
  ],
  ['it explains the errors itself', [stopped, closed({ explains: ['503'] })], outage],
  ['nothing explains the errors', [closed()], outage],
  [
    'the targets answer all the same',
    [stopped, closed()],
    { ...outage, targetGroupMetrics: groupMetrics({ [TG]: { HTTPCode_Target_2XX_Count: lately(180, 3) } }) },
  ],
  ['AWS was read long after', [stopped, closed()], { ...outage, readAt: '2026-03-10T16:30:00Z' }],
])('nothing waits where %s', (_, causes, ill) => {
  const diagnosis = diagnose(aSnapshot(ill), causes);
  expect(diagnosis.findings.filter(({ waiting }) => waiting)).toEqual([]);
  expect(renderEmail(diagnosis)).not.toMatch(/^THEN$/m);
});
