import { describe, expect, test } from 'vitest';
import { CAUSES } from '../../lambda/causes/index.ts';
import { diagnose } from '../../lambda/diagnose/diagnose.ts';
import type { Diagnosis } from '../../lambda/incident/diagnosis.ts';
import type { Finding, ToldFix } from '../../lambda/incident/finding.ts';
import { type Text, verbatim } from '../../lambda/incident/text.ts';
import { renderTerminal } from '../../lambda/render/terminal.ts';
import { verdictLine } from '../../lambda/render/verdict-line.ts';
import { recordedIncidents } from '../support/incidents.ts';

const address = (n: number): string => `2600:1f18:abcd:${n.toString(16)}:1234:5678:9abc:def0`;

/** The recorded incident, of so many targets of long addresses, mended in so many steps. */
function large(targets: number, steps: number): Diagnosis {
  const incident = recordedIncidents().find(({ name }) => name === 'checks-on-a-port-nobody-maps');
  if (incident === undefined) throw new Error('it is not recorded');
  const diagnosis = diagnose(incident.snapshot, CAUSES);
  const [first, ...others] = diagnosis.findings;
  const fix = first?.fixes.find(({ run }) => run !== null);
  if (first === undefined || fix === undefined) throw new Error('nothing is found');
  const [targetGroup = ''] = first.affected.targetGroups;
  const shown = Array.from({ length: Math.min(50, targets) }, (_, n) => ({ id: address(n), port: 8080, targetGroup }));
  const list = shown.slice(0, 5).map(({ id }) => `${id}/128`);
  const finding: Finding<Text, ToldFix> = {
    ...first,
    affected: { targetGroups: [targetGroup], targets: shown, omitted: targets - shown.length, of: targets },
    because: [
      { from: 'securityGroups', shows: verbatim(`alb allows outbound traffic only to itself: no rule for ${list}`) },
      { from: 'targetHealth', shows: verbatim(`${address(0)} is unhealthy: Target.Timeout`) },
      ...first.because,
    ],
    fixes: Array.from({ length: steps }, (_, n) => ({
      ...fix,
      does: verbatim(`let the load balancer out to ${address(n)}/128 on port 8080`),
      run: ['aws', 'ec2', 'authorize-security-group-egress', '--group-id', `sg-${n}`],
      ...(steps === 1 ? {} : { step: { number: n + 1, of: steps } }),
    })),
  };
  return { ...diagnosis, findings: [finding, ...others] };
}

describe.each([
  [20, 1],
  [20, 20],
  [300, 1],
  [300, 60],
  [2, 4],
])('a fault of %i targets, mended in %i steps', (targets, steps) => {
  const diagnosis = large(targets, steps);

  test.each([
    [60, 45],
    [80, 40],
    [200, 40],
  ])('shows on %i columns, in %i lines, the verdict, two proofs and the first step', (width, atMost) => {
    const page = renderTerminal(diagnosis, { colour: false, width });
    const lines = page.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(atMost);
    const prose = page.replace(/\s+/g, ' ');
    // In full sentences first, in short last.
    expect(lines[0]).toMatch(/^\w+: [\d.]+ % of requests fail/);
    expect(prose.split(verdictLine(diagnosis)).length).toBe(2);
    const proofs = lines
      .slice(lines.indexOf('Proof') + 1)
      .filter((line) => /^- (?!And \d|Affects|Explains)/.test(line));
    expect(proofs.length).toBeGreaterThanOrEqual(2);
    expect(page).toContain('aws ec2 authorize-security-group-egress --group-id sg-0');
    const shown = lines.filter((line) => line.includes('authorize-security-group-egress')).length;
    const left = steps - shown;
    if (left > 0)
      expect(prose).toContain(left === 1 ? 'And 1 more step: -v shows it.' : `And ${left} more steps: -v shows them.`);
    else expect(prose).not.toMatch(/more steps?:/);
    expect(prose).not.toMatch(/ of web: \d+ more/);
  });

  test('shows all of them by -v', () => {
    const page = renderTerminal(diagnosis, { colour: false, verbose: true });
    expect(page.match(/authorize-security-group-egress --group-id/g)?.length).toBeGreaterThanOrEqual(steps);
    expect(page).not.toMatch(/more steps?/);
  });

  test('names no option where there is none', () => {
    const page = renderTerminal(diagnosis, { colour: false, withoutOptions: true });
    expect(page).not.toContain('-v shows');
  });
});
